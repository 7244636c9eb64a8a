/* test_settings.c - walking a block of settings strings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <util/settings.h>

/* Walk an exact copy of the block and compare with the strings in want, NULL at its end. */
static void walk(const char *block, size_t bytes, const char *const *want)
{
	char *copy = unit_copy(block, bytes);
	const char *s = NULL;

	while ((s = settings_next(copy, bytes, s)) != NULL) {
		assert_non_null(*want);
		assert_string_equal(s, *want++);
	}
	assert_null(*want);
	free(copy);
}

static void walks_strings(void **state)
{
	static const char block[] = "arg=a b\0env=X=1\0x";

	(void)state;
	walk(block, sizeof(block), (const char *[]){"arg=a b", "env=X=1", "x", NULL});
}

static void keeps_empty_strings(void **state)
{
	(void)state;
	walk("\0a\0\0", 4, (const char *[]){"", "a", "", NULL});
}

static void ends_with_the_block(void **state)
{
	(void)state;
	walk("", 0, (const char *[]){NULL});
	walk("arg=a", 5, (const char *[]){NULL});
	walk("arg=a\0arg=b", 11, (const char *[]){"arg=a", NULL});
}

static void survives_any_bytes(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char block[24];
		size_t bytes = unit_random(&seed) % (sizeof(block) + 1), zeros = 0, strings = 0;
		const char *s = NULL;
		char *copy;

		for (size_t i = 0; i < bytes; i++) {
			block[i] = (char)(unit_random(&seed) >> 20 & 3);
			zeros += !block[i];
		}
		copy = unit_copy(block, bytes);
		while ((s = settings_next(copy, bytes, s)) != NULL)
			strings++;
		assert_int_equal(strings, zeros);
		free(copy);
	}
}

static void finds_values(void **state)
{
	(void)state;
	assert_string_equal(settings_value("mem=64", "mem"), "64");
	assert_string_equal(settings_value("env=A=B", "env"), "A=B");
	assert_string_equal(settings_value("arg=", "arg"), "");
	assert_null(settings_value("arg", "arg"));
	assert_null(settings_value("args=1", "arg"));
	assert_null(settings_value("ar=1", "arg"));
	assert_null(settings_value("", "arg"));
	assert_null(settings_value("xarg=1", "arg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_strings),       cmocka_unit_test(keeps_empty_strings),
		cmocka_unit_test(ends_with_the_block), cmocka_unit_test(survives_any_bytes),
		cmocka_unit_test(finds_values),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
