/* wait.c - waiting, and waking who waits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <env/wait.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <thread/sched.h>

/* Not there in programs that make neither threads nor processes. */
extern __typeof__(px_ready) px_ready __attribute__((weak, visibility("hidden")));
extern __typeof__(px_sched_sleep) px_sched_sleep __attribute__((weak, visibility("hidden")));

static exo_ns_t waited;

void px_wait_join(struct px_waiter *w, struct px_waitq *q)
{
	w->thread = px_this();
	w->queue = q;
	w->next = NULL;
	w->prev = q->last;
	if (q->last)
		q->last->next = w;
	else
		q->first = w;
	q->last = w;
}

void px_wait_part(struct px_waiter *w)
{
	if (!w->queue)
		return;
	if (w->next)
		w->next->prev = w->prev;
	else
		w->queue->last = w->prev;
	if (w->prev)
		w->prev->next = w->next;
	else
		w->queue->first = w->next;
	w->queue = NULL;
}

bool px_attends(const struct px_thread *t, uint32_t attend)
{
	uint32_t what = t->attention & attend;

	return what & ~PX_ATTEND_CANCEL || (what && px_cancel_ready());
}

/* The only thread of all.  An event that comes after the look and before the sleep ends the sleep
 * at once, because the kernel looks at the event word itself.  What was typed is taken up by
 * whoever wakes first. */
static int sleep_alone(struct px_thread *t, exo_ns_t deadline, uint32_t attend)
{
	while (!t->woken && !(deadline && xo_now() >= deadline)) {
		uint32_t depth;

		if (px_attends(t, attend))
			return -EINTR;
		depth = px_leave_all();
		exo_sleep(PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN, deadline, EXO_SLOT_NONE, 0);
		px_enter_again(depth);
		if (xo_events_take(xo_self(), PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN) &
		    EXO_EVENT_CONSOLE_IN)
			px_console_input();
	}
	return t->woken ? 0 : -ETIMEDOUT;
}

static int wait_for(exo_ns_t deadline, uint32_t attend)
{
	struct px_thread *t = px_this();
	exo_ns_t from;
	int r;

	t->woken = 0;
	if (px_sched_sleep && px_arena->sched.on)
		return px_sched_sleep(deadline, attend);
	from = xo_now();
	r = sleep_alone(t, deadline, attend);
	waited += xo_now() - from;
	return r;
}

int px_wait_sleep(exo_ns_t deadline)
{
	return wait_for(deadline, PX_ATTEND_ALL);
}

int px_block_for(struct px_waitq *q, exo_ns_t deadline, uint32_t attend)
{
	struct px_waiter *w = &px_this()->waiter;
	int r;

	if (q)
		px_wait_join(w, q);
	r = wait_for(deadline, attend);
	px_wait_part(w);
	return r;
}

int px_block(struct px_waitq *q, exo_ns_t deadline)
{
	return px_block_for(q, deadline, PX_ATTEND_ALL);
}

void px_block_firmly(struct px_waitq *q)
{
	px_block_for(q, 0, 0);
}

/* A thread that waits is made ready once. */
void px_wake_thread(struct px_thread *t)
{
	if (!t->woken && t->state == PX_WAITING)
		px_ready(t);
	t->woken = 1;
}

void px_wake(struct px_waitq *q)
{
	for (struct px_waiter *w = q->first; w; w = w->next)
		px_wake_thread(w->thread);
}

/* What the thread holds stands in its record, for who has to clear up after it. */
void px_lock_inside(struct px_lock *lock)
{
	struct px_thread *t = px_this();
	uint32_t i = 0;

	while (lock->holder)
		px_block_firmly(&lock->waiters);
	lock->holder = t->id;
	while (t->held[i])
		i++;
	t->held[i] = lock;
}

void px_unlock_inside(struct px_lock *lock)
{
	struct px_thread *t = px_this();
	uint32_t i = 0;

	lock->holder = 0;
	while (t->held[i] != lock)
		i++;
	t->held[i] = NULL;
	px_wake(&lock->waiters);
}

void px_lock(struct px_lock *lock)
{
	px_enter();
	px_lock_inside(lock);
	px_leave();
}

void px_unlock(struct px_lock *lock)
{
	px_enter();
	px_unlock_inside(lock);
	px_leave();
}

exo_ns_t px_waited(void)
{
	return waited;
}
