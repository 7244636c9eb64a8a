/* arena.h - libos-posix's arena on the host: what lies under its files and allocators.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The allocators are the real ones, over frames that are host memory; a frame that is
 * not mapped in the window is poisoned.  Allocations can be made to fail.
 */
#ifndef UNIT_ARENA_H
#define UNIT_ARENA_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sanitizer/asan_interface.h>
#include <sys/stat.h>
#include <unistd.h>

/* What would be system calls. */
#define EXO_STUBS_H
#include <exo/start.h>
#include <exo/types.h>

#define FRAMES      4096
#define FIRST_FRAME 16

static inline long exo_frame_alloc(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	(void)cap, (void)first;
	return (long)count;
}

#include <env/arena.h>
#include <env/process.h>
#include <libexo/time.h>
#include <vm/vm.h>

static uint64_t unit_seed, unit_fail; /* one allocation in unit_fail fails; 0: none */
static uint32_t unit_depth;
static char *unit_memory;
static struct px_arena unit_arena;
static struct px_process unit_process;

struct px_arena *px_arena = &unit_arena;
struct px_process *px_me = &unit_process;
uint32_t px_process_number = 1;
struct xo_space px_space;

#ifndef UNIT_PICK
static uint64_t pick(uint64_t below)
{
	return unit_random(&unit_seed) % below;
}
#endif

void px_enter(void)
{
	unit_depth++;
}

void px_leave(void)
{
	assert_true(unit_depth > 0);
	unit_depth--;
}

static long poison(exo_va_t va, uint64_t pages, bool in)
{
	if (in)
		ASAN_UNPOISON_MEMORY_REGION((void *)va, pages * EXO_PAGE_SIZE);
	else
		ASAN_POISON_MEMORY_REGION((void *)va, pages * EXO_PAGE_SIZE);
	return 0;
}

long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	(void)s, (void)prot, (void)cap;
	assert_ptr_equal(va, px_page_at(pfn));
	return poison(va, pages, true);
}

long xo_unmap_run(const struct xo_space *s, exo_va_t va, uint64_t pages)
{
	(void)s;
	return poison(va, pages, false);
}

bool commit_really(uint64_t pages);
#define px_commit commit_really
#include <vm/frames.c>
#undef px_commit

bool px_commit(uint64_t pages)
{
	return !(unit_fail && pick(unit_fail) == 0) && commit_really(pages);
}

#include <env/alloc.c>

/* Time goes on. */
uint64_t xo_wall_ns(void)
{
	static uint64_t now = 1000000000000;

	return now += 1000;
}

exo_ns_t xo_now(void)
{
	return xo_wall_ns();
}

/* An arena in which nothing is used yet. */
static void unit_arena_make(void)
{
	struct exo_start start = {.ram_count = 2};
	const struct exo_extent none = {0};
	uint64_t bytes;

	start.ram[0] = (struct exo_extent){.first = FIRST_FRAME, .count = FRAMES / 4};
	start.ram[1] = (struct exo_extent){.first = FIRST_FRAME + FRAMES / 4 + 100,
					   .count = FRAMES - FRAMES / 4};
	if (!unit_memory)
		unit_memory = aligned_alloc(EXO_PAGE_SIZE, (FRAMES + 100) * EXO_PAGE_SIZE);
	assert_non_null(unit_memory);
	poison((exo_va_t)unit_memory, FRAMES + 100, false);
	free(unit_arena.frames.freed);
	memset(&unit_arena, 0, sizeof(unit_arena));
	memset(&unit_process, 0, sizeof(unit_process));
	unit_arena.window = (exo_va_t)unit_memory - FIRST_FRAME * EXO_PAGE_SIZE;
	px_frames = &unit_arena.frames;
	bytes = px_frames_init(px_frames, &start, &none);
	px_frames_tables(px_frames, memset(malloc(bytes), 0, bytes));
	unit_process.number = px_process_number;
	unit_seed = 88172645463325252;
	unit_fail = unit_depth = 0;
}

/* Pages that somebody has. */
static uint64_t unit_pages(void)
{
	assert_int_equal(px_frames->promised, px_frames->out - px_arena->spares);
	return px_frames->promised;
}

static int unit_arena_free(void **state)
{
	(void)state;
	poison((exo_va_t)unit_memory, FRAMES + 100, true);
	free(unit_memory);
	free(unit_arena.frames.freed);
	unit_memory = NULL;
	memset(&unit_arena, 0, sizeof(unit_arena));
	return 0;
}

#endif
