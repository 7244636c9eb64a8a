/* begin.c - relocate the program, check what it was started with, go on.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "libexo.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/console.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <stdbool.h>

struct exo_start *xo_start;
const struct exo_info *xo_info;
uint32_t xo_vector_bytes;
uint8_t xo_has_xsave;
uint8_t xo_has_pku;

/* An entry of .rela.dyn (System V ABI, chapter 4). */
struct rela {
	uint64_t offset;
	uint64_t info;
	int64_t addend;
};
#define RELATIVE 8 /* R_X86_64_RELATIVE, the only kind build/user.ld lets through */

extern const struct rela __rela_start[] __attribute__((visibility("hidden")));
extern const struct rela __rela_end[] __attribute__((visibility("hidden")));

/* Nothing here may itself need relocation: hidden names are reached relative
 * to the program counter. */
void xo_relocate(void)
{
	uint64_t base = (uint64_t)__image_start;

	for (const struct rela *r = __rela_start; r < __rela_end; r++)
		if ((uint32_t)r->info == RELATIVE)
			*(uint64_t *)(base + r->offset) = base + (uint64_t)r->addend;
}

static bool of_this_version(const struct exo_start *s)
{
	const struct exo_info *info;

	if (s->magic != EXO_START_MAGIC || s->version != EXO_ABI_VERSION)
		return false;
	info = (const struct exo_info *)s->info;
	return info->magic == EXO_INFO_MAGIC && info->version == EXO_ABI_VERSION;
}

void xo_take_up(struct exo_start *s)
{
	xo_start = s;
	xo_info = (const struct exo_info *)s->info;
	xo_has_xsave = xo_info->features & EXO_FEATURE_XSAVE;
	xo_has_pku = xo_info->features & EXO_FEATURE_PKU;
	xo_vector_bytes = (xo_info->vector_bytes + 63) & ~63u;
	xo_console_init((struct exo_console *)s->console, EXO_SLOT_CONSOLE);
}

void xo_begin(struct exo_start *s)
{
	struct exo_activation *a;

	if (!of_this_version(s)) {
		exo_env_stop(EXO_SLOT_NONE, XO_STATUS_VERSION);
		__builtin_trap();
	}
	a = (struct exo_activation *)s->activation;
	__asm__ volatile("wrgsbase %0" : : "r"(a));
	xo_activation_init(a, 0, xo_upcall_stacks, xo_upcall_stack_bytes);
	xo_take_up(s);
	exo_main(s);
}
