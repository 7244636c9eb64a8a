/* regex.c - regular expressions and the patterns of shells.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fnmatch.h>
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

static void try(const char *pattern, int flags, const char *text, int eflags)
{
	regmatch_t m[10];
	regex_t r;
	char words[100];
	int e = regcomp(&r, pattern, flags);

	printf("/%s/%x on \"%s\": ", pattern, flags, text);
	if (e) {
		size_t n = regerror(e, &r, words, sizeof(words));

		printf("compile %d %s (%zu)\n", e, words, n);
		return;
	}
	printf("%zu groups", r.re_nsub);
	memset(m, 0, sizeof(m));
	e = regexec(&r, text, 10, m, eflags);
	if (e) {
		regerror(e, &r, words, sizeof(words));
		printf(" %d %s\n", e, words);
	} else {
		for (int i = 0; i < 10 && !(flags & REG_NOSUB); i++)
			if (m[i].rm_so >= 0)
				printf(" %d:%d-%d", i, (int)m[i].rm_so, (int)m[i].rm_eo);
		printf("\n");
	}
	regfree(&r);
}

static void regular(void)
{
	static const struct {
		const char *pattern, *text;
		int flags;
	} t[] = {
		{"abc", "xxabcxx", 0},
		{"a*", "", 0},
		{"a*b", "aaab", 0},
		{"a\\+b\\?", "aaab", 0},
		{"a\\|b", "xb", 0},
		{"\\(a\\)\\(b\\)*", "abbc", 0},
		{"\\(a*\\)\\1x", "aaaax", 0},
		{"a\\{2,3\\}", "aaaa", 0},
		{"[[:digit:]][^a-f]*", "x12xyzabc", 0},
		{"^abc$", "abc", 0},
		{"a|b|cd", "xxcd", REG_EXTENDED},
		{"(a|ab)(c|bcd)(d*)", "abcd", REG_EXTENDED},
		{"(a+)(b?)(c{2})", "aabcc", REG_EXTENDED},
		{"x*", "aaa", REG_EXTENDED},
		{"(^|,)([^,]*)", "one,two", REG_EXTENDED},
		{"[a-z]+@[a-z]+\\.(com|org)", "mail joe@site.org now", REG_EXTENDED},
		{"([0-9]+)-([0-9]+)-([0-9]+)", "on 2024-02-29.", REG_EXTENDED},
		{"HELLO", "say hello", REG_EXTENDED | REG_ICASE},
		{"^b", "a\nb", REG_EXTENDED | REG_NEWLINE},
		{"^b", "a\nb", REG_EXTENDED},
		{"a.b", "a\nb", REG_EXTENDED | REG_NEWLINE},
		{"a.b", "a\nb", REG_EXTENDED},
		{"[]]", "x]", REG_EXTENDED},
		{"[^]]", "]x", REG_EXTENDED},
		{"[a-]", "-", REG_EXTENDED},
		{"a{0}b", "b", REG_EXTENDED},
		{"(a)(b)(c)(d)(e)(f)(g)(h)(i)", "abcdefghi", REG_EXTENDED},
		{"\\bword\\b", "a word here", REG_EXTENDED},
		{"\\w+\\W\\w+", "two words", REG_EXTENDED},
		{"\\<the", "in the", REG_EXTENDED},
		{"(", "x", REG_EXTENDED},
		{")", "x", REG_EXTENDED},
		{"[", "x", REG_EXTENDED},
		{"[[:nothing:]]", "x", REG_EXTENDED},
		{"[b-a]", "x", REG_EXTENDED},
		{"a{2,1}", "x", REG_EXTENDED},
		{"a{1", "x", REG_EXTENDED},
		{"\\", "x", REG_EXTENDED},
		{"*a", "*a", 0},
		{"\\(", "x", 0},
		{"\\)", "x", 0},
		{"\\1", "x", 0},
		{"a\\{1", "x", 0},
		{"(a)\\1", "aa", REG_EXTENDED},
		{"abc", "xyz", REG_NOSUB},
		{"xyz", "xyz", REG_NOSUB},
		{"(ab|a)(bc)?", "abc", REG_EXTENDED},
		{"(a*)*", "b", REG_EXTENDED},
		{"(a*)+", "aa", REG_EXTENDED},
		{"()", "x", REG_EXTENDED},
		{"a||b", "b", REG_EXTENDED},
		{"^*ab", "*ab", 0},
		{"a^b$c", "a^b$c", 0},
		{"[[.-.]]", "-", 0},
		{"[[=a=]]", "a", 0},
		{"\\.", "a.b", 0},
		{"a\nb", "a\nb", 0},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		try(t[i].pattern, t[i].flags, t[i].text, 0);
	try("^a", 0, "a", REG_NOTBOL);
	try("a$", 0, "a", REG_NOTEOL);
	setlocale(LC_ALL, "C.UTF-8");
	try("^.$", 0, "\xc3\xa4", 0);
	try("[\xc3\xa4\xc3\xb6]+", REG_EXTENDED, "x\xc3\xb6\xc3\xa4", 0);
	try("\\(\xc3\xa9\\)\\1", 0, "\xc3\xa9\xc3\xa9", 0);
	try("\\(x\xc3\xa9*\\)-\\1b", 0,
	    "ax\xc3\xa9\xc3\xa9-x\xc3\xa9\xc3\xa9"
	    "b",
	    0);
	try("\\(.\\)\\1", 0, "\xc3\xa9\xc3\xa4\xe2\x82\xac\xe2\x82\xac", 0);
	try("\\(\xc3\xa9\\)\\1$", 0, "\xc3\xa9\xc3", 0);
	try("\\(a*\\)\\1\xc3\xa9", 0, "aa\xc3\xa9", 0);
	printf("%d %d %d %d %d %d\n", fnmatch("?", "\377", 0), fnmatch("[!x]", "\377", 0),
	       fnmatch("\377", "\377", 0), fnmatch("a?b", "a\377b", 0),
	       fnmatch("*\376", "\377\376", 0), fnmatch("\\\377", "\377", 0));
	printf("%d %d\n", fnmatch("\376", "\377", 0), fnmatch("\xc3\xa9*", "\xc3\xa9\377", 0));
	setlocale(LC_ALL, "C");
	try("^..$", 0, "\xc3\xa4", 0);
	for (int i = 0; i <= 16; i++) {
		char words[100];

		printf("%zu ", regerror(i, NULL, words, sizeof(words)));
		printf("%s\n", words);
	}
}

static void patterns(void)
{
	static const struct {
		const char *pattern, *name;
		int flags;
	} t[] = {
		{"*.c", "a.c", 0},
		{"*.c", ".c", FNM_PERIOD},
		{"*", "a/b", FNM_PATHNAME},
		{"*/b", "a/b", FNM_PATHNAME},
		{"?", "", 0},
		{"[a-c]x", "bx", 0},
		{"[!a-c]x", "bx", 0},
		{"[^a-c]x", "dx", 0},
		{"\\*", "*", 0},
		{"\\*", "\\*", FNM_NOESCAPE},
		{"A*", "abc", FNM_CASEFOLD},
		{"a", "a/b", FNM_LEADING_DIR},
		{"[[:alpha:]]*", "x1", 0},
		{"[", "[", 0},
		{"[]a]", "]", 0},
		{"*a*b*c*", "xxaxxbxxcxx", 0},
		{"*/.x", "a/.x", FNM_PATHNAME | FNM_PERIOD},
		{"*/*", "a/.x", FNM_PATHNAME | FNM_PERIOD},
		{"**", "abc", 0},
		{"", "", 0},
		{"", "a", 0},
		{"[a", "[a", 0},
		{"[[:upper:][:digit:]]", "7", 0},
		{"[a/b]", "/", FNM_PATHNAME},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		printf("%s %s %x: %d\n", t[i].pattern, t[i].name, t[i].flags,
		       fnmatch(t[i].pattern, t[i].name, t[i].flags));
}

int main(void)
{
	regular();
	patterns();
	return 0;
}
