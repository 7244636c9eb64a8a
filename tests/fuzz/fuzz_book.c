/* fuzz_book.c - fuzz target: which frames of RAM no image has, at the full width of frame numbers.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle keeps who has what as a list of pieces, and looks at every pair.
 */
#include "fuzz.h"

#include <book.h>

#define HELD 200

static struct book b;
static struct exo_extent run[8], piece[HELD];
static uint32_t runs, held;
static uint64_t all;

static bool meet(const struct exo_extent *a, const struct exo_extent *c)
{
	return (wide)a->first < (wide)c->first + c->count &&
	       (wide)c->first < (wide)a->first + a->count;
}

static bool in_a_run(const struct exo_extent *e)
{
	for (uint32_t i = 0; i < b.runs; i++)
		if (e->first >= b.run[i].first &&
		    (wide)e->first + e->count <= (wide)b.run[i].first + b.run[i].count)
			return true;
	return false;
}

/* Held pieces and holes: apart, in RAM, and together all of it; holes ascend and do not touch. */
static void check(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < held; i++) {
		must(in_a_run(&piece[i]) && piece[i].count);
		sum += piece[i].count;
		for (uint32_t j = 0; j < i; j++)
			must(!meet(&piece[i], &piece[j]));
	}
	must(b.holes <= BOOK_HOLES && sum + book_left(&b) == all);
	for (uint32_t i = 0; i < b.holes; i++) {
		must(b.hole[i].count && in_a_run(&b.hole[i]));
		must(!i || (wide)b.hole[i - 1].first + b.hole[i - 1].count < b.hole[i].first);
		for (uint32_t j = 0; j < held; j++)
			must(!meet(&b.hole[i], &piece[j]));
	}
}

static void begin(struct input *in)
{
	uint32_t n = 1 + (uint32_t)get_below(in, 8);

	for (runs = held = 0, all = 0; runs < n;) {
		struct exo_extent e = {get_number(in) >> 12, 1 + (get_number(in) >> 20)};
		bool good = e.first && (wide)e.first + e.count < 1ull << 53;

		for (uint32_t i = 0; i < runs; i++)
			good &= !meet(&e, &run[i]);
		if (!good) {
			n--;
			continue;
		}
		run[runs++] = e;
		all += e.count;
	}
	book_begin(&b, run, runs);
}

static void take(uint64_t count)
{
	struct exo_extent to[BOOK_EXTENTS];
	uint64_t sum = 0, largest = 0;
	uint32_t n;

	for (uint32_t i = 0; i < b.holes; i++)
		largest = b.hole[i].count > largest ? b.hole[i].count : largest;
	n = book_take(&b, count, to);
	must(n <= BOOK_EXTENTS &&
	     (n || !count || largest < count || b.holes > BOOK_HOLES - BOOK_EXTENTS));
	for (uint32_t i = 0; i < n; i++) {
		sum += to[i].count;
		must(!i || to[i - 1].first + to[i - 1].count <= to[i].first);
		piece[held++] = to[i];
	}
	must(!n || sum == count);
	must(n != 1 || largest >= count || held == 0);
	/* nobody else's frames, nor free ones, lie between the pieces */
	for (uint32_t i = 0; n > 1 && i < b.holes; i++)
		must(b.hole[i].first + b.hole[i].count <= to[0].first ||
		     b.hole[i].first >= to[n - 1].first + to[n - 1].count);
	for (uint32_t i = 0; n > 1 && i < held - n; i++)
		must(piece[i].first < to[0].first || piece[i].first > to[n - 1].first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	begin(&in);
	check();
	while (in.at < in.end && held < HELD - BOOK_EXTENTS) {
		uint8_t how = (uint8_t)get_bytes(&in, 1);

		if (how & 1 || !held) {
			take(how & 2   ? get_number(&in)
			     : how & 4 ? book_left(&b) / 2
				       : get_bytes(&in, 2));
		} else {
			uint32_t i = (uint32_t)get_below(&in, held);
			struct exo_extent e = piece[i];

			if (how & 2 && e.count > 1) { /* a part of it, at its end */
				e.count /= 2;
				e.first += piece[i].count - e.count;
				piece[i].count -= e.count;
			} else {
				piece[i] = piece[--held];
			}
			book_give(&b, &e);
		}
		check();
	}
	return 0;
}
