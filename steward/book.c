/* book.c - which frames of RAM no image has: first fit, neighbours grow together.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A taking splits at most one hole into two, so there are never more holes than runs and extents
 * taken.
 */
#include "book.h"

#include <libexo/string.h>

static uint64_t end_of(const struct exo_extent *e)
{
	return e->first + e->count;
}

/* Put an extent in its place among `n` ascending ones, together with those it touches. */
static uint32_t insert(struct exo_extent *list, uint32_t n, const struct exo_extent *e)
{
	uint32_t i = 0;

	while (i < n && list[i].first < e->first)
		i++;
	if (i && end_of(&list[i - 1]) == e->first) {
		list[--i].count += e->count;
	} else {
		memmove(&list[i + 1], &list[i], (n - i) * sizeof(*list));
		list[i] = *e;
		n++;
	}
	if (i + 1 < n && end_of(&list[i]) == list[i + 1].first) {
		list[i].count += list[i + 1].count;
		n--;
		memmove(&list[i + 1], &list[i + 2], (n - i - 1) * sizeof(*list));
	}
	return n;
}

static void remove_hole(struct book *b, uint32_t i)
{
	b->holes--;
	memmove(&b->hole[i], &b->hole[i + 1], (b->holes - i) * sizeof(b->hole[0]));
}

/* Cut [first, first + count) out of hole i. */
static void cut(struct book *b, uint32_t i, exo_pfn_t first, uint64_t count)
{
	struct exo_extent rear = {first + count, end_of(&b->hole[i]) - first - count};

	b->hole[i].count = first - b->hole[i].first;
	if (!b->hole[i].count)
		remove_hole(b, i);
	if (rear.count)
		b->holes = insert(b->hole, b->holes, &rear);
}

void book_begin(struct book *b, const struct exo_extent *run, uint32_t runs)
{
	b->runs = b->holes = 0;
	for (uint32_t i = 0; i < runs && i < EXO_START_RAM_MAX; i++)
		if (run[i].count)
			b->runs = insert(b->run, b->runs, &run[i]);
	for (; b->holes < b->runs; b->holes++)
		b->hole[b->holes] = b->run[b->holes];
}

static bool take_one(struct book *b, uint64_t count, uint64_t align, struct exo_extent *to)
{
	for (uint32_t i = 0; i < b->holes; i++) {
		exo_pfn_t first = (b->hole[i].first + align - 1) / align * align;

		if (first >= end_of(&b->hole[i]) || end_of(&b->hole[i]) - first < count)
			continue;
		*to = (struct exo_extent){first, count};
		cut(b, i, first, count);
		return true;
	}
	return false;
}

/* Does the hole reach the end of its run, and the next one begin the run after that? */
static bool joined(const struct book *b, uint32_t i)
{
	for (uint32_t r = 0; i + 1 < b->holes && r + 1 < b->runs; r++)
		if (end_of(&b->run[r]) == end_of(&b->hole[i]))
			return b->run[r + 1].first == b->hole[i + 1].first;
	return false;
}

/* Frames in hole i and those joined to it, at most `most` holes. */
static uint64_t room(const struct book *b, uint32_t i, uint32_t most)
{
	uint64_t sum = b->hole[i].count;

	for (; --most && joined(b, i); i++)
		sum += b->hole[i + 1].count;
	return sum;
}

/* No hole is large enough alone, so all but the last are used up.  Begun as high as possible there
 * are few. */
static uint32_t take_joined(struct book *b, uint64_t count, struct exo_extent *to)
{
	uint32_t i = b->holes, n = 0;

	do
		if (!i)
			return 0;
	while (room(b, --i, BOOK_EXTENTS) < count);
	while (count) {
		uint64_t part = b->hole[i].count < count ? b->hole[i].count : count;

		to[n++] = (struct exo_extent){b->hole[i].first, part};
		count -= part;
		cut(b, i, b->hole[i].first, part);
	}
	return n;
}

uint32_t book_take(struct book *b, uint64_t count, struct exo_extent *to)
{
	if (!count || b->holes + BOOK_EXTENTS > BOOK_HOLES)
		return 0;
	if (count >= EXO_LARGE_FRAMES && take_one(b, count, EXO_LARGE_FRAMES, to))
		return 1;
	return take_one(b, count, 1, to) ? 1 : take_joined(b, count, to);
}

void book_give(struct book *b, const struct exo_extent *extent)
{
	if (extent->count && b->holes < BOOK_HOLES)
		b->holes = insert(b->hole, b->holes, extent);
}

uint64_t book_left(const struct book *b)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < b->holes; i++)
		sum += b->hole[i].count;
	return sum;
}
