/* loan.c - memory on loan (libexo/ledger.h): for pages that nobody promised, as long as it is
 * there. SPDX-License-Identifier: BSD-2-Clause
 *
 * The loan lies under a capability of its own and is asked back at any time, with a deadline.  So
 * nothing that was promised lies there: only private MAP_NORESERVE memory of the first process, in
 * whose environment that capability is.  When it is asked back each page moves to a frame of ours,
 * as far as some can be promised; the others are lost, as they all are if it is taken by force.
 * From then on what is not there in such memory is no new page of zeroes but SIGBUS: nobody reads
 * something else than was written.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/slots.h>
#include <exo/cap.h>
#include <libexo/ledger.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <vm/loan.h>
#include <vm/vm.h>

#define MAP_FRAMES (EXO_PAGE_SIZE * 8) /* in one page of the bitmap */

static void look(void)
{
	const struct xo_ledger *ledger = (const struct xo_ledger *)xo_start->ledger;
	struct px_loan *l = &px_arena->loan;

	if (l->opened || px_guest)
		return;
	l->opened = 1;
	if (!ledger || !px_copy_ready())
		return;
	l->first = ledger->loan.first;
	l->count = ledger->loan.count;
}

void px_loan_begin(void)
{
	px_enter();
	look();
	px_leave();
}

/* A frame where we alone see it. */
static bool open_window(exo_pfn_t pfn)
{
	return xo_map_run(&px_space, px_window, pfn, 1, EXO_PROT_READ | EXO_PROT_WRITE,
			  EXO_SLOT_LOAN) == 0;
}

static void close_window(void)
{
	xo_unmap_run(&px_space, px_window, 1);
}

static uint64_t *word_of(struct px_loan *l, uint64_t index)
{
	return &l->freed[index / MAP_FRAMES][index % MAP_FRAMES / 64];
}

/* Frames that were never used are zero. */
static uint64_t take_new(struct px_loan *l, uint64_t want, exo_pfn_t *first)
{
	uint64_t left = l->count - l->next;

	*first = l->first + l->next;
	if (want > left)
		want = left;
	l->next += want;
	return want;
}

/* One that was given back: it becomes zero before anybody sees it. */
static uint64_t take_freed(struct px_loan *l, exo_pfn_t *first)
{
	for (uint64_t i = 0; l->free && i < l->next; i += 64) {
		uint64_t *w = l->freed[i / MAP_FRAMES] ? word_of(l, i) : NULL;

		if (!w || !*w)
			continue;
		*first = l->first + i + (uint64_t)__builtin_ctzll(*w);
		if (!open_window(*first))
			return 0;
		px_zero_pages(px_window, 1);
		close_window();
		*w &= *w - 1;
		l->free--;
		return 1;
	}
	return 0;
}

uint64_t px_loan_map(exo_va_t va, uint64_t pages, uint32_t prot)
{
	struct px_loan *l = &px_arena->loan;
	exo_pfn_t pfn;
	uint64_t n;

	look();
	if (l->over || px_guest || !l->count)
		return 0;
	n = take_new(l, pages, &pfn);
	if (!n)
		n = take_freed(l, &pfn);
	if (!n)
		return 0;
	if (xo_map_run(&px_space, va, pfn, n, prot, EXO_SLOT_LOAN) < 0) {
		/* Frames of pages that were there already for a moment are lost with the rest. */
		xo_unmap_run(&px_space, va, n);
		return 0;
	}
	px_region_at(va)->flags |= PX_R_LENT;
	l->used += n;
	return n;
}

void px_loan_free(exo_pfn_t pfn)
{
	struct px_loan *l = &px_arena->loan;
	uint64_t index = pfn - l->first, page = index / MAP_FRAMES;

	l->used--;
	if (l->over)
		return;
	if (page < PX_LOAN_MAPS && !l->freed[page])
		l->freed[page] = px_page_get();
	if (page >= PX_LOAN_MAPS || !l->freed[page])
		return; /* not used again */
	*word_of(l, index) |= 1ull << (index % 64);
	l->free++;
}

bool px_loan_lost(void)
{
	struct px_loan *l = &px_arena->loan;

	if (!l->over && open_window(l->first))
		close_window();
	else if (!l->over)
		l->over = l->lost = 1;
	return l->lost;
}

/* Nobody writes while it is copied. */
static bool move(exo_va_t va, uint64_t e)
{
	uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
			(e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);

	if (!px_promise(1))
		return false;
	if (xo_protect_run(&px_space, va, 1, prot & ~(uint32_t)EXO_PROT_WRITE, EXO_SLOT_LOAN) < 0 ||
	    px_copy_page(va, prot) < 0) {
		px_unpromise(1);
		return false;
	}
	px_loan_free(px_frame_of(e));
	return true;
}

/* All that is mapped, until one page cannot be moved, or the deadline. */
static bool move_all(struct px_loan *l, exo_ns_t deadline)
{
	uint64_t e;

	for (exo_va_t va = EXO_VA_MIN; l->used && (va = xo_next_mapped(va, &e));
	     va += EXO_PAGE_SIZE)
		if (EXO_PTE_SLOT(e) == EXO_SLOT_LOAN &&
		    ((deadline && xo_now() > deadline) || !move(va, e)))
			return false;
	return true;
}

bool px_loan_settle(void)
{
	bool all;

	if (px_guest)
		return true;
	px_enter();
	all = !px_arena->loan.used || move_all(&px_arena->loan, 0);
	px_leave();
	return all;
}

void px_loan_back(exo_ns_t deadline)
{
	struct px_loan *l = &px_arena->loan;
	bool used;

	px_enter();
	used = !l->over && l->used;
	l->over = 1;
	if (used && !move_all(l, deadline))
		l->lost = 1;
	px_leave();
}
