/* rings.c - a ring shared by two environments: in order, complete, no wake-up lost, no lie
 * believed. SPDX-License-Identifier: BSD-2-Clause
 *
 * The child has its own end, and runs on the last CPU; it takes entries and sends each back
 * changed, by a second ring.
 */
#include "ktest.h"

#include <libexo/ring.h>

#define ENTRIES   16
#define SENT      3000
#define CHANGED   0x5555aaaa5555aaaa
#define THERE     (1ull << 20) /* there is something in it */
#define ROOM      (1ull << 21)
#define PARENT    40 /* in the child's table: we, NOTIFY */
#define WAIT_NS   (30000 * KT_NS_PER_MS)
#define SIDE(...) KT_EQ(xo_ring_open(__VA_ARGS__), 0)

struct entry {
	uint64_t number, more[2]; /* all three tell each other */
};

static struct pair {
	struct exo_ring ring;
	struct entry data[ENTRIES];
} to, back;
static struct kt_child child;

/* Sleep until the ring is not as it was: the bit is cleared before the last look. */
static void await(const struct xo_ring *r, uint32_t as, uint64_t bit)
{
	xo_events_take(xo_self(), bit);
	if (xo_ring_waiting(r) == as)
		exo_sleep(bit, xo_now() + WAIT_NS, EXO_SLOT_NONE, 0);
}

static bool good(const struct entry *e)
{
	return e->more[0] == e->number * 3 && e->more[1] == ~e->number;
}

static void sends_back(void *arg)
{
	struct xo_ring in, out;
	struct entry e;

	(void)arg;
	if (xo_ring_open(&in, &to.ring, to.data, sizeof(e), ENTRIES, false) ||
	    xo_ring_open(&out, &back.ring, back.data, sizeof(e), ENTRIES, true))
		kt_exit(1);
	for (uint64_t i = 0; i < SENT; i++) {
		while (!xo_ring_get(&in, &e))
			await(&in, 0, THERE);
		exo_notify(PARENT, 0, ROOM);
		if (e.number != i || !good(&e))
			kt_exit(2);
		e.number ^= CHANGED;
		while (!xo_ring_put(&out, &e))
			await(&out, ENTRIES, ROOM);
		exo_notify(PARENT, 0, THERE);
	}
	kt_exit(0);
}

static void make(void (*fn)(void *))
{
	xo_ring_make(&to.ring, sizeof(struct entry), ENTRIES);
	xo_ring_make(&back.ring, sizeof(struct entry), ENTRIES);
	/* the indices wrap on the way */
	to.ring.head = to.ring.tail = -5u;
	KT_OK(kt_child_make(&child, fn, NULL));
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, child.slot, PARENT, 0, 0, EXO_RIGHT_NOTIFY), 0);
}

static void there_and_back(void)
{
	uint64_t sent = 0, got = 0, wrong = 0;
	exo_ns_t end = xo_now() + 3 * WAIT_NS;
	struct xo_ring out, in;
	struct entry e;

	make(sends_back);
	SIDE(&out, &to.ring, to.data, sizeof(e), ENTRIES, true);
	SIDE(&in, &back.ring, back.data, sizeof(e), ENTRIES, false);
	KT_EQ(kt_child_start(&child, kt_cpus() - 1, 1), 0);
	while (got < SENT && xo_now() < end && !exo_env_status(child.slot)) {
		e = (struct entry){sent, {sent * 3, ~sent}};
		if (sent < SENT && xo_ring_put(&out, &e)) {
			sent++;
			exo_notify(child.slot, 0, THERE);
		} else if (xo_ring_get(&in, &e)) {
			e.number ^= CHANGED;
			wrong += e.number != got++ || !good(&e);
			exo_notify(child.slot, 0, ROOM);
		} else {
			await(&in, 0, THERE);
		}
	}
	while (got < SENT && xo_ring_get(&in, &e)) { /* it may have ended before the last look */
		e.number ^= CHANGED;
		wrong += e.number != got++ || !good(&e);
	}
	KT_EQ(got, SENT);
	KT_EQ(wrong, 0);
	KT_EQ(kt_child_wait(&child), EXO_STATUS_STOPPED | 1ull << 32);
	kt_child_end(&child);
}

/* The other side writes what it likes into all that is shared, all the time; some of it is likely.
 */
static volatile uint32_t out_at, in_at;

static void scribbles(void *arg)
{
	uint64_t seed = 88172645463325252;

	(void)arg;
	for (;;) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		((volatile uint32_t *)&to)[seed >> 40 & 15] = (uint32_t)(seed >> 8);
		((volatile uint32_t *)&back)[seed >> 48 & 15] = (uint32_t)seed;
		__atomic_store_n(&to.ring.tail, out_at - (seed >> 33 & 31), __ATOMIC_RELAXED);
		__atomic_store_n(&back.ring.head, in_at + (seed >> 50 & 31), __ATOMIC_RELAXED);
	}
}

static void lies(void)
{
	static struct {
		uint64_t before[4];
		struct entry e;
		uint64_t behind[4];
	} mine;
	struct xo_ring out, in;
	uint64_t put = 0, got = 0;
	exo_ns_t end = xo_now() + WAIT_NS;

	make(scribbles);
	SIDE(&out, &to.ring, to.data, sizeof(mine.e), ENTRIES, true);
	SIDE(&in, &back.ring, back.data, sizeof(mine.e), ENTRIES, false);
	KT_EQ(kt_child_start(&child, kt_cpus() - 1, 1), 0);
	for (int i = 0; (i < 20000 || put < 500 || got < 500) && xo_now() < end; i++) {
		put += xo_ring_put(&out, &mine.e);
		got += xo_ring_get(&in, &mine.e);
		out_at = out.index;
		in_at = in.index;
		KT_OK(xo_ring_waiting(&out) <= ENTRIES && xo_ring_waiting(&in) <= ENTRIES);
		if (i % 100 == 0)
			exo_yield(EXO_SLOT_NONE, 0);
	}
	KT_OK(put >= 500 && got >= 500);
	KT_EQ(out.entries, ENTRIES);
	KT_EQ(in.entry_size, sizeof(mine.e));
	for (int i = 0; i < 4; i++)
		KT_EQ(mine.before[i] | mine.behind[i], 0);
	KT_EQ(exo_env_status(child.slot), 0);
	kt_child_end(&child);
}

static void other_layouts(void)
{
	struct xo_ring r;

	xo_ring_make(&to.ring, 24, ENTRIES);
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 24, 2 * ENTRIES, true), VERSION);
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 16, ENTRIES, true), VERSION);
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 24, 12, true), INVAL);
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 0, ENTRIES, true), INVAL);
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 24, 1u << 31, true), INVAL);
	to.ring.version++;
	KT_ERR(xo_ring_open(&r, &to.ring, to.data, 24, ENTRIES, true), VERSION);
}

const struct ktest ktests[] = {
	{"ring-there-and-back", there_and_back, 1},
	{"ring-lies", lies, 1},
	{"ring-other-layouts", other_layouts, 1},
	{NULL, NULL, 0},
};
