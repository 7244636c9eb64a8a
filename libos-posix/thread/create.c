/* create.c - pthread_create: a stack, a record, a place in a run queue.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <process/limit.h>
#include <sched.h>
#include <string.h>
#include <thread/local.h>
#include <thread/lock.h>
#include <thread/thread.h>
#include <vm/vm.h>

/* Threads of one process, as Linux has by default for 128 MiB. */
#define THREADS_MAX 32000

/* On the new stack, inside as whoever is switched to. */
static void begin(struct px_tcb *t)
{
	px_leave();
	px_thread_exit(t->start(t->result));
}

/* What px_switch finds: words as switch.S says, and the maker's floating-point modes. */
static uint64_t context(uint64_t top, const struct px_tcb *t)
{
	uint64_t *at = (uint64_t *)(top & ~15ull) - 8;
	uint32_t mxcsr;
	uint16_t control;

	__asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(control));
	at[0] = mxcsr | (uint64_t)control << 32;
	at[1] = at[2] = at[3] = at[6] = 0;
	at[4] = (uint64_t)t;
	at[5] = (uint64_t)begin;
	at[7] = (uint64_t)px_switch_begin;
	return (uint64_t)at;
}

/* Inside.  By its maker, or by its attributes. */
static void inherit(struct px_thread *t, const struct px_attr *attr)
{
	const struct px_thread *me = px_this();

	t->cpu = me->cpu;
	t->cpus = attr->cpus ? attr->cpus : me->cpus;
	t->policy = attr->own_policy ? attr->policy : me->policy;
	t->priority = attr->own_policy ? attr->priority : me->priority;
	t->masked = attr->has_mask ? attr->mask : me->masked;
}

static const struct px_attr *effective(const pthread_attr_t *attr, struct px_attr *room)
{
	if (attr)
		return px_attr_of(attr);
	px_attr_default(room);
	return room;
}

/* One more, within the limits; NULL: not so, or no memory. */
static struct px_thread *record(void)
{
	struct px_thread *t = NULL;

	px_enter();
	if (px_me->thread_count < THREADS_MAX && (!px_me->limits || px_limit_threads() == 0))
		t = px_thread_new(px_me);
	px_leave();
	return t;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
		   void *arg)
{
	struct px_attr room;
	const struct px_attr *attr = effective(attributes, &room);
	struct px_stack *s;
	struct px_thread *t;

	if (px_sched_start() < 0)
		return EAGAIN;
	if (attr->own_policy && !px_priority_may(px_this(), attr->policy, attr->priority))
		return EPERM;
	px_locks_on();
	s = px_stack_get(attr);
	t = s ? record() : NULL;
	if (!t) {
		px_space_enter();
		if (s)
			px_stack_put(s);
		px_leave();
		return EAGAIN;
	}
	s->tcb->thread = t;
	s->tcb->id = t->id;
	s->tcb->start = start;
	s->tcb->result = arg;
	s->tcb->flags = attr->detached ? PX_TCB_DETACHED : 0;
	memcpy(s->tcb->name, px_self()->name, sizeof(s->tcb->name));
	*thread = (pthread_t)s->tcb;
	t->tcb = s->tcb;
	t->sp = context(s->high, s->tcb);
	t->depth = 1;
	px_enter();
	inherit(t, attr);
	if (px_me->stopped) /* meanwhile: who was there then has been told */
		t->attention |= PX_ATTEND_SIGNAL;
	px_ready(t);
	px_leave();
	return 0;
}
