/* frames.c - taking frames, counting on them, giving them back, promising them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define NO_INDEX   UINT64_MAX
#define LOOK_AGAIN 64 /* frames given back since: then 2 MiB may lie together */

struct px_frames *px_frames;

static uint64_t words(const struct px_frames *f)
{
	return (f->total + 63) / 64;
}

static void add_run(struct px_frames *f, const struct exo_extent *run)
{
	uint32_t i = f->runs + f->given;

	f->before[i] = f->total;
	f->run[i] = *run;
	f->total += run->count;
}

__attribute__((cold)) uint64_t px_frames_init(struct px_frames *f, const struct exo_start *start,
					      const struct exo_extent *given)
{
	for (; f->runs < start->ram_count && f->runs < EXO_START_RAM_MAX; f->runs++)
		add_run(f, &start->ram[f->runs]);
	if (given->count) {
		add_run(f, given);
		f->given = 1;
		f->out = given->count;
	}
	return px_round_up(2 * words(f) * sizeof(uint64_t) + f->total * sizeof(*f->refs));
}

static __attribute__((noinline)) uint64_t index_of(const struct px_frames *f, exo_pfn_t pfn)
{
	for (uint32_t i = 0; i < f->runs + f->given; i++)
		if (pfn - f->run[i].first < f->run[i].count)
			return f->before[i] + (pfn - f->run[i].first);
	return NO_INDEX;
}

static exo_pfn_t pfn_of(const struct px_frames *f, uint64_t index, uint64_t *left)
{
	uint32_t i = f->runs + f->given - 1;

	while (f->before[i] > index)
		i--;
	*left = f->run[i].count - (index - f->before[i]);
	return f->run[i].first + (index - f->before[i]);
}

static void count_new(struct px_frames *f, exo_pfn_t first, uint64_t n)
{
	uint64_t index = index_of(f, first);

	for (uint64_t i = 0; f->refs && i < n; i++)
		f->refs[index + i] = 1;
}

/* What was handed out before there were counts has one reference each. */
__attribute__((cold)) void px_frames_tables(struct px_frames *f, void *table)
{
	f->freed = table;
	f->seen = f->freed + words(f);
	f->refs = (uint16_t *)(f->seen + words(f));
	for (uint32_t i = 0; i <= f->current && i < f->runs; i++)
		count_new(f, f->run[i].first, i < f->current ? f->run[i].count : f->used);
	if (f->given)
		count_new(f, f->run[f->runs].first, f->run[f->runs].count);
}

static uint64_t usable(const struct px_frames *f, uint64_t w, bool unseen)
{
	return unseen ? f->freed[w] & ~f->seen[w] : f->freed[w];
}

/* The first of the words [w, end) of the bitmap with frames to use, or `end`. */
static __attribute__((noinline)) uint64_t next_word(const struct px_frames *f, uint64_t w,
						    uint64_t end, bool unseen)
{
	const uint64_t *freed = f->freed;

	while (w < end && (!freed[w] || !usable(f, w, unseen)))
		w++;
	return w;
}

/* The next frames given back, as far as they stand in one word of the bitmap. */
static uint64_t take_freed(struct px_frames *f, uint64_t want, exo_pfn_t *first, bool unseen)
{
	uint64_t n = 0, hint = f->freed_hint[unseen], left, bits;
	uint64_t w = next_word(f, hint, words(f), unseen);

	if (w == words(f) && (w = next_word(f, 0, hint, unseen)) == hint)
		return 0;
	bits = usable(f, w, unseen);
	f->freed_hint[unseen] = w;
	uint64_t bit = (uint64_t)__builtin_ctzll(bits);
	*first = pfn_of(f, w * 64 + bit, &left);
	if (want > left)
		want = left;
	while (n < want && bit + n < 64 && (bits >> (bit + n) & 1))
		f->freed[w] &= ~(1ull << (bit + n++));
	f->freed_count -= n;
	return n;
}

/* Have the kernel put the next frames of the run into our account. */
static __attribute__((cold)) bool take_more(struct px_frames *f)
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

static uint64_t take(struct px_frames *f, uint64_t want, exo_pfn_t *first, bool unseen)
{
	uint64_t n = 0;

	if (f->freed_count)
		n = take_freed(f, want, first, unseen);
	if (!n && (f->used < f->taken || take_more(f))) {
		n = f->taken - f->used < want ? f->taken - f->used : want;
		*first = f->run[f->current].first + f->used;
		f->used += n;
	}
	return n;
}

/* When nothing is left, frames that are kept ready for something are. */
static __attribute__((cold)) bool scrape(void)
{
	bool drained = px_zeroed_drain && px_zeroed_drain();

	return px_pages_trim(0) || drained;
}

/* Or what can be scraped together. */
static uint64_t take_any(uint64_t want, exo_pfn_t *first, bool unseen)
{
	struct px_frames *f = px_frames;
	uint64_t n;

	if (px_arena)
		px_enter();
	n = take(f, want, first, unseen);
	if (!n && px_arena && scrape())
		n = take(f, want, first, unseen);
	if (n)
		count_new(f, *first, n);
	f->out += n;
	if (px_arena)
		px_leave();
	return n;
}

uint64_t px_frames_take(uint64_t want, exo_pfn_t *first)
{
	return take_any(want, first, false);
}

exo_pfn_t px_frames_pair(void)
{
	exo_pfn_t single[32], first;
	uint64_t n = 0, got = 0;

	while (n < 32 && (got = px_frames_take(2, &first)) == 1)
		single[n++] = first;
	while (n)
		px_frames_give(single[--n], 1);
	return got == 2 ? first : 0;
}

exo_pfn_t px_frame_for_object(void)
{
	exo_pfn_t pfn = 0;

	return take_any(1, &pfn, true) ? pfn : 0;
}

/* Are all of EXO_LARGE_FRAMES from that index on given back? */
static bool all_freed(const struct px_frames *f, uint64_t index)
{
	uint64_t shift = index % 64;

	for (uint64_t w = index / 64, n = 0; n < EXO_LARGE_FRAMES / 64; w++, n++)
		if (~(f->freed[w] >> shift | (shift ? f->freed[w + 1] << (64 - shift) : 0)))
			return false;
	return true;
}

/* Where in a run the first boundary of 2 MiB lies, `from` frames from its start on. */
static uint64_t boundary(const struct exo_extent *r, uint64_t from)
{
	return ((r->first + from + EXO_LARGE_FRAMES - 1) & -(uint64_t)EXO_LARGE_FRAMES) - r->first;
}

static bool take_freed_large(struct px_frames *f, exo_pfn_t *first)
{
	if (f->freed_count < f->freed_small)
		f->freed_small = f->freed_count;
	if (f->freed_count < EXO_LARGE_FRAMES || f->freed_count - f->freed_small < LOOK_AGAIN)
		return false;
	for (uint32_t i = 0; i < f->runs + f->given; i++) {
		const struct exo_extent *r = &f->run[i];
		uint64_t at = boundary(r, 0);

		for (; at + EXO_LARGE_FRAMES <= r->count; at += EXO_LARGE_FRAMES) {
			uint64_t index = f->before[i] + at;

			if (!all_freed(f, index))
				continue;
			for (uint64_t n = 0; n < EXO_LARGE_FRAMES; n++, index++)
				f->freed[index / 64] &= ~(1ull << (index % 64));
			f->freed_count -= EXO_LARGE_FRAMES;
			*first = r->first + at;
			return true;
		}
	}
	f->freed_small = f->freed_count;
	return false;
}

/* Have frames of the current run in our account, up to `to`. */
static bool have(struct px_frames *f, const struct exo_extent *r, uint64_t to)
{
	while (f->taken < to) {
		long n = exo_frame_alloc(EXO_SLOT_MEMORY, r->first + f->taken, to - f->taken);

		if (n <= 0)
			return false;
		f->taken += (uint64_t)n;
	}
	return true;
}

/* Those that were never used, from the next boundary on.  What lies before it counts as given back.
 */
static bool take_new_large(struct px_frames *f, exo_pfn_t *first)
{
	while (f->current < f->runs) {
		const struct exo_extent *r = &f->run[f->current];
		uint64_t at = boundary(r, f->used);
		bool fits = at + EXO_LARGE_FRAMES <= r->count;

		if (!fits)
			at = r->count;
		if (!have(f, r, fits ? at + EXO_LARGE_FRAMES : at))
			return false;
		for (; f->used < at; f->used++, f->freed_count++) {
			uint64_t index = f->before[f->current] + f->used;

			f->freed[index / 64] |= 1ull << (index % 64);
		}
		if (fits) {
			f->used = at + EXO_LARGE_FRAMES;
			*first = r->first + at;
			return true;
		}
		f->current++;
		f->used = f->taken = 0;
	}
	return false;
}

bool px_frames_take_large(exo_pfn_t *first)
{
	struct px_frames *f = px_frames;
	bool good;

	px_enter();
	good = take_freed_large(f, first) || take_new_large(f, first);
	if (good) {
		count_new(f, *first, EXO_LARGE_FRAMES);
		f->out += EXO_LARGE_FRAMES;
	}
	px_leave();
	return good;
}

static void free_one(struct px_frames *f, exo_pfn_t pfn, uint64_t index)
{
	if (f->refs[index] & PX_REF_WINDOW) {
		px_pages_spare(pfn);
		return;
	}
	f->freed[index / 64] |= 1ull << (index % 64);
	f->freed_count++;
	f->out--;
}

void px_frames_give(exo_pfn_t first, uint64_t count)
{
	struct px_frames *f = px_frames;

	px_enter();
	for (uint64_t i = 0; i < count; i++) {
		uint64_t index = index_of(f, first + i);

		if (index != NO_INDEX && (--f->refs[index] & PX_REF_MAX) == 0)
			free_one(f, first + i, index);
	}
	px_leave();
}

bool px_frame_ref(exo_pfn_t pfn)
{
	struct px_frames *f = px_frames;
	uint64_t index = index_of(f, pfn);
	bool fits = true;

	if (index == NO_INDEX)
		return true;
	px_enter();
	if ((f->refs[index] & PX_REF_MAX) == PX_REF_MAX)
		fits = false;
	else
		f->refs[index]++;
	px_leave();
	return fits;
}

/* How many of n frames may be looked at from refs[*index] on; 0: the first is none that is counted.
 */
static uint64_t countable(exo_pfn_t first, uint64_t n, uint64_t *index)
{
	exo_pfn_t zero = px_arena->zero_frame;
	uint64_t left;

	*index = index_of(px_frames, first);
	if (*index == NO_INDEX || first == zero)
		return 0;
	pfn_of(px_frames, *index, &left);
	if (n > left)
		n = left;
	return zero - first < n ? zero - first : n;
}

uint64_t px_frames_ref(exo_pfn_t first, uint64_t n)
{
	uint64_t index, i;

	n = countable(first, n, &index);
	for (i = 0; i < n; i++) {
		uint16_t *refs = &px_frames->refs[index + i];

		if (!(*refs & PX_REF_MAX) || (*refs & PX_REF_MAX) == PX_REF_MAX)
			break;
		++*refs;
	}
	return i;
}

uint64_t px_frames_counted(exo_pfn_t first, uint64_t n)
{
	uint64_t index, i = 0;

	n = countable(first, n, &index);
	while (i < n && px_frames->refs[index + i] & PX_REF_MAX)
		i++;
	return i;
}

__attribute__((noinline)) uint32_t px_frame_refs(exo_pfn_t pfn)
{
	uint64_t index = index_of(px_frames, pfn);

	return index == NO_INDEX ? 0 : px_frames->refs[index] & PX_REF_MAX;
}

void px_frame_window(exo_pfn_t pfn, bool in)
{
	uint16_t *refs = &px_frames->refs[index_of(px_frames, pfn)];

	*refs = (uint16_t)(in ? *refs | PX_REF_WINDOW : *refs & PX_REF_MAX);
}

bool px_frame_in_window(exo_pfn_t pfn)
{
	uint64_t index = index_of(px_frames, pfn);

	return index != NO_INDEX && px_frames->refs[index] & PX_REF_WINDOW;
}

void px_frame_seen(exo_pfn_t pfn)
{
	uint64_t index = index_of(px_frames, pfn);

	px_frames->seen[index / 64] |= 1ull << (index % 64);
}

/* What stays back: page tables for the promised pages (one frame for 512 pages,
 * and a few for the upper levels), and the pages of stacks, which are not
 * promised. */
uint64_t px_commit_left(void)
{
	const struct px_frames *f = px_frames;
	uint64_t gone = f->promised + 96 + f->total / 256;

	return gone < f->total ? f->total - gone : 0;
}

bool px_commit(uint64_t pages)
{
	bool fits;

	px_enter();
	fits = pages <= px_commit_left();
	if (fits)
		px_frames->promised += pages;
	px_leave();
	return fits;
}

void px_uncommit(uint64_t pages)
{
	px_enter();
	px_frames->promised -= pages;
	px_leave();
}

bool px_promise(uint64_t pages)
{
	bool fits;

	px_enter();
	fits = px_commit(pages);
	if (fits && (px_me->promised += pages) > px_me->used.most)
		px_me->used.most = px_me->promised;
	px_leave();
	return fits;
}

void px_promise_anyway(uint64_t pages)
{
	px_enter();
	px_frames->promised += pages;
	px_me->promised += pages;
	px_leave();
}

void px_unpromise(uint64_t pages)
{
	px_enter();
	px_uncommit(pages);
	px_me->promised -= pages;
	px_leave();
}
