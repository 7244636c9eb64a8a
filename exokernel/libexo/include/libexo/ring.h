/* ring.h - one side of a ring of exo/ring.h, between two environments that do not trust each other.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Both have the ring's memory mapped; each keeps its own index and the sizes for itself, so nothing
 * that the other writes there can do more than spoil what is in the ring.  Who finds it full or
 * empty sleeps on an event bit, which the other sets with notify after it has moved its index:
 *
 *     while (!xo_ring_get(&ring, &entry)) {
 *             xo_events_take(xo_self(), BIT);
 *             if (xo_ring_get(&ring, &entry))
 *                     break;
 *             exo_sleep(BIT, 0, EXO_SLOT_NONE, 0);
 *     }
 */
#ifndef LIBEXO_RING_H
#define LIBEXO_RING_H

#include <exo/ring.h>
#include <stdbool.h>

struct xo_ring {
	struct exo_ring *shared;
	void *data;
	uint32_t entry_size, entries;
	uint32_t index; /* head or tail, whichever is ours */
	bool producer;
};

/* Fill in a ring, empty: once, by one of the two.  entries is a power of two. */
void xo_ring_make(struct exo_ring *shared, uint32_t entry_size, uint32_t entries);

/* Become the producer or the consumer of a ring whose entries lie at `data`.  Returns 0, or
 * -EXO_E_VERSION if the ring is not what is said here, -EXO_E_INVAL if that is no ring at all. */
long xo_ring_open(struct xo_ring *ring, struct exo_ring *shared, void *data, uint32_t entry_size,
		  uint32_t entries, bool producer);

/* How many entries wait in it; what cannot be counts as full for the producer, as empty for the
 * consumer. */
uint32_t xo_ring_waiting(const struct xo_ring *ring);

/* Put an entry in; false: it is full. */
bool xo_ring_put(struct xo_ring *ring, const void *entry);
/* Take the oldest out; false: it is empty. */
bool xo_ring_get(struct xo_ring *ring, void *entry);

#endif
