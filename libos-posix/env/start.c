/* start.c - from exo_main to main.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * exo_main runs on libexo's small stack until the first pieces stand in the
 * order in which they need each other: random numbers, the arena with the
 * frames, the archive with settings and root, the application, the main stack, the thread.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/program.h>
#include <env/random.h>
#include <env/thread.h>
#include <exo/cap.h>
#include <fs/fs.h>
#include <fs/mem.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <vm/vm.h>

#define STACK_AROUND 4

extern char **environ;

void px_seal(exo_va_t from, exo_va_t to)
{
	if (xo_protect_run(&px_space, from, (to - from) >> EXO_PAGE_SHIFT, EXO_PROT_READ,
			   EXO_SLOT_MEMORY) < 0)
		px_die("constants cannot be write-protected");
}

static void call_in_order(const struct px_hooks *h)
{
	for (size_t i = 0; i < h->count; i++)
		h->first[i]();
}

static void fini(void)
{
	for (size_t i = px_program.fini.count; i-- > 0;)
		px_program.fini.first[i]();
}

/* Its pages come when they are touched. */
static const struct exo_archive *map_archive(const struct exo_start *start)
{
	exo_va_t va;

	if (!start->archive_bytes)
		return NULL;
	va = px_place(start->archive_bytes);
	if (!va)
		px_die("no room for the archive in the address space");
	px_region_note_as("archive", va, start->archive_bytes, PX_R_IMAGE);
	px_arena->archive = va;
	px_arena->archive_pages = start->archive_bytes >> EXO_PAGE_SHIFT;
	px_arena->archive_pfn = start->archive_pfn;
	return (const struct exo_archive *)va;
}

static void memory_init(struct exo_start *start)
{
	uint64_t arena = px_arena_room();
	struct exo_extent given = px_frames_found(start);
	exo_va_t va;

	px_region_note(px_self_name, start->base, start->span);
	va = px_place(arena);
	px_region_note_as("arena", va, arena, PX_R_IMAGE);
	if (px_arena_init(start, va, &given) < 0)
		px_die("too little memory to start");
}

void px_run(void)
{
	const char *stop = xo_setting(&px_settings, "stop");

	xo_self()->want |= EXO_WANT_EVENT;
	atexit(fini);
	call_in_order(&px_program.preinit);
	call_in_order(&px_program.init);
	if (stop && strcmp(stop, "main") == 0)
		px_stop(0);
	exit(px_program.main(px_argc, px_argv, environ));
}

uintptr_t px_start_stack(uint64_t bytes)
{
	struct px_region *stack = px_region_add("stack", bytes, bytes, STACK_AROUND);

	if (!stack || px_thread_first() < 0)
		px_die("too little memory to start");
	return stack->end - (px_random64() & 0xff0);
}

void px_start(uintptr_t sp, void (*first)(void))
{
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%1\n\t"
			 "ud2"
			 :
			 : "r"(sp), "r"(first)
			 : "memory");
	__builtin_unreachable();
}

_Noreturn void exo_main(struct exo_start *start)
{
	const struct exo_archive *archive;

	px_random_init(start->random, start->random_good);
	memory_init(start);
	archive = map_archive(start);
	xo_settings_init(&px_settings, archive);
	if (!px_root_init(archive, start->image, start->archive_pfn))
		px_die("the root directory in the image is damaged");
	if (px_process_init() < 0 || px_memfs_init() < 0 || px_files_init() < 0)
		px_die("too little memory to start");
	px_program_init(archive, start->image);
	px_start(px_arguments_init(archive, px_start_stack(PX_STACK_BYTES)), px_run);
}
