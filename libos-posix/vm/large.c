/* large.c - pages of 2 MiB, for memory of the process alone, and the way back to small ones.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One comes where memory that was promised is touched first, if the program has asked for that
 * (MADV_HUGEPAGE), the 2 MiB around it lie in one mapping, nothing of them is there, and enough
 * memory is free.  Whatever changes a part of it later
 * - and fork, for which pages are shared one by one - finds 512 small ones: px_next_page has them
 * made (px_large_met).  For that each large page has a frame for a page table put aside from the
 * start, so that this never fails.
 */
#include <env/arena.h>
#include <env/process.h>
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/pages.h>
#include <vm/frames.h>
#include <vm/large.h>
#include <vm/owned.h>
#include <vm/vm.h>

extern __typeof__(px_owned_run) px_owned_run __attribute__((weak, visibility("hidden")));
extern __typeof__(px_owned_keep) px_owned_keep __attribute__((weak, visibility("hidden")));

#define MOST   256 /* of a process: half a gigabyte */
#define PIECES (EXO_LARGE_FRAMES / EXO_MAP_MAX)
#define STEPS  (2 + PIECES)

static uint32_t aside[MOST];     /* frames for page tables... */
static uint32_t asides, larges;  /* ...never fewer than there are large pages */
static volatile exo_va_t parted; /* what small pages are taking the place of, or 0 */
static struct exo_map_op step[STEPS];
static exo_va_t window; /* where they become zero while others could look, or 0 */
static bool noted;

static void count(int more)
{
	larges += (uint32_t)more;
	px_me->large = larges;
}

static bool is_large(uint64_t e)
{
	return (e & (EXO_PTE_PRESENT | EXO_PTE_LARGE)) == (EXO_PTE_PRESENT | EXO_PTE_LARGE);
}

/* The entry of level 2 for va, or 0; *missing: the bytes that have none besides. */
static uint64_t entry(exo_va_t va, uint64_t *missing)
{
	volatile uint64_t *at1 = px_leaf((exo_va_t)px_leaf(va));
	volatile uint64_t *at2 = px_leaf((exo_va_t)at1), *at3 = px_leaf((exo_va_t)at2);

	*missing = PX_LARGE_BYTES;
	if (*at3 & EXO_PTE_PRESENT && *at2 & EXO_PTE_PRESENT)
		return *at1;
	*missing *= *at3 & EXO_PTE_PRESENT ? 512 : 512 * 512;
	return 0;
}

/* The next large page that begins in [va, end), which begins with one or not; 0: none. */
static exo_va_t next(exo_va_t va, exo_va_t end)
{
	uint64_t skip;

	va = (va + PX_LARGE_BYTES - 1) & -PX_LARGE_BYTES;
	for (; larges && va < end; va = (va | (skip - 1)) + 1)
		if (is_large(entry(va, &skip)))
			return va;
	return 0;
}

/* One more frame put aside than large pages need now.  It goes when the process's environment
 * does; that of the first process stays. */
static bool put_aside(void)
{
	exo_pfn_t pfn;

	if (asides > larges)
		return true;
	pfn = asides < MOST ? px_frame_for_object() : 0;
	if (!pfn)
		return false;
	if (px_guest && px_owned_run && !px_owned_run(px_me, pfn, 1)) {
		px_frames_give(pfn, 1);
		return false;
	}
	px_promise_anyway(1);
	aside[asides++] = (uint32_t)pfn;
	return true;
}

/* A table of small pages, all of which have gone, is put aside: true if there is none now. */
static bool table_gone(exo_va_t va, uint64_t e)
{
	const struct exo_map_op op = {
		.va = va, .count = 1, .kind = EXO_MAP_UNTABLE, .prot = EXO_PROT_READ};
	exo_pfn_t pfn = px_frame_of(e);

	if (!e)
		return true;
	if (is_large(e) || asides == MOST ||
	    px_next_page(va, va + PX_LARGE_BYTES) < va + PX_LARGE_BYTES)
		return false;
	if ((px_guest && px_owned_keep && !px_owned_keep(pfn)) ||
	    xo_map_one(EXO_SLOT_NONE, &op) < 0)
		return false;
	aside[asides++] = (uint32_t)pfn;
	return true;
}

/* Frames that nobody has mapped become zero at a place nobody knows. */
static bool clear(exo_pfn_t first)
{
	if (!window) {
		exo_va_t va = px_spare() ? px_place(2 * PX_LARGE_BYTES) : 0;

		if (!va)
			return false;
		window = (va + PX_LARGE_BYTES - 1) & -PX_LARGE_BYTES;
		px_region_note_as("window", window, PX_LARGE_BYTES, PX_R_FRESH);
	}
	if (xo_map_large(&px_space, window, first, EXO_PROT_READ | EXO_PROT_WRITE,
			 EXO_SLOT_MEMORY) < 0)
		return false;
	px_zero_pages(window, EXO_LARGE_FRAMES);
	return xo_unmap_large(&px_space, window) == 0;
}

static bool make(exo_va_t va, uint32_t prot)
{
	bool before = px_watched();
	exo_pfn_t first;
	uint64_t skip;

	if (!table_gone(va, entry(va, &skip)) || !put_aside() || !px_frames_take_large(&first))
		return false;
	if ((before && !clear(first)) ||
	    xo_map_large(&px_space, va, first, prot, EXO_SLOT_MEMORY) < 0) {
		px_frames_give(first, EXO_LARGE_FRAMES);
		return false;
	}
	if (!before)
		px_zero_pages(va, EXO_LARGE_FRAMES);
	count(1);
	return true;
}

/* Is it one to have large pages, and may the process have another?  Not in the middle of a critical
 * section, whose stack was touched: who knows what is being changed. */
static bool wanted(const struct px_region *r, exo_va_t va)
{
	const uint32_t need = PX_R_LARGE | PX_R_CHARGED;
	uint64_t left = px_frames->total - px_frames->out;

	if ((r->flags & need) != need || va < r->start || r->end - va < PX_LARGE_BYTES)
		return false;
	if (px_arena->depth > 1 || px_me->copying || noted)
		return false;
	return left > px_frames->total / 4;
}

/* The steps from `from` on; any of them can be done again. */
static void go_on(uint32_t from)
{
	while (from < STEPS) {
		long r = exo_map(EXO_SLOT_NONE, (exo_va_t)&step[from], STEPS - from);

		if (r == -EXO_E_EXIST && from == 1)
			r = 1; /* the table is there */
		if (r <= 0)
			__builtin_trap(); /* cannot be: what is in it would be lost */
		from += (uint32_t)r;
	}
}

/* The stack we are on may lie in it: it faults, and px_large_fill goes on with this. */
static void part(exo_va_t va, uint64_t e)
{
	const exo_pfn_t first = px_frame_of(e);
	const uint8_t prot = (uint8_t)(EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				       (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC));

	step[0] = (struct exo_map_op){
		.va = va, .count = EXO_LARGE_FRAMES, .kind = EXO_MAP_REMOVE, .prot = prot};
	step[1] = (struct exo_map_op){.va = va,
				      .pfn = aside[--asides],
				      .count = 1,
				      .cap = EXO_SLOT_MEMORY,
				      .kind = EXO_MAP_TABLE,
				      .prot = EXO_PROT_READ};
	for (uint32_t i = 0; i < PIECES; i++)
		step[2 + i] = (struct exo_map_op){.va = va + i * EXO_MAP_MAX * EXO_PAGE_SIZE,
						  .pfn = first + i * EXO_MAP_MAX,
						  .count = EXO_MAP_MAX,
						  .cap = EXO_SLOT_MEMORY,
						  .kind = EXO_MAP_PAGES,
						  .prot = prot};
	count(-1);
	parted = va;
	go_on(0);
	parted = 0;
}

bool px_large_fill(const struct px_region *r, exo_va_t va)
{
	va &= -PX_LARGE_BYTES;
	if (va == parted) {
		go_on(1);
		return true;
	}
	return wanted(r, va) && make(va, r->prot);
}

uint64_t px_large_unmap(exo_va_t va, exo_va_t end)
{
	uint64_t freed = 0, skip;

	for (; (va = next(va, end)) && end - va >= PX_LARGE_BYTES; va += PX_LARGE_BYTES) {
		exo_pfn_t first = px_frame_of(entry(va, &skip));

		if (xo_unmap_large(&px_space, va) < 0)
			continue;
		px_frames_give(first, EXO_LARGE_FRAMES);
		freed += EXO_LARGE_FRAMES;
		count(-1);
	}
	return freed;
}

uint64_t px_large_met(exo_va_t va)
{
	uint64_t skip;

	if (noted)
		return PX_LARGE_BYTES;
	va &= -PX_LARGE_BYTES;
	part(va, entry(va, &skip));
	return 0;
}

void px_large_advise(exo_va_t start, exo_va_t end, bool wanted)
{
	if (!px_spare() || !px_changeable(start, end))
		return;
	for (struct px_region *r = px_cut(start, end); r; r = px_region_next(r, end)) {
		if (r->vnode || r->flags & (PX_R_SHARED | PX_R_STACK))
			continue;
		r->flags = (uint16_t)(wanted ? r->flags | PX_R_LARGE : r->flags & ~PX_R_LARGE);
		r = px_join(r);
	}
}

void px_large_fork(void)
{
	asides = larges = 0;
}

bool px_large_note(void)
{
	uint64_t skip;

	for (exo_va_t va = 0; (va = next(va, EXO_VA_TOP)); va += PX_LARGE_BYTES)
		if (!px_owned_run ||
		    !px_owned_run(px_me, px_frame_of(entry(va, &skip)), EXO_LARGE_FRAMES))
			return false;
	noted = true;
	return true;
}
