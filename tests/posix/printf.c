/* printf.c - formatted output, number by number.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static uint64_t next(void)
{
	static uint64_t x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

static void integers(void)
{
	static const long long v[] = {0,    1,       -1,      9,         10,       255,
				      -256, INT_MAX, INT_MIN, LLONG_MAX, LLONG_MIN};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		printf("[%d][%5d][%-5d][%05d][%+d][% d]", (int)v[i], (int)v[i], (int)v[i],
		       (int)v[i], (int)v[i], (int)v[i]);
		printf("[%lld][%20lld][%-20lld][%llu][%llx][%#llX][%llo][%#llo]", v[i], v[i], v[i],
		       v[i], v[i], v[i], v[i], v[i]);
		printf("[%.3d][%8.5d][%-8.5d][%+.0d][%.0d]", (int)v[i], (int)v[i], (int)v[i],
		       (int)v[i], (int)v[i]);
		printf("[%hhd][%hd][%hhu][%hu][%zu][%jd][%td]\n", (int)v[i], (int)v[i], (int)v[i],
		       (int)v[i], (size_t)v[i], (intmax_t)v[i], (ptrdiff_t)v[i]);
	}
	printf("%" PRId64 " %" PRIx32 " %" PRIu8 "\n", INT64_MIN, UINT32_MAX, UINT8_MAX);
}

static void doubles(void)
{
	static const double v[] = {0.0,     -0.0,          1,       -1,      0.5,        1.5,
				   2.5,     0.125,         9.995,   99.5,    1e21,       1e22,
				   1e23,    123456789.125, 1e-5,    1e-4,    0.00012345, DBL_MAX,
				   DBL_MIN, 4.9e-324,      1.0 / 3, 2.0 / 3, INFINITY,   -INFINITY,
				   NAN,     -NAN,          1e100,   1e308,   5e-310};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		printf("[%f][%.0f][%.3f][%12.2f][%-12.2f][%012.2f][%+.1f][% f]", v[i], v[i], v[i],
		       v[i], v[i], v[i], v[i], v[i]);
		printf("[%e][%.0e][%.15e][%E][%#.0e]", v[i], v[i], v[i], v[i], v[i]);
		printf("[%g][%.17g][%.1g][%#g][%G][%10.3g]", v[i], v[i], v[i], v[i], v[i], v[i]);
		printf("[%a][%.3a][%A][%20a]\n", v[i], v[i], v[i], v[i]);
	}
}

static void random_doubles(void)
{
	for (int i = 0; i < 3000; i++) {
		uint64_t bits = next();
		double d;

		memcpy(&d, &bits, sizeof(d));
		printf("%.17g %g %.3e %.20g %a\n", d, d, d, d, d);
		d = (double)(int64_t)next() / (double)(1ull << (next() % 63));
		printf("%f %.2f %.10f %g %.16g\n", d, d, d, d, d);
	}
}

static void long_doubles(void)
{
	static const long double v[] = {
		0.0L, 1.0L, -2.5L, 1.0L / 3, 1e4000L, 1e-4000L, 3.14159265358979323846L};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		printf("[%Lg][%.18Lg][%Le][%.3Lf][%La]\n", v[i], v[i], v[i], i == 4 ? 1.0L : v[i],
		       v[i]);
}

static void texts(void)
{
	char b[16];
	int n = -1;

	printf("[%s][%10s][%-10s][%.2s][%.*s][%*s][%-*s]\n", "abc", "abc", "abc", "abc", 1, "abc",
	       6, "abc", 6, "abc");
	printf("[%c][%3c][%-3c][%%][%s]\n", 'x', 'y', 'z', (char *)NULL);
	printf("%2$s %1$d %2$s %3$.2f\n", 5, "five", 2.5);
	printf("%1$*2$d|%1$-*2$d|\n", 42, 6);
	printf("count%n\n", &n);
	printf("%d %d\n", n, printf("1234567\n"));
	printf("%d [%s]\n", snprintf(b, sizeof(b), "%s", "longer than sixteen bytes"), b);
	printf("%d\n", snprintf(NULL, 0, "%d %s", 12345, "xyz"));
	printf("[%p][%10p][%-10p]\n", (void *)0x1234, (void *)NULL, (void *)0xff);
	printf("%ls|%lc\n", L"wide", (wint_t)L'w');
	setlocale(LC_ALL, "C.UTF-8");
	printf("%ls|%lc|%5ls|\n", L"h\u00e4\u20ac\U0001f600", (wint_t)0xe9, L"\u00fc");
}

int main(void)
{
	integers();
	doubles();
	random_doubles();
	long_doubles();
	texts();
	return 0;
}
