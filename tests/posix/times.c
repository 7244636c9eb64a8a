/* times.c - clocks go on, the calendar is right.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static double on(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void clocks(void)
{
	double a = on(CLOCK_MONOTONIC), b = a, from = a, real = on(CLOCK_REALTIME), after;
	struct timespec t = {0, 20000000}, res;
	time_t second;
	clock_t c = clock();
	struct timeval v;
	int back = 0, tries = 0;

	for (int i = 0; i < 100000; i++) {
		double now = on(CLOCK_MONOTONIC);

		back += now < b;
		b = now;
	}
	printf("%d %d", back, b > a);
	a = on(CLOCK_MONOTONIC);
	printf(" %d", nanosleep(&t, NULL));
	b = on(CLOCK_MONOTONIC) - a;
	printf(" %d", b >= 0.02);
	for (; b >= 2 && tries < 20; tries++) { /* not much longer, unless all stands still */
		a = on(CLOCK_MONOTONIC);
		nanosleep(&t, NULL);
		b = on(CLOCK_MONOTONIC) - a;
	}
	printf(" %d", b < 2);
	gettimeofday(&v, NULL);
	second = time(NULL);
	after = on(CLOCK_REALTIME);
	printf(" %d", after - real <= on(CLOCK_MONOTONIC) - from + 1);
	printf(" %d", (double)v.tv_sec >= real - 1 && (double)v.tv_sec <= after);
	printf(" %d", second >= v.tv_sec - 1 && (double)second <= after);
	printf(" %d", clock() > c);
	printf(" %d", clock_getres(CLOCK_MONOTONIC, &res));
	printf(" %ld", res.tv_nsec);
	t.tv_nsec = 1000000000;
	errno = 0;
	printf(" %d", nanosleep(&t, NULL));
	printf(" %d %d\n", errno == EINVAL, clock_gettime(99, &t));
}

static void calendar(void)
{
	static const time_t v[] = {0,          -1,         86399,       951782400,   1e9,
				   1078012800, 4102444800, -2208988800, 253402300799};
	char b[200];

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct tm *t = gmtime(&v[i]), l;

		strftime(b, sizeof(b),
			 "%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %m %M %p %r %R %S %T %u %U "
			 "%V "
			 "%w %W %x %X %y %Y %z %Z %%",
			 t);
		printf("%s\n", b);
		localtime_r(&v[i], &l);
		strftime(b, sizeof(b), "%c %z %Z", &l);
		printf("%s %d %ld %s %lld\n", b, l.tm_isdst, l.tm_gmtoff, l.tm_zone,
		       (long long)mktime(&l));
		printf("%s", asctime(t));
	}
	struct tm m = {.tm_year = 124, .tm_mon = 13, .tm_mday = 31, .tm_hour = 25, .tm_isdst = -1};

	printf("%lld", (long long)mktime(&m));
	printf(" %d %d %d %d %d\n", m.tm_year, m.tm_mon, m.tm_mday, m.tm_hour, m.tm_wday);
}

static void universal(void)
{
	for (time_t t = -70000000000; t < 260000000000; t += 1234567891) {
		struct tm m;

		gmtime_r(&t, &m);
		if (timegm(&m) != t)
			printf("%lld is not found again\n", (long long)t);
	}
	struct tm m = {.tm_year = 100, .tm_mon = -14, .tm_mday = 400, .tm_sec = -1};

	printf("%lld %d\n", (long long)timegm(&m), m.tm_yday);
}

int main(void)
{
	clocks();
	calendar();
	universal();
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	calendar();
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	tzset();
	calendar();
	printf("%s %s\n", tzname[0], tzname[1]);
	return 0;
}
