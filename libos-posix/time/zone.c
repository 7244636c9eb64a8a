/* zone.c - the time zone, from the rules in TZ or in a file of the zone database.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * newlib asks for a year's two changes (__tzcalc_limits) and does the rest.  Of a file only its
 * last line is used, the rules for the future: they also hold for the years before.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <reent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY   86400L
#define NAME  16
#define RULES "M3.2.0,M11.1.0"

void _tzset_unlocked_r(struct _reent *);
void __tz_lock(void);
void __tz_unlock(void);
int __tzcalc_limits(int);

char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;

extern char *_tzname[2] __attribute__((alias("tzname")));
extern long _timezone __attribute__((alias("timezone")));
extern int _daylight __attribute__((alias("daylight")));

static char names[2][NAME];

/* Three letters or more, or anything between < and >. */
static bool take_name(const char **s, char *name)
{
	bool quoted = **s == '<';
	const char *from = *s + quoted, *end = from;

	while (isalpha((unsigned char)*end) ||
	       (quoted && (isdigit((unsigned char)*end) || *end == '+' || *end == '-')))
		end++;
	name[0] = '\0';
	if (end - from < 3 || end - from >= NAME || (quoted && *end != '>'))
		return false;
	memcpy(name, from, (size_t)(end - from));
	name[end - from] = '\0';
	*s = end + quoted;
	return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(const char **s, long *seconds, long most)
{
	long sign = **s == '-' ? -1 : 1, part[3] = {0}, n;

	if (**s == '+' || **s == '-')
		++*s;
	for (int i = 0; i < 3; i++) {
		if (!isdigit((unsigned char)**s))
			return i > 0;
		n = strtol(*s, (char **)s, 10);
		part[i] = n < (i ? 59 : most) ? n : i ? 59 : most;
		*seconds = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
		if (**s != ':')
			break;
		++*s;
	}
	return true;
}

static long take_number(const char **s)
{
	return isdigit((unsigned char)**s) ? strtol(*s, (char **)s, 10) : -1;
}

/* Mm.n.d, Jn or n, then perhaps /time. */
static bool take_rule(const char **s, __tzrule_type *r)
{
	long seconds = 2 * 3600;

	r->ch = **s == 'M' || **s == 'J' ? *(*s)++ : 'D';
	if (r->ch == 'M') {
		r->m = (int)take_number(s);
		if (**s == '.')
			++*s;
		r->n = (int)take_number(s);
		if (**s == '.')
			++*s;
	}
	r->d = (int)take_number(s);
	if (r->d < 0 ||
	    (r->ch == 'M' && (r->m < 1 || r->m > 12 || r->n < 1 || r->n > 5 || r->d > 6)))
		return false;
	if (**s == '/') {
		++*s;
		take_time(s, &seconds, 167);
	}
	r->s = (int)seconds;
	return true;
}

static bool take_rules(const char *s, __tzrule_type *r)
{
	if (*s++ != ',' || !*s)
		s = RULES;
	if (!take_rule(&s, &r[0]) || *s++ != ',')
		return false;
	return take_rule(&s, &r[1]);
}

static void never(__tzrule_type *r)
{
	for (int i = 0; i < 2; i++) {
		r[i].ch = 'J';
		r[i].d = 1;
		r[i].s = 0;
	}
}

/* What TZ says; false: it has no offset. */
static bool parse(const char *s, __tzrule_type *r)
{
	long west = 0, summer;

	never(r);
	strcpy(names[1], "");
	r[0].offset = r[1].offset = 0;
	if (!take_name(&s, names[0]) || !take_time(&s, &west, 24))
		return false;
	r[0].offset = r[1].offset = west;
	strcpy(names[1], names[0]);
	if (!*s || !take_name(&s, names[1])) {
		strcpy(names[1], names[0]);
		return true;
	}
	summer = west - 3600;
	if (*s != ',' && *s)
		take_time(&s, &summer, 24);
	r[1].offset = summer;
	if (!take_rules(s, r))
		never(r);
	return true;
}

/* The last line of a zone file: "\n" rules "\n". */
static bool from_file(const char *name, __tzrule_type *r)
{
	char path[256] = "/usr/share/zoneinfo/", end[128], *line;
	off_t size;
	ssize_t n;
	int fd;

	if (*name == '/')
		path[0] = '\0';
	if (!*name || strstr(name, "..") || strlen(path) + strlen(name) >= sizeof(path))
		return false;
	fd = open(strcat(path, name), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = lseek(fd, 0, SEEK_END);
	n = pread(fd, end, sizeof(end) - 1,
		  size < (off_t)sizeof(end) ? 0 : size - (off_t)sizeof(end) + 1);
	close(fd);
	if (n < 3 || end[n - 1] != '\n')
		return false;
	end[n - 1] = '\0';
	line = memrchr(end, '\n', (size_t)n - 1);
	return line && parse(line + 1, r);
}

static void set(const char *tz)
{
	__tzinfo_type *info = __gettzinfo();
	__tzrule_type *r = info->__tzrule;
	int before = errno;

	if (tz && *tz == ':')
		tz++;
	if (!from_file(tz ? tz : "/etc/localtime", r))
		parse(tz && *tz ? tz : "UTC0", r);
	errno = before;
	tzname[0] = names[0];
	tzname[1] = names[1];
	timezone = r[0].offset;
	daylight = r[0].offset != r[1].offset || strcmp(names[0], names[1]) != 0;
	daylight = daylight && *names[1];
	info->__tzyear = -1;
}

void _tzset_unlocked_r(struct _reent *reent)
{
	static char *last;
	static bool done;
	const char *tz = getenv("TZ");

	(void)reent;
	if (done && (tz ? last && !strcmp(tz, last) : !last))
		return;
	free(last);
	last = tz ? strdup(tz) : NULL;
	done = true;
	set(tz);
}

void _tzset_r(struct _reent *reent)
{
	__tz_lock();
	_tzset_unlocked_r(reent);
	__tz_unlock();
}

static bool leap(long year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from the beginning of `year`, whose first is weekday `first`, to a change. */
static long day_of(const __tzrule_type *r, long year, long first)
{
	static const short before[13] = {0,   31,  59,  90,  120, 151, 181,
					 212, 243, 273, 304, 334, 365};
	long start, end, d;

	if (r->ch == 'D')
		return r->d;
	if (r->ch == 'J')
		return r->d - 1 + (leap(year) && r->d >= 60);
	start = before[r->m - 1] + (leap(year) && r->m > 2);
	end = before[r->m] + (leap(year) && r->m > 1);
	d = start + (r->d - (first + start) % 7 + 7) % 7 + 7 * (r->n - 1);
	return d < end ? d : d - 7;
}

/* Before 1970 the changes are those of 1970, hence yet to come: as on Linux. */
int __tzcalc_limits(int year)
{
	__tzinfo_type *info = __gettzinfo();
	long y = year - 1L, days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;

	if (year < 1)
		return 0;
	for (int i = 0; i < 2; i++) {
		__tzrule_type *r = &info->__tzrule[i];
		long d = day_of(r, year, ((days + 4) % 7 + 7) % 7);

		r->change = (year < 1970 ? d : days + d) * DAY + r->s + r->offset;
	}
	info->__tzyear = year;
	info->__tznorth = info->__tzrule[0].change <= info->__tzrule[1].change;
	return 1;
}
