/* ring.c - one side of a ring between two environments.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/error.h>
#include <exo/version.h>
#include <libexo/ring.h>
#include <libexo/string.h>

void xo_ring_make(struct exo_ring *shared, uint32_t entry_size, uint32_t entries)
{
	*shared = (struct exo_ring){
		.version = EXO_ABI_VERSION, .entry_size = entry_size, .entries = entries};
}

long xo_ring_open(struct xo_ring *ring, struct exo_ring *shared, void *data, uint32_t entry_size,
		  uint32_t entries, bool producer)
{
	if (!entry_size || !entries || entries & (entries - 1) || entries > UINT32_MAX / entry_size)
		return -EXO_E_INVAL;
	if (shared->version != EXO_ABI_VERSION || shared->entry_size != entry_size ||
	    shared->entries != entries)
		return -EXO_E_VERSION;
	*ring = (struct xo_ring){.shared = shared,
				 .data = data,
				 .entry_size = entry_size,
				 .entries = entries,
				 .index = producer ? shared->head : shared->tail,
				 .producer = producer};
	return 0;
}

uint32_t xo_ring_waiting(const struct xo_ring *ring)
{
	uint32_t n;

	if (ring->producer) {
		n = ring->index - __atomic_load_n(&ring->shared->tail, __ATOMIC_ACQUIRE);
		return n > ring->entries ? ring->entries : n;
	}
	n = __atomic_load_n(&ring->shared->head, __ATOMIC_ACQUIRE) - ring->index;
	return n > ring->entries ? 0 : n;
}

static void *entry_at(const struct xo_ring *ring)
{
	return (char *)ring->data +
	       (uint64_t)(ring->index & (ring->entries - 1)) * ring->entry_size;
}

bool xo_ring_put(struct xo_ring *ring, const void *entry)
{
	if (xo_ring_waiting(ring) == ring->entries)
		return false;
	memcpy(entry_at(ring), entry, ring->entry_size);
	__atomic_store_n(&ring->shared->head, ++ring->index, __ATOMIC_RELEASE);
	return true;
}

bool xo_ring_get(struct xo_ring *ring, void *entry)
{
	if (!xo_ring_waiting(ring))
		return false;
	memcpy(entry, entry_at(ring), ring->entry_size);
	__atomic_store_n(&ring->shared->tail, ++ring->index, __ATOMIC_RELEASE);
	return true;
}
