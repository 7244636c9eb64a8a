/* alarm.c - timers that send signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <libexo/time.h>
#include <limits.h>
#include <signal/signals.h>
#include <thread/local.h>
#include <thread/ran.h>
#include <time/alarm.h>

#define LEAST 1000000 /* ns between looks at running time, and of a timer that nobody hears */

static bool runs_by_the_clock(const struct px_alarm *a)
{
	return a->clock == CLOCK_MONOTONIC || a->clock == CLOCK_BOOTTIME ||
	       a->clock == CLOCK_REALTIME;
}

static struct px_thread *thread_of(const struct px_process *p, uint32_t id)
{
	struct px_thread *t = p->threads;

	while (t && (t->id != id || t->state == PX_ENDED))
		t = t->next;
	return t;
}

uint64_t px_alarm_now(const struct px_alarm *a)
{
	if (a->clock == CLOCK_REALTIME)
		return xo_wall_ns();
	if (runs_by_the_clock(a))
		return xo_now();
	return (uint64_t)px_ran_by(a->process, a->clock == CLOCK_THREAD_CPUTIME_ID
						       ? thread_of(a->process, a->of)
						       : NULL);
}

/* Its timer is set to when it expires; on a clock that stands still at times, to when it will at
 * the earliest, or to when it is worth looking again. */
static void arm(struct px_alarm *a)
{
	uint64_t now = px_alarm_now(a), left = a->at > now ? a->at - now : 0;

	if (!runs_by_the_clock(a)) {
		left /= px_arena->sched.cpus;
		left = left < LEAST ? LEAST : left;
	}
	px_timer_set(&a->timer, xo_now() + left);
	px_arm(px_here());
}

void px_alarm_set(struct px_alarm *a, uint64_t at, uint64_t interval)
{
	px_timer_clear(&a->timer);
	a->at = at;
	a->interval = interval;
	a->waits = 0;
	a->overrun = 0;
	if (at)
		arm(a);
}

uint64_t px_alarm_left(struct px_alarm *a)
{
	uint64_t now;

	if (!a->at)
		return 0;
	now = px_alarm_now(a);
	if (now < a->at)
		return a->at - now;
	if (a->interval)
		return a->interval - (now - a->at) % a->interval;
	return a->notify != SIGEV_NONE; /* which has nothing to say any more */
}

/* It goes on; returns how often it would have expired since. */
static int go_on(struct px_alarm *a, uint64_t least)
{
	uint64_t now = px_alarm_now(a), step = a->interval < least ? least : a->interval,
		 missed = 0;

	a->waits = 0;
	if (!a->interval) {
		a->at = 0;
		return 0;
	}
	if (now > a->at)
		missed = (now - a->at) / step;
	a->at += (missed + 1) * step;
	arm(a);
	missed = missed * step / a->interval;
	return missed > INT_MAX ? INT_MAX : (int)missed;
}

void px_alarm_taken(struct px_alarm *a, struct px_siginfo *info)
{
	if (a->deleted) {
		px_free(a);
		return;
	}
	if (a->waits)
		a->overrun = go_on(a, 1);
	if (a->id >= 0)
		info->word[0] = (uint32_t)a->id | (uint64_t)(uint32_t)a->overrun << 32;
}

static bool say(struct px_alarm *a)
{
	struct px_process *p = a->process;
	struct px_thread *t = a->notify == SIGEV_THREAD_ID ? thread_of(p, a->thread) : NULL;

	if (a->notify == SIGEV_NONE || (a->notify == SIGEV_THREAD_ID && !t) || a->signal.in_use ||
	    (a->merges && px_pending_has(&p->signals.pending, a->signal.info.number)))
		return false;
	if (a->notify == SIGEV_THREAD) {
		px_alarm_notify(a);
		return true;
	}
	return px_signal_post(p, t, &a->signal);
}

void px_alarm_expire(struct px_timer *timer)
{
	struct px_alarm *a = (void *)((char *)timer - offsetof(struct px_alarm, timer));

	if (px_alarm_now(a) < a->at) {
		arm(a);
		return;
	}
	a->waits = 1;
	if (!say(a))
		go_on(a, LEAST);
}

struct px_alarm *px_alarm_new(struct px_process *p, int id, clockid_t clock)
{
	struct px_alarm *a = px_alloc(sizeof(*a));

	if (!a)
		return NULL;
	a->timer.kind = PX_TIMER_ALARM;
	a->process = p;
	a->id = id;
	a->clock = clock & PX_CLOCK_THREAD    ? CLOCK_THREAD_CPUTIME_ID
		   : clock & PX_CLOCK_PROCESS ? CLOCK_PROCESS_CPUTIME_ID
					      : clock;
	a->signal.alarm = a;
	a->of = clock & PX_CLOCK_THREAD ? clock & ~PX_CLOCK_THREAD : px_this()->id;
	a->next = p->signals.alarms;
	p->signals.alarms = a;
	return a;
}

struct px_alarm *px_alarm_find(int id)
{
	struct px_alarm *a = px_me->signals.alarms;

	while (a && a->id != id)
		a = a->next;
	return a;
}

/* A signal of its that is pending stays so. */
void px_alarm_delete(struct px_alarm *a)
{
	struct px_alarm **at = &a->process->signals.alarms;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	px_timer_clear(&a->timer);
	a->deleted = 1;
	if (!a->signal.in_use)
		px_free(a);
}

/* What was said and not heard is forgotten. */
static void unsay(struct px_pending *q, const struct px_signal *said)
{
	struct px_signal *before = NULL;
	bool there = false, others = false;

	for (struct px_signal *s = q->first; s; s = s->next) {
		if (s != said) {
			others |= s->info.number == said->info.number;
			before = s;
			continue;
		}
		there = true;
		if (before)
			before->next = s->next;
		else
			q->first = s->next;
		if (q->last == s)
			q->last = before;
	}
	if (there && !others)
		q->set &= ~PX_SIG(said->info.number);
}

void px_alarms_end(struct px_process *p, bool some)
{
	struct px_alarm *a = p->signals.alarms, *next;

	for (; a; a = next) {
		next = a->next;
		if (some && a->id < 0)
			continue;
		if (some && a->signal.in_use) { /* the program that begins has no such timer */
			unsay(&p->signals.pending, &a->signal);
			unsay(&px_this()->pending, &a->signal);
			a->signal.in_use = 0;
		}
		px_alarm_delete(a);
	}
}
