/* strftime.c - a calendar in words, with GNU's flags and widths, in the C locale.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

struct output {
	char *to, *end;
	bool full;
};

/* What stands between % and the letter. */
struct spec {
	char pad;   /* _ - 0 + or 0: as usual */
	bool upper; /* ^ */
	bool swap;  /* # */
	int width;  /* -1: as usual */
};

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
				   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
				     "May",       "June",     "July",     "August",
				     "September", "October",  "November", "December"};

static void put(struct output *o, char c)
{
	if (o->to < o->end)
		*o->to++ = c;
	else
		o->full = true;
}

static void put_text(struct output *o, const struct spec *s, const char *text, size_t n)
{
	for (int i = (int)n; i < s->width; i++)
		put(o, s->pad == '0' || s->pad == '+' ? '0' : ' ');
	for (size_t i = 0; i < n; i++)
		put(o, s->upper  ? (char)toupper((unsigned char)text[i])
		       : s->swap ? (char)tolower((unsigned char)text[i])
				 : text[i]);
}

/* A number of at least so many digits, filled with `fill`, unless the flags say otherwise; 0: as
 * many as it has.  As glibc has it, a width that is not met by digits is filled like that of text.
 */
static void put_number(struct output *o, const struct spec *s, long v, int digits, char fill)
{
	char text[24], *p = text + sizeof(text);
	unsigned long u = v < 0 ? -(unsigned long)v : (unsigned long)v;
	int n;

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	n = (int)(text + sizeof(text) - p) + (v < 0);
	if (s->pad)
		fill = s->pad == '_' ? ' ' : '0';
	if (digits && s->width > digits)
		digits = s->width;
	if (s->pad == '-' || digits < n)
		digits = n;
	for (int i = digits; i < s->width; i++)
		put(o, s->pad == '0' || s->pad == '+' ? '0' : ' ');
	for (int i = n; fill == ' ' && i < digits; i++)
		put(o, ' ');
	if (v < 0)
		put(o, '-');
	for (int i = n; fill != ' ' && i < digits; i++)
		put(o, '0');
	while (p < text + sizeof(text))
		put(o, *p++);
}

static bool leap(long y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Weeks begin on Monday; the first is the one with the year's first Thursday. */
static long iso_week(const struct tm *t, long *year)
{
	long y = t->tm_year + 1900L, monday = t->tm_yday - (t->tm_wday + 6) % 7, length;

	if (monday + 3 < 0) {
		y--;
		monday += leap(y) ? 366 : 365;
	}
	length = leap(y) ? 366 : 365;
	if (monday + 3 >= length) {
		monday -= length;
		y++;
	}
	*year = y;
	return (monday + 3) / 7 + 1;
}

static void put_zone(struct output *o, const struct spec *s, const struct tm *t)
{
	long off = t->tm_gmtoff, v = labs(off) / 60;
	struct spec number = *s;

	if (t->tm_isdst < 0)
		return;
	put(o, off < 0 ? '-' : '+');
	number.width = s->width > 0 ? s->width - 1 : -1;
	put_number(o, &number, v / 60 * 100 + v % 60, 4, '0');
}

static void format(struct output *o, const char *f, const struct tm *t);

static void composed(struct output *o, const struct spec *s, const char *f, const struct tm *t)
{
	char text[128];
	struct output inner = {text, text + sizeof(text), false};
	struct spec whole = *s;

	whole.swap = false; /* of no use for more than one */
	format(&inner, f, t);
	put_text(o, &whole, text, (size_t)(inner.to - text));
}

static void name(struct output *o, struct spec *s, const char *const *list, int i, int n,
		 bool whole)
{
	const char *text = i >= 0 && i < n ? list[i] : "?";

	if (s->swap)
		s->upper = true;
	put_text(o, s, text, whole || *text == '?' ? strlen(text) : 3);
}

static int hour12(const struct tm *t)
{
	return t->tm_hour % 12 ? t->tm_hour % 12 : 12;
}

static bool numbers(struct output *o, const struct spec *s, char letter, const struct tm *t)
{
	long year = t->tm_year + 1900L, other = 0, week = 0;
	struct tm copy;

	if (strchr("gGV", letter))
		week = iso_week(t, &other);
	switch (letter) {
	case 'C':
		put_number(o, s, year / 100 - (year % 100 < 0), 1, '0');
		break;
	case 'd':
		put_number(o, s, t->tm_mday, 2, '0');
		break;
	case 'e':
		put_number(o, s, t->tm_mday, 2, ' ');
		break;
	case 'g':
		put_number(o, s, (other % 100 + 100) % 100, 2, '0');
		break;
	case 'G':
		put_number(o, s, other, 1, '0');
		break;
	case 'H':
		put_number(o, s, t->tm_hour, 2, '0');
		break;
	case 'I':
		put_number(o, s, hour12(t), 2, '0');
		break;
	case 'j':
		put_number(o, s, t->tm_yday + 1, 3, '0');
		break;
	case 'k':
		put_number(o, s, t->tm_hour, 2, ' ');
		break;
	case 'l':
		put_number(o, s, hour12(t), 2, ' ');
		break;
	case 'm':
		put_number(o, s, t->tm_mon + 1, 2, '0');
		break;
	case 'M':
		put_number(o, s, t->tm_min, 2, '0');
		break;
	case 's':
		copy = *t;
		put_number(o, s, mktime(&copy), 0, '0');
		break;
	case 'S':
		put_number(o, s, t->tm_sec, 2, '0');
		break;
	case 'u':
		put_number(o, s, (t->tm_wday + 6) % 7 + 1, 1, '0');
		break;
	case 'U':
		put_number(o, s, (t->tm_yday + 7 - t->tm_wday) / 7, 2, '0');
		break;
	case 'V':
		put_number(o, s, week, 2, '0');
		break;
	case 'w':
		put_number(o, s, t->tm_wday, 1, '0');
		break;
	case 'W':
		put_number(o, s, (t->tm_yday + 7 - (t->tm_wday + 6) % 7) / 7, 2, '0');
		break;
	case 'y':
		put_number(o, s, (year % 100 + 100) % 100, 2, '0');
		break;
	case 'Y':
		put_number(o, s, year, 1, '0');
		break;
	default:
		return false;
	}
	return true;
}

static bool texts(struct output *o, struct spec *s, char letter, const struct tm *t)
{
	static const char *const half[] = {"AM", "PM", "am", "pm"};
	const char *zone = t->tm_zone ? t->tm_zone : "";

	switch (letter) {
	case 'a':
		name(o, s, days, t->tm_wday, 7, false);
		break;
	case 'A':
		name(o, s, days, t->tm_wday, 7, true);
		break;
	case 'b':
	case 'h':
		name(o, s, months, t->tm_mon, 12, false);
		break;
	case 'B':
		name(o, s, months, t->tm_mon, 12, true);
		break;
	case 'c':
		composed(o, s, "%a %b %e %H:%M:%S %Y", t);
		break;
	case 'D':
	case 'x':
		composed(o, s, "%m/%d/%y", t);
		break;
	case 'F':
		composed(o, s, "%Y-%m-%d", t);
		break;
	case 'p':
		put_text(o, s, half[(t->tm_hour > 11) + (s->swap ? 2 : 0)], 2);
		break;
	case 'P':
		put_text(o, s, half[(t->tm_hour > 11) + 2], 2);
		break;
	case 'r':
		composed(o, s, "%I:%M:%S %p", t);
		break;
	case 'R':
		composed(o, s, "%H:%M", t);
		break;
	case 'T':
	case 'X':
		composed(o, s, "%H:%M:%S", t);
		break;
	case 'n':
		put_text(o, s, "\n", 1);
		break;
	case 't':
		put_text(o, s, "\t", 1);
		break;
	case 'z':
		put_zone(o, s, t);
		break;
	case 'Z':
		put_text(o, s, zone, strlen(zone));
		break;
	case '%':
		put_text(o, s, "%", 1);
		break;
	default:
		return false;
	}
	return true;
}

static void format(struct output *o, const char *f, const struct tm *t)
{
	while (*f) {
		struct spec s = {0, false, false, -1};
		const char *from = f;

		if (*f++ != '%') {
			put(o, *from);
			continue;
		}
		for (; *f && strchr("_-0+^#", *f); f++) {
			if (*f == '^')
				s.upper = true;
			else if (*f == '#')
				s.swap = true;
			else
				s.pad = *f;
		}
		if (isdigit((unsigned char)*f))
			s.width = (int)strtol(f, (char **)&f, 10);
		if (*f == 'E' || *f == 'O')
			f++;
		if (*f && (numbers(o, &s, *f, t) || texts(o, &s, *f, t))) {
			f++;
			continue;
		}
		if (*f)
			f++;
		while (from < f) /* nobody knows what it means */
			put(o, *from++);
	}
}

size_t strftime(char *restrict to, size_t room, const char *restrict f, const struct tm *restrict t)
{
	struct output o = {to, to + room, false};

	tzset();
	format(&o, f, t);
	put(&o, '\0');
	return o.full ? 0 : (size_t)(o.to - to) - 1;
}

size_t strftime_l(char *restrict to, size_t room, const char *restrict f,
		  const struct tm *restrict t, locale_t locale)
{
	(void)locale;
	return strftime(to, room, f, t);
}

size_t wcsftime(wchar_t *restrict to, size_t room, const wchar_t *restrict f,
		const struct tm *restrict t)
{
	size_t n = wcslen(f) * MB_CUR_MAX + 1, r = 0, most = room * MB_CUR_MAX + 1;
	char *narrow = malloc(n), *text = malloc(most);

	if (narrow && text && wcstombs(narrow, f, n) != (size_t)-1 &&
	    (strftime(text, most, narrow, t) || !*f)) {
		r = mbstowcs(to, text, room);
		if (r >= room)
			r = 0;
	}
	free(narrow);
	free(text);
	return r;
}

size_t wcsftime_l(wchar_t *restrict to, size_t room, const wchar_t *restrict f,
		  const struct tm *restrict t, locale_t locale)
{
	(void)locale;
	return wcsftime(to, room, f, t);
}
