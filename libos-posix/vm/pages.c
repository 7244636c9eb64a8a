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
#include <vm/large.h>
#include <vm/loan.h>
#include <vm/owned.h>
#include <vm/vm.h>

/* Not there in programs that make no processes. */
extern __typeof__(px_owned_table) px_owned_table __attribute__((weak, visibility("hidden")));

#define FOUND_MORE 64 /* frames between those of the program that are something else */

#define TABLE (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE) /* what a level 1 table covers */

exo_va_t px_window; /* one page, in use only inside px_enter */

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

uint64_t px_pte(exo_va_t va)
{
	volatile uint64_t *at0 = px_leaf(va), *at1 = px_leaf((exo_va_t)at0);
	volatile uint64_t *at2 = px_leaf((exo_va_t)at1), *at3 = px_leaf((exo_va_t)at2);
	uint64_t e;

	if (!(*at3 & EXO_PTE_PRESENT) || !(*at2 & EXO_PTE_PRESENT))
		return 0;
	e = *at1;
	if (e & EXO_PTE_PRESENT)
		e = e & EXO_PTE_LARGE ? (e ^ EXO_PTE_LARGE) + (va & (TABLE - EXO_PAGE_SIZE)) : *at0;
	return e;
}

/* Bytes covered by the missing table above va, or 0 if its level 1 table is there. */
static uint64_t missing(exo_va_t va)
{
	volatile uint64_t *at1 = px_leaf((exo_va_t)px_leaf(va));
	volatile uint64_t *at2 = px_leaf((exo_va_t)at1), *at3 = px_leaf((exo_va_t)at2);

	if (!(*at3 & EXO_PTE_PRESENT))
		return TABLE * 512 * 512;
	if (!(*at2 & EXO_PTE_PRESENT))
		return TABLE * 512;
	if (*at1 & EXO_PTE_LARGE)
		return px_large_met(va);
	return *at1 & EXO_PTE_PRESENT ? 0 : TABLE;
}

/* The first of the entries [e, end) that is not 0, or `end`: most are. */
static __attribute__((noinline)) volatile uint64_t *in_use(volatile uint64_t *e,
							   volatile uint64_t *end)
{
	while (e + 4 <= end && !(e[0] | e[1] | e[2] | e[3]))
		e += 4;
	while (e < end && !*e)
		e++;
	return e;
}

exo_va_t px_next_page(exo_va_t va, exo_va_t end)
{
	while (va < end) {
		uint64_t gone = missing(va);
		exo_va_t stop = (va | (TABLE - 1)) + 1;
		volatile uint64_t *e;

		if (gone) {
			va = (va | (gone - 1)) + 1;
			continue;
		}
		e = px_leaf(va);
		if (*e)
			return va;
		if (stop > end)
			stop = end;
		e = in_use(e, px_leaf(stop));
		va = ((exo_va_t)e - EXO_VA_TABLES) / sizeof(*e) << EXO_PAGE_SHIFT;
		if (va < stop)
			return va;
	}
	return end;
}

void px_zero_pages(exo_va_t va, uint64_t pages)
{
	uint64_t n = pages * (EXO_PAGE_SIZE / 8);

	__asm__ volatile("rep stosq" : "+D"(va), "+c"(n) : "a"(0) : "memory");
}

static void copy_page(exo_va_t to, exo_va_t from)
{
	uint64_t n = EXO_PAGE_SIZE / 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

bool px_watched(void)
{
	return px_zeroed_take && px_arena && px_arena->sched.cpus > 1 && px_me->thread_count > 1;
}

/* Nobody sees the pages before they are zero. */
long px_map_new(exo_va_t va, uint64_t pages, uint32_t prot)
{
	while (pages) {
		exo_pfn_t pfn;
		bool before = px_watched();
		uint64_t n = before ? px_zeroed_take(pages, &pfn) : px_frames_take(pages, &pfn);
		long r;

		if (!n)
			return -EXO_E_LIMIT;
		r = xo_map_run(&px_space, va, pfn, n, prot, EXO_SLOT_MEMORY);
		if (r < 0) {
			exo_va_t done = va;

			while (done < va + n * EXO_PAGE_SIZE && px_frame_of(xo_entry(done)) == pfn)
				done += EXO_PAGE_SIZE, pfn++, n--;
			px_zero_pages(va, (done - va) >> EXO_PAGE_SHIFT);
			px_frames_give(pfn, n);
			return r;
		}
		if (!before)
			px_zero_pages(va, n);
		va += n * EXO_PAGE_SIZE;
		pages -= n;
	}
	return 0;
}

long px_map_now(exo_va_t va, uint64_t pages)
{
	return px_map_new(va, pages, EXO_PROT_READ | EXO_PROT_WRITE);
}

__attribute__((noinline)) exo_cap_t px_slot_of(exo_pfn_t pfn)
{
	bool archived = pfn - xo_start->archive_pfn < xo_start->archive_bytes >> EXO_PAGE_SHIFT;

	if (px_lent(pfn))
		return EXO_SLOT_LOAN;
	return archived ? EXO_SLOT_ARCHIVE : EXO_SLOT_MEMORY;
}

bool px_frame_counted(exo_pfn_t pfn)
{
	return pfn != px_arena->zero_frame && px_frame_refs(pfn);
}

/* From pfn on at most so many frames are all inside [first, first + count), or all outside. */
static __attribute__((noinline)) uint64_t until(exo_pfn_t first, uint64_t count, exo_pfn_t pfn,
						uint64_t most)
{
	uint64_t n = pfn - first < count ? count - (pfn - first) : pfn < first ? first - pfn : most;

	return n < most ? n : most;
}

/* Those of the archive, on loan and of ours are bound under slots of their own. */
uint64_t px_run_at(exo_va_t va, exo_va_t end, uint64_t mask)
{
	volatile uint64_t *at = px_leaf(va);
	uint64_t e = *at, n = 1, most;
	exo_va_t stop = (va | (TABLE - 1)) + 1;

	most = ((stop < end ? stop : end) - va) >> EXO_PAGE_SHIFT;
	most = until(xo_start->archive_pfn, xo_start->archive_bytes >> EXO_PAGE_SHIFT,
		     px_frame_of(e), most);
	most = until(px_arena->loan.first, px_arena->loan.count, px_frame_of(e), most);
	mask |= EXO_PTE_FRAME | EXO_PTE_PRESENT;
	while (n < most && !((at[n] ^ (e + (n << EXO_PAGE_SHIFT))) & mask))
		n++;
	return n;
}

uint64_t px_unmap(exo_va_t va, uint64_t pages)
{
	exo_va_t end = va + pages * EXO_PAGE_SIZE;
	uint64_t freed = px_large_unmap ? px_large_unmap(va, end) : 0;

	while ((va = px_next_page(va, end)) < end) {
		exo_pfn_t pfn = px_frame_of(*px_leaf(va));
		bool ram = px_frame_counted(pfn);
		uint64_t n = ram ? px_run_at(va, end, 0) : 1;

		if (px_arena->zero_frame - pfn < n)
			n = ram ? px_arena->zero_frame - pfn : 1;
		if (xo_unmap_run(&px_space, va, n) == 0) {
			if (ram) {
				px_frames_give(pfn, n);
				freed += n;
			} else if (px_lent(pfn)) {
				px_loan_free(pfn);
			}
		}
		va += n * EXO_PAGE_SIZE;
	}
	return freed;
}

/* Bind the pages of [from, end) that are there at `to` as well; returns where that failed. */
static __attribute__((cold)) exo_va_t bind_again(exo_va_t from, exo_va_t end, exo_va_t to,
						 uint32_t prot, long *error)
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

__attribute__((cold)) long px_move(exo_va_t from, exo_va_t to, uint64_t pages, uint32_t prot)
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
__attribute__((cold)) struct exo_extent px_frames_found(const struct exo_start *start)
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
	return px_lent(pfn) || (pfn != px_arena->zero_frame && px_frame_refs(pfn) == 1);
}

/* Its page tables are made here, where that harms nobody: later it is used in the middle of things.
 */
__attribute__((cold)) bool px_copy_ready(void)
{
	exo_va_t va;

	if (px_window)
		return true;
	va = px_spare() && px_zero_frame() ? px_place(EXO_PAGE_SIZE) : 0;
	if (!va ||
	    xo_map_run(&px_space, va, px_arena->zero_frame, 1, EXO_PROT_READ, EXO_SLOT_MEMORY) < 0)
		return false;
	xo_unmap_run(&px_space, va, 1);
	px_region_note_as("window", va, EXO_PAGE_SIZE, PX_R_FRESH | PX_R_ROOM);
	px_window = va;
	return true;
}

/* A copy of the page at va in a frame of its own, which is in the window; 0: no memory. */
static exo_pfn_t copy_in_window(exo_va_t va)
{
	exo_pfn_t new;

	if (!px_copy_ready() || !px_frames_take(1, &new))
		return 0;
	if (xo_map_run(&px_space, px_window, new, 1, EXO_PROT_READ | EXO_PROT_WRITE,
		       EXO_SLOT_MEMORY) < 0) {
		px_frames_give(new, 1);
		return 0;
	}
	copy_page(px_window, va);
	return new;
}

exo_pfn_t px_copy_frame(exo_va_t va)
{
	exo_pfn_t new = copy_in_window(va);

	if (new)
		xo_unmap_run(&px_space, px_window, 1);
	return new;
}

/* Nobody sees the page half copied. */
__attribute__((cold)) long px_copy_page(exo_va_t va, uint32_t prot)
{
	exo_pfn_t old = px_frame_of(*px_leaf(va)), new = copy_in_window(va);
	struct exo_map_op op[] = {
		{.va = va,
		 .pfn = new,
		 .count = 1,
		 .cap = EXO_SLOT_MEMORY,
		 .kind = EXO_MAP_PAGES,
		 .prot = (uint8_t)prot},
		{.va = px_window, .count = 1, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ}};
	long r;

	if (!new)
		return -EXO_E_LIMIT;
	r = exo_map(EXO_SLOT_NONE, (exo_va_t)op, 2);
	if (r == 2) {
		if (px_frame_counted(old))
			px_frames_give(old, 1);
		return 0;
	}
	xo_unmap_run(&px_space, px_window, 1);
	px_frames_give(new, 1);
	return r < 0 ? r : -EXO_E_FAULT;
}
