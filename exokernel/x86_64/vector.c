/* vector.c - vector state changes hands only when the CPU goes to another
 * activation, and never shows what the last one left.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/env.h>
#include <x86_64/vector.h>

/* Legacy area: control words at their reset values; the XSAVE header after it
 * is zero, which stands for "initial" for every component (SDM vol. 1, 13.6). */
static const struct {
	uint16_t fcw;
	uint8_t pad0[22];
	uint32_t mxcsr;
	uint8_t pad1[512 - 28 + 64];
} clean __attribute__((aligned(64))) = {.fcw = 0x37f, .mxcsr = 0x1f80};

uint32_t vector_mask;

static void save(struct act *act)
{
	void *area = direct(act->pfn + 1);

	act->vector = true;
	__builtin_memset((char *)area + 512, 0, 24); /* a spoilt header would spoil the restore */
	if (vector_mask)
		__builtin_ia32_xsave64(area, vector_mask);
	else
		__builtin_ia32_fxsave64(area);
}

void vector_switch(struct act *act)
{
	struct cpu *cpu = this_cpu();

	if (cpu->vector == act)
		return;
	if (cpu->vector)
		save(cpu->vector);
	cpu->vector = act;
	if (!act->vector || vector_load(direct(act->pfn + 1), vector_mask))
		vector_load(&clean, vector_mask);
}

void vector_settle(void)
{
	struct cpu *cpu = this_cpu();

	if (!cpu->vector || cpu->vector->bound)
		return;
	save(cpu->vector);
	cpu->vector = NULL;
}
