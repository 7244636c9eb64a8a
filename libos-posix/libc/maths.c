/* maths.c - functions whose last digit is to be that of Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There these are rounded correctly but for one time in hundreds, newlib's one in twenty: so they
 * are computed as long doubles and rounded once.  newlib's others agree as they are.
 */
#include <errno.h>
#include <math.h>

double __px_tgamma(double);

/* newlib's switch between standards: this one sets errno. */
extern int __fdlib_version;
int __fdlib_version = _POSIX_;

static double checked(double x, long double r)
{
	if (isnan(r) && !isnan(x))
		errno = EDOM;
	return (double)r;
}

double sin(double x)
{
	return checked(x, sinl(x));
}

double cos(double x)
{
	return checked(x, cosl(x));
}

double tan(double x)
{
	return checked(x, tanl(x));
}

double asin(double x)
{
	return checked(x, asinl(x));
}

double acos(double x)
{
	return checked(x, acosl(x));
}

double atan(double x)
{
	return (double)atanl(x);
}

double atan2(double y, double x)
{
	double r = (double)atan2l(y, x);

	if (r == 0 && y != 0 && isfinite(x))
		errno = ERANGE;
	return r;
}

double hypot(double x, double y)
{
	double r = (double)hypotl(x, y);

	if (isinf(r) && isfinite(x) && isfinite(y))
		errno = ERANGE;
	return r;
}

/* newlib's functions without their own ideas of errno. */
double __ieee754_fmod(double, double);
double __ieee754_remainder(double, double);
double __ieee754_atanh(double);
double __ieee754_cosh(double);
double __ieee754_lgamma_r(double, int *);
float __ieee754_lgammaf_r(float, int *);
double __ieee754_j0(double);
double __ieee754_j1(double);
double __ieee754_jn(int, double);
double __ieee754_y0(double);
double __ieee754_y1(double);
double __ieee754_yn(int, double);
float __ieee754_fmodf(float, float);

/* What is no number though nothing of it was none. */
static void domain(double x, double y)
{
	if (!isnan(x) && !isnan(y))
		errno = EDOM;
}

static double range(double x, double r)
{
	if (isinf(r) && isfinite(x))
		errno = ERANGE;
	return r;
}

double fmod(double x, double y)
{
	if (isinf(x) || y == 0)
		domain(x, y);
	return __ieee754_fmod(x, y);
}

float fmodf(float x, float y)
{
	if (isinf(x) || y == 0)
		domain(x, y);
	return __ieee754_fmodf(x, y);
}

double remainder(double x, double y)
{
	if (isinf(x) || y == 0)
		domain(x, y);
	return __ieee754_remainder(x, y);
}

double cosh(double x)
{
	return range(x, __ieee754_cosh(x));
}

double atanh(double x)
{
	if (isgreater(fabs(x), 1))
		errno = EDOM;
	return range(x, __ieee754_atanh(x));
}

/* A pole at whole numbers below 1, of either sign at 0. */
double tgamma(double x)
{
	if (isnan(x))
		return x;
	if ((isless(x, 0) && x == floor(x)) || x == -INFINITY) {
		errno = EDOM;
		return (x - x) / 0.0;
	}
	return range(x, __px_tgamma(x));
}

double lgamma_r(double x, int *sign)
{
	return range(x, __ieee754_lgamma_r(x, sign));
}

float lgammaf_r(float x, int *sign)
{
	return (float)range(x, __ieee754_lgammaf_r(x, sign));
}

double lgamma(double x)
{
	return lgamma_r(x, &signgam);
}

float lgammaf(float x)
{
	return lgammaf_r(x, &signgam);
}

double gamma(double x)
{
	return lgamma(x);
}

float gammaf(float x)
{
	return lgammaf(x);
}

static double second(double x, double r)
{
	if (isless(x, 0)) {
		errno = EDOM;
		return (x - x) / 0.0;
	}
	return range(x, r);
}

double y0(double x)
{
	return second(x, __ieee754_y0(x));
}

double y1(double x)
{
	return second(x, __ieee754_y1(x));
}

double yn(int n, double x)
{
	return second(x, __ieee754_yn(n, x));
}

double j0(double x)
{
	return __ieee754_j0(x);
}

double j1(double x)
{
	return __ieee754_j1(x);
}

double jn(int n, double x)
{
	return __ieee754_jn(n, x);
}
