/* test_look.c - exotop's numbers, from tables of a machine that we make up.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <look.c>

#define END  1000 /* frames of the machine */
#define CPUS 2
#define S    1000000000ull

/* Frames 10, 20, 40 are accounts: the first, one below it, one below that. */
#define FIRST 10
#define INNER 20
#define DEEP  40

static struct exo_info info;
static struct exo_cpu_info cpu[CPUS];
static struct exo_frame_state frame[END];
static struct exo_slice slice[CPUS][EXO_SLICE_MAX];
static struct tables tables = {.info = &info, .cpu = cpu, .frame = frame};
static struct look l;

static void own(uint32_t account, uint32_t first, uint32_t count, uint8_t type)
{
	for (uint32_t i = first; i < first + count; i++)
		frame[i] = (struct exo_frame_state){.account = account, .type = type};
}

static int begin(void **state)
{
	(void)state;
	memset(&info, 0, sizeof(info));
	memset(cpu, 0, sizeof(cpu));
	memset(frame, 0, sizeof(frame));
	memset(slice, 0, sizeof(slice));
	memset(past, 0, sizeof(past));
	then = 0;
	info.cpus = CPUS;
	info.pfn_end = END;
	info.frames_ram = 900;
	tables.slice[0] = slice[0];
	tables.slice[1] = slice[1];
	own(0, 500, 300, EXO_FRAME_FREE);
	own(FIRST, FIRST, 1, EXO_FRAME_ACCOUNT);
	own(FIRST, 11, 1, EXO_FRAME_ENV);
	own(FIRST, 12, 1, EXO_FRAME_CAPS);
	own(FIRST, 13, 2, EXO_FRAME_TABLE4);
	own(FIRST, INNER, 1, EXO_FRAME_ACCOUNT);
	own(INNER, 21, 19, EXO_FRAME_DATA);
	own(INNER, DEEP, 1, EXO_FRAME_ACCOUNT);
	own(DEEP, 41, 1, EXO_FRAME_ENV);
	own(DEEP, 42, 100, EXO_FRAME_DATA);
	return 0;
}

static const struct account *account(uint32_t pfn)
{
	for (uint32_t i = 0; i < l.accounts; i++)
		if (l.account[i].pfn == pfn)
			return &l.account[i];
	fail();
	return NULL;
}

static void frames(void **state)
{
	(void)state;
	look(&l, &tables, S, BY_FRAMES);
	assert_int_equal(l.accounts, 3);
	assert_int_equal(account(FIRST)->own, 6);
	assert_int_equal(account(FIRST)->all, 6 + 20 + 101);
	assert_int_equal(account(FIRST)->tables, 2);
	assert_int_equal(account(FIRST)->objects, 4);
	assert_int_equal(account(FIRST)->parent, FIRST);
	assert_int_equal(account(INNER)->own, 20);
	assert_int_equal(account(INNER)->all, 121);
	assert_int_equal(account(INNER)->parent, FIRST);
	assert_int_equal(account(DEEP)->all, 101);
	assert_int_equal(account(DEEP)->parent, INNER);
	assert_int_equal(l.free, 300);
	assert_int_equal(l.kernel, 900 - 300 - 127);
	assert_int_equal(l.account[0].pfn, FIRST); /* most first */
	assert_int_equal(l.account[2].pfn, DEEP);
	/* An environment without a slice is there all the same. */
	assert_int_equal(l.rows, 2);
	assert_false(l.row[0].slice || l.row[1].slice);
}

static void map(void **state)
{
	(void)state;
	look(&l, &tables, S, BY_FRAMES);
	assert_int_equal(strlen(l.map), CELLS);
	assert_int_equal(l.map[0], ' '); /* two of twelve are an account's */
	assert_int_equal(l.map[30 * CELLS / END], 'B');
	assert_int_equal(l.map[70 * CELLS / END], 'C');
	assert_int_equal(l.map[130 * CELLS / END], 'C');
	assert_int_equal(l.map[250 * CELLS / END], ' ');
	assert_int_equal(l.map[600 * CELLS / END], '.');
	assert_int_equal(l.map[CELLS - 1], ' ');
}

/* Nobody is counted for longer than has passed; what is not counted yet is seen. */
static void times(void **state)
{
	(void)state;
	slice[0][0] = (struct exo_slice){.env = 11, .ns = 1000, .used = 5 * S};
	slice[0][2] = (struct exo_slice){.env = 41, .index = 3, .ns = 2000, .used = 7 * S};
	slice[1][0] = (struct exo_slice){.env = 41, .index = 4, .ns = 3000};
	cpu[0].calls = 100;
	look(&l, &tables, 100 * S, BY_TIME);
	slice[0][0].used += S / 4; /* of two seconds */
	slice[0][2].used += S;
	cpu[0].idle_ns += S / 2;
	cpu[0].calls += 20;
	cpu[0].upcalls += 7;
	cpu[0].serving = 1; /* since a tenth of a second */
	cpu[0].since = 102 * S - S / 10;
	cpu[1].serving = 0; /* idle since before the first look */
	cpu[1].since = 101 * S;
	look(&l, &tables, 102 * S, BY_TIME);
	assert_int_equal(l.ns, 2 * S);
	assert_int_equal(l.rows, 3);
	assert_int_equal(l.row[0].env, 41);
	assert_int_equal(l.row[0].index, 3);
	assert_int_equal(l.row[0].slot, 2);
	assert_int_equal(l.row[0].share, 500);
	assert_int_equal(l.row[1].env, 11);
	assert_int_equal(l.row[1].share, 175);
	assert_int_equal(l.row[2].share, 0);
	assert_int_equal(l.row[2].cpu, 1);
	assert_int_equal(account(DEEP)->share, 500);
	assert_int_equal(l.account[0].pfn, DEEP); /* most time first */
	assert_int_equal(l.cpu[0].idle, 250);
	assert_int_equal(l.cpu[1].idle, 500);
	assert_int_equal(l.cpu[0].calls, 10);
	assert_int_equal(l.cpu[0].upcalls, 4); /* rounded */
	/* What was seen before it was counted is not seen twice. */
	slice[0][0].used += S / 10;
	cpu[0].since = 102 * S;
	look(&l, &tables, 103 * S, BY_FRAMES);
	assert_int_equal(l.row[0].slot, 0);
	assert_int_equal(l.row[0].share, 1000);
	assert_int_equal(l.cpu[1].idle, 1000);
}

static void too_many(void **state)
{
	(void)state;
	for (uint32_t i = 200; i < 950; i++)
		own(i < 500 ? i : FIRST, i, 1, i < 500 ? EXO_FRAME_DATA : EXO_FRAME_ENV);
	look(&l, &tables, S, BY_FRAMES);
	assert_int_equal(l.accounts, ACCOUNTS_MAX);
	assert_int_equal(l.more_accounts, 300 - (ACCOUNTS_MAX - 3));
	assert_int_equal(l.rows, 452);
	for (uint32_t n = 0; n < CPUS; n++)
		for (uint32_t i = 0; i < EXO_SLICE_MAX; i++)
			slice[n][i] = (struct exo_slice){.env = 11, .ns = 1000};
	look(&l, &tables, 2 * S, BY_FRAMES);
	assert_int_equal(l.rows, ROWS_MAX);
	assert_int_equal(l.more_rows, 452 - 1 + 2 * EXO_SLICE_MAX - ROWS_MAX);
	slice[0][0].env = END; /* a number from nowhere */
	look(&l, &tables, 3 * S, BY_FRAMES);
	assert_int_equal(l.more_rows, 452 - 1 + 2 * EXO_SLICE_MAX - 1 - ROWS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(frames, begin),
		cmocka_unit_test_setup(map, begin),
		cmocka_unit_test_setup(times, begin),
		cmocka_unit_test_setup(too_many, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
