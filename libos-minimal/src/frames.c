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

static struct mini_lock lock;
static uint64_t *used; /* NULL until the bits have memory */
static uint64_t left;
static exo_pfn_t boot; /* the next frame until then */

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
	for (; pfn + w->count <= end; pfn += (n / w->align + 1) * w->align) {
		uint64_t b = bit + pfn - run->first;

		for (n = 0; n < w->count && !test(b + n);)
			n++;
		if (n == w->count)
			return pfn;
		if (used[b / 64] == ~0ull)
			n = 63 - b % 64; /* the last one in the way, as far as we see */
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

exo_pfn_t mini_frame(void)
{
	if (used)
		return mini_frames_take(&(struct mini_want){.count = 1});
	return exo_frame_alloc(EXO_SLOT_MEMORY, boot, 1) == 1 ? boot++ : 0;
}

void mini_frames_give(exo_pfn_t first, uint64_t count)
{
	mini_lock(&lock);
	give(first, count);
	mini_unlock(&lock);
}

/* Behind the last bit of [bit, bit + n) that is set. */
static uint64_t last_used(uint64_t bit, uint64_t n)
{
	while (n && !test(bit + n - 1))
		n -= (bit + n) % 64 == 0 && n >= 64 && !used[(bit + n - 1) / 64] ? 64 : 1;
	return n;
}

static void mark_words(uint64_t bit, uint64_t n)
{
	for (; n && bit % 64; bit++, n--)
		mark(bit, 1, true);
	memset(&used[bit / 64], 0xff, n / 64 * sizeof(*used));
	mark(bit + n / 64 * 64, n % 64, true);
}

uint32_t mini_frames_let_go(uint64_t keep, struct exo_extent *to)
{
	const struct exo_extent *most = xo_start->ram, *run = most;
	uint64_t bit = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < xo_start->ram_count; i++)
		if (run[i].count > most->count)
			most = &run[i];
	for (uint32_t i = 0; i < xo_start->ram_count; bit += run[i++].count) {
		uint64_t from = last_used(bit, run[i].count) + (&run[i] == most ? keep : 0);

		if (from >= run[i].count)
			continue;
		to[n] = (struct exo_extent){run[i].first + from, run[i].count - from};
		mark_words(bit + from, to[n].count);
		left -= to[n++].count;
	}
	return n;
}

uint64_t mini_frames_left(void)
{
	return left;
}

void mini_frames_init(void)
{
	struct exo_extent most = {.count = 0};
	uint64_t pages;
	exo_va_t va;

	for (uint32_t i = 0; i < xo_start->ram_count; i++) {
		left += xo_start->ram[i].count;
		if (xo_start->ram[i].count > most.count)
			most = xo_start->ram[i];
	}
	boot = most.first;
	pages = left / 8 / EXO_PAGE_SIZE + 1;
	va = mini_va(pages);
	for (uint64_t i = 0; i < pages; i++)
		if (mini_map_pages(va + i * EXO_PAGE_SIZE, mini_frame(), 1,
				   EXO_PROT_READ | EXO_PROT_WRITE))
			return;
	used = memset((void *)va, 0, pages * EXO_PAGE_SIZE);
	mark(bit_of(most.first), boot - most.first, true);
	left -= boot - most.first;
}
