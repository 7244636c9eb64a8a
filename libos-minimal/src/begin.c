/* begin.c - from libexo to main, and out again.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/map.h>
#include <libexo/settings.h>
#include <libexo/start.h>
#include <mini/mini.h>

#define ARGUMENTS_MAX 64

extern int main(int argc, char **argv);

typedef void function(void);
extern function *const __init_array_start[] __attribute__((visibility("hidden")));
extern function *const __init_array_end[] __attribute__((visibility("hidden")));

const struct exo_archive *mini_archive;

static void call_main(void)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;
	const struct exo_archive *archive = xo_archive_map(&mini_space, mini_va(pages));
	static char *argv[ARGUMENTS_MAX];
	struct xo_settings settings;
	const char *stop;
	int argc;

	mini_archive = archive;
	xo_settings_init(&settings, archive);
	argc = xo_arguments(&settings, archive, argv, ARGUMENTS_MAX);
	for (function *const *f = __init_array_start; f < __init_array_end; f++)
		(*f)();
	stop = xo_setting(&settings, "stop");
	mini_exit(stop && !strcmp(stop, "main") ? 0 : main(argc, argv));
}

void exo_main(struct exo_start *start)
{
	char *stack;

	(void)start;
	mini_frames_init();
	mini_locals_init();
	stack = mini_alloc(MINI_STACK_PAGES);
	if (!stack) {
		mini_printf("libos-minimal: too little memory for a stack\n");
		mini_exit(1);
	}
	/* From the small stack it started on to one with room and a guard. */
	__asm__ volatile("mov %0, %%rsp\n\txor %%ebp, %%ebp\n\tcall *%1"
			 :
			 : "r"(stack + MINI_STACK_PAGES * EXO_PAGE_SIZE), "r"(call_main)
			 : "memory");
	__builtin_unreachable();
}

void mini_exit(int status)
{
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, status & 0xff);
	__builtin_trap();
}
