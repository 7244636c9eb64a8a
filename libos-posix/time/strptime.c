/* strptime.c - a calendar from words, in the C locale.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* What is known besides the fields of struct tm. */
struct seen {
	struct tm *t;
	int century, week, week_of; /* -1: not named; week_of: 'U' or 'W' */
	bool pm, half, two, year, month, day, wday, yday;
};

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
				   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
				     "May",       "June",     "July",     "August",
				     "September", "October",  "November", "December"};

static const char *take(const char *s, const char *f, struct seen *x);

/* Up to `digits` digits, from low to high; one that would lead beyond is not its own, as on Linux.
 */
static bool number(const char **s, int digits, int low, int high, int *v)
{
	long n = 0;

	while (isspace((unsigned char)**s))
		++*s;
	if (!isdigit((unsigned char)**s))
		return false;
	for (; digits-- && isdigit((unsigned char)**s) && n * 10 <= high; ++*s)
		n = n * 10 + (**s - '0');
	if (n < low || n > high)
		return false;
	*v = (int)n;
	return true;
}

static bool name(const char **s, const char *const *list, int n, int *v)
{
	for (int i = 0; i < n; i++) {
		size_t whole = strlen(list[i]);

		if (strncasecmp(*s, list[i], 3))
			continue;
		*s += strncasecmp(*s, list[i], whole) ? 3 : whole;
		*v = i;
		return true;
	}
	return false;
}

/* +hh, +hhmm, +hh:mm or Z. */
static bool zone(const char **s, struct tm *t)
{
	int n = 0, v = 0, sign;

	while (isspace((unsigned char)**s))
		++*s;
	if (**s == 'Z') {
		++*s;
		t->tm_gmtoff = 0;
		return true;
	}
	if (**s != '+' && **s != '-')
		return false;
	sign = *(*s)++ == '-' ? -1 : 1;
	for (; n < 4 && isdigit((unsigned char)**s); n++) {
		v = v * 10 + *(*s)++ - '0';
		if (n == 1 && **s == ':')
			++*s;
	}
	if (n == 2)
		v *= 100;
	else if (n != 4)
		return false;
	if (v % 100 >= 60)
		return false;
	t->tm_gmtoff = sign * (v / 100 * 3600L + v % 100 * 60L);
	return true;
}

static bool seconds(const char **s, struct tm *t)
{
	char *end;
	time_t v = strtol(*s, &end, 10);

	if (end == *s)
		return false;
	*s = end;
	return localtime_r(&v, t) != NULL;
}

static bool field(const char **s, char letter, struct seen *x)
{
	struct tm *t = x->t;
	int v;

	switch (letter) {
	case 'a':
	case 'A':
		return x->wday = name(s, days, 7, &t->tm_wday);
	case 'b':
	case 'B':
	case 'h':
		return x->month = name(s, months, 12, &t->tm_mon);
	case 'C':
		return number(s, 2, 0, 99, &x->century);
	case 'd':
	case 'e':
		return x->day = number(s, 2, 1, 31, &t->tm_mday);
	case 'g':
		return number(s, 2, 0, 99, &v);
	case 'G':
		return number(s, 4, 0, 9999, &v);
	case 'k':
	case 'H':
		x->half = false;
		return number(s, 2, 0, 23, &t->tm_hour);
	case 'l':
	case 'I':
		if (!number(s, 2, 1, 12, &v))
			return false;
		t->tm_hour = v % 12;
		return x->half = true;
	case 'j':
		if (!number(s, 3, 1, 366, &v))
			return false;
		t->tm_yday = v - 1;
		return x->yday = true;
	case 'm':
		if (!number(s, 2, 1, 12, &v))
			return false;
		t->tm_mon = v - 1;
		return x->month = true;
	case 'M':
		return number(s, 2, 0, 59, &t->tm_min);
	case 'p':
	case 'P':
		if (strncasecmp(*s, "AM", 2) && strncasecmp(*s, "PM", 2))
			return false;
		x->pm = tolower((unsigned char)**s) == 'p';
		*s += 2;
		return true;
	case 's':
		return seconds(s, t);
	case 'S':
		return number(s, 2, 0, 61, &t->tm_sec);
	case 'u':
		if (!number(s, 1, 1, 7, &v))
			return false;
		t->tm_wday = v % 7;
		return x->wday = true;
	case 'w':
		return x->wday = number(s, 1, 0, 6, &t->tm_wday);
	case 'U':
	case 'W':
		x->week_of = x->week_of == 'U' ? 'U' : letter;
		return number(s, 2, 0, 53, &x->week);
	case 'V':
		return number(s, 2, 0, 53, &v);
	case 'y':
		if (!number(s, 2, 0, 99, &v))
			return false;
		t->tm_year = v >= 69 ? v : v + 100;
		return x->year = x->two = true;
	case 'Y':
		if (!number(s, 4, 0, 9999, &v))
			return false;
		t->tm_year = v - 1900;
		x->two = false; /* a century goes before it, as on Linux */
		return x->year = true;
	case 'z':
		return zone(s, t);
	}
	return false;
}

static const char *composed(char letter)
{
	switch (letter) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'r':
		return "%I:%M:%S %p";
	case 'R':
		return "%H:%M";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	}
	return NULL;
}

/* What stands between % and the letter is strftime's. */
static const char *letter_of(const char *f)
{
	f += strspn(f, "-_^#0123456789");
	return f + (*f == 'E' || *f == 'O');
}

static const char *take(const char *s, const char *f, struct seen *x)
{
	for (; *f; f++) {
		bool plain = *f != '%';

		if (!plain)
			f = letter_of(f + 1);
		if (plain ? isspace((unsigned char)*f) : *f == 'n' || *f == 't') {
			while (isspace((unsigned char)*s))
				s++;
		} else if (plain || *f == '%') {
			if (*s++ != *f)
				return NULL;
		} else if (composed(*f)) {
			s = take(s, composed(*f), x);
			if (!s)
				return NULL;
		} else if (*f == 'Z') {
			while (isalpha((unsigned char)*s))
				s++;
		} else if (!field(&s, *f, x)) {
			return NULL;
		}
	}
	return s;
}

static bool leap(long y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int before(long year, int month)
{
	static const short days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

	return days_before[month] + (leap(year) && month > 1);
}

static int weekday(long year, long yday)
{
	long y = year % 400 + 799, d = y * 365 + y / 4 - y / 100 + y / 400 + yday + 1;

	return (int)((d % 7 + 7) % 7);
}

/* Month and day of the month that were not named, from the day of the year. */
static void date(struct seen *x, long year)
{
	struct tm *t = x->t;
	int m = 11;

	while (m && before(year, m) > t->tm_yday)
		m--;
	if (!x->month)
		t->tm_mon = m;
	if (!x->day)
		t->tm_mday = t->tm_yday - before(year, m) + 1;
}

/* Fields that follow from those named: what was not named is taken as it is, as on Linux. */
static void complete(struct seen *x)
{
	struct tm *t = x->t;
	bool part = x->year || x->month || x->day || x->century >= 0;
	long year, yday;

	if (x->half)
		t->tm_hour += x->pm ? 12 : 0;
	if (x->century >= 0)
		t->tm_year = (x->two ? t->tm_year % 100 : 0) + (x->century - 19) * 100;
	year = t->tm_year + 1900L;
	if (part && !x->wday && x->yday)
		date(x, year);
	if (part && t->tm_mon >= 0 && t->tm_mon < 12) {
		yday = before(year, t->tm_mon) + t->tm_mday - 1L;
		if (!x->wday)
			t->tm_wday = weekday(year, yday);
		if (!x->yday)
			t->tm_yday = (int)yday;
	}
	if (x->week_of && x->wday) {
		int first = weekday(year, 0), monday = x->week_of == 'W';

		if (!x->yday)
			t->tm_yday = (7 - (first - monday)) % 7 + (x->week - 1) * 7 +
				     (t->tm_wday - monday + 7) % 7;
		date(x, year);
	}
}

char *strptime(const char *restrict s, const char *restrict f, struct tm *restrict t)
{
	struct seen x = {.t = t, .century = -1, .week = -1};
	const char *end = take(s, f, &x);

	if (end)
		complete(&x);
	return (char *)end;
}

char *strptime_l(const char *restrict s, const char *restrict f, struct tm *restrict t,
		 locale_t locale)
{
	(void)locale;
	return strptime(s, f, t);
}
