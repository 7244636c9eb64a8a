/* timer.c - what happens when its time has come: a pairing heap for each CPU.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * `link` is what points to a timer: the root, its parent's `child`, or its elder brother's `next`.
 */
#include <env/arena.h>
#include <libexo/upcall.h>
#include <thread/local.h>
#include <thread/sched.h>
#include <time/alarm.h>

static struct px_timer *merge(struct px_timer *a, struct px_timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (b->at < a->at) {
		struct px_timer *c = a;

		a = b;
		b = c;
	}
	b->next = a->child;
	if (b->next)
		b->next->link = &b->next;
	b->link = &a->child;
	a->child = b;
	return a;
}

/* One heap of a row of brothers: in pairs from left to right, then those from right to left. */
static struct px_timer *merge_all(struct px_timer *row)
{
	struct px_timer *pairs = NULL, *all = NULL;

	while (row) {
		struct px_timer *a = row, *b = a->next;

		row = b ? b->next : NULL;
		a->next = NULL;
		if (b)
			b->next = NULL;
		a = merge(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs) {
		struct px_timer *next = pairs->next;

		pairs->next = NULL;
		all = merge(all, pairs);
		pairs = next;
	}
	return all;
}

static void add(struct px_cpu *cpu, struct px_timer *t)
{
	cpu->timers = merge(cpu->timers, t);
	if (cpu->timers) {
		cpu->timers->next = NULL;
		cpu->timers->link = &cpu->timers;
	}
}

void px_timer_clear(struct px_timer *t)
{
	struct px_cpu *cpu = &px_arena->sched.cpu[t->cpu];

	if (!t->link)
		return;
	*t->link = t->next;
	if (t->next)
		t->next->link = t->link;
	t->link = NULL;
	add(cpu, merge_all(t->child));
	t->child = t->next = NULL;
}

void px_timer_set(struct px_timer *t, exo_ns_t at)
{
	struct px_cpu *cpu = px_cpu();

	px_timer_clear(t);
	t->at = at;
	t->cpu = cpu->number;
	add(cpu, t);
}

static void happen(struct px_timer *timer)
{
	if (timer->kind == PX_TIMER_WAIT) {
		struct px_thread *t = (void *)((char *)timer - offsetof(struct px_thread, timer));

		if (t->state == PX_WAITING)
			px_ready(t);
	} else if (timer->kind == PX_TIMER_ALARM) {
		px_alarm_expire(timer);
	}
}

void px_timers_run(struct px_cpu *cpu, exo_ns_t now)
{
	while (cpu->timers && cpu->timers->at <= now) {
		struct px_timer *t = cpu->timers;

		px_timer_clear(t);
		happen(t);
	}
}
