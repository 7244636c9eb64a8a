/* time.h - newlib's, with what C11 and BSD have besides.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_TIME_H
#define _PX_TIME_H

#include_next <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TIME_UTC 1
int timespec_get(struct timespec *, int);
#if __MISC_VISIBLE
time_t timegm(struct tm *);
#endif

#ifdef __cplusplus
}
#endif

#endif
