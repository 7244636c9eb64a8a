/* test_screen.c - lines of several images on one console.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <screen.c>

static char shown[1 << 20];
static size_t length;

static void put(const void *text, size_t n)
{
	assert_true(length + n < sizeof(shown));
	memcpy(shown + length, text, n);
	length += n;
	shown[length] = 0;
}

static struct screen screen;
static struct line a, b;

static int fresh(void **state)
{
	(void)state;
	length = 0;
	shown[0] = 0;
	screen = (struct screen){.put = put};
	a = (struct line){.name = "a"};
	b = (struct line){.name = "bee"};
	return 0;
}

static void say(struct line *l, const char *text)
{
	line_write(&screen, l, text, strlen(text));
}

static void whole_lines(void **state)
{
	(void)state;
	say(&a, "one\ntwo\r\n\n");
	say(&b, "three\n");
	assert_string_equal(shown, "a| one\na| two\na| \nbee| three\n");
}

static void characters_that_act(void **state)
{
	(void)state;
	say(&a, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\n");
	say(&a, "\x9b"
		"2J\xc2\x9b"
		"2J\n");
	say(&a, "\xe2\x80\xae"
		"drow\xe2\x80\xa8\n");
	say(&a, "\xe2\x82\n\xc0\x8a\xff\xed\xa0\x80\n");
	say(&a, "\xe2");
	say(&a, "\x82");
	line_end(&screen, &a);
	a.plain = true;
	say(&a, "\x9b"
		"2J\n");
	assert_string_equal(shown, "a| gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\n"
				   "a| \\x9b"
				   "2J\\xc2\\x9b"
				   "2J\n"
				   "a| \\xe2\\x80\\xaedrow\\xe2\\x80\\xa8\n"
				   "a| \\xe2\\x82\na| \\xc0\\x8a\\xff\\xed\\xa0\\x80\n"
				   "a| \\xe2\\x82\n"
				   "a| \x9b"
				   "2J\n");
}

static void parts_wait(void **state)
{
	(void)state;
	say(&a, "on");
	say(&b, "thr");
	assert_string_equal(shown, "");
	say(&a, "e\n");
	say(&b, "ee\n");
	assert_string_equal(shown, "a| one\nbee| three\n");
}

static void parts_shown_do_not_mix(void **state)
{
	(void)state;
	say(&a, "name? ");
	line_show(&screen, &a);
	say(&b, "x\n");
	say(&a, "Anne\n");
	say(&a, "age? ");
	line_show(&screen, &a);
	say(&a, "7\n");
	assert_string_equal(shown, "a| name? \nbee| x\na|+Anne\na| age? 7\n");
}

static void long_lines_are_cut(void **state)
{
	char text[LINE_BYTES * 2 + 50], want[600], piece[LINE_BYTES + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	line_write(&screen, &a, text, sizeof(text));
	memset(piece, 'x', LINE_BYTES);
	piece[LINE_BYTES] = 0;
	snprintf(want, sizeof(want), "a| %s\na|+%s\na|+%.49s\n", piece, piece, piece);
	assert_string_equal(shown, want);
	/* One that ends at the bound is whole. */
	length = 0;
	text[LINE_BYTES] = '\n';
	line_write(&screen, &a, text, LINE_BYTES + 1);
	snprintf(want, sizeof(want), "a| %s\n", piece);
	assert_string_equal(shown, want);
}

static void control_characters(void **state)
{
	(void)state;
	say(&a, "\x1b[2Jx\ry\tz\x7f\x01\n");
	say(&a, "\r\r\n");
	assert_string_equal(shown, "a| ^[[2Jx^My\tz^?^A\na| ^M\n");
	length = 0;
	a.plain = true;
	say(&a, "\x1b[2Jx\ry\r\n");
	assert_string_equal(shown, "a| \x1b[2Jx\ry\n");
}

static void carriage_returns_at_parts(void **state)
{
	(void)state;
	a.plain = true;
	say(&a, "50%\r");
	line_show(&screen, &a);
	assert_string_equal(shown, "a| 50%\r");
	say(&a, "\n");
	assert_string_equal(shown, "a| 50%\r\n");
}

static void ends(void **state)
{
	(void)state;
	say(&a, "half");
	line_end(&screen, &a);
	line_end(&screen, &a);
	assert_string_equal(shown, "a| half\n");
	say(&b, "ha");
	line_show(&screen, &b);
	say(&b, "lf");
	line_end(&screen, &b);
	say(&b, "ne");
	line_show(&screen, &b);
	line_end(&screen, &b);
	say(&b, "next\n");
	assert_string_equal(shown, "a| half\nbee| half\nbee| ne\nbee| next\n");
	say(&b, "open");
	line_show(&screen, &b);
	screen_clear(&screen);
	screen_clear(&screen);
	say(&b, "\n");
	assert_string_equal(shown, "a| half\nbee| half\nbee| ne\nbee| next\nbee| open\nbee|+\n");
}

static void plain_lines_are_not_cut(void **state)
{
	char text[LINE_BYTES * 3];

	(void)state;
	a.plain = true;
	memset(text, 'x', sizeof(text));
	line_write(&screen, &a, text, sizeof(text));
	line_show(&screen, &a);
	assert_int_equal(length, 3 + sizeof(text));
	assert_null(strchr(shown, '\n'));
}

/* Whatever three images write: their own text can be put together again from the tags, and nothing
 * grows beyond the bound. */
static void can_be_parted(void **state)
{
	static char own[3][200000], got[3][200000];
	struct line line[3] = {{.name = "x"}, {.name = "y"}, {.name = "z"}};
	size_t n[3] = {0}, m[3] = {0}, written = 0;
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int who = (int)(unit_random(&seed) % 3);
		char text[16];
		size_t bytes = unit_random(&seed) % sizeof(text);

		for (size_t k = 0; k < bytes; k++)
			text[k] = "abc|+ \n\nde"[unit_random(&seed) % 10];
		memcpy(own[who] + n[who], text, bytes);
		n[who] += bytes;
		written += bytes;
		line_write(&screen, &line[who], text, bytes);
		if (i % 5 == 0)
			line_show(&screen, &line[unit_random(&seed) % 3]);
	}
	for (int who = 0; who < 3; who++)
		line_end(&screen, &line[who]);
	for (char *p = shown, *end; *p; p = end + 1) {
		int who = *p - 'x';
		size_t k;

		end = strchr(p, '\n');
		assert_non_null(end);
		assert_true(who >= 0 && who < 3 && p[1] == '|');
		k = (size_t)(end - p - 3);
		if (p[2] == '+')
			m[who]--; /* the newline before was ours */
		memcpy(got[who] + m[who], p + 3, k);
		m[who] += k;
		got[who][m[who]++] = '\n';
	}
	for (int who = 0; who < 3; who++) {
		assert_true(m[who] == n[who] || m[who] == n[who] + 1);
		assert_memory_equal(own[who], got[who], n[who]);
	}
	assert_true(length <= written * LINE_GROWTH(1));
}

/* Requests for a terminal's second screen, whatever stands beside them. */
static void second_screen(void **state)
{
	static const struct {
		const char *text;
		size_t at; /* bytes up to where it counts */
		bool whole;
	} cases[] = {
		{"x\033[?1049hy", 9, true},
		{"\033[?47h", 6, true},
		{"\033[?25;1047;1hy", 13, true},
		{"\033\033[?1049h", 9, true},
		{"\033[?1049\033[?1049h", 15, true},
		{"\033[1049h", 7, false},
		{"\033[?25h", 6, false},
		{"\033[?10490000001049h", 18, false},
		{"\033[?1049l", 8, false},
		{"\033[?1049x", 8, false},
		{"\033[?h1049h", 9, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line one = {0}, by_bytes = {0};
		size_t n = strlen(cases[i].text);

		assert_int_equal(line_asks(&one, cases[i].text, n), cases[i].at);
		assert_int_equal(one.whole, cases[i].whole);
		for (size_t k = 0; k < cases[i].at; k++)
			assert_int_equal(line_asks(&by_bytes, cases[i].text + k, 1), 1);
		assert_int_equal(by_bytes.whole, cases[i].whole);
		assert_int_equal(line_asks(&one, "\033[?1049l.", 9), cases[i].whole ? 8 : 9);
		assert_false(one.whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(whole_lines, fresh),
		cmocka_unit_test_setup(characters_that_act, fresh),
		cmocka_unit_test_setup(parts_wait, fresh),
		cmocka_unit_test_setup(parts_shown_do_not_mix, fresh),
		cmocka_unit_test_setup(long_lines_are_cut, fresh),
		cmocka_unit_test_setup(control_characters, fresh),
		cmocka_unit_test_setup(carriage_returns_at_parts, fresh),
		cmocka_unit_test_setup(ends, fresh),
		cmocka_unit_test_setup(plain_lines_are_not_cut, fresh),
		cmocka_unit_test_setup(can_be_parted, fresh),
		cmocka_unit_test_setup(second_screen, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
