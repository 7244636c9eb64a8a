/* test_fmt.c - formatted text, against the host's own printf.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <limits.h>
#include <util/fmt.h>

#define SAME(...)                                                                                  \
	do {                                                                                       \
		char ours[256], theirs[256];                                                       \
		size_t n = fmt_string(ours, sizeof(ours), __VA_ARGS__);                            \
		int m = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                             \
                                                                                                   \
		assert_string_equal(ours, theirs);                                                 \
		assert_int_equal(n, m);                                                            \
	} while (0)

/* Formats that no compiler check understands. */
static const char *raw(const char *format, ...)
{
	static char buf[128];
	va_list args;

	va_start(args, format);
	fmt_vstring(buf, sizeof(buf), format, args);
	va_end(args);
	return buf;
}

static void plain_conversions(void **state)
{
	int here;

	(void)state;
	SAME("nothing to do");
	SAME("%c%c %s 100%%", 'a', 'b', "text");
	SAME("%d %i %u", -1, 17, 4000000000u);
	SAME("%x %X %x", 0xdeadbeefu, 0xdeadbeefu, 0u);
	SAME("%ld %lu %lx %lX", LONG_MIN, ULONG_MAX, ULONG_MAX, 0x123456789abcdefl);
	SAME("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, 1ull << 40);
	SAME("%zu %zx", sizeof(here) << 40, (size_t)-1);
	SAME("%d %d", INT_MIN, INT_MAX);
	SAME("%p", (void *)&here);
	assert_string_equal(raw("%p", NULL), "0x0");
	assert_string_equal(raw("%s", NULL), "(null)");
}

static void flags_and_widths(void **state)
{
	static const char *const flags[] = {"", "-", "0", "-0", "0-"};
	static const char *const letters[] = {"d", "u", "x", "X", "ld", "lu", "lx", "zu", "lld"};
	static const long values[] = {0, 1, -1, 42, -42, INT_MIN, INT_MAX, 1000000};
	char format[32], ours[64], theirs[64];

	(void)state;
	for (size_t f = 0; f < COUNT(flags); f++)
		for (size_t l = 0; l < COUNT(letters); l++)
			for (int width = 0; width < 26; width++)
				for (size_t v = 0; v < COUNT(values); v++) {
					snprintf(format, sizeof(format), "<%%%s%.0d%s>", flags[f],
						 width, letters[l]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
					fmt_string(ours, sizeof(ours), format, values[v]);
					snprintf(theirs, sizeof(theirs), format, values[v]);
#pragma GCC diagnostic pop
					assert_string_equal(ours, theirs);
				}
}

static void text_widths(void **state)
{
	(void)state;
	SAME("<%5s><%-5s><%1s><%.2s><%5.1s><%-5.1s><%.0s>", "abc", "abc", "abc", "abc", "abc",
	     "abc", "abc");
	SAME("<%*s><%-*s><%.*s><%*.*s>", 6, "abc", 6, "abc", 2, "abc", 5, 1, "abc");
	SAME("<%*s><%.*s>", -6, "abc", -1, "abc");
	SAME("<%3c><%-3c>", 'x', 'y');
	SAME("<%*d><%-*d><%0*d>", 5, 42, 5, 42, 5, -42);
}

static void precision_bounds_the_read(void **state)
{
	char *text = unit_copy("abcd", 4); /* no zero byte behind it */

	(void)state;
	assert_string_equal(raw("%.4s", text), "abcd");
	assert_string_equal(raw("%.*s", 4, text), "abcd");
	free(text);
}

static void unknown_stays(void **state)
{
	(void)state;
	assert_string_equal(raw("%q"), "%q");
	assert_string_equal(raw("%-5q|%d", 7), "%-5q|7");
	assert_string_equal(raw("100%"), "100%");
	assert_string_equal(raw("%l"), "%l");
	assert_string_equal(raw("%08"), "%08");
	assert_string_equal(raw("%"), "%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_conversions), cmocka_unit_test(flags_and_widths),
		cmocka_unit_test(text_widths),       cmocka_unit_test(precision_bounds_the_read),
		cmocka_unit_test(unknown_stays),
	};

	return cmocka_run_group_tests_name("fmt", tests, NULL, NULL);
}
