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
#include <libexo/ledger.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <thread/sched.h>

static exo_ns_t waited;

void px_wait_join(struct px_waiter *w, struct px_waitq *q)
{
	px_wait_join_as(w, q, px_this());
}

bool px_attends(const struct px_thread *t, uint32_t attend)
{
	uint32_t what = t->attention & attend;

	return what & ~PX_ATTEND_CANCEL || (what && px_cancel_ready());
}

void px_event_alone(void)
{
	struct exo_activation *a = xo_self();

	a->pending &= ~(uint32_t)EXO_WANT_EVENT;
	if (xo_events_take(a, XO_EVENT_LEDGER))
		px_ledger_look();
	if (!(a->event & EXO_EVENT_CONSOLE_IN))
		return;
	px_enter();
	if (xo_events_take(a, EXO_EVENT_CONSOLE_IN))
		px_console_input();
	px_leave();
}

/* The only thread of all.  An event that comes after the look and before the sleep ends the sleep
 * at once, because the kernel looks at the event word itself.  What was typed is taken up by
 * whoever wakes first. */
static __attribute__((noinline)) int sleep_alone(struct px_thread *t, exo_ns_t deadline,
						 uint32_t attend)
{
	while (!t->woken && !(deadline && xo_now() >= deadline)) {
		uint32_t depth = px_arena->depth;
		exo_ns_t from = xo_now();

		if (px_attends(t, attend)) {
			t->tcb->handled = 0;
			return -EINTR;
		}
		px_leave_asleep();
		exo_sleep(EXO_EVENT_CONSOLE_IN | XO_EVENT_LEDGER, deadline, EXO_SLOT_NONE, 0);
		px_enter_awake();
		waited += xo_now() - from;
		px_event_alone();
		px_arena->depth = depth;
	}
	return t->woken ? 0 : -ETIMEDOUT;
}

static inline int wait_for(struct px_thread *t, exo_ns_t deadline, uint32_t attend)
{
	t->woken = 0;
	t->process->used.waits++;
	if (px_sched_sleep && px_arena->sched.on)
		return px_sched_sleep(deadline, attend);
	return sleep_alone(t, deadline, attend);
}

int px_wait_sleep(exo_ns_t deadline)
{
	return wait_for(px_this(), deadline, PX_ATTEND_ALL);
}

int px_block_for(struct px_waitq *q, exo_ns_t deadline, uint32_t attend)
{
	struct px_thread *t = px_this();
	struct px_waiter *w = &t->waiter;
	int r;

	if (q)
		px_wait_join_as(w, q, t);
	r = wait_for(t, deadline, attend);
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
