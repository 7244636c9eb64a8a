/* events.c - counters and timers behind descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static uint64_t value;

static void ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT | POLLPRI};

	printf("ready %d %x\n", poll(&p, 1, 0), (unsigned)p.revents);
}

static void put(int fd, uint64_t n)
{
	errno = 0;
	printf("put %lu: %zd %s\n", (unsigned long)n, write(fd, &n, 8),
	       errno ? strerror(errno) : "");
}

static void take(int fd)
{
	errno = 0;
	value = 12345;
	printf("take: %zd ", read(fd, &value, 8));
	printf("%lu %s\n", (unsigned long)value, errno ? strerror(errno) : "");
}

static void counters(void)
{
	int e = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct stat s;

	TRY(fcntl(e, F_GETFL));
	TRY(fcntl(e, F_GETFD));
	TRY(fstat(e, &s));
	printf("%o %d %ld\n", s.st_mode, (int)s.st_nlink, (long)s.st_size);
	ready(e);
	take(e);
	put(e, 5);
	put(e, 7);
	ready(e);
	TRY(read(e, &value, 7));
	TRY(write(e, &value, 7));
	TRY(read(e, (void *)16, 8));
	take(e);
	put(e, 0);
	take(e);
	put(e, UINT64_MAX);
	put(e, UINT64_MAX - 1);
	ready(e);
	put(e, 1);
	take(e);
	put(e, UINT64_MAX - 2);
	ready(e);
	put(e, 1);
	put(e, 1);
	TRY(lseek(e, 0, SEEK_SET));
	TRY(pread(e, &value, 8, 0));
	TRY(ftruncate(e, 0));
	close(e);
	TRY(eventfd(0, 77));
	e = eventfd(3, EFD_SEMAPHORE);
	take(e);
	take(e);
	ready(e);
	take(e);
	ready(e);
	TRY(eventfd_write(e, 2));
	TRY(eventfd_read(e, &value));
	printf("%lu\n", (unsigned long)value);
	close(e);
	TRY(eventfd_read(e, &value));
}

static void left(int fd)
{
	struct itimerspec t;

	memset(&t, 7, sizeof(t));
	printf("left: %d ", timerfd_gettime(fd, &t));
	printf("%ld.%ld %d\n", (long)t.it_interval.tv_sec, t.it_interval.tv_nsec,
	       t.it_value.tv_sec || t.it_value.tv_nsec);
}

/* Milliseconds from now, and then each. */
static int set(int fd, int flags, clockid_t clock, long ms, long each)
{
	struct itimerspec t = {{each / 1000, each % 1000 * 1000000}, {0, 0}};
	struct timespec now = {0, 0};

	if (flags & TFD_TIMER_ABSTIME)
		clock_gettime(clock, &now);
	t.it_value.tv_sec = now.tv_sec + ms / 1000;
	t.it_value.tv_nsec = now.tv_nsec + ms % 1000 * 1000000;
	if (t.it_value.tv_nsec >= 1000000000) {
		t.it_value.tv_sec++;
		t.it_value.tv_nsec -= 1000000000;
	}
	if (t.it_value.tv_nsec < 0) {
		t.it_value.tv_sec--;
		t.it_value.tv_nsec += 1000000000;
	}
	return timerfd_settime(fd, flags, &t, NULL);
}

static long since(clockid_t clock, const struct timespec *from)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (now.tv_sec - from->tv_sec) * 1000 + (now.tv_nsec - from->tv_nsec) / 1000000;
}

static void timers(clockid_t clock)
{
	int t = timerfd_create(clock, TFD_NONBLOCK);
	struct itimerspec i = {{0, 0}, {100, 0}}, old;
	struct pollfd p = {.fd = t, .events = POLLIN};
	struct timespec from;

	left(t);
	take(t);
	ready(t);
	clock_gettime(CLOCK_MONOTONIC, &from);
	TRY(set(t, 0, clock, 100000, 0));
	left(t);
	TRY(set(t, 0, clock, 100, 0));
	TRY(poll(&p, 1, 100000));
	printf("%d\n", since(CLOCK_MONOTONIC, &from) >= 100);
	left(t);
	ready(t);
	take(t);
	take(t);
	ready(t);
	clock_gettime(CLOCK_MONOTONIC, &from);
	TRY(set(t, TFD_TIMER_ABSTIME, clock, 20, 5));
	left(t);
	fcntl(t, F_SETFL, 0);
	TRY(read(t, &value, 8));
	printf("%d %d\n", value >= 1, since(CLOCK_MONOTONIC, &from) >= 19); /* other clocks tick */
	TRY(read(t, &value, 8));
	printf("%d\n", value >= 1);
	TRY(set(t, 0, clock, 0, 0));
	left(t);
	fcntl(t, F_SETFL, O_NONBLOCK);
	take(t);
	TRY(set(t, TFD_TIMER_ABSTIME, clock, -10, 0));
	TRY(poll(&p, 1, 100000));
	take(t);
	TRY(set(t, TFD_TIMER_ABSTIME, clock, -10, 1));
	TRY(poll(&p, 1, 100000));
	TRY(read(t, &value, 8));
	printf("%d\n", value >= 10);
	TRY(timerfd_settime(t, 0, &i, &old));
	printf("%ld %ld\n", (long)old.it_interval.tv_sec, old.it_interval.tv_nsec);
	TRY(timerfd_settime(t, 0, &i, &old));
	printf("%d\n", old.it_value.tv_sec >= 50 && old.it_value.tv_sec < 100);
	close(t);
}

static void mistakes(void)
{
	struct itimerspec t = {{0, 0}, {0, 1000000000}};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), e = eventfd(0, 0);

	TRY(fcntl(fd, F_GETFD));
	TRY(timerfd_create(77, 0));
	TRY(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
	TRY(timerfd_create(CLOCK_MONOTONIC, 77));
	TRY(timerfd_settime(fd, 0, &t, NULL));
	t.it_value.tv_nsec = 0;
	t.it_value.tv_sec = -1;
	TRY(timerfd_settime(fd, 0, &t, NULL));
	t.it_value.tv_sec = 1;
	t.it_interval.tv_nsec = -1;
	TRY(timerfd_settime(fd, 0, &t, NULL));
	t.it_interval.tv_nsec = 0;
	TRY(timerfd_settime(fd, 8, &t, NULL));
	TRY(timerfd_settime(fd, 0, (void *)16, NULL));
	TRY(timerfd_settime(fd, 0, &t, (void *)16));
	TRY(timerfd_settime(e, 0, &t, NULL));
	TRY(timerfd_settime(99, 0, &t, NULL));
	TRY(timerfd_gettime(e, &t));
	TRY(timerfd_gettime(99, &t));
	TRY(read(fd, &value, 4));
	TRY(write(fd, &value, 8));
	t.it_value.tv_sec = (time_t)1 << 60;
	TRY(timerfd_settime(fd, 0, &t, NULL));
	ready(fd);
	close(fd);
	close(e);
}

int main(void)
{
	counters();
	timers(CLOCK_MONOTONIC);
	timers(CLOCK_REALTIME);
	timers(CLOCK_BOOTTIME);
	mistakes();
	return 0;
}
