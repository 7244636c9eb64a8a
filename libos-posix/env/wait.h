/* wait.h - the one way to wait for something.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Who waits stands in the queues of what it waits for, in the arena, so that
 * any thread of any process can wake it.
 */
#ifndef PX_WAIT_H
#define PX_WAIT_H

#include <exo/types.h>
#include <stddef.h>
#include <stdint.h>

#define PX_EVENT_WAKE (1ull << 8) /* in the event word of the activation that waits */

struct px_thread;

struct px_waiter {
	struct px_waiter *next, *prev;
	struct px_waitq *queue; /* NULL: in none */
	struct px_thread *thread;
};

struct px_waitq {
	struct px_waiter *first, *last;
};

/* Sleep until px_wake(q) or, unless it is 0, the deadline; q NULL: only that.
 * Called between px_enter and px_leave, which it leaves and enters again: what
 * was known before must be looked at again.  Returns 0, -ETIMEDOUT, or -EINTR if the
 * thread has something to attend to: then the call ends, with what it has done so far
 * or with that error. */
int px_block(struct px_waitq *q, exo_ns_t deadline);

/* The same for who can attend to some things only, PX_ATTEND_* of thread/sched.h: the others do not
 * end its wait. */
int px_block_for(struct px_waitq *q, exo_ns_t deadline, uint32_t attend);

/* For what is sure to come soon: nothing else ends it. */
void px_block_firmly(struct px_waitq *q);

/* The same in steps, for who waits in several queues at once: join each, with a
 * zeroed waiter in the arena, sleep, part from each.  Inside. */
void px_wait_join(struct px_waiter *w, struct px_waitq *q);
static inline void px_wait_join_as(struct px_waiter *w, struct px_waitq *q, struct px_thread *t)
{
	w->thread = t;
	w->queue = q;
	w->next = NULL;
	w->prev = q->last;
	*(q->last ? &q->last->next : &q->first) = w;
	q->last = w;
}

static inline void px_wait_part(struct px_waiter *w)
{
	struct px_waitq *q = w->queue;

	if (!q)
		return;
	*(w->next ? &w->next->prev : &q->last) = w->prev;
	*(w->prev ? &w->prev->next : &q->first) = w->next;
	w->queue = NULL;
}

int px_wait_sleep(exo_ns_t deadline);

/* Wake all who wait.  Between px_enter and px_leave. */
void px_wake(struct px_waitq *q);

/* What is held across critical sections: one thread at a time, the others wait. */
struct px_lock {
	uint32_t holder; /* a thread's id, or 0 */
	uint32_t zero;
	struct px_waitq waiters;
};

/* Outside critical sections.  A thread holds at most PX_LOCKS_HELD, in the order in
 * which they stand in file.h. */
#define PX_LOCKS_HELD 2
void px_lock(struct px_lock *lock);
void px_unlock(struct px_lock *lock);

/* The same inside one, which px_lock_inside may leave for a while. */
void px_lock_inside(struct px_lock *lock);
void px_unlock_inside(struct px_lock *lock);

/* Take up the events of the only thread of all: what was typed. */
void px_event_alone(void);

/* XO_EVENT_LEDGER has come to the environment that has the CPUs. */
void px_ledger_look(void);

/* Nanoseconds this process spent waiting so far. */
exo_ns_t px_waited(void);

#endif
