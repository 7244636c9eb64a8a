/* itimer.c - the process's three timers of old.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal.h>
#include <sys/time.h>
#include <time/alarm.h>
#include <unistd.h>

#define SECOND 1000000u /* us */

static int id_of(int which)
{
	return -1 - which;
}

static uint64_t ns_of(const struct timeval *t)
{
	uint64_t most = INT64_MAX / SECOND / 1000 / 2;

	return ((uint64_t)t->tv_sec < most ? (uint64_t)t->tv_sec : most) * SECOND * 1000 +
	       (uint64_t)t->tv_usec * 1000;
}

/* What runs still does not seem to be over. */
static struct timeval spec_of(uint64_t ns)
{
	uint64_t us = (ns + 999) / 1000;

	return (struct timeval){.tv_sec = (time_t)(us / SECOND),
				.tv_usec = (suseconds_t)(us % SECOND)};
}

static bool valid(const struct timeval *t)
{
	return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec < (suseconds_t)SECOND;
}

static void show(int which, struct itimerval *t)
{
	struct px_alarm *a = px_alarm_find(id_of(which));
	uint64_t left = a ? px_alarm_left(a) : 0;

	*t = (struct itimerval){.it_value = spec_of(left),
				.it_interval = spec_of(a && left ? a->interval : 0)};
}

static struct px_alarm *make(int which)
{
	static const uint8_t number[] = {SIGALRM, SIGVTALRM, SIGPROF};
	struct px_alarm *a =
		px_alarm_new(px_me, id_of(which),
			     which == ITIMER_REAL ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID);

	if (!a)
		return NULL;
	a->notify = SIGEV_SIGNAL;
	a->merges = 1;
	a->signal.info = (struct px_siginfo){.number = number[which], .code = SI_KERNEL};
	return a;
}

static int set(int which, const struct itimerval *new, struct itimerval *old)
{
	uint64_t value = ns_of(&new->it_value);
	struct px_alarm *a;

	px_enter();
	show(which, old);
	a = px_alarm_find(id_of(which));
	if (!a && value)
		a = make(which);
	if (a)
		px_alarm_set(a, value ? px_alarm_now(a) + value : 0, ns_of(&new->it_interval));
	px_leave();
	return a || !value ? 0 : -ENOMEM;
}

int setitimer(int which, const struct itimerval *restrict user, struct itimerval *restrict old)
{
	struct itimerval new = {.it_value.tv_sec = 0}, before;
	int r;

	if (user)
		new = *user;
	if (which < ITIMER_REAL || which > ITIMER_PROF || !valid(&new.it_value) ||
	    !valid(&new.it_interval))
		return (int)px_result(-EINVAL);
	r = px_sched_start() < 0 ? -ENOMEM : set(which, &new, &before);
	if (!r && old)
		*old = before;
	return (int)px_result(r);
}

int getitimer(int which, struct itimerval *user)
{
	struct itimerval now;

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return (int)px_result(-EINVAL);
	px_enter();
	show(which, &now);
	px_leave();
	*user = now;
	return 0;
}

/* As on Linux: what is left is rounded, but never to nothing. */
unsigned int alarm(unsigned int seconds)
{
	struct itimerval new = {.it_value.tv_sec = seconds}, old = {.it_value.tv_sec = 0};
	struct timeval *left = &old.it_value;

	setitimer(ITIMER_REAL, &new, &old);
	return (unsigned int)left->tv_sec +
	       (left->tv_usec >= (suseconds_t)SECOND / 2 || (!left->tv_sec && left->tv_usec));
}

useconds_t ualarm(useconds_t us, useconds_t interval)
{
	struct itimerval new = {.it_value = {us / SECOND, us % SECOND},
				.it_interval = {interval / SECOND, interval % SECOND}},
			 old = {.it_value.tv_sec = 0};

	if (setitimer(ITIMER_REAL, &new, &old) < 0)
		return (useconds_t)-1;
	return (useconds_t)(old.it_value.tv_sec * (time_t)SECOND + old.it_value.tv_usec);
}
