/* timer.c - timers of POSIX.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <time/alarm.h>
#include <time/notify.h>

#define NS 1000000000ull

static uint64_t ns_of(const struct timespec *t)
{
	if ((uint64_t)t->tv_sec >= INT64_MAX / NS / 2)
		return INT64_MAX / 2;
	return (uint64_t)t->tv_sec * NS + (uint64_t)t->tv_nsec;
}

static struct timespec spec_of(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS), .tv_nsec = (long)(ns % NS)};
}

static bool valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)NS;
}

static bool sends(const struct sigevent *e)
{
	return e->sigev_notify == SIGEV_SIGNAL || e->sigev_notify == SIGEV_THREAD_ID;
}

/* Inside. */
static bool is_thread(uint32_t id)
{
	const struct px_thread *t = px_me->threads;

	while (t && t->id != id)
		t = t->next;
	return t != NULL;
}

static int check(clockid_t clock, const struct sigevent *e)
{
	if (!px_clock_valid(clock))
		return -EINVAL;
	if (sends(e) ? !px_signal_valid(e->sigev_signo)
		     : e->sigev_notify != SIGEV_NONE && e->sigev_notify != SIGEV_THREAD)
		return -EINVAL;
	if (e->sigev_notify == SIGEV_THREAD_ID && !is_thread((uint32_t)e->sigev_notify_thread_id))
		return -EINVAL;
	return 0;
}

static int free_id(void)
{
	int id = 0;

	while (px_alarm_find(id))
		id++;
	return id;
}

/* Inside: its number, or an error. */
static int make(clockid_t clock, const struct sigevent *e, bool own_value, void *attr)
{
	struct px_alarm *a = px_alarm_new(px_me, free_id(), clock);

	if (!a)
		return -EAGAIN;
	a->notify = e->sigev_notify;
	if (a->notify == SIGEV_THREAD_ID)
		a->thread = (uint32_t)e->sigev_notify_thread_id;
	a->value = own_value ? (uint64_t)e->sigev_value.sival_ptr : (uint64_t)a->id;
	a->function = (void *)e->sigev_notify_function;
	a->attributes = attr;
	a->signal.info = (struct px_siginfo){
		.number = e->sigev_signo, .code = SI_TIMER, .word = {(uint64_t)a->id, a->value}};
	return a->id;
}

int timer_create(clockid_t clock, struct sigevent *restrict user, timer_t *restrict timer)
{
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	pthread_attr_t *attr = NULL;
	int r;

	if (user)
		e = *user;
	px_enter();
	r = check(clock, &e);
	px_leave();
	if (!r && px_sched_start() < 0)
		r = -EAGAIN;
	if (!r && e.sigev_notify == SIGEV_THREAD) {
		attr = px_notify_attributes(e.sigev_notify_attributes);
		r = attr ? px_notify_start() : -EAGAIN;
	}
	px_enter();
	if (!r)
		r = make(clock, &e, user != NULL, attr);
	px_leave();
	if (r < 0)
		free(attr);
	if (r < 0)
		return (int)px_result(r);
	*timer = (timer_t)r;
	return 0;
}

/* Inside: NULL and errno if there is none. */
static struct px_alarm *find(timer_t timer)
{
	struct px_alarm *a = (int)timer >= 0 ? px_alarm_find((int)timer) : NULL;

	if (!a)
		errno = EINVAL;
	return a;
}

static struct itimerspec show(struct px_alarm *a)
{
	return (struct itimerspec){.it_interval = spec_of(a->interval),
				   .it_value = spec_of(px_alarm_left(a))};
}

static void set(struct px_alarm *a, const struct itimerspec *new, bool absolute)
{
	uint64_t value = ns_of(&new->it_value);

	if (value && !absolute)
		value += px_alarm_now(a);
	px_alarm_set(a, value, ns_of(&new->it_interval));
}

int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict user,
		  struct itimerspec *restrict old)
{
	struct itimerspec new = *user, before;
	struct px_alarm *a;

	if (!valid(&new.it_value) || !valid(&new.it_interval))
		return (int)px_result(-EINVAL);
	px_enter();
	a = find(timer);
	if (a) {
		before = show(a);
		set(a, &new, flags & TIMER_ABSTIME);
	}
	px_leave();
	if (a && old)
		*old = before;
	return a ? 0 : -1;
}

int timer_gettime(timer_t timer, struct itimerspec *user)
{
	struct itimerspec now;
	struct px_alarm *a;

	px_enter();
	a = find(timer);
	if (a)
		now = show(a);
	px_leave();
	if (!a)
		return -1;
	*user = now;
	return 0;
}

int timer_getoverrun(timer_t timer)
{
	struct px_alarm *a;
	int overrun = -1;

	px_enter();
	a = find(timer);
	if (a)
		overrun = a->overrun;
	px_leave();
	return overrun;
}

int timer_delete(timer_t timer)
{
	struct px_alarm *a;
	void *attr = NULL;

	px_enter();
	a = find(timer);
	if (a) {
		attr = a->attributes;
		px_alarm_delete(a);
	}
	px_leave();
	free(attr);
	return a ? 0 : -1;
}
