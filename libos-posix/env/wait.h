/* wait.h - the one way to wait for something.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Who waits stands in the queue of what it waits for, in the arena, so that
 * any process can wake it.
 */
#ifndef PX_WAIT_H
#define PX_WAIT_H

#include <exo/types.h>
#include <stdint.h>

#define PX_EVENT_WAKE (1ull << 8) /* in the event word of the activation that waits */

struct px_waiter {
	struct px_waiter *next, *prev;
	struct px_waitq *queue; /* NULL: in none */
	uint32_t process;       /* px_process_number of who waits */
	uint32_t woken;
};

struct px_waitq {
	struct px_waiter *first;
};

/* Sleep until px_wake(q) or, unless it is 0, the deadline; q NULL: only that.
 * Called between px_enter and px_leave, which it leaves and enters again: what
 * was known before must be looked at again.  Returns 0, or -ETIMEDOUT. */
int px_block(struct px_waitq *q, exo_ns_t deadline);

/* Wake all who wait.  Between px_enter and px_leave. */
void px_wake(struct px_waitq *q);

/* Nanoseconds this process spent waiting so far. */
exo_ns_t px_waited(void);

#endif
