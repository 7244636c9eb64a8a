/* calendar.c - from a calendar in UTC to seconds.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <time.h>

/* Days from 1970-01-01 to the first of March of `year`: counting years from
 * March on puts the leap day at the end. */
static long long days_to_march(long long year)
{
	long long era = (year >= 0 ? year : year - 399) / 400;
	long long of_era = year - era * 400;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 - 719468;
}

time_t timegm(struct tm *t)
{
	long long month = t->tm_mon, year = t->tm_year + 1900LL, days, seconds;
	struct tm found;
	time_t r;

	year += month / 12;
	month %= 12;
	if (month < 0) {
		month += 12;
		year--;
	}
	month -= 2;
	if (month < 0) {
		month += 12;
		year--;
	}
	days = days_to_march(year) + (153 * month + 2) / 5 + t->tm_mday - 1;
	seconds = days * 86400 + t->tm_hour * 3600LL + t->tm_min * 60LL + t->tm_sec;
	r = (time_t)seconds;
	if (!gmtime_r(&r, &found))
		return -1;
	*t = found;
	return r;
}

int timespec_get(struct timespec *t, int base)
{
	return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, t) == 0 ? base : 0;
}
