/* console.c - producer of the output ring, consumer of the input ring.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The server may write anything into the rings: our own index is kept here,
 * the sizes are what exo/ring.h says, and the other side's index is read once.
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/console.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <stdbool.h>

#define POLL_NS 1000000 /* looked again after this long, should the event go astray */

#define OUT_SIZE sizeof(((struct exo_console *)0)->out_data)
#define IN_SIZE  sizeof(((struct exo_console *)0)->in_data)

static struct {
	struct exo_console *rings;
	exo_cap_t cap;
	uint32_t head; /* of `out` */
	uint32_t tail; /* of `in` */
} con;

static bool ring_ok(const struct exo_ring *r, uint32_t entries)
{
	return r->version == EXO_ABI_VERSION && r->entry_size == 1 && r->entries == entries;
}

long xo_console_init(struct exo_console *c, exo_cap_t cap)
{
	con.rings = NULL;
	if (!c)
		return 0;
	if (!ring_ok(&c->out, OUT_SIZE) || !ring_ok(&c->in, IN_SIZE))
		return -EXO_E_VERSION;
	con.cap = cap;
	con.head = c->out.head;
	con.tail = c->in.tail;
	con.rings = c;
	return 0;
}

/* One instruction for both calls: the one takes no more arguments than the slot. */
static __attribute__((noinline)) void kick(void)
{
	uint64_t bits = xo_start->console_bits;

	exo_syscall(bits ? EXO_SYS_notify : EXO_SYS_console_kick, con.cap, 0, bits, 0, 0, 0);
}

/* Entries waiting in the output ring. */
static uint32_t out_used(void)
{
	uint32_t used = con.head - __atomic_load_n(&con.rings->out.tail, __ATOMIC_ACQUIRE);

	return used > OUT_SIZE ? OUT_SIZE : used;
}

/* Until fewer than `limit` bytes wait.  The event goes to activation 0; the
 * others look again now and then. */
static void wait_below(uint32_t limit)
{
	struct exo_activation *a = xo_self();

	while (out_used() >= limit) {
		xo_events_take(a, EXO_EVENT_CONSOLE_OUT);
		kick();
		if (out_used() >= limit)
			exo_sleep(EXO_EVENT_CONSOLE_OUT, xo_now() + POLL_NS, EXO_SLOT_NONE, 0);
	}
}

/* Queue what there is room for; returns how much that was. */
static size_t queue(const uint8_t *p, size_t n)
{
	uint32_t room = OUT_SIZE - out_used();

	if (room > n)
		room = (uint32_t)n;
	for (uint32_t i = 0; i < room; i++)
		con.rings->out_data[(con.head + i) % OUT_SIZE] = p[i];
	con.head += room;
	__atomic_store_n(&con.rings->out.head, con.head, __ATOMIC_RELEASE);
	return room;
}

void xo_console_write(const void *data, size_t n)
{
	const uint8_t *p = data;

	if (!con.rings || !n)
		return;
	for (size_t done; n; p += done, n -= done) {
		wait_below(OUT_SIZE);
		done = queue(p, n);
	}
	kick();
}

size_t xo_console_put(const void *data, size_t n)
{
	if (!con.rings || !n)
		return n;
	n = queue(data, n);
	kick();
	return n;
}

size_t xo_console_room(void)
{
	return con.rings ? OUT_SIZE - out_used() : OUT_SIZE;
}

void xo_console_resume(void)
{
	if (!con.rings)
		return;
	con.head = con.rings->out.head;
	con.tail = con.rings->in.tail;
}

size_t xo_console_read(void *data, size_t n)
{
	uint8_t *p = data;
	uint32_t there;

	if (!con.rings)
		return 0;
	there = __atomic_load_n(&con.rings->in.head, __ATOMIC_ACQUIRE) - con.tail;
	if (there > IN_SIZE)
		there = 0;
	if (there > n)
		there = n;
	for (uint32_t i = 0; i < there; i++)
		p[i] = con.rings->in_data[(con.tail + i) % IN_SIZE];
	if (there) {
		con.tail += there;
		__atomic_store_n(&con.rings->in.tail, con.tail, __ATOMIC_RELEASE);
		kick();
	}
	return there;
}

void xo_console_flush(void)
{
	if (con.rings)
		wait_below(1);
}
