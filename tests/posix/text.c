/* text.c - strings, sorting, patterns, wide characters, numbers.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <endian.h>
#include <fnmatch.h>
#include <glob.h>
#include <iconv.h>
#include <locale.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void strings_(void)
{
	char b[64] = "a,b;;c", *save, *t;
	int v[100], key = 40;

	for (t = strtok_r(b, ",;", &save); t; t = strtok_r(NULL, ",;", &save))
		printf("<%s>", t);
	printf("%d %d %d\n", strcasecmp("HeLLo", "hEllO"), strncasecmp("abcX", "ABCy", 3),
	       strcoll("a", "b") < 0);
	printf("%zu %zu %s %s\n", strspn("aabbc", "ab"), strcspn("hello, x", ", "),
	       strpbrk("one two", " "), strstr("needle in hay", "in"));
	printf("%s %s %d\n", strchr("path/to/file", '/'), strrchr("path/to/file", '/'),
	       memcmp("ab", "ac", 2) < 0);
	for (int i = 0; i < 100; i++)
		v[i] = (i * 37) % 101;
	qsort(v, 100, sizeof(int), compare);
	for (int i = 0; i < 100; i += 9)
		printf("%d ", v[i]);
	printf("%d\n", *(int *)bsearch(&key, v, 100, sizeof(int), compare));
	for (int c = 0; c < 128; c++)
		printf("%x",
		       !!isalpha(c) | !!isdigit(c) << 1 | !!isspace(c) << 2 | !!ispunct(c) << 3);
	printf("\n%s %s\n", strsep((t = strcpy(b, "x:y"), &t), ":"), strdup("copy"));
	srand(1);
	printf("%d %ld %lld %d\n", abs(-5), labs(-6L), llabs(-7LL), rand() >= 0);
	div_t q = div(-7, 2);
	printf("%d %d\n", q.quot, q.rem);
}

static void patterns(void)
{
	regex_t r;
	regmatch_t m[4];
	char text[] = "on 2024-05-06 at noon";

	printf("%d", regcomp(&r, "([0-9]{4})-([0-9]+)-([0-9]+)", REG_EXTENDED));
	printf(" %d", regexec(&r, text, 4, m, 0));
	for (int i = 0; i < 4; i++)
		printf(" %.*s", (int)(m[i].rm_eo - m[i].rm_so), text + m[i].rm_so);
	printf(" %d\n", regexec(&r, "none", 0, NULL, 0) == REG_NOMATCH);
	regfree(&r);
	printf("%d %d %d %d\n", fnmatch("*.c", "file.c", 0), fnmatch("[a-c]?", "bx", 0),
	       fnmatch("*", ".hidden", FNM_PERIOD) != 0,
	       fnmatch("a/*", "a/b/c", FNM_PATHNAME) != 0);
	glob_t g;
	printf("%d", glob("dir/*", 0, NULL, &g));
	for (size_t i = 0; i < g.gl_pathc; i++)
		printf(" %s", g.gl_pathv[i]);
	printf("\n");
	globfree(&g);
}

static void vectors(void)
{
	struct iovec v[3] = {{"one ", 4}, {"two ", 4}, {"three\n", 6}};

	fflush(stdout);
	printf("%zd\n", writev(1, v, 3));
	printf("%x %llx\n", htobe32(0x01020304), (unsigned long long)be64toh(0x0102030405060708));
}

static void options(void)
{
	char *argv[] = {"prog", "-a", "-bvalue", "file", "-c", "last", NULL};
	int c;

	while ((c = getopt(6, argv, "+ab:c")) != -1)
		printf("%c=%s ", c, optarg ? optarg : "-");
	printf("%d\n", optind);
}

static void wide(void)
{
	const char *s = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z";
	wchar_t w[16];
	char back[32];

	printf("%s\n", setlocale(LC_CTYPE, "C.UTF-8"));
	printf("%zu", mbstowcs(w, s, 16));
	for (int i = 0; w[i]; i++)
		printf(" %x", (unsigned)w[i]);
	printf(" %zu %s\n", wcstombs(back, w, sizeof(back)), back);
	printf("%zu %d %d %d\n", wcslen(w), iswalpha(0xe4) != 0, (int)towupper(0xe4),
	       mblen("\xff", 1));
	printf("%ld %.3f %d\n", wcstol(L"123x", NULL, 10), wcstod(L"1.5", NULL),
	       wcscmp(L"a", L"b") < 0);
	swprintf(w, 16, L"%d %ls", 42, L"wide");
	printf("%ls\n", w);
}

static void numbers(void)
{
	for (double x = -3; x <= 3; x += 0.75)
		printf("%.12g %.12g %.12g %.12g %.12g %.12g %.12g\n", sin(x), cos(x), tan(x),
		       exp(x), atan(x), cbrt(x), tanh(x));
	printf("%.12g %.12g %.12g %.12g\n", pow(2, 0.5), log(7), log10(7), log2(7));
	printf("%g %g %g %g %g\n", floor(-1.5), ceil(-1.5), trunc(-1.5), round(-2.5), rint(2.5));
	printf("%g %g %g %g\n", fmod(7, 3), remainder(7, 4), hypot(3, 4), ldexp(1, 10));
	printf("%d %d %d %d\n", isnan(NAN) != 0, isinf(INFINITY) != 0, signbit(-0.0) != 0,
	       fpclassify(1.0) == FP_NORMAL);
	printf("%.12g %.12g %.12g\n", tgamma(5), lgamma(10), erf(0.5));
	printf("%.9g %.9g %.9g\n", sinf(1), sqrtf(2), expf(1));
}

int main(void)
{
	strings_();
	patterns();
	vectors();
	options();
	numbers();
	wide();
	return 0;
}
