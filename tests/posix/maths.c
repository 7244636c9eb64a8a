/* maths.c - functions of <math.h>, <complex.h> and <fenv.h>, to the last digit where Linux's are
 * exact. SPDX-License-Identifier: BSD-2-Clause
 */
#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>

static const double args[] = {0.0,    -0.0,    0.5,    -0.5,      1.0,        -1.0,     1.5,   2.0,
			      -2.5,   3.14159, 10.0,   0.1,       1e-5,       100.25,   -7.75, 1e5,
			      1e-300, 1e300,   5e-324, 1.0 / 0.0, -1.0 / 0.0, 0.0 / 0.0};
#define N ((int)(sizeof(args) / sizeof(args[0])))

#define ONE(f, digits)                                                                             \
	do {                                                                                       \
		printf(#f ":");                                                                    \
		for (int i = 0; i < N; i++) {                                                      \
			double x = args[i];                                                        \
			int e;                                                                     \
                                                                                                   \
			errno = 0;                                                                 \
			feclearexcept(FE_ALL_EXCEPT);                                              \
			x = f(x);                                                                  \
			e = errno;                                                                 \
			if (x != x)                                                                \
				printf(" nan");                                                    \
			else                                                                       \
				printf(" %." #digits "g", x);                                      \
			if (e && !(fabs(x) < 1e-300))                                              \
				printf("e%d", e);                                                  \
			if (fetestexcept(FE_DIVBYZERO | FE_INVALID))                               \
				printf("f%d", fetestexcept(FE_DIVBYZERO | FE_INVALID));            \
		}                                                                                  \
		printf("\n");                                                                      \
	} while (0)

#define TWO(f, digits)                                                                             \
	do {                                                                                       \
		printf(#f ":");                                                                    \
		for (int i = 0; i < N; i++)                                                        \
			for (int j = 0; j < N; j++) {                                              \
				double x;                                                          \
				int e;                                                             \
                                                                                                   \
				errno = 0;                                                         \
				x = f(args[i], args[j]);                                           \
				e = errno;                                                         \
				if (x != x)                                                        \
					printf(" nan");                                            \
				else                                                               \
					printf(" %." #digits "g", x);                              \
				if (e && !(fabs(x) < 1e-300))                                      \
					printf("e%d", e);                                          \
			}                                                                          \
		printf("\n");                                                                      \
	} while (0)

#define ONEL(f)                                                                                    \
	do {                                                                                       \
		printf(#f ":");                                                                    \
		for (int i = 0; i < N; i++) {                                                      \
			long double x = f(args[i]);                                                \
                                                                                                   \
			if (x != x)                                                                \
				printf(" nan");                                                    \
			else                                                                       \
				printf(" %.17Lg", x);                                              \
		}                                                                                  \
		printf("\n");                                                                      \
	} while (0)

#define SUM(f, low, high)                                                                          \
	do {                                                                                       \
		double s = 0;                                                                      \
                                                                                                   \
		for (int i = 0; i < 2000; i++)                                                     \
			s += f((low) + ((high) - (low)) * i / 2000.0);                             \
		printf(#f " sum %.12g\n", s);                                                      \
	} while (0)

static void doubles(void)
{
	ONE(sqrt, 17);
	ONE(cbrt, 15);
	ONE(exp, 17);
	ONE(exp2, 17);
	ONE(expm1, 15);
	ONE(log, 17);
	ONE(log2, 17);
	ONE(log10, 15);
	ONE(log1p, 15);
	ONE(sin, 15);
	ONE(cos, 15);
	ONE(tan, 15);
	ONE(asin, 15);
	ONE(acos, 15);
	ONE(atan, 15);
	ONE(sinh, 15);
	ONE(cosh, 15);
	ONE(tanh, 15);
	ONE(asinh, 15);
	ONE(acosh, 15);
	ONE(atanh, 15);
	ONE(floor, 17);
	ONE(ceil, 17);
	ONE(trunc, 17);
	ONE(round, 17);
	ONE(rint, 17);
	ONE(nearbyint, 17);
	ONE(fabs, 17);
	ONE(logb, 17);
	ONE(erf, 14);
	ONE(erfc, 14);
	ONE(tgamma, 12);
	ONE(lgamma, 13);
	SUM(j0, 0, 20);
	SUM(j1, 0, 20);
	ONE(y0, 12);
	ONE(y1, 12);
	ONE(exp10, 15);
	TWO(pow, 17);
	TWO(fmod, 17);
	TWO(atan2, 15);
	TWO(hypot, 15);
	TWO(remainder, 17);
	TWO(fdim, 17);
	TWO(fmax, 17);
	TWO(fmin, 17);
	TWO(nextafter, 17);
	TWO(copysign, 17);
	SUM(sin, -100, 100);
	SUM(cos, -1e6, 1e6);
	SUM(tan, -1, 1);
	SUM(exp, -20, 20);
	SUM(log, 0.001, 1000);
	SUM(atan, -10, 10);
	SUM(asin, -1, 1);
	SUM(cbrt, -9, 9);
}

static void floats(void)
{
	ONE(sinf, 9);
	ONE(cosf, 9);
	SUM(tanf, -1, 1);
	ONE(expf, 9);
	ONE(exp2f, 9);
	ONE(logf, 9);
	ONE(log2f, 9);
	ONE(log10f, 7);
	ONE(sqrtf, 9);
	ONE(cbrtf, 7);
	ONE(asinf, 7);
	ONE(atanf, 7);
	ONE(tanhf, 7);
	ONE(floorf, 9);
	ONE(roundf, 9);
	ONE(erff, 6);
	ONE(lgammaf, 6);
	TWO(powf, 9);
	TWO(fmodf, 9);
}

static void longs(void)
{
	ONEL(sqrtl);
	ONEL(cbrtl);
	ONEL(expl);
	ONEL(exp2l);
	ONEL(expm1l);
	ONEL(logl);
	ONEL(log2l);
	ONEL(log10l);
	ONEL(log1pl);
	ONEL(sinl);
	ONEL(cosl);
	ONEL(tanl);
	ONEL(asinl);
	ONEL(acosl);
	ONEL(atanl);
	ONEL(sinhl);
	ONEL(coshl);
	ONEL(tanhl);
	ONEL(asinhl);
	ONEL(acoshl);
	ONEL(atanhl);
	ONEL(floorl);
	ONEL(ceill);
	ONEL(truncl);
	ONEL(roundl);
	ONEL(rintl);
	ONEL(nearbyintl);
	ONEL(fabsl);
	ONEL(logbl);
	ONEL(erfl);
	for (int i = 0; i < N; i++) {
		int e = 77;
		long double m = frexpl(args[i], &e), p, q = modfl(args[i], &p);

		if (args[i] == args[i] && args[i] - args[i] == 0)
			printf("%Lg %d %Lg %Lg %Lg %Lg %Lg %d\n", m, e, q, p, ldexpl(args[i], 3),
			       fmodl(args[i], 0.3L), scalbnl(args[i], -2), ilogbl(args[i]));
	}
	printf("%.18Lg %.18Lg %.18Lg %.18Lg\n", powl(2.5L, 3.5L), hypotl(3, 4), atan2l(1, -1),
	       fmal(2, 3, 0.1L));
	printf("%.18Lg %ld %lld %ld\n", remainderl(10, 3), lrintl(2.5L), llroundl(2.5L),
	       lroundl(-2.5L));
	printf("%.21Lg %.17g %d %d\n", nextafterl(1, 2), nexttoward(1, 2.0L), isnan(nanl("")),
	       signbit(copysignl(1, -0.0L)) != 0);
}

static void whole(void)
{
	static const double h[] = {
		0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 4503599627370497.5, 1e18};
	int q;

	for (int i = 0; i < 8; i++)
		printf("%ld %ld %lld %lld %g\n", lrint(h[i]), lround(h[i]), llrint(h[i]),
		       llround(h[i]), round(h[i]));
	for (int m = 0; m < 4; m++) {
		static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};

		printf("%d", fesetround(modes[m]));
		printf(" %d", fegetround() == modes[m]);
		for (int i = 0; i < 5; i++)
			printf(" %ld", lrint(h[i]));
		printf("\n");
	}
	fesetround(FE_TONEAREST);
	for (int i = 0; i < N; i++) {
		int e = 77;
		double p, m = frexp(args[i], &e);

		printf("%d%d%d%d%d ", fpclassify(args[i]), isfinite(args[i]) != 0, isinf(args[i]),
		       isnan(args[i]) != 0, isnormal(args[i]) != 0);
		if (isfinite(args[i]))
			printf("%g %d %g %d %g %g", m, e, modf(args[i], &p), ilogb(args[i]),
			       ldexp(args[i], 5), scalbln(args[i], -3));
		printf("\n");
	}
	printf("%d %d %d\n", ilogb(0), ilogb(NAN), ilogb(INFINITY));
	printf("%.17g", remquo(29.0, 3.0, &q));
	printf(" %d %.17g %.17g\n", q & 7, fma(0.1, 10, -1), fma(3, 4, 5));
	printf("%d %d %d %d\n", math_errhandling, FP_ILOGB0 == ilogb(0), isgreater(1, NAN),
	       isunordered(1, NAN));
	lgamma(-0.5);
	printf("%d", signgam);
	lgamma(2.5);
	printf(" %d %.12g %.12g\n", signgam, jn(2, 1.5), yn(3, 2.5));
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_OVERFLOW);
	printf("%d %d\n", fetestexcept(FE_ALL_EXCEPT) & FE_OVERFLOW, fetestexcept(FE_INVALID));
}

static void complexes(void)
{
	static const double complex z[] = {1 + 2 * I, -1 + 0.5 * I, 0.25 - 3 * I, -2 - 2 * I};

#define C(f)                                                                                       \
	do {                                                                                       \
		double complex r = f(z[i]);                                                        \
                                                                                                   \
		printf(#f " %.12g%+.12gi ", creal(r), cimag(r));                                   \
	} while (0)
	for (int i = 0; i < 4; i++) {
		C(csqrt);
		C(cexp);
		C(clog);
		C(csin);
		C(ccos);
		C(ctan);
		C(csinh);
		C(ccosh);
		C(ctanh);
		C(casin);
		C(cacos);
		C(catan);
		C(casinh);
		C(cacosh);
		C(catanh);
		C(conj);
		C(cproj);
		printf("%.12g %.12g %.12g\n", cabs(z[i]), carg(z[i]), creal(cpow(z[i], 2 + I)));
	}
	printf("%.12Lg %.12g\n", cabsl(3 + 4 * I), (double)cabsf(3 + 4 * I));
}

int main(void)
{
	doubles();
	floats();
	longs();
	whole();
	complexes();
	return 0;
}
