/* mktime.c - from a calendar in local time to seconds.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As on Linux: guess with the difference to UTC found last time, look what the guess is in local
 * time, correct by how far it is off.  In the hour that a change leaves out the guesses alternate,
 * in the hour that comes twice the first that fits is taken.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <time.h>

#define GUESSES 6
#define FAR     (1LL << 55) /* seconds in years that an int counts */

static long long days_before(long long year, long long month)
{
	static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	long long y;

	year += month / 12;
	month %= 12;
	if (month < 0) {
		month += 12;
		year--;
	}
	y = year - (month < 2);
	/* leap days up to that month, in whole periods of 400 years from far below */
	y += 400LL * 10000000;
	return (year - 1970) * 365 + before[month] + y / 4 - y / 100 + y / 400 - 97LL * 10000000 -
	       477;
}

/* Its seconds if it were UTC. */
static long long as_utc(const struct tm *t)
{
	long long days = days_before(t->tm_year + 1900LL, t->tm_mon) + t->tm_mday - 1LL;

	return days * 86400 + t->tm_hour * 3600LL + t->tm_min * 60LL + t->tm_sec;
}

static bool local(long long t, struct tm *tm)
{
	time_t v = (time_t)t;

	return localtime_r(&v, tm) != NULL;
}

static long long search(long long want, int dst, struct tm *found, long long guess)
{
	long long t = guess, before = guess, before2 = guess;
	int dst_before = 0;

	for (int i = 0; i < GUESSES; i++) {
		long long off;

		if (!local(t, found))
			return -FAR;
		off = want - as_utc(found);
		if (off == 0)
			return t;
		if (i > 1 && t == before && t != before2 &&
		    (dst < 0 ? dst_before <= (found->tm_isdst != 0)
			     : (dst != 0) != (found->tm_isdst != 0)))
			return t;
		before2 = before;
		before = t;
		dst_before = found->tm_isdst != 0;
		t += off;
		if (i && t == before2 && t != before && dst < 0 && !dst_before) {
			local(t, found);
			return t;
		}
	}
	return t;
}

time_t mktime(struct tm *tm)
{
	static long long offset;
	__tzinfo_type *zone = __gettzinfo();
	long long want, t;
	struct tm found;

	tzset();
	want = as_utc(tm);
	t = search(want, tm->tm_isdst, &found, want + offset);
	if (t > -FAR && tm->tm_isdst >= 0 && (tm->tm_isdst != 0) != (found.tm_isdst != 0)) {
		if (zone->__tzrule[0].offset != zone->__tzrule[1].offset)
			t = want + zone->__tzrule[tm->tm_isdst != 0].offset;
		else /* there is no such time: an hour is what it mostly would be */
			t += tm->tm_isdst ? -3600 : 3600;
		if (!local(t, &found))
			t = -FAR;
	}
	if (t <= -FAR) {
		errno = EOVERFLOW;
		return -1;
	}
	offset = t - want;
	*tm = found;
	return (time_t)t;
}

time_t timelocal(struct tm *tm)
{
	return mktime(tm);
}
