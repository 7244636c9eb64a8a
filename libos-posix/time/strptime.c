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
	bool pm, half, year, month, day, wday, yday;
};

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
				   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
				     "May",       "June",     "July",     "August",
				     "September", "October",  "November", "December"};

static const char *take(const char *s, const char *f, struct seen *x);

/* Up to `digits` digits, from low to high. */
static bool number(const char **s, int digits, int low, int high, int *v)
{
	long n = 0;

	while (isspace((unsigned char)**s))
		++*s;
	if (!isdigit((unsigned char)**s))
		return false;
	for (; digits-- && isdigit((unsigned char)**s); ++*s)
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
	if (v % 100 >= 60 || v > 1400)
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
		x->week_of = letter;
		return number(s, 2, 0, 53, &x->week);
	case 'V':
		return number(s, 2, 0, 53, &v);
	case 'y':
		if (!number(s, 2, 0, 99, &v))
			return false;
		t->tm_year = v >= 69 ? v : v + 100;
		return x->year = true;
	case 'Y':
		if (!number(s, 4, 0, 9999, &v))
			return false;
		t->tm_year = v - 1900;
		x->century = -1;
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

static const char *take(const char *s, const char *f, struct seen *x)
{
	for (; *f; f++) {
		if (isspace((unsigned char)*f) || (*f == '%' && (f[1] == 'n' || f[1] == 't'))) {
			while (isspace((unsigned char)*s))
				s++;
			f += *f == '%';
			continue;
		}
		if (*f != '%' || *++f == '%') {
			if (*s++ != *f)
				return NULL;
			continue;
		}
		while (*f && strchr("-_0^#", *f))
			f++;
		f += *f == 'E' || *f == 'O';
		if (composed(*f)) {
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

static bool leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int before(int year, int month)
{
	static const short days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

	return days_before[month] + (leap(year) && month > 1);
}

static int weekday(int year, int yday)
{
	long y = year - 1L, d = y * 365 + y / 4 - y / 100 + y / 400 + yday + 1;

	return (int)((d % 7 + 7) % 7);
}

/* Fields that follow from those named. */
static void complete(struct seen *x)
{
	struct tm *t = x->t;
	int year;

	if (x->half)
		t->tm_hour += x->pm ? 12 : 0;
	if (x->century >= 0) {
		t->tm_year = (x->year ? t->tm_year % 100 : 0) + (x->century - 19) * 100;
		x->year = true;
	}
	year = t->tm_year + 1900;
	if (x->week_of && x->year && x->wday && !x->yday) {
		int first = weekday(year, 0), monday = x->week_of == 'W';

		t->tm_yday = (7 - (first - monday)) % 7 + (x->week - 1) * 7 +
			     (t->tm_wday - monday + 7) % 7;
		x->yday = true;
	}
	if (x->yday && x->year && !(x->month && x->day)) {
		int m = 11;

		while (m && before(year, m) > t->tm_yday)
			m--;
		if (!x->month)
			t->tm_mon = m;
		if (!x->day)
			t->tm_mday = t->tm_yday - before(year, m) + 1;
		x->month = x->day = true;
	}
	if ((x->year || x->month || x->day) && t->tm_mon >= 0 && t->tm_mon < 12 && t->tm_mday > 0) {
		if (!x->yday)
			t->tm_yday = before(year, t->tm_mon) + t->tm_mday - 1;
		if (!x->wday)
			t->tm_wday = weekday(year, t->tm_yday);
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
