/* start.c - from exo_main to main.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * exo_main runs on libexo's small stack until the first pieces stand in the
 * order in which they need each other: random numbers, the arena with the
 * frames, the archive with settings and root, the main stack, the thread.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/random.h>
#include <env/thread.h>
#include <fs/fs.h>
#include <libexo/start.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <vm/vm.h>

#define STACK_BYTES  (8ull << 20)
#define STACK_AROUND 4

typedef void hook(void);
extern hook *__preinit_array_start[] __attribute__((visibility("hidden")));
extern hook *__preinit_array_end[] __attribute__((visibility("hidden")));
extern hook *__init_array_start[] __attribute__((visibility("hidden")));
extern hook *__init_array_end[] __attribute__((visibility("hidden")));
extern hook *__fini_array_start[] __attribute__((visibility("hidden")));
extern hook *__fini_array_end[] __attribute__((visibility("hidden")));

int main(int argc, char **argv, char **env);
extern char **environ;

static const struct exo_archive *map_archive(const struct exo_start *start)
{
	exo_va_t va;

	if (!start->archive_bytes)
		return NULL;
	va = px_place(start->archive_bytes);
	if (!va)
		px_die("no room for the archive in the address space");
	px_region_note("archive", va, start->archive_bytes);
	return xo_archive_map(&px_space, va);
}

static void memory_init(struct exo_start *start)
{
	uint64_t arena = 1ull << 36;
	exo_va_t va;

	px_region_note("program", start->base, start->span);
	va = px_place(arena);
	px_region_note("arena", va, arena);
	if (px_arena_init(start, va) < 0)
		px_die("too little memory to start");
}

static void fini(void)
{
	for (hook **h = __fini_array_end; h > __fini_array_start;)
		(*--h)();
}

/* On the main stack, with thread-local variables in place. */
static _Noreturn void run(void)
{
	const char *stop = xo_setting(&px_settings, "stop");

	px_files_init();
	atexit(fini);
	for (hook **h = __preinit_array_start; h < __preinit_array_end; h++)
		(*h)();
	for (hook **h = __init_array_start; h < __init_array_end; h++)
		(*h)();
	if (stop && strcmp(stop, "main") == 0)
		px_stop(0);
	exit(main(px_argc, px_argv, environ));
}

_Noreturn void exo_main(struct exo_start *start)
{
	const struct exo_archive *archive;
	struct px_region *stack;
	uintptr_t sp;

	px_random_init(start->random, start->random_good);
	memory_init(start);
	archive = map_archive(start);
	xo_settings_init(&px_settings, archive);
	if (!px_root_init(archive, start->image))
		px_die("the root directory in the image is damaged");
	stack = px_region_add("stack", STACK_BYTES, STACK_BYTES, STACK_AROUND);
	if (!stack || px_thread_first() < 0)
		px_die("too little memory to start");
	sp = px_arguments_init(archive, stack->end - (px_random64() & 0xff0));
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%1\n\t"
			 "ud2"
			 :
			 : "r"(sp), "r"(run)
			 : "memory");
	__builtin_unreachable();
}
