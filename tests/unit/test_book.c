/* test_book.c - takings from RAM, against an array with one entry for each frame.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <book.c>

#define FRAMES 4096
#define TAKERS 40

static struct book book;

/* Who has each frame: 0 nobody, n taker n, ABSENT nobody can. */
#define ABSENT 255
static uint8_t owner[FRAMES];

static struct {
	uint32_t extents;
	struct exo_extent extent[BOOK_EXTENTS];
} taken[TAKERS + 1];

static const struct exo_extent ram[] = {{1000, 500}, {3, 90}, {100, 300}, {1600, 2000}, {3600, 20}};

static int fresh(void **state)
{
	(void)state;
	memset(owner, ABSENT, sizeof(owner));
	memset(taken, 0, sizeof(taken));
	for (size_t i = 0; i < COUNT(ram); i++)
		memset(owner + ram[i].first, 0, ram[i].count);
	book_begin(&book, ram, COUNT(ram));
	return 0;
}

/* The holes are exactly the free frames, ascending, none next to another. */
static void check(void)
{
	uint32_t i = 0;
	uint64_t left = 0;

	for (exo_pfn_t pfn = 0, first; pfn < FRAMES;) {
		if (owner[pfn]) {
			pfn++;
			continue;
		}
		first = pfn;
		while (pfn < FRAMES && !owner[pfn])
			pfn++;
		assert_true(i < book.holes);
		assert_int_equal(book.hole[i].first, first);
		/* Runs that touch at the start are one, so nothing else ends a hole. */
		assert_int_equal(book.hole[i].count, pfn - first);
		left += book.hole[i++].count;
	}
	assert_int_equal(i, book.holes);
	assert_int_equal(book_left(&book), left);
}

static void taken_by(uint8_t who, uint64_t count)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < taken[who].extents; i++) {
		const struct exo_extent *e = &taken[who].extent[i];

		assert_true(e->count > 0);
		for (exo_pfn_t pfn = e->first; pfn < e->first + e->count; pfn++) {
			assert_int_equal(owner[pfn], 0);
			owner[pfn] = who;
		}
		/* Between two extents there is no RAM at all. */
		for (exo_pfn_t pfn = i ? end_of(e - 1) : e->first; pfn < e->first; pfn++)
			assert_int_equal(owner[pfn], ABSENT);
		assert_true(!i || end_of(e - 1) < e->first);
		sum += e->count;
	}
	assert_int_equal(sum, count);
}

static bool take(uint8_t who, uint64_t count)
{
	taken[who].extents = book_take(&book, count, taken[who].extent);
	if (taken[who].extents)
		taken_by(who, count);
	check();
	return taken[who].extents;
}

static void give(uint8_t who)
{
	for (uint32_t i = 0; i < taken[who].extents; i++) {
		memset(owner + taken[who].extent[i].first, 0, taken[who].extent[i].count);
		book_give(&book, &taken[who].extent[i]);
	}
	taken[who].extents = 0;
	check();
}

static void begins_in_order(void **state)
{
	(void)state;
	assert_int_equal(book.runs, 4); /* two of the five touch */
	assert_int_equal(book.run[0].first, 3);
	assert_int_equal(book.run[3].count, 2020);
	check();
}

static void first_fit(void **state)
{
	(void)state;
	assert_true(take(1, 50));
	assert_int_equal(taken[1].extent[0].first, 3);
	assert_true(take(2, 60)); /* 40 are left there */
	assert_int_equal(taken[2].extent[0].first, 100);
	assert_true(take(3, 40));
	assert_int_equal(taken[3].extent[0].first, 53);
	give(1);
	assert_true(take(4, 10));
	assert_int_equal(taken[4].extent[0].first, 3);
}

static void large_ones_are_aligned(void **state)
{
	(void)state;
	assert_true(take(1, 512));
	assert_int_equal(taken[1].extent[0].first, 2048);
	assert_true(take(2, 1024));
	assert_int_equal(taken[2].extent[0].first, 2560);
	give(1);
	give(2);
	assert_true(take(3, 2020)); /* the whole run, which begins elsewhere */
	assert_int_equal(taken[3].extent[0].first, 1600);
}

static void runs_are_joined(void **state)
{
	(void)state;
	assert_true(take(1, 2500));
	assert_int_equal(taken[1].extents, 2);
	give(1);
	assert_true(take(1, 90 + 300 + 500 + 2020));
	assert_int_equal(taken[1].extents, 4);
	assert_int_equal(book_left(&book), 0);
	assert_false(take(2, 1));
	give(1);
	assert_false(take(1, 90 + 300 + 500 + 2021));
}

static void nothing_of_others_between(void **state)
{
	(void)state;
	assert_true(take(1, 2020));
	give(1);
	assert_true(take(2, 90)); /* fills the first run */
	assert_true(take(3, 300 + 500 + 2000));
	assert_int_equal(taken[3].extents, 3);
	assert_false(take(4, 21)); /* twenty are left */
	give(3);
	assert_true(take(5, 200)); /* front of the second run: what is left there still joins */
	assert_int_equal(taken[5].extent[0].first, 100);
	assert_true(take(6, 100 + 500 + 2020));
	give(2);
	assert_false(take(7, 91));
}

static void nothing_for_nothing(void **state)
{
	(void)state;
	assert_false(take(1, 0));
	assert_false(take(1, UINT64_MAX));
	book_begin(&book, NULL, 0);
	assert_int_equal(book_take(&book, 1, taken[1].extent), 0);
}

static void parts_are_given_back(void **state)
{
	struct exo_extent part;

	(void)state;
	assert_true(take(1, 300));
	part = (struct exo_extent){taken[1].extent[0].first + 100, 50};
	memset(owner + part.first, 0, part.count);
	book_give(&book, &part);
	check();
}

static void any_order(void **state)
{
	uint64_t seed = 99;
	int joined_ones = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint8_t who = (uint8_t)(1 + unit_random(&seed) % TAKERS);

		if (taken[who].extents)
			give(who);
		else if (take(who, 1 + unit_random(&seed) % (i % 7 ? 120 : 1500)))
			joined_ones += taken[who].extents > 1;
	}
	assert_true(joined_ones > 5);
	for (uint8_t who = 1; who <= TAKERS; who++)
		give(who);
	assert_int_equal(book.holes, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(begins_in_order, fresh),
		cmocka_unit_test_setup(first_fit, fresh),
		cmocka_unit_test_setup(large_ones_are_aligned, fresh),
		cmocka_unit_test_setup(runs_are_joined, fresh),
		cmocka_unit_test_setup(nothing_of_others_between, fresh),
		cmocka_unit_test_setup(nothing_for_nothing, fresh),
		cmocka_unit_test_setup(parts_are_given_back, fresh),
		cmocka_unit_test_setup(any_order, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
