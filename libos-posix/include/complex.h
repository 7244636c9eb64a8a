/* complex.h - newlib's, with what it lacks of long double.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_COMPLEX_H
#define _PX_COMPLEX_H

#include_next <complex.h>

#ifndef CMPLXL
#define CMPLX(re, im)  __builtin_complex((double)(re), (double)(im))
#define CMPLXF(re, im) __builtin_complex((float)(re), (float)(im))
#define CMPLXL(re, im) __builtin_complex((long double)(re), (long double)(im))
#endif

long double complex cacoshl(long double complex);
long double complex cacosl(long double complex);
long double complex casinhl(long double complex);
long double complex catanhl(long double complex);
long double complex ccoshl(long double complex);
long double complex ccosl(long double complex);
long double complex cexpl(long double complex);
long double complex conjl(long double complex);
long double complex cpowl(long double complex, long double complex);
long double complex cprojl(long double complex);
long double complex csinhl(long double complex);
long double complex csinl(long double complex);
long double complex ctanhl(long double complex);
long double complex ctanl(long double complex);

#endif
