/* values.h - limits of types under their old names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_VALUES_H
#define _PX_VALUES_H

#include <float.h>
#include <limits.h>

#define BITSPERBYTE CHAR_BIT
#define CHARBITS    CHAR_BIT
#define INTBITS     (sizeof(int) * CHAR_BIT)
#define LONGBITS    (sizeof(long) * CHAR_BIT)
#define MAXSHORT    SHRT_MAX
#define MINSHORT    SHRT_MIN
#define MAXINT      INT_MAX
#define MININT      INT_MIN
#define MAXLONG     LONG_MAX
#define MINLONG     LONG_MIN
#define MAXDOUBLE   DBL_MAX
#define MINDOUBLE   DBL_MIN
#define MAXFLOAT    FLT_MAX
#define MINFLOAT    FLT_MIN

#endif
