/* fuzz_ring.c - fuzz target: both sides of a ring of libexo/ring.h, and somebody who writes into
 * it. SPDX-License-Identifier: BSD-2-Clause
 *
 * As long as nobody lies, what is put in comes out, in order, and as much as fits goes in; whoever
 * is lied to touches nothing but the ring, and counts no more than it holds.
 */
#include "fuzz.h"

#include <exo/error.h>
#include <libexo/ring.h>

static uint32_t entry_size, entries;
static uint64_t put, got;
static bool honest;

static void entry_of(uint8_t *e, uint64_t n)
{
	for (uint32_t i = 0; i < entry_size; i++)
		e[i] = (uint8_t)(n * 31 + i);
}

static void produce(struct xo_ring *r)
{
	uint8_t *e = malloc(entry_size);
	bool fits, room = r->index - r->shared->tail < entries;

	entry_of(e, put);
	fits = xo_ring_put(r, e);
	must(fits == room && (!honest || fits == (put - got < entries)));
	put += fits;
	free(e);
}

static void consume(struct xo_ring *r)
{
	uint8_t *e = malloc(entry_size), *want = malloc(entry_size);
	uint32_t waiting = r->shared->head - r->index;
	bool there = xo_ring_get(r, e);

	must(there == (waiting && waiting <= entries));
	must(!honest || there == (put != got));
	if (honest && there) {
		entry_of(want, got++);
		must(!memcmp(e, want, entry_size));
	}
	free(want);
	free(e);
}

static void lie(struct input *in, struct exo_ring *shared)
{
	uint32_t words[sizeof(*shared) / 4];

	honest = false;
	memcpy(words, shared, sizeof(words));
	words[get_bytes(in, 1) % 16] = (uint32_t)get_number(in);
	memcpy(shared, words, sizeof(words));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	struct exo_ring *shared = malloc(sizeof(*shared));
	struct xo_ring from, to;
	uint32_t start;
	void *room;

	entry_size = (uint32_t)get_bytes(&in, 1) + 1;
	entries = 1u << get_bytes(&in, 1) % 6;
	room = malloc((size_t)entry_size * entries);
	xo_ring_make(shared, entry_size, entries);
	shared->head = shared->tail = start = (uint32_t)get_number(&in);
	must(xo_ring_open(&from, shared, room, entry_size, entries + 1, true) == -EXO_E_INVAL ||
	     entries == 1);
	must(!xo_ring_open(&from, shared, room, entry_size, entries, true));
	must(!xo_ring_open(&to, shared, room, entry_size, entries, false));
	put = got = 0;
	honest = true;
	while (in.at < in.end) {
		uint8_t how = (uint8_t)get_bytes(&in, 1);

		for (int n = how >> 3; n >= 0; n--)
			if (how % 8 < 3)
				produce(&from);
			else if (how % 8 < 6)
				consume(&to);
		if (how % 8 == 7 && how >> 3 > 24)
			lie(&in, shared);
		must(xo_ring_waiting(&from) <= entries && xo_ring_waiting(&to) <= entries);
		must(!honest || (xo_ring_waiting(&from) == put - got &&
				 xo_ring_waiting(&to) == put - got && from.index - start == put));
	}
	free(room);
	free(shared);
	return 0;
}
