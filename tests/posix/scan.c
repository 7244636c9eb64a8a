/* scan.c - reading numbers and text.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void numbers(void)
{
	static const char *const v[] = {"0",
					"  42x",
					"-17",
					"+9",
					"0x1F",
					"010",
					"99999999999999999999",
					"",
					"abc",
					"-",
					"0x",
					"1e5",
					".5",
					"-.25e-3",
					"inf",
					"-nan",
					"0x1.8p3",
					"1e400",
					"1e-400",
					"4.9406564584124654e-324",
					"123456789012345678",
					"0.1",
					"2.2250738585072011e-308",
					"9007199254740993",
					"1.7976931348623159e308"};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		char *e;

		errno = 0;
		printf("<%s> %ld", v[i], strtol(v[i], &e, 0));
		printf(" %d %d |", (int)(e - v[i]), errno);
		errno = 0;
		printf(" %lu", strtoul(v[i], &e, 16));
		printf(" %d %d |", (int)(e - v[i]), errno);
		errno = 0;
		printf(" %.17g", strtod(v[i], &e));
		printf(" %d %d |", (int)(e - v[i]), errno);
		printf(" %.9g", strtof(v[i], &e));
		printf(" %.18Lg %d %d %lld\n", strtold(v[i], &e), (int)(e - v[i]), atoi(v[i]),
		       atoll(v[i]));
	}
}

static void scans(void)
{
	int a = -1, b = -1, c = -1, n = -1;
	char s[32] = "", t[32] = "";
	double d = -1;
	float f = -1;
	long long q = -1;
	unsigned u = 0;

	printf("%d", sscanf("12 34 56", "%d %d %d", &a, &b, &c));
	printf(" %d %d %d\n", a, b, c);
	printf("%d", sscanf("0x1f 077 0b", "%i %i %x", &a, &b, &u));
	printf(" %d %d %u\n", a, b, u);
	printf("%d", sscanf("word,another one", "%[^,],%s%n", s, t, &n));
	printf(" <%s> <%s> %d\n", s, t, n);
	printf("%d", sscanf("3.25 1e3 xyz", "%lf %f %3c", &d, &f, s));
	printf(" %g %g %.3s\n", d, f, s);
	printf("%d", sscanf("123456", "%3d%*1d%lld", &a, &q));
	printf(" %d %lld\n", a, q);
	printf("%d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a));
	printf("%d", sscanf("key=value # rest", " %31[a-z]=%31[^ #]", s, t));
	printf(" <%s> <%s>\n", s, t);
	printf("%d", sscanf("5%7", "%d%%%d", &a, &b));
	printf(" %d %d\n", a, b);
	printf("%d", sscanf("nan -inf", "%lf %f", &d, &f));
	printf(" %g %g\n", d, f);
}

int main(void)
{
	numbers();
	scans();
	return 0;
}
