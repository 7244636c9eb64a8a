/* scanf.c - reading formatted input: every conversion, what is left, what is counted.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void numbers(void)
{
	static const char *const in[] = {"42",
					 "-17x",
					 "+5",
					 "0x1F",
					 "017",
					 "0b11",
					 "  8",
					 "abc",
					 "",
					 "-",
					 "99999999999999999999",
					 "0x",
					 "0xg",
					 "- 5",
					 "1e5",
					 "1.5e",
					 "1.5e+",
					 ".5",
					 "5.",
					 ".",
					 "inf",
					 "INFINITYx",
					 "nan",
					 "nan(12)",
					 "infi",
					 "0x1.8p3",
					 "1,5",
					 "-0"};

	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		int d = -1, n = -1, o = -1, x = -1, c;
		unsigned int u = 7;
		long long ll = -1;
		double f = -1;
		float g = -1;
		long double L = -1;

		c = sscanf(in[i], "%d%n", &d, &n);
		printf("[%s] %%d %d %d %d", in[i], c, d, n);
		n = -1;
		c = sscanf(in[i], "%i%n", &d, &n);
		printf(" %%i %d %d %d", c, d, n);
		c = sscanf(in[i], "%o", &o);
		printf(" %%o %d %d", c, o);
		c = sscanf(in[i], "%x", &x);
		printf(" %%x %d %d", c, x);
		c = sscanf(in[i], "%u", &u);
		printf(" %%u %d %u", c, u);
		c = sscanf(in[i], "%lld", &ll);
		printf(" %%lld %d %lld", c, ll);
		n = -1;
		c = sscanf(in[i], "%lf%n", &f, &n);
		printf(" %%lf %d %g %d", c, f, n);
		c = sscanf(in[i], "%3f", &g);
		printf(" %%3f %d %g", c, g);
		c = sscanf(in[i], "%La", &L);
		printf(" %%La %d %Lg\n", c, L);
	}
}

static void sizes(void)
{
	signed char hh = 1;
	short h = 1;
	long l = 1;
	intmax_t j = 1;
	size_t z = 1;
	ptrdiff_t t = 1;
	int a = -1, b = -1;
	void *p = NULL;

	printf("%d",
	       sscanf("300 70000 5 6 7 8", "%hhd %hd %ld %jd %zu %td", &hh, &h, &l, &j, &z, &t));
	printf(" %d %d %ld %jd %zu %td\n", hh, h, l, j, z, t);
	printf("%d", sscanf("0x10", "%p", &p));
	printf(" %p\n", p);
	printf("%d", sscanf("1 2", "%2$d %1$d", &a, &b));
	printf(" %d %d\n", a, b);
	printf("%d", sscanf("123456", "%3d%2d", &a, &b));
	printf(" %d %d\n", a, b);
	printf("%d", sscanf("12 34", "%*d %d", &a));
	printf(" %d\n", a);
	printf("%d", sscanf("50%", "%d%%%n", &a, &b));
	printf(" %d %d\n", a, b);
	printf("%d", sscanf("a1", "a%d", &a));
	printf(" %d\n", a);
	printf("%d %d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a), sscanf("  ", "%c", &hh));
	printf("%d %d\n", sscanf("", "x"), sscanf("y", "x%d", &a));
	printf("%d\n", sscanf("5", "%d %d", &a, &b));
	printf("%d\n", sscanf("5 ", "%d %n", &a, &b));
	errno = 0;
	printf("%d %d %d\n", sscanf("99999999999", "%d", &a), a, errno);
}

static void text(void)
{
	char a[50] = "", b[50] = "", c[4] = "???", *m = NULL, *k = NULL;
	wchar_t w[20] = L"", *wm = NULL;
	int n;

	printf("%d", sscanf("hello world", "%s %s", a, b));
	printf(" %s|%s\n", a, b);
	printf("%d", sscanf("hello", "%3s%c", a, c));
	printf(" %s|%c\n", a, c[0]);
	printf("%d", sscanf("abc123", "%[a-z]%[0-9]", a, b));
	printf(" %s|%s\n", a, b);
	printf("%d", sscanf("key = value # x", "%[^= ] = %[^#]", a, b));
	printf(" %s|%s|\n", a, b);
	printf("%d", sscanf("]x-", "%[]x-]", a));
	printf(" %s\n", a);
	printf("%d", sscanf("a-z", "%[a-]%s", a, b));
	printf(" %s|%s\n", a, b);
	printf("%d", sscanf("^^x", "%[\\^]", a));
	printf("\n");
	printf("%d", sscanf(" x y", "%3c", c));
	printf(" %.3s\n", c);
	printf("%d", sscanf("  x", " %c", c));
	printf(" %c\n", c[0]);
	printf("%d", sscanf("dynamic text", "%ms %m[a-z]", &m, &k));
	printf(" %s|%s\n", m ? m : "-", k ? k : "-");
	free(m);
	free(k);
	printf("%d", sscanf("12:34:56.789", "%d:%d:%lf", &n, (int *)a, (double *)b));
	printf(" %d %d %g\n", n, *(int *)a, *(double *)b);
	setlocale(LC_ALL, "C.UTF-8");
	printf("%d", sscanf("\xc3\xa4\xe2\x82\xac x", "%ls", w));
	printf(" %d %d %d\n", (int)w[0], (int)w[1], (int)w[2]);
	printf("%d", sscanf("\xc3\xa4\xe2\x82\xac", "%2lc", w));
	printf(" %d %d\n", (int)w[0], (int)w[1]);
	printf("%d", sscanf("\xc3\xa4\xe2\x82\xac", "%mls", &wm));
	printf(" %d\n", wm ? (int)wm[1] : -1);
	printf("%d", sscanf("\xc3\xa4z", "%l[\xc3\xa4]%n", w, &n));
	printf(" %d %d\n", (int)w[0], n);
	printf("%d", swscanf(L"12 \u20ac rest", L"%d %ls %s", &n, w, a));
	printf(" %d %d %s\n", n, (int)w[0], a);
	printf("%d", swscanf(L"abc", L"%l[a-b]%c", w, a));
	printf(" %ls %c\n", w, a[0]);
	setlocale(LC_ALL, "C");
}

static void streams(void)
{
	char line[] = "1 2 x 3\n4\n", s[10];
	FILE *f = fmemopen(line, strlen(line), "r");
	int n, r;

	while ((r = fscanf(f, "%d", &n)) != EOF) {
		printf("%d:%d@%ld ", r, n, ftell(f));
		if (r == 0)
			printf("skip %c ", fgetc(f));
	}
	printf("eof %d error %d\n", feof(f), ferror(f));
	rewind(f);
	printf("%d", fscanf(f, "%*[^\n]%1[\n]", s));
	printf(" %d\n", fgetc(f));
	fclose(f);
}

int main(void)
{
	numbers();
	sizes();
	text();
	streams();
	return 0;
}
