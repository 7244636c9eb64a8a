/* frames.c - taking frames, giving them back, promising them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <vm/frames.h>
#include <vm/vm.h>

struct px_frames *px_frames;

uint64_t px_frames_init(struct px_frames *f, const struct exo_start *start)
{
	for (uint32_t i = 0; i < start->ram_count && i < EXO_START_RAM_MAX; i++) {
		f->before[f->runs] = f->total;
		f->run[f->runs++] = start->ram[i];
		f->total += start->ram[i].count;
	}
	return px_round_up((f->total + 63) / 64 * 8);
}

static uint64_t bit_of(const struct px_frames *f, exo_pfn_t pfn)
{
	for (uint32_t i = 0; i < f->runs; i++)
		if (pfn - f->run[i].first < f->run[i].count)
			return f->before[i] + (pfn - f->run[i].first);
	return UINT64_MAX;
}

static exo_pfn_t pfn_of(const struct px_frames *f, uint64_t bit, uint64_t *left)
{
	uint32_t i = f->runs - 1;

	while (f->before[i] > bit)
		i--;
	*left = f->run[i].count - (bit - f->before[i]);
	return f->run[i].first + (bit - f->before[i]);
}

/* The next frames given back, as far as they stand in one word of the bitmap. */
static uint64_t take_freed(struct px_frames *f, uint64_t want, exo_pfn_t *first)
{
	uint64_t words = (f->total + 63) / 64, left, n = 0;
	uint64_t w = f->freed_hint;

	while (!f->freed[w])
		w = w + 1 < words ? w + 1 : 0;
	f->freed_hint = w;
	uint64_t bit = (uint64_t)__builtin_ctzll(f->freed[w]);
	*first = pfn_of(f, w * 64 + bit, &left);
	if (want > left)
		want = left;
	while (n < want && bit + n < 64 && (f->freed[w] >> (bit + n) & 1))
		f->freed[w] &= ~(1ull << (bit + n++));
	f->freed_count -= n;
	return n;
}

/* Have the kernel put the next frames of the run into our account. */
static bool take_more(struct px_frames *f)
{
	while (f->current < f->runs) {
		const struct exo_extent *r = &f->run[f->current];
		uint64_t left = r->count - f->taken;
		long n = 0;

		if (left)
			n = exo_frame_alloc(EXO_SLOT_MEMORY, r->first + f->taken,
					    left < EXO_RUN_MAX ? left : EXO_RUN_MAX);
		if (n > 0) {
			f->taken += (uint64_t)n;
			return true;
		}
		f->current++;
		f->used = f->taken = 0;
	}
	return false;
}

uint64_t px_frames_take(uint64_t want, exo_pfn_t *first)
{
	struct px_frames *f = px_frames;
	uint64_t n = 0;

	if (px_arena)
		px_enter();
	if (f->freed_count) {
		n = take_freed(f, want, first);
	} else if (f->used < f->taken || take_more(f)) {
		n = f->taken - f->used < want ? f->taken - f->used : want;
		*first = f->run[f->current].first + f->used;
		f->used += n;
	}
	f->out += n;
	if (px_arena)
		px_leave();
	return n;
}

void px_frames_give(exo_pfn_t first, uint64_t count)
{
	struct px_frames *f = px_frames;

	px_enter();
	for (uint64_t i = 0; i < count; i++) {
		uint64_t bit = bit_of(f, first + i);

		f->freed[bit / 64] |= 1ull << (bit % 64);
	}
	f->freed_count += count;
	f->out -= count;
	px_leave();
}

/* What stays back: page tables for the promised pages (one frame for 512 pages,
 * and a few for the upper levels), and the pages of stacks, which are not
 * promised. */
bool px_commit(uint64_t pages)
{
	struct px_frames *f = px_frames;
	uint64_t keep = 96 + f->total / 256;
	bool fits;

	px_enter();
	fits = pages <= f->total && f->promised + pages + keep <= f->total;
	if (fits)
		f->promised += pages;
	px_leave();
	return fits;
}

void px_uncommit(uint64_t pages)
{
	px_enter();
	px_frames->promised -= pages;
	px_leave();
}
