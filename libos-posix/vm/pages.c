/* pages.c - pages and their frames: binding, moving, protecting, giving back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <vm/frames.h>
#include <vm/owned.h>
#include <vm/vm.h>

/* Not there in programs that make no processes. */
extern __typeof__(px_owned_table) px_owned_table __attribute__((weak, visibility("hidden")));

#define FOUND_MORE 64 /* frames between those of the program that are something else */

#define TABLE (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE) /* what a level 1 table covers */

static exo_va_t window; /* one page, of which only this file knows, in use only inside px_enter */

/* Tables count as promised when they are made, so that memory that is used sparsely does not take
 * what others were promised.  The few for the arena (which have a context) are kept back for all.
 */
static exo_pfn_t table_next(void *context)
{
	exo_pfn_t pfn = px_frame_for_object();

	if (pfn && px_me && !context)
		px_promise_anyway(1);
	if (pfn && px_owned_table)
		px_owned_table(pfn);
	return pfn;
}

/* Another CPU was quicker: it stays noted, and is given when the process ends. */
static void table_give(void *context, exo_pfn_t pfn)
{
	if (px_owned_table)
		return;
	px_frames_give(pfn, 1);
	if (px_me && !context)
		px_unpromise(1);
}

struct xo_space px_space = {
	.env = EXO_SLOT_NONE,
	.tables = {.next = table_next, .give = table_give, .cap = EXO_SLOT_MEMORY},
};

struct xo_space px_image_space = {
	.env = EXO_SLOT_NONE,
	.tables = {.next = table_next,
		   .give = table_give,
		   .context = &px_image_space,
		   .cap = EXO_SLOT_MEMORY},
};

/* Bytes covered by the missing table above va, or 0 if its level 1 table is there. */
static uint64_t missing(exo_va_t va)
{
	volatile uint64_t *at1 = px_leaf((exo_va_t)px_leaf(va));
	volatile uint64_t *at2 = px_leaf((exo_va_t)at1), *at3 = px_leaf((exo_va_t)at2);

	if (!(*at3 & EXO_PTE_PRESENT))
		return TABLE * 512 * 512;
	if (!(*at2 & EXO_PTE_PRESENT))
		return TABLE * 512;
	return *at1 & EXO_PTE_PRESENT ? 0 : TABLE;
}

exo_va_t px_next_page(exo_va_t va, exo_va_t end)
{
	while (va < end) {
		uint64_t gone = missing(va);
		exo_va_t stop = (va | (TABLE - 1)) + 1;

		if (gone) {
			va = (va | (gone - 1)) + 1;
			continue;
		}
		if (stop > end)
			stop = end;
		for (; va < stop; va += EXO_PAGE_SIZE)
			if (*px_leaf(va))
				return va;
	}
	return end;
}

static void zero_pages(exo_va_t va, uint64_t pages)
{
	uint64_t n = pages * (EXO_PAGE_SIZE / 8);

	__asm__ volatile("rep stosq" : "+D"(va), "+c"(n) : "a"(0) : "memory");
}

static void copy_page(exo_va_t to, exo_va_t from)
{
	uint64_t n = EXO_PAGE_SIZE / 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

/* Can another CPU see a page as soon as it is mapped? */
static bool watched(void)
{
	return px_zeroed_take && px_arena && px_arena->sched.cpus > 1 && px_me->thread_count > 1;
}

/* Nobody sees the pages before they are zero. */
long px_map_new(exo_va_t va, uint64_t pages, uint32_t prot)
{
	while (pages) {
		exo_pfn_t pfn;
		bool before = watched();
		uint64_t n = before ? px_zeroed_take(pages, &pfn) : px_frames_take(pages, &pfn);
		long r;

		if (!n)
			return -EXO_E_LIMIT;
		r = xo_map_run(&px_space, va, pfn, n, prot, EXO_SLOT_MEMORY);
		if (r < 0) {
			exo_va_t done = va;

			while (done < va + n * EXO_PAGE_SIZE && px_frame_of(xo_entry(done)) == pfn)
				done += EXO_PAGE_SIZE, pfn++, n--;
			zero_pages(va, (done - va) >> EXO_PAGE_SHIFT);
			px_frames_give(pfn, n);
			return r;
		}
		if (!before)
			zero_pages(va, n);
		va += n * EXO_PAGE_SIZE;
		pages -= n;
	}
	return 0;
}

long px_map_now(exo_va_t va, uint64_t pages)
{
	return px_map_new(va, pages, EXO_PROT_READ | EXO_PROT_WRITE);
}

exo_cap_t px_slot_of(exo_pfn_t pfn)
{
	bool archived = pfn - xo_start->archive_pfn < xo_start->archive_bytes >> EXO_PAGE_SHIFT;

	return archived ? EXO_SLOT_ARCHIVE : EXO_SLOT_MEMORY;
}

bool px_frame_counted(exo_pfn_t pfn)
{
	return pfn != px_arena->zero_frame && px_frame_refs(pfn);
}

uint64_t px_run_at(exo_va_t va, exo_va_t end, uint64_t mask)
{
	uint64_t e = *px_leaf(va), n = 1;
	exo_va_t stop = (va | (TABLE - 1)) + 1;

	if (stop > end)
		stop = end;
	for (va += EXO_PAGE_SIZE; va < stop; va += EXO_PAGE_SIZE, n++) {
		uint64_t next = *px_leaf(va);

		if (!next || px_frame_of(next) != px_frame_of(e) + n || (next ^ e) & mask ||
		    px_slot_of(px_frame_of(next)) != px_slot_of(px_frame_of(e)))
			break;
	}
	return n;
}

uint64_t px_unmap(exo_va_t va, uint64_t pages)
{
	exo_va_t end = va + pages * EXO_PAGE_SIZE;
	uint64_t freed = 0;

	while ((va = px_next_page(va, end)) < end) {
		exo_pfn_t pfn = px_frame_of(*px_leaf(va));
		bool ram = px_frame_counted(pfn);
		uint64_t n = ram ? px_run_at(va, end, 0) : 1;

		if (px_arena->zero_frame - pfn < n)
			n = ram ? px_arena->zero_frame - pfn : 1;
		if (xo_unmap_run(&px_space, va, n) == 0 && ram) {
			px_frames_give(pfn, n);
			freed += n;
		}
		va += n * EXO_PAGE_SIZE;
	}
	return freed;
}

/* Bind the pages of [from, end) that are there at `to` as well; returns where that failed. */
static exo_va_t bind_again(exo_va_t from, exo_va_t end, exo_va_t to, uint32_t prot, long *error)
{
	exo_va_t va = from;

	*error = 0;
	while ((va = px_next_page(va, end)) < end) {
		uint64_t n = px_run_at(va, end, EXO_PTE_WRITE);
		uint32_t p = *px_leaf(va) & EXO_PTE_WRITE ? prot : prot & ~(uint32_t)EXO_PROT_WRITE;

		*error = xo_map_run(&px_space, to + (va - from), px_frame_of(*px_leaf(va)), n, p,
				    px_slot_of(px_frame_of(*px_leaf(va))));
		if (*error < 0)
			break;
		va += n * EXO_PAGE_SIZE;
	}
	return va;
}

long px_move(exo_va_t from, exo_va_t to, uint64_t pages, uint32_t prot)
{
	exo_va_t end = from + pages * EXO_PAGE_SIZE, done;
	long error;

	done = bind_again(from, end, to, prot, &error);
	if (error < 0)
		xo_unmap_run(&px_space, to, (done - from) >> EXO_PAGE_SHIFT);
	else
		for (exo_va_t va = from; (va = px_next_page(va, end)) < end;) {
			uint64_t n = px_run_at(va, end, 0);

			xo_unmap_run(&px_space, va, n);
			va += n * EXO_PAGE_SIZE;
		}
	return error;
}

void px_protect(const struct px_region *r, uint32_t prot)
{
	exo_va_t va = r->start, end = r->end;
	const uint64_t mask = EXO_PTE_WRITE | EXO_PTE_NOEXEC;

	while ((va = px_next_page(va, end)) < end) {
		uint64_t e = *px_leaf(va), n = 1, want = EXO_PTE_NOEXEC;
		uint32_t p = prot;

		if (prot & EXO_PROT_WRITE && !(e & EXO_PTE_WRITE) &&
		    !px_frame_alone(px_frame_of(e)))
			p &= ~(uint32_t)EXO_PROT_WRITE;
		else if (e & EXO_PTE_WRITE || !(prot & EXO_PROT_WRITE))
			n = px_run_at(va, end, mask);
		want = (p & EXO_PROT_WRITE ? EXO_PTE_WRITE : 0) |
		       (p & EXO_PROT_EXEC ? 0 : EXO_PTE_NOEXEC);
		if ((e & mask) != want)
			xo_protect_run(&px_space, va, n, p, px_slot_of(px_frame_of(e)));
		va += n * EXO_PAGE_SIZE;
	}
}

/* Page tables lie between them, which nobody will ever give back; so does the start block. */
struct exo_extent px_frames_found(const struct exo_start *start)
{
	exo_pfn_t low = px_frame_of(*px_leaf((exo_va_t)start)), high = low;
	uint64_t pages = 1;

	for (exo_va_t va = start->base; va < start->base + start->span; va += EXO_PAGE_SIZE) {
		uint64_t e = px_pte(va);

		if (!(e & EXO_PTE_WRITE))
			continue;
		if (px_frame_of(e) < low)
			low = px_frame_of(e);
		if (px_frame_of(e) > high)
			high = px_frame_of(e);
		pages++;
	}
	if (high - low > 2 * pages + FOUND_MORE)
		return (struct exo_extent){0};
	return (struct exo_extent){.first = low, .count = high - low + 1};
}

exo_pfn_t px_zero_frame(void)
{
	void *page = px_arena->zero_frame ? NULL : px_page_get();

	if (page)
		px_arena->zero_frame = px_page_frame(page);
	return px_arena->zero_frame;
}

/* Frames that are not counted are the archive's. */
bool px_frame_alone(exo_pfn_t pfn)
{
	return pfn != px_arena->zero_frame && px_frame_refs(pfn) == 1;
}

/* Its page tables are made here, where that harms nobody: later it is used in the middle of things.
 */
bool px_copy_ready(void)
{
	exo_va_t va;

	if (window)
		return true;
	va = px_spare() && px_zero_frame() ? px_place(EXO_PAGE_SIZE) : 0;
	if (!va ||
	    xo_map_run(&px_space, va, px_arena->zero_frame, 1, EXO_PROT_READ, EXO_SLOT_MEMORY) < 0)
		return false;
	xo_unmap_run(&px_space, va, 1);
	px_region_note_as("window", va, EXO_PAGE_SIZE, PX_R_FRESH | PX_R_ROOM);
	window = va;
	return true;
}

/* A copy of the page at va in a frame of its own, which is in the window; 0: no memory. */
static exo_pfn_t copy_in_window(exo_va_t va)
{
	exo_pfn_t new;

	if (!px_copy_ready() || !px_frames_take(1, &new))
		return 0;
	if (xo_map_run(&px_space, window, new, 1, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) <
	    0) {
		px_frames_give(new, 1);
		return 0;
	}
	copy_page(window, va);
	return new;
}

exo_pfn_t px_copy_frame(exo_va_t va)
{
	exo_pfn_t new = copy_in_window(va);

	if (new)
		xo_unmap_run(&px_space, window, 1);
	return new;
}

/* Nobody sees the page half copied. */
long px_copy_page(exo_va_t va, uint32_t prot)
{
	exo_pfn_t old = px_frame_of(*px_leaf(va)), new = copy_in_window(va);
	struct exo_map_op op[] = {
		{.va = va,
		 .pfn = new,
		 .count = 1,
		 .cap = EXO_SLOT_MEMORY,
		 .kind = EXO_MAP_PAGES,
		 .prot = (uint8_t)prot},
		{.va = window, .count = 1, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ}};
	long r;

	if (!new)
		return -EXO_E_LIMIT;
	r = exo_map(EXO_SLOT_NONE, (exo_va_t)op, 2);
	if (r == 2) {
		if (px_frame_counted(old))
			px_frames_give(old, 1);
		return 0;
	}
	xo_unmap_run(&px_space, window, 1);
	px_frames_give(new, 1);
	return r < 0 ? r : -EXO_E_FAULT;
}
