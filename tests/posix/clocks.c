/* clocks.c - calendars: formats, zones, what mktime mends.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static void formats(void)
{
	static const char *const f[] = {"%a %A %b %B %c",
					"%C %d %D %e %F",
					"%g %G %h %H %I",
					"%j %m %M %n %p %P",
					"%r %R %S %t %T",
					"%u %U %V %w %W",
					"%x %X %y %Y %z %Z %%",
					"%s %k %l",
					"%Ec %EC %Ex %EX %Ey %EY",
					"%Od %Oe %OH %OI %Om %OM %OS %Ou %OU %OV %Ow %OW %Oy",
					"%-d %_d %05d %^a %#Z %^B %10Y",
					"%5d|%_5m|%-H",
					"%h"};
	static const time_t t[] = {0,  951782400,     1709251199, 1700000000,
				   -1, -86400 * 366L, 4102444800, 253402300799};
	char b[200];
	struct tm tm;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		gmtime_r(&t[i], &tm);
		for (size_t j = 0; j < sizeof(f) / sizeof(f[0]); j++) {
			size_t n = strftime(b, sizeof(b), f[j], &tm);

			printf("%zu %s|", n, n ? b : "");
		}
		printf("\n%s", asctime(&tm));
	}
	printf("%zu %zu\n", strftime(b, 5, "%Y-%m", &tm), strftime(b, 8, "%Y-%m", &tm));
	{
		wchar_t w[50];

		wcsftime(w, 50, L"%A %d.%m.%Y", &tm);
		printf("%ls\n", w);
	}
}

static void show(const char *what, const struct tm *t)
{
	printf("%s: %d-%d-%d %d:%d:%d wday %d yday %d dst %d off %ld\n", what, t->tm_year,
	       t->tm_mon, t->tm_mday, t->tm_hour, t->tm_min, t->tm_sec, t->tm_wday, t->tm_yday,
	       t->tm_isdst, t->tm_gmtoff);
}

static void zones(void)
{
	static const char *const z[] = {"UTC0",
					"CET-1CEST,M3.5.0,M10.5.0/3",
					"EST5EDT,M3.2.0,M11.1.0",
					"NZST-12NZDT,M9.5.0,M4.1.0/3",
					"<+0530>-5:30",
					"AAA3BBB,J60/0,300/2:30",
					"XYZ-14",
					"",
					"nonsense",
					"IST-1GMT0,M10.5.0,M3.5.0/1"};
	static const time_t t[] = {0,          1700000000, 1720000000, 1711846799,
				   1711846800, 1729990799, 1729990800, -300000000};

	for (size_t i = 0; i < sizeof(z) / sizeof(z[0]); i++) {
		setenv("TZ", z[i], 1);
		tzset();
		printf("%s: %s %s %ld %d\n", z[i], tzname[0], tzname[1], timezone, daylight);
		for (size_t j = 0; j < sizeof(t) / sizeof(t[0]); j++) {
			struct tm tm;
			char b[60];

			localtime_r(&t[j], &tm);
			strftime(b, sizeof(b), "%F %T %z %Z", &tm);
			printf("  %s %d %s", b, tm.tm_isdst, tm.tm_zone);
			printf(" %ld", (long)(mktime(&tm) - t[j]));
			printf("\n");
		}
	}
	setenv("TZ", "UTC0", 1);
	tzset();
}

static void mending(void)
{
	static const int f[][6] = {{124, 1, 30, 0, 0, 0},       {124, 13, 1, 25, 61, 61},
				   {100, -1, 0, -1, -1, -1},    {70, 0, 1, 0, 0, -1},
				   {2000, 0, 1, 0, 0, 0},       {-1000, 5, 31, 12, 0, 0},
				   {124, 0, 1000, 0, 0, 100000}};

	for (size_t i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
		struct tm t = {.tm_year = f[i][0],
			       .tm_mon = f[i][1],
			       .tm_mday = f[i][2],
			       .tm_hour = f[i][3],
			       .tm_min = f[i][4],
			       .tm_sec = f[i][5]},
			  u = t;
		long r = mktime(&t);

		printf("%ld %ld ", r, (long)timegm(&u));
		show("", &t);
	}
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	for (int dst = -1; dst <= 1; dst++)
		for (int h = 1; h < 4; h++) {
			struct tm t = {.tm_year = 124,
				       .tm_mon = 2,
				       .tm_mday = 31,
				       .tm_hour = h,
				       .tm_min = 30,
				       .tm_isdst = dst};
			struct tm u = {.tm_year = 124,
				       .tm_mon = 6,
				       .tm_mday = 15,
				       .tm_hour = h,
				       .tm_isdst = dst};

			if (h != 2 && dst == 0) {
				printf("%ld ", (long)mktime(&t));
				show("march", &t);
			}
			if (dst != 0) {
				printf("%ld ", (long)mktime(&u));
				show("july", &u);
			}
		}
	setenv("TZ", "UTC0", 1);
	tzset();
}

static void parsing(void)
{
	static const char *const p[][2] = {{"2024-02-29 12:34:56", "%Y-%m-%d %H:%M:%S"},
					   {"29 Feb 24", "%d %b %y"},
					   {"Thursday, 1 January 1970", "%A, %d %B %Y"},
					   {"12:30 PM", "%I:%M %p"},
					   {"12:30 am", "%I:%M %p"},
					   {"60", "%y"},
					   {"69", "%y"},
					   {"366", "%j"},
					   {"1700000000", "%s"},
					   {"10/11/12", "%D"},
					   {"23:59", "%R"},
					   {"01:02:03", "%T"},
					   {"  7x", "%d"},
					   {"13", "%m"},
					   {"abc", "%a"},
					   {"2024", "%Y%n"},
					   {"20 24", "%C %y"},
					   {"+0130", "%z"},
					   {"%", "%%"},
					   {"Mon Jan  5 10:00:00 2015", "%c"},
					   {"61", "%S"},
					   {"3", "%u"},
					   {"07", "%e"},
					   {"2024-060", "%Y-%j"},
					   {"11:12:13 PM", "%r"},
					   {"509", "%e%d"},
					   {"284 Feb", "%j %b"},
					   {"Tue 06", "%a %U"},
					   {"Jul", "%b"},
					   {"20 1999", "%C %Y"},
					   {"+1554 x", "%z %%"},
					   {"\t7", "%-5t%2d"}};

	for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
		struct tm t = {
			.tm_year = -1, .tm_mon = -1, .tm_mday = -1, .tm_wday = -1, .tm_yday = -1};
		char *e = strptime(p[i][0], p[i][1], &t);

		printf("%s %s: ", p[i][0], p[i][1]);
		if (e) {
			printf("rest [%s] ", e);
			show("", &t);
		} else {
			printf("no\n");
		}
	}
}

int main(void)
{
	time_t t = 1e9;
	struct timespec r = {0};
	struct tm tm;

	printf("%s%s", ctime(&t), asctime(gmtime(&t)));
	printf("%.1f %ld\n", difftime(5, 3), CLOCKS_PER_SEC);
	formats();
	zones();
	mending();
	parsing();
	t = 1l << 60;
	errno = 0;
	printf("%d", gmtime_r(&t, &tm) == NULL);
	printf(" %d\n", errno);
	printf("%d %d\n", clock_getres(CLOCK_MONOTONIC, &r), timespec_get(&r, TIME_UTC));
	errno = 0;
	printf("%d", clock_gettime(99, &r));
	printf(" %d\n", errno);
	return 0;
}
