/* clock.c - clocks are memory reads, sleeping is one call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/wait.h>
#include <errno.h>
#include <fd/file.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <signal/again.h>
#include <sys/time.h>
#include <sys/times.h>
#include <thread/ran.h>
#include <thread/thread.h>
#include <time.h>
#include <time/alarm.h>

#define NS    1000000000ull
#define TICKS 100 /* sysconf(_SC_CLK_TCK) */

/* Of running time.  The only thread of all runs whenever it does not wait. */
static int64_t ran(clockid_t clock)
{
	if (px_ran && px_arena->sched.on)
		return px_ran(clock);
	return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID
		       ? (int64_t)(xo_now() - px_waited())
		       : -EINVAL;
}

/* Nanoseconds on a clock, or -EINVAL. */
static int64_t now_on(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		return (int64_t)xo_wall_ns();
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		return (int64_t)xo_now();
	}
	return ran(clock);
}

bool px_clock_valid(clockid_t clock)
{
	return now_on(clock) >= 0;
}

static struct timespec spec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS), .tv_nsec = (long)(ns % NS)};
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	int64_t ns = now_on(clock);

	if (ns < 0)
		return (int)px_result(ns);
	*t = spec((uint64_t)ns);
	return 0;
}

int clock_getres(clockid_t clock, struct timespec *t)
{
	int64_t ns = now_on(clock);

	if (ns < 0)
		return (int)px_result(ns);
	if (t)
		*t = spec(1);
	return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	uint64_t us = xo_wall_ns() / 1000;

	(void)zone;
	if (t)
		*t = (struct timeval){.tv_sec = (time_t)(us / 1000000),
				      .tv_usec = (suseconds_t)(us % 1000000)};
	return 0;
}

clock_t clock(void)
{
	return (clock_t)(now_on(CLOCK_PROCESS_CPUTIME_ID) / 1000);
}

clock_t times(struct tms *t)
{
	const int64_t tick = (int64_t)(NS / TICKS);
	int64_t children =
		(int64_t)((unsigned __int128)px_me->children_ran * xo_info->tsc_mult >> 32);

	*t = (struct tms){.tms_utime = (clock_t)(now_on(CLOCK_PROCESS_CPUTIME_ID) / tick),
			  .tms_cutime = (clock_t)(children / tick)};
	return (clock_t)(xo_now() / (NS / TICKS));
}

/* The deadline is on the monotonic clock, where sleep's is. */
static int sleep_until(exo_ns_t deadline)
{
	int r;

	px_cancel_point();
	do {
		px_enter();
		r = px_block(NULL, deadline);
		px_leave();
	} while (px_restarts(r, PX_AGAIN_QUIET));
	return r == -EINTR ? r : 0;
}

/* What is left of a sleep that was interrupted. */
static void tell_left(struct timespec *left, exo_ns_t deadline)
{
	exo_ns_t now = xo_now();

	if (left)
		*left = spec(deadline > now ? deadline - now : 0);
}

static int64_t length(const struct timespec *t)
{
	if (t->tv_nsec < 0 || t->tv_nsec >= (long)NS || t->tv_sec < 0)
		return -EINVAL;
	if ((uint64_t)t->tv_sec >= INT64_MAX / NS / 2)
		return INT64_MAX / 2;
	return (int64_t)((uint64_t)t->tv_sec * NS + (uint64_t)t->tv_nsec);
}

int nanosleep(const struct timespec *t, struct timespec *left)
{
	px_cancel_point();
	int64_t ns = length(t);
	exo_ns_t deadline;
	int r;

	if (ns < 0)
		return (int)px_result(ns);
	deadline = xo_now() + (exo_ns_t)ns;
	r = sleep_until(deadline);
	if (r)
		tell_left(left, deadline);
	return (int)px_result(r);
}

/* Returns the error instead of setting errno, as POSIX says. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *left)
{
	px_cancel_point();
	int64_t ns = length(t), now = now_on(clock);
	exo_ns_t deadline;
	int r;

	if (ns < 0 || now < 0 || clock == CLOCK_THREAD_CPUTIME_ID)
		return EINVAL;
	if (flags & TIMER_ABSTIME)
		ns = ns > now ? ns - now : 0;
	deadline = xo_now() + (exo_ns_t)ns;
	r = sleep_until(deadline);
	if (r)
		px_cancel_point();
	if (r && !(flags & TIMER_ABSTIME))
		tell_left(left, deadline);
	return -r;
}
