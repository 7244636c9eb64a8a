/* fuzz_times.c - fuzz target: time zones, calendars, and both as text.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle is the host's C library.  Zones that nobody may write are only tried.
 */
#undef getenv
#undef open
#include "fuzz.h"

#include <locale.h>

size_t host_strftime(char *to, size_t room, const char *format,
		     const struct tm *t) __asm__("strftime");
char *host_strptime(const char *s, const char *format, struct tm *t) __asm__("strptime");
struct tm *host_gmtime_r(const time_t *when, struct tm *t) __asm__("gmtime_r");
struct tm *host_localtime_r(const time_t *when, struct tm *t) __asm__("localtime_r");
time_t host_mktime(struct tm *t) __asm__("mktime");
time_t host_timegm(struct tm *t) __asm__("timegm");
void host_tzset(void) __asm__("tzset");
void _tzset_unlocked_r(struct _reent *);
int __tzcalc_limits(int);

static char zone[200] = "TZ=";
static char file[300];
static size_t file_bytes;
static bool has_file;
static __tzinfo_type info;

__tzinfo_type *__gettzinfo(void)
{
	return &info;
}

void __tz_lock(void)
{
}

void __tz_unlock(void)
{
}

void tzset(void)
{
	_tzset_unlocked_r(NULL);
}

char *zone_getenv(const char *name)
{
	must(!strcmp(name, "TZ"));
	return zone + 3;
}

int zone_open(const char *path, int flags)
{
	must(strlen(path) < 256 && !strstr(path, "..") && flags == (O_RDONLY | O_CLOEXEC));
	return has_file ? 5 : -1;
}

off_t zone_seek(int fd, off_t to, int from)
{
	must(fd == 5 && !to && from == SEEK_END);
	return (off_t)file_bytes;
}

ssize_t zone_read(int fd, void *to, size_t n, off_t at)
{
	must(fd == 5 && at >= 0 && (size_t)at <= file_bytes);
	n = n < file_bytes - (size_t)at ? n : file_bytes - (size_t)at;
	memcpy(to, file + at, n);
	return (ssize_t)n;
}

int zone_close(int fd)
{
	must(fd == 5);
	return 0;
}

static bool same(const struct tm *a, const struct tm *b)
{
	return a->tm_sec == b->tm_sec && a->tm_min == b->tm_min && a->tm_hour == b->tm_hour &&
	       a->tm_mday == b->tm_mday && a->tm_mon == b->tm_mon && a->tm_year == b->tm_year &&
	       a->tm_wday == b->tm_wday && a->tm_yday == b->tm_yday && a->tm_isdst == b->tm_isdst &&
	       a->tm_gmtoff == b->tm_gmtoff;
}

static char *put_name(struct input *in, char *p, char first)
{
	uint64_t how = get_below(in, 16), n = 2 + get_below(in, 6);

	*p = '<';
	p += how < 4;
	*p++ = first;
	for (; n; n--)
		*p++ = how < 4 ? "+-0123456789ABCab"[get_below(in, 17)]
			       : (char)('A' + get_below(in, 26) + (how & 4) * 8);
	*p = '>';
	return p + (how < 4);
}

static char *put_time(struct input *in, char *p, uint64_t most, bool sign)
{
	uint64_t how = get_below(in, 8);

	if (sign && how & 1)
		*p++ = how & 2 ? '-' : '+';
	p += sprintf(p, how & 4 ? "%02lu" : "%lu", get_below(in, most + 1));
	for (uint64_t n = get_below(in, 3); n && how & 4; n--)
		p += sprintf(p, ":%02lu", get_below(in, 60));
	return p;
}

static char *put_rule(struct input *in, char *p)
{
	switch (get_below(in, 4)) {
	case 0:
		p += sprintf(p, ",J%lu",
			     get_below(in, 2) ? 1 + get_bytes(in, 2) % 365 : 58 + get_below(in, 4));
		break;
	case 1:
		p += sprintf(p, ",%lu", get_bytes(in, 2) % 366);
		break;
	default:
		p += sprintf(p, ",M%lu.%lu.%lu", 1 + get_below(in, 12), 1 + get_below(in, 5),
			     get_below(in, 7));
	}
	if (get_below(in, 2)) {
		*p++ = '/';
		p = put_time(in, p, get_below(in, 4) ? 24 : 167, get_below(in, 2));
	}
	return p;
}

/* A zone as POSIX allows it. */
static void put_zone(struct input *in)
{
	char *p = put_name(in, zone + 3, 'S');

	p = put_time(in, p, 24, true);
	if (get_below(in, 4)) {
		p = put_name(in, p, 'D');
		if (get_below(in, 2))
			p = put_time(in, p, 24, true);
		if (get_below(in, 4)) {
			p = put_rule(in, p);
			p = put_rule(in, p);
		}
	}
	*p = '\0';
}

static time_t some_time(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);

	if (how & 1 && how & 2)
		return (time_t)get_number(in);
	if (how & 1) { /* about when the zone changes */
		__tzcalc_limits(1971 + (int)get_bytes(in, 1));
		return info.__tzrule[how >> 7].change + (int)(how >> 2 & 7) - 3;
	}
	return (time_t)get_bytes(in, 4) + (how & 4 ? 0 : 1 << 27);
}

static void local_times(struct input *in)
{
	struct tm mine, other;

	tzset();
	host_tzset();
	for (int i = 0; i < 8; i++) {
		time_t t = some_time(in);
		struct tm *r = localtime_r(&t, &mine);

		must(!r == !host_localtime_r(&t, &other));
		if (!r || mine.tm_year < 71 || mine.tm_year > 8000)
			continue;
		must(same(&mine, &other) && !strcmp(mine.tm_zone, other.tm_zone));
		must(mktime(&mine) == t);
	}
}

/* Any bytes, as the variable or as the end of a file. */
static void any_zone(struct input *in)
{
	size_t n = 0;
	struct tm t;

	has_file = get_below(in, 2);
	file_bytes = 0;
	while (has_file && file_bytes < sizeof(file) && in->at < in->end)
		file[file_bytes++] = (char)get_bytes(in, 1);
	while (!has_file && n < sizeof(zone) - 4 && in->at < in->end)
		n += !!(zone[3 + n] = (char)get_bytes(in, 1));
	zone[3 + n] = '\0';
	if (has_file)
		sprintf(zone + 3, "x%lu", file_bytes);
	tzset();
	for (int i = 0; i < 4; i++) {
		time_t when = (time_t)(i << 28);

		must(localtime_r(&when, &t) && t.tm_gmtoff > -200000 && t.tm_gmtoff < 200000);
		must(strlen(t.tm_zone) < 16);
	}
}

static int some_field(struct input *in, int low, int high, bool wild)
{
	return wild ? (int)get_number(in) : low + (int)(get_bytes(in, 2) % (1u + high - low));
}

static struct tm some_tm(struct input *in, bool wild)
{
	struct tm t = {.tm_sec = some_field(in, 0, 60, wild),
		       .tm_min = some_field(in, 0, 59, wild),
		       .tm_hour = some_field(in, 0, 23, wild),
		       .tm_mday = some_field(in, 1, 31, wild),
		       .tm_mon = some_field(in, 0, 11, wild),
		       .tm_year = some_field(in, -1900, 8099, wild),
		       .tm_wday = some_field(in, 0, 6, false),
		       .tm_yday = some_field(in, 0, 365, false),
		       .tm_isdst = some_field(in, -1, 1, false),
		       .tm_gmtoff = 60 * some_field(in, -1439, 1439, false),
		       .tm_zone = "ZON"};

	return t;
}

static void utc(struct input *in)
{
	struct tm t = some_tm(in, get_below(in, 2)), mine = t, other = t;
	time_t when = (time_t)get_number(in), a, b;

	a = timegm(&mine);
	b = host_timegm(&other);
	must(a == b && (a == -1 || same(&mine, &other)));
	must(!gmtime_r(&when, &mine) == !host_gmtime_r(&when, &other));
	if (gmtime_r(&when, &mine))
		must(same(&mine, &other));
}

static char *put_format(struct input *in, char *p, const char *letters)
{
	for (int i = 0; i < 6 && in->at < in->end; i++) {
		uint8_t how = (uint8_t)get_bytes(in, 1);
		char letter;

		if (how >= 0xf0) {
			*p++ = (char)(' ' + get_below(in, 95));
			continue;
		}
		*p++ = '%';
		letter = letters[get_below(in, strlen(letters))];
		if (how & 1)
			*p++ = "_-0^#"[get_below(in, 5)];
		if (how & 2 && how & 4 && letter != 'z')
			p += sprintf(p, "%lu", 1 + get_below(in, 30));
		*p++ = letter;
		if (how & 8)
			*p++ = " :/-x\n"[get_below(in, 6)];
	}
	*p = '\0';
	return p;
}

static void to_text(struct input *in)
{
	char format[200], mine[300], other[300];
	struct tm t = some_tm(in, false);
	size_t room = get_below(in, 4) ? sizeof(mine) : get_below(in, 40), n;

	strcpy(zone, "TZ=UTC0");
	put_format(in, format, "aAbBcCdDeFgGhHIjklmMnprRsSTuUVwWxXyYzZt%");
	n = strftime(mine, room, format, &t);
	must(n == host_strftime(other, room, format, &t) && !memcmp(mine, other, n + (n > 0)));
}

static void from_text(struct input *in)
{
	char format[200], text[300];
	struct tm t = some_tm(in, false), mine = {.tm_mday = 1}, other = {.tm_mday = 1};
	const char *a, *b;

	put_format(in, format, "aAbBcCdDeFhHIjklmMnprRSTuUwWxXyYzt%");
	strcpy(zone, "TZ=UTC0");
	if (!host_strftime(text, sizeof(text), format, &t))
		return;
	for (uint64_t n = get_below(in, 3); n && *text; n--)
		text[get_below(in, strlen(text))] = (char)(' ' + get_below(in, 95));
	a = strptime(text, format, &mine);
	b = host_strptime(text, format, &other);
	if (b && (other.tm_year <= -1900 || other.tm_yday < 0 || other.tm_yday > 364))
		return;
	must(a == b && (!a || same(&mine, &other)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	struct input in = {data, data + size};

	if (!begun) {
		setenv("TZDIR", "/nowhere", 1);
		putenv(zone);
	}
	begun = true;
	has_file = false;
	switch (get_bytes(&in, 1) % 5) {
	case 0:
		put_zone(&in);
		local_times(&in);
		break;
	case 1:
		any_zone(&in);
		break;
	case 2:
		utc(&in);
		break;
	case 3:
		to_text(&in);
		break;
	default:
		from_text(&in);
	}
	return 0;
}
