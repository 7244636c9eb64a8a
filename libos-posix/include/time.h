/* time.h - newlib's, with what C11 and BSD have besides.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_TIME_H
#define _PX_TIME_H

#include_next <time.h>
#undef tzname

#ifdef __cplusplus
extern "C" {
#endif

extern char *tzname[2];
#if __MISC_VISIBLE || __XSI_VISIBLE
extern long timezone;
extern int daylight;
extern int getdate_err;
struct tm *getdate(const char *);
#endif

#define TIME_UTC 1
int timespec_get(struct timespec *, int);
#if __MISC_VISIBLE
time_t timegm(struct tm *);
time_t timelocal(struct tm *);
#endif

#ifdef __cplusplus
}
#endif

#endif
