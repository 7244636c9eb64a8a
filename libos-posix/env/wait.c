/* wait.c - waiting, and waking who waits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/wait.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>

static exo_ns_t waited;

void px_wait_join(struct px_waiter *w, struct px_waitq *q)
{
	w->process = px_me;
	w->queue = q;
	w->prev = NULL;
	w->next = q->first;
	if (q->first)
		q->first->prev = w;
	q->first = w;
}

void px_wait_part(struct px_waiter *w)
{
	if (!w->queue)
		return;
	if (w->next)
		w->next->prev = w->prev;
	if (w->prev)
		w->prev->next = w->next;
	else
		w->queue->first = w->next;
	w->queue = NULL;
}

/* An event that comes after the look and before the sleep ends the sleep at
 * once, because the kernel looks at the event word itself.  What was typed is
 * taken up by whoever wakes first. */
int px_wait_sleep(exo_ns_t deadline)
{
	exo_ns_t from = xo_now();

	px_me->woken = 0;
	while (!px_me->woken && !(deadline && xo_now() >= deadline)) {
		uint32_t depth = px_leave_all();

		exo_sleep(PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN, deadline, EXO_SLOT_NONE, 0);
		px_enter_again(depth);
		if (xo_events_take(xo_self(), PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN) &
		    EXO_EVENT_CONSOLE_IN)
			px_console_input();
	}
	waited += xo_now() - from;
	return px_me->woken ? 0 : -ETIMEDOUT;
}

int px_block(struct px_waitq *q, exo_ns_t deadline)
{
	struct px_waiter *w = &px_me->waiter;
	int r;

	if (q)
		px_wait_join(w, q);
	r = px_wait_sleep(deadline);
	px_wait_part(w);
	return r;
}

/* One process: whoever it wakes is itself, and looks at `woken`. */
void px_wake(struct px_waitq *q)
{
	for (struct px_waiter *w = q->first; w; w = w->next)
		w->process->woken = 1;
}

/* What the process holds stands in its record, for who has to clear up after it. */
void px_lock_inside(struct px_lock *lock)
{
	uint32_t i = 0;

	while (lock->holder)
		px_block(&lock->waiters, 0);
	lock->holder = px_process_number;
	while (px_me->held[i])
		i++;
	px_me->held[i] = lock;
}

void px_unlock_inside(struct px_lock *lock)
{
	uint32_t i = 0;

	lock->holder = 0;
	while (px_me->held[i] != lock)
		i++;
	px_me->held[i] = NULL;
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
