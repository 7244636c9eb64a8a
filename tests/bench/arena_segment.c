/* arena_segment.c - shared state in one segment that every process maps and enters.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What belongs to the application is copied outside the critical section, where a fault hurts
 * nobody else; hence the bounce buffers.
 */
#include "arena.h"

#include <exo/stubs.h>

struct arena arena;
static char bounce[WHO_MAX][MESSAGE_MAX];

void arena_enter(void)
{
	uint32_t mine = me() + 1, holder = 0;

	xo_self()->critical = 1;
	while (!__atomic_compare_exchange_n(&arena.lock, &holder, mine, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		exo_yield(PEER(holder - 1), 0);
		holder = 0;
	}
}

/* What the kernel held back meanwhile is made up for. */
void arena_leave(void)
{
	struct exo_activation *a = xo_self();

	__atomic_store_n(&arena.lock, 0, __ATOMIC_RELEASE);
	a->critical = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (a->pending) {
		a->pending = 0;
		trouble_upcall();
	}
}

static uint64_t arena_move(uint32_t by)
{
	uint64_t offset;

	arena_enter();
	offset = arena.offset += by;
	arena_leave();
	return offset;
}

static void arena_write(uint32_t pipe, const void *from, uint32_t n)
{
	struct pipe *p = &arena.pipe[pipe];
	uint32_t waiter;

	memcpy(bounce[me()], from, n);
	arena_enter();
	pipe_put(p, bounce[me()], n);
	waiter = p->waiter;
	p->waiter = 0;
	arena_leave();
	if (waiter)
		exo_notify(PEER(waiter - 1), 0, WAKE);
}

static uint32_t arena_read(uint32_t pipe, void *to)
{
	struct pipe *p = &arena.pipe[pipe];
	uint32_t n;

	for (;;) {
		xo_events_take(xo_self(), WAKE);
		arena_enter();
		n = pipe_take(p, bounce[me()]);
		p->waiter = n ? 0 : me() + 1;
		arena_leave();
		if (n)
			break;
		exo_sleep(WAKE, 0, EXO_SLOT_NONE, 0);
	}
	memcpy(to, bounce[me()], n);
	return n;
}

const struct design arena_design = {arena_move, arena_write, arena_read};
