/* wait.c - waiting, and waking who waits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/wait.h>
#include <errno.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>

static exo_ns_t waited;

static void join(struct px_waitq *q, struct px_waiter *w)
{
	w->woken = 0;
	w->process = px_process_number;
	w->queue = q;
	if (!q)
		return;
	w->prev = NULL;
	w->next = q->first;
	if (q->first)
		q->first->prev = w;
	q->first = w;
}

static void part(struct px_waiter *w)
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
int px_block(struct px_waitq *q, exo_ns_t deadline)
{
	struct px_waiter *w = &px_me->waiter;
	exo_ns_t from = xo_now();

	join(q, w);
	while (!w->woken && !(deadline && xo_now() >= deadline)) {
		uint32_t depth = px_leave_all();

		exo_sleep(PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN, deadline);
		px_enter_again(depth);
		if (xo_events_take(xo_self(), PX_EVENT_WAKE | EXO_EVENT_CONSOLE_IN) &
		    EXO_EVENT_CONSOLE_IN)
			px_console_input();
	}
	part(w);
	waited += xo_now() - from;
	return w->woken ? 0 : -ETIMEDOUT;
}

/* One process: whoever it wakes is itself, and looks at `woken`. */
void px_wake(struct px_waitq *q)
{
	for (struct px_waiter *w = q->first; w; w = w->next)
		w->woken = 1;
}

exo_ns_t px_waited(void)
{
	return waited;
}
