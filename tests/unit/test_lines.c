/* test_lines.c - the steward's own lines wait for the console, and nobody for them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <lines.c>

static struct lines lines;
static char line[LINES_MOST + 1];

static int fresh(void **state)
{
	(void)state;
	memset(&lines, 0, sizeof(lines));
	return 0;
}

static const char *next(void)
{
	line[lines_next(&lines, line)] = 0;
	return line;
}

static void say(const char *text)
{
	lines_add(&lines, text, strlen(text));
}

static void in_order(void **state)
{
	(void)state;
	assert_false(lines_wait(&lines));
	assert_string_equal(next(), "");
	say("one");
	say("");
	say("three");
	assert_true(lines_wait(&lines));
	assert_string_equal(next(), "one\n");
	assert_string_equal(next(), "\n");
	assert_string_equal(next(), "three\n");
	assert_string_equal(next(), "");
	assert_false(lines_wait(&lines));
}

static void long_ones_are_cut(void **state)
{
	char text[LINES_MOST + 50];

	(void)state;
	memset(text, 'x', sizeof(text));
	lines_add(&lines, text, sizeof(text));
	say("y");
	assert_int_equal(strlen(next()), LINES_MOST);
	assert_int_equal(line[LINES_MOST - 1], '\n');
	assert_string_equal(next(), "y\n");
}

/* However many there are, adding returns; what was left out is counted where it is missing. */
static void lost_ones_are_counted(void **state)
{
	unsigned first = 0, more = 0;

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		say("steward: 17 bytes");
	while (strcmp(next(), "steward: 17 bytes\n") == 0)
		first++;
	assert_in_range(first, 800, LINES_BYTES / 18);
	snprintf(line + 100, 100, "steward: %u lines are left out here\n", 10000 - first);
	assert_string_equal(line, line + 100);
	assert_string_equal(next(), "");

	for (unsigned i = 0; i < 10000; i++)
		say("steward: 17 bytes");
	for (unsigned i = 0; i < 30; i++)
		assert_string_equal(next(), "steward: 17 bytes\n");
	say("behind");
	while (strcmp(next(), "steward: 17 bytes\n") == 0)
		more++;
	assert_int_equal(more + 30, first);
	snprintf(line + 100, 100, "steward: %u lines are left out here\n", 10000 - first);
	assert_string_equal(line, line + 100);
	assert_string_equal(next(), "behind\n");
	assert_false(lines_wait(&lines));
}

/* The same at every place where the queue begins again. */
static void round_and_round(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3 * LINES_BYTES; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%u", i * 7919);
		say(text);
		strcat(text, "\n");
		assert_string_equal(next(), text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(in_order, fresh),
		cmocka_unit_test_setup(long_ones_are_cut, fresh),
		cmocka_unit_test_setup(lost_ones_are_counted, fresh),
		cmocka_unit_test_setup(round_and_round, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
