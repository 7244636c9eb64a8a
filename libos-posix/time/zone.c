/* zone.c - the variables tzset() sets, under POSIX's names and the ones newlib has for them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <time.h>

char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;

extern char *_tzname[2] __attribute__((alias("tzname")));
extern long _timezone __attribute__((alias("timezone")));
extern int _daylight __attribute__((alias("daylight")));
