/* frames.c - one bit for each frame that was free at the start: handed out?
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The bits of the start block's runs follow each other without gaps, in memory
 * taken from the largest run.  Runs are searched from the last, so that low
 * memory is left for those who ask for it.
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <mini/cpu.h>
#include <mini/frames.h>
#include <mini/pages.h>
#include <stdbool.h>

#define SPARE_FRAMES 64 /* taken at once for mini_frame */

static struct mini_lock lock;
static uint64_t *used; /* NULL until the bits have memory */
static uint64_t left;
static struct exo_extent spare; /* taken from the kernel, not handed out yet */

static bool test(uint64_t bit)
{
	return used[bit / 64] >> bit % 64 & 1;
}

static void mark(uint64_t bit, uint64_t n, bool value)
{
	for (; n; n--, bit++)
		if (value)
			used[bit / 64] |= 1ull << bit % 64;
		else
			used[bit / 64] &= ~(1ull << bit % 64);
}

/* First place in `run`, whose first bit is `bit`, that suits, or 0. */
static exo_pfn_t search(const struct exo_extent *run, uint64_t bit, const struct mini_want *w)
{
	exo_pfn_t end = run->first + run->count;
	exo_pfn_t pfn = run->first / w->align * w->align + w->phase;
	uint64_t n;

	if (end > w->below)
		end = w->below;
	if (pfn < run->first)
		pfn += w->align;
	while (pfn + w->count <= end) {
		for (n = 0; n < w->count && !test(bit + pfn - run->first + n);)
			n++;
		if (n == w->count)
			return pfn;
		pfn += (n / w->align + 1) * w->align; /* past the one in the way */
	}
	return 0;
}

/* The first bit of the run that holds pfn, counted from the run's own start. */
static uint64_t bit_of(exo_pfn_t pfn)
{
	uint64_t bit = 0;

	for (const struct exo_extent *r = xo_start->ram;; bit += r++->count)
		if (pfn >= r->first && pfn < r->first + r->count)
			return bit + pfn - r->first;
}

/* Give frames back to the kernel and clear their bits. */
static void give(exo_pfn_t first, uint64_t count)
{
	for (uint64_t n; count; first += n, count -= n) {
		n = count < EXO_RUN_MAX ? count : EXO_RUN_MAX;
		if (!exo_frame_free(EXO_SLOT_MEMORY, first, n)) {
			mark(bit_of(first), n, false);
			left += n;
		}
	}
}

/* Take frames from the kernel.  If another environment has one, that one is
 * marked as used up, the others are not taken, and false is returned. */
static bool claim(exo_pfn_t first, uint64_t count)
{
	for (uint64_t done = 0; done < count;) {
		long n = exo_frame_alloc(EXO_SLOT_MEMORY, first + done, count - done);

		if (n < 0) {
			mark(bit_of(first + done), 1, true);
			left--;
			give(first, done);
			return false;
		}
		mark(bit_of(first + done), n, true);
		left -= n;
		done += n;
	}
	return true;
}

static exo_pfn_t take(const struct mini_want *want)
{
	struct mini_want w = *want;
	uint64_t bit = 0;

	w.count += !w.count;
	w.align += !w.align;
	w.below -= !w.below;
	for (uint32_t i = 0; i < xo_start->ram_count; i++)
		bit += xo_start->ram[i].count;
	for (uint32_t i = xo_start->ram_count; i--;) {
		exo_pfn_t pfn;

		bit -= xo_start->ram[i].count;
		while ((pfn = search(&xo_start->ram[i], bit, &w)))
			if (claim(pfn, w.count))
				return pfn;
	}
	return 0;
}

exo_pfn_t mini_frames_take(const struct mini_want *want)
{
	exo_pfn_t pfn;

	mini_lock(&lock);
	pfn = take(want);
	mini_unlock(&lock);
	return pfn;
}

/* Before there are bits: one after the other from the largest run. */
static exo_pfn_t first_frames(void)
{
	if (!spare.count) {
		for (uint32_t i = 0; i < xo_start->ram_count; i++)
			if (xo_start->ram[i].count > spare.count)
				spare = xo_start->ram[i];
	}
	if (!spare.count || exo_frame_alloc(EXO_SLOT_MEMORY, spare.first, 1) != 1)
		return 0;
	spare.count--;
	return spare.first++;
}

exo_pfn_t mini_frame(void)
{
	exo_pfn_t pfn = 0;

	if (!used)
		return first_frames();
	mini_lock(&lock);
	for (uint64_t n = SPARE_FRAMES; !spare.count && n; n /= 4) {
		spare.first = take(&(struct mini_want){.count = n});
		spare.count = spare.first ? n : 0;
	}
	if (spare.count) {
		spare.count--;
		pfn = spare.first++;
	}
	mini_unlock(&lock);
	return pfn;
}

void mini_frames_give(exo_pfn_t first, uint64_t count)
{
	mini_lock(&lock);
	give(first, count);
	mini_unlock(&lock);
}

uint64_t mini_frames_left(void)
{
	return left + spare.count;
}

void mini_frames_init(void)
{
	uint64_t frames = 0, pages;
	uint64_t *bits;
	exo_pfn_t begin;

	for (uint32_t i = 0; i < xo_start->ram_count; i++)
		frames += xo_start->ram[i].count;
	pages = (frames / 8 + EXO_PAGE_SIZE) / EXO_PAGE_SIZE;
	bits = (uint64_t *)mini_va(pages);
	begin = mini_frame();
	for (uint64_t i = 0; i < pages; i++) {
		exo_pfn_t pfn = i ? mini_frame() : begin;

		if (!pfn || mini_map_pages((exo_va_t)bits + i * EXO_PAGE_SIZE, pfn, 1,
					   EXO_PROT_READ | EXO_PROT_WRITE))
			return;
	}
	memset(bits, 0, pages * EXO_PAGE_SIZE);
	used = bits;
	mark(bit_of(begin), spare.first - begin, true);
	left = frames - (spare.first - begin);
	spare.count = 0;
}
