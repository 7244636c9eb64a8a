/* zeroed.c - frames that are zero before anybody sees them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A page that appears while other CPUs run the same process must be zero from the first moment.
 * They are made in the arena's window, many at a time, because taking them away there again
 * disturbs the other CPUs.
 */
#include <env/arena.h>
#include <exo/cap.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define BATCH 64

const char px_zeroed_there = 1;

static bool refill(struct px_sched *s)
{
	exo_pfn_t first;
	uint64_t n = px_frames_take(BATCH, &first), words = n * (EXO_PAGE_SIZE / 8);
	exo_va_t va = (exo_va_t)px_page_at(first), to = va;

	if (n && xo_map_run(&px_image_space, va, first, n, EXO_PROT_READ | EXO_PROT_WRITE,
			    EXO_SLOT_MEMORY) < 0) {
		xo_unmap_run(&px_space, va, n); /* those that are there */
		px_frames_give(first, n);
		return false;
	}
	if (n) {
		__asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(0) : "memory");
		xo_unmap_run(&px_space, va, n);
	}
	s->zeroed = first;
	s->zeroed_count = n;
	return n;
}

uint64_t px_zeroed_take(uint64_t want, exo_pfn_t *first)
{
	struct px_sched *s = &px_arena->sched;
	uint64_t n = 0;

	px_enter();
	if (s->zeroed_count || refill(s)) {
		n = want < s->zeroed_count ? want : s->zeroed_count;
		*first = s->zeroed;
		s->zeroed += n;
		s->zeroed_count -= n;
	}
	px_leave();
	return n;
}

/* Inside, for who finds no frame. */
bool px_zeroed_drain(void)
{
	struct px_sched *s = &px_arena->sched;
	uint64_t n = s->zeroed_count;

	s->zeroed_count = 0;
	px_frames_give(s->zeroed, n);
	return n;
}
