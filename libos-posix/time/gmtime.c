/* gmtime.c - from seconds to a calendar, in UTC and in local time.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <reent.h>
#include <time.h>

#define DAY 86400L

void _tzset_unlocked_r(struct _reent *);
void __tz_lock(void);
void __tz_unlock(void);
int __tzcalc_limits(int);

/* Years from March on: the leap day is the last, and 400 of them have 146097 days. */
struct tm *gmtime_r(const time_t *restrict when, struct tm *restrict t)
{
	static const short before[] = {0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337};
	long days = *when / DAY, rest = *when % DAY, era, day, year, month;

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	t->tm_wday = (int)(((days + 4) % 7 + 7) % 7);
	days += 719468; /* since March of the year 0 */
	era = (days >= 0 ? days : days - 146096) / 146097;
	day = days - era * 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	for (month = 11; before[month] > day; month--)
		;
	t->tm_mday = (int)(day - before[month]) + 1;
	t->tm_mon = (int)(month + 2) % 12;
	year += era * 400;
	t->tm_yday = (int)day - 306;
	if (day < 306)
		t->tm_yday =
			(int)day + 59 + ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0);
	year += day >= 306;
	if (year - 1900 > INT_MAX || year - 1900 < INT_MIN) {
		errno = EOVERFLOW;
		return NULL;
	}
	t->tm_year = (int)(year - 1900);
	t->tm_hour = (int)(rest / 3600);
	t->tm_min = (int)(rest / 60 % 60);
	t->tm_sec = (int)(rest % 60);
	t->tm_isdst = 0;
	t->tm_gmtoff = 0;
	t->tm_zone = "GMT";
	return t;
}

static int summer(time_t when, int year, const __tzinfo_type *zone)
{
	const __tzrule_type *r = zone->__tzrule;

	if (zone->__tzyear != year && !__tzcalc_limits(year))
		return 0;
	if (zone->__tznorth)
		return when >= r[0].change && when < r[1].change;
	return when >= r[0].change || when < r[1].change;
}

struct tm *localtime_r(const time_t *restrict when, struct tm *restrict t)
{
	const __tzinfo_type *zone = __gettzinfo();
	int dst = 0;
	time_t there;

	__tz_lock();
	_tzset_unlocked_r(_REENT);
	if (daylight && gmtime_r(when, t))
		dst = summer(*when, t->tm_year + 1900, zone);
	there = (time_t)((unsigned long)*when - (unsigned long)zone->__tzrule[dst].offset);
	t = gmtime_r(&there, t);
	if (t) {
		t->tm_isdst = dst;
		t->tm_gmtoff = -zone->__tzrule[dst].offset;
		t->tm_zone = tzname[dst];
	}
	__tz_unlock();
	return t;
}

static struct tm shared;

struct tm *gmtime(const time_t *when)
{
	return gmtime_r(when, &shared);
}

struct tm *localtime(const time_t *when)
{
	return localtime_r(when, &shared);
}
