/* test_list.c - what each image gets, read from the strings of the module `images`.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <list.c>

/* Read an exact copy of the list; image `n` of it (from 0) into *s.  The copy is the caller's. */
static bool nth(const char *list, size_t bytes, int n, struct share *s, const char **wrong,
		char **copy)
{
	const char *at = NULL;
	bool there = true;

	*copy = unit_copy(list, bytes);
	for (int i = 0; i <= n && there; i++)
		there = list_next(s, *copy, bytes, &at, wrong);
	return there;
}

static void expect_wrong(const char *list, size_t bytes, const char *text)
{
	const char *wrong;
	struct share s;
	char *copy;

	assert_true(nth(list, bytes, 0, &s, &wrong, &copy));
	if (text) {
		assert_non_null(wrong);
		assert_string_equal(wrong, text);
	} else {
		assert_null(wrong);
	}
	free(copy);
}

static void defaults(void **state)
{
	static const char list[] = "image=a";
	const char *wrong;
	struct share s;
	char *copy;

	(void)state;
	assert_true(nth(list, sizeof(list), 0, &s, &wrong, &copy));
	assert_null(wrong);
	assert_string_equal(s.name, "a");
	assert_null(s.archive);
	assert_int_equal(s.memory, 4096);
	assert_int_equal(s.guaranteed, 4096);
	assert_int_equal(s.cpus, 1);
	assert_int_equal(s.slice, 10000000);
	assert_int_equal(s.restart, RESTART_NEVER);
	assert_int_equal(s.restarts, 0);
	assert_true(s.start);
	assert_false(s.claim || s.sees_all || s.input || s.loads);
	free(copy);
	assert_false(nth(list, sizeof(list), 1, &s, &wrong, &copy));
	free(copy);
	assert_false(nth("", 0, 0, &s, &wrong, &copy));
	free(copy);
	assert_false(nth("memory=1", 9, 0, &s, &wrong, &copy));
	free(copy);
}

static void all_keys(void **state)
{
	static const char list[] = "image=first\0memory=4096\0"
				   "image=web-2.x_\0archive=web\0memory=8193\0guaranteed=4097\0"
				   "cpus=0,2-3,63\0claim=yes\0slice=20000\0restart=on-failure\0"
				   "restarts=7\0sees=all\0start=no\0input=yes\0loads=yes\0"
				   "arg=one\0env=A=b\0arg=\0later=key\0"
				   "image=last\0restart=always\0arg=no";
	const char *wrong;
	struct share s;
	char *copy, to[64];

	(void)state;
	assert_true(nth(list, sizeof(list), 1, &s, &wrong, &copy));
	assert_null(wrong);
	assert_string_equal(s.name, "web-2.x_");
	assert_string_equal(s.archive, "web");
	assert_int_equal(s.memory, 3);
	assert_int_equal(s.guaranteed, 2);
	assert_int_equal(s.cpus, 1ull << 63 | 0xd);
	assert_int_equal(s.slice, 20000);
	assert_int_equal(s.restart, RESTART_ON_FAILURE);
	assert_int_equal(s.restarts, 7);
	assert_false(s.start);
	assert_true(s.claim && s.sees_all && s.input && s.loads);
	assert_int_equal(share_settings(&s, to, sizeof(to)), 21);
	assert_memory_equal(to, "arg=one\0env=A=b\0arg=", 21);
	assert_int_equal(share_settings(&s, to, 15),
			 13); /* the second is too long, the third fits */
	assert_memory_equal(to, "arg=one\0arg=", 13);
	free(copy);
	assert_true(nth(list, sizeof(list), 2, &s, &wrong, &copy));
	assert_string_equal(s.name, "last");
	assert_int_equal(s.restart, RESTART_ALWAYS);
	assert_int_equal(share_settings(&s, to, sizeof(to)), 7);
	free(copy);
}

/* Each of these alone behind image=a: is it taken? */
static void values(void **state)
{
	static const struct {
		const char *string;
		bool good;
	} tries[] = {
		{"memory=1", true},
		{"memory=0", false},
		{"memory=", false},
		{"memory=16M", false},
		{"memory=-1", false},
		{"memory=4503599627370496", true},
		{"memory=4503599627370497", false},
		{"memory=18446744073709551616", false},
		{"guaranteed=0", true},
		{"guaranteed=99999999999", true}, /* not more than its memory */
		{"cpus=", false},
		{"cpus=0", true},
		{"cpus=63", true},
		{"cpus=64", false},
		{"cpus=0-63", true},
		{"cpus=3-2", false},
		{"cpus=1-", false},
		{"cpus=1,", false},
		{"cpus=1,,2", false},
		{"cpus=1 2", false},
		{"slice=9999", false},
		{"slice=10000", true},
		{"slice=1000000000", true},
		{"slice=1000000001", false},
		{"restart=", false},
		{"restart=always", true},
		{"restart=always ", false},
		{"restarts=4294967295", true},
		{"restarts=4294967296", false},
		{"claim=maybe", false},
		{"start=No", false},
		{"sees=own", true},
		{"sees=none", false},
		{"archive=", false},
		{"nonsense", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tries); i++) {
		char list[64] = "image=a";
		size_t n = strlen(tries[i].string) + 1;

		memcpy(list + 8, tries[i].string, n);
		expect_wrong(list, 8 + n, tries[i].good ? NULL : tries[i].string);
	}
}

static void names(void **state)
{
	(void)state;
	expect_wrong("image=", 7, "image=");
	expect_wrong("image=a b", 10, "image=a b");
	expect_wrong("image=a|b", 10, "image=a|b");
	expect_wrong("image=a\x1b", 9, "image=a\x1b");
	expect_wrong("image=1a", 9, "image=1a");
	expect_wrong("image=-a", 9, "image=-a");
	expect_wrong("image=a23456789.123456789.123456789012", 39,
		     "image=a23456789.123456789.123456789012");
	expect_wrong("image=A23456789.123456789.12345678901", 38, NULL);
}

static void the_first_wrong_one(void **state)
{
	(void)state;
	expect_wrong("image=a\0cpus=x\0memory=x", 24, "cpus=x");
}

static void any_bytes(void **state)
{
	static const char *const word[] = {"image=", "image=a", "memory=", "9",     "cpus=",  "0-",
					   ",",      "arg=",    "",        "yes",   "claim=", "x",
					   "env=",   "slice=",  "restart", "always"};
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		char list[96], *copy, to[EXO_PAGE_SIZE];
		const char *at = NULL, *wrong;
		size_t n = 0;
		struct share s;

		while (n < 80 && unit_random(&seed) % 12) {
			const char *w = word[unit_random(&seed) % COUNT(word)];

			memcpy(list + n, w, strlen(w));
			n += strlen(w);
			if (unit_random(&seed) % 3)
				list[n++] = 0;
		}
		copy = unit_copy(list, n);
		while (list_next(&s, copy, n, &at, &wrong)) {
			assert_true(s.strings >= copy && s.strings + s.bytes <= copy + n);
			assert_true(s.guaranteed <= s.memory);
			share_settings(&s, to, unit_random(&seed) % 64);
		}
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(all_keys),
		cmocka_unit_test(values),
		cmocka_unit_test(names),
		cmocka_unit_test(the_first_wrong_one),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
