/* wide.c - wide characters, UTF-8, locales, conversions of characters.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>

static void locales(void)
{
	static const char *const names[] = {"",       "C",           "POSIX", "C.UTF-8",
					    "C.utf8", "en_US.UTF-8", "de_DE", "C.ISO-8859-1",
					    "xx",     "C.UTF-9"};
	struct lconv *l;

	printf("%s\n", setlocale(LC_ALL, NULL));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *r = setlocale(LC_ALL, names[i]);

		printf("%s: %s %zu %s\n", names[i], r ? r : "-", MB_CUR_MAX, nl_langinfo(CODESET));
		setlocale(LC_ALL, "C");
	}
	setlocale(LC_CTYPE, "C.UTF-8");
	printf("%s %s\n", setlocale(LC_ALL, NULL), setlocale(LC_CTYPE, NULL));
	printf("%s\n", setlocale(LC_ALL, "LC_CTYPE=C;LC_NUMERIC=C;LC_TIME=C.UTF-8;LC_COLLATE=C;"
					 "LC_MONETARY=C;LC_MESSAGES=C;LC_PAPER=C;LC_NAME=C;"
					 "LC_ADDRESS=C;LC_TELEPHONE=C;LC_MEASUREMENT=C;"
					 "LC_IDENTIFICATION=C"));
	setenv("LC_ALL", "C.UTF-8", 1);
	printf("%s\n", setlocale(LC_ALL, ""));
	setenv("LC_ALL", "nowhere", 1);
	printf("%d\n", setlocale(LC_ALL, "") == NULL);
	unsetenv("LC_ALL");
	setlocale(LC_ALL, "C");
	l = localeconv();
	printf("[%s][%s][%s][%s][%s] %d %d %d\n", l->decimal_point, l->thousands_sep, l->grouping,
	       l->currency_symbol, l->positive_sign, l->frac_digits, l->p_sep_by_space,
	       l->int_n_sign_posn);
	printf("%s %s %s %s %s %s %s %s|%s|%s|%s\n", nl_langinfo(D_FMT), nl_langinfo(T_FMT),
	       nl_langinfo(D_T_FMT), nl_langinfo(DAY_1), nl_langinfo(ABMON_12),
	       nl_langinfo(RADIXCHAR), nl_langinfo(AM_STR), nl_langinfo(THOUSEP),
	       nl_langinfo(YESEXPR), nl_langinfo(NOEXPR), nl_langinfo(T_FMT_AMPM));
	printf("%d %d\n", strcoll("a", "B") > 0, (int)strxfrm(NULL, "hello", 0));
}

static void classes(void)
{
	static const wchar_t w[] = {0,      9,       ' ',     'A',      'z',     '5',    '!',
				    0x7f,   0x80,    0xa0,    0xb5,     0xc4,    0xdf,   0xe4,
				    0xff,   0x130,   0x3a3,   0x3c2,    0x410,   0x5d0,  0x660,
				    0x1e9e, 0x2003,  0x20ac,  0x3042,   0x4e2d,  0xac00, 0xfeff,
				    0xfffd, 0x10400, 0x1f600, 0x10ffff, 0x110000};
	static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
					    "lower", "print", "punct", "space", "upper", "xdigit"};

	for (size_t i = 0; i < sizeof(w) / sizeof(w[0]); i++) {
		printf("U+%x", (unsigned int)w[i]);
		for (int j = 0; j < 12; j++)
			printf("%d", iswctype((wint_t)w[i], wctype(names[j])) != 0);
		printf(" %x %x %d\n", (unsigned int)towlower((wint_t)w[i]),
		       (unsigned int)towupper((wint_t)w[i]), wcwidth(w[i]));
	}
	printf("%d %x\n", wctype("nothing") != 0,
	       (unsigned int)towctrans(L'a', wctrans("toupper")));
	printf("%d\n", wcswidth(L"a\u00e4\u4e2d", 10));
}

static void bytes(void)
{
	unsigned long sum = 0;

	for (int c = -1; c < 256; c++) {
		int v = !!isalnum(c) | !!isalpha(c) << 1 | !!isblank(c) << 2 | !!iscntrl(c) << 3 |
			!!isdigit(c) << 4 | !!isgraph(c) << 5 | !!islower(c) << 6 |
			!!isprint(c) << 7 | !!ispunct(c) << 8 | !!isspace(c) << 9 |
			!!isupper(c) << 10 | !!isxdigit(c) << 11;

		sum = sum * 131 + (unsigned long)(v * 7 + toupper(c) * 3 + tolower(c));
		if (c == 'a' || c == 0xe4 || c == '\v')
			printf("%x ", v);
	}
	printf("%lu %d %d\n", sum, toascii(0xe4), isascii(0x80) != 0);
	for (int c = -1; c < 256; c += 51)
		printf("%d %d ", (int)btowc(c), wctob((wint_t)c));
	printf("\n");
}

static void conversions(void)
{
	static const char *const in[] = {
		"a",    "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xc3", "\xc3(",
		"\x80", "\xff",     "\xed\xa0\x80", "\xe2\x82",         ""};
	wchar_t w[20];
	char b[20];

	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		mbstate_t s = {0};
		const char *p = in[i];
		size_t r;

		w[0] = 77;
		errno = 0;
		r = mbrtowc(w, in[i], strlen(in[i]) + 1, &s);
		printf("%zu: %zd %x e%d", i, (ssize_t)r, (unsigned int)w[0], errno);
		memset(&s, 0, sizeof(s));
		r = mbsrtowcs(w, &p, 20, &s);
		printf(" %zd %ld", (ssize_t)r, p ? (long)(p - in[i]) : -1L);
		printf(" %d %d", mblen(in[i], strlen(in[i])), (int)mbstowcs(NULL, in[i], 0));
		mblen(NULL, 0);
		memset(&s, 0, sizeof(s));
		printf(" %zd %d\n", (ssize_t)mbrlen(in[i], 1, &s), mbsinit(&s) != 0);
	}
	for (wchar_t c = 1; c < 0x110000; c = c * 5 + 3) {
		int r;

		errno = 0;
		r = wctomb(b, c);
		printf("%x:%d e%d ", (unsigned int)c, r, errno);
	}
	printf("%d %d\n", wctomb(b, 0xd800), wctomb(NULL, 0));
	printf("%zd\n", (ssize_t)wcstombs(b, L"a\u00e4\u20ac", 20));
	printf("%zd\n", (ssize_t)wcstombs(b, L"a\u00e4\u20ac", 3));
}

static void sixteen(void)
{
	const char *p = "a\xc3\xa4\xf0\x9f\x98\x80";
	mbstate_t s = {0};
	char16_t c = 0;
	char32_t d = 0;
	char b[8];
	size_t r;

	while ((r = mbrtoc16(&c, p, 10, &s)) != 0 && r != (size_t)-1) {
		printf("%zd %x ", (ssize_t)r, (unsigned int)c);
		if (r != (size_t)-3)
			p += r;
	}
	printf("%zd\n", (ssize_t)mbrtoc32(&d, "\xf0\x9f\x98\x80", 4, NULL));
	printf("%x %zd", (unsigned int)d, (ssize_t)c16rtomb(b, 0xd83d, &s));
	printf(" %zd", (ssize_t)c16rtomb(b, 0xde00, &s));
	printf(" %zd\n", (ssize_t)c32rtomb(b, 0x20ac, NULL));
}

static void strings(void)
{
	wchar_t a[40], *save, *end;

	wcscpy(a, L"one two,three");
	for (wchar_t *p = wcstok(a, L" ,", &save); p; p = wcstok(NULL, L" ,", &save))
		printf("%ls|", p);
	printf("%d %d %ld\n", wcscmp(L"a", L"b") < 0, wcsncasecmp(L"ABc", L"abd", 2),
	       wcsstr(L"hello", L"ll") - L"hello" != 0 ? 2L : 0L);
	printf("%ld %g", wcstol(L" -12x", &end, 10), wcstod(L"1.5e3z", &end));
	printf(" %ls %llu %ld\n", end, wcstoull(L"0xff", NULL, 0),
	       wcstol(L"99999999999999999999", NULL, 10));
	printf("%zu %zu %zu\n", wcslen(L"four"), wcsspn(L"aab", L"a"), wcscspn(L"xyz", L"z"));
	wmemset(a, L'x', 3);
	a[3] = 0;
	printf("%ls %d\n", a, wmemcmp(L"ab", L"ac", 2) < 0);
	printf("%d [%ls]\n", swprintf(a, 40, L"%5d|%-5ls|%5s|%c|%lc", 42, L"w", "n", 'c', L'l'), a);
	printf("%d", swprintf(a, 3, L"%s", "too long"));
	printf("\n");
	printf("%d\n", swprintf(a, 40, L"%a %g %Lf %p %%", 1.0, 0.1, 2.5L, NULL));
	printf("%ls\n", a);
}

static void output(void)
{
	FILE *f = tmpfile();
	wchar_t line[20];
	int n;

	printf("%5.2ls|%-4ls|%ls|%lc|%.3ls\n", L"abc", L"x", L"\u00e4\u20ac", L'\u00e4',
	       L"\u00e4\u00e4");
	printf("%5s|%.1s|\n", "\xc3\xa4", "\xc3\xa4");
	printf("%d\n", wprintf(L"not on a stream of bytes\n"));
	fflush(stdout);
	if (!f)
		return;
	n = fwide(f, 1);
	printf("%d", n > 0);
	printf(" %d", fwprintf(f, L"%ls %d\n", L"\u00e4\u20ac", 5));
	printf(" %d %d", (int)fputwc(L'\u4e2d', f), fputws(L"\nlast", f) >= 0);
	rewind(f);
	printf(" %x", (unsigned int)fgetwc(f));
	printf(" %x", (unsigned int)ungetwc(L'\u1234', f));
	printf(" %d", fgetws(line, 20, f) != NULL);
	printf(" %x %zu", (unsigned int)line[0], wcslen(line));
	fgetws(line, 20, f);
	printf(" %x", (unsigned int)line[0]);
	n = -1;
	printf(" %d", fwscanf(f, L"%ls", line));
	printf(" %ls %d %d\n", line, fgetwc(f) == WEOF, feof(f) != 0);
	fclose(f);
}

int main(void)
{
	locales();
	bytes();
	classes();
	conversions();
	printf("%d\n", printf("%ls\n", L"\u00e4"));
	clearerr(stdout);
	setlocale(LC_ALL, "C.UTF-8");
	bytes();
	classes();
	conversions();
	sixteen();
	strings();
	output();
	return 0;
}
