/* switch.c - what a change of activation or environment costs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bench.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/call.h>

#define ROUNDS      1000
#define SWITCHES    200
#define SLICE_NS    100000
#define STACK_BYTES 4096
#define PEER_VA     (BENCH_VA + 0x10000000) /* activations */
#define PEER_SLOT   EXO_SLOT_FREE           /* ENV: the other environment */

static char stacks[2][STACK_BYTES * (1 + EXO_FRAME_DEPTH)] __attribute__((aligned(64)));

/* When each side was last seen running. */
static volatile uint64_t seen[2];
static uint64_t gap_ticks;
static unsigned gaps;

static void yield_forever(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

static volatile bool serve;
static volatile exo_cap_t back; /* to whom the other environment yields */

/* The other environment (this one is PEER_SLOT in its table): yields at first, then answers calls.
 */
static void yield_then_serve(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	while (!serve)
		exo_yield(back, 0);
	for (;;)
		xo_reply(0, &m);
}

static void call_peer(void)
{
	struct exo_message m = {0};

	xo_call(PEER_SLOT, 0, 0, &m);
}

/* The first look after a switch to `me` finds the other side's last one before it. */
static inline void look(int me)
{
	uint64_t now = bench_ticks(), other = seen[!me];

	/* not if the switch came between the two reads above */
	if (other > seen[me] && now > other) {
		gap_ticks += now - other;
		gaps++;
	}
	seen[me] = now;
}

static void look_forever(void *arg)
{
	(void)arg;
	for (;;)
		look(1);
}

static void yield_once(void)
{
	exo_yield(EXO_SLOT_NONE, 0);
}

static void yield_to_peer(void)
{
	exo_yield(PEER_SLOT, 0);
}

static void measure_slices(const char *name)
{
	seen[0] = seen[1] = bench_ticks();
	gap_ticks = gaps = 0;
	while (gaps < SWITCHES)
		look(0);
	bench_row(name, gap_ticks * 10 / gaps, "ticks");
}

static exo_pfn_t make_activation(struct xo_begin *b, uint32_t index, int stack, exo_va_t at)
{
	return bench_activation(b, index, stacks[stack], STACK_BYTES, at);
}

static void start(struct xo_begin *b, exo_pfn_t pfn)
{
	bench_want("activation_start", xo_activation_start(b, EXO_SLOT_MEMORY, pfn, 0, 1, SLICE_NS),
		   0);
}

static void measure_activations(void)
{
	static struct xo_begin yielder = {.fn = yield_forever}, looker = {.fn = look_forever};

	start(&yielder, make_activation(&yielder, 1, 0, PEER_VA));
	bench_measure("yield_activations", yield_once, ROUNDS);
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 1, 0);

	start(&looker, make_activation(&looker, 2, 1, PEER_VA + 2 * EXO_PAGE_SIZE));
	measure_slices("slice_activations");
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 2, 0);
}

static void measure_environments(void)
{
	static struct xo_begin begin = {.fn = yield_then_serve};
	exo_pfn_t pfn = make_activation(&begin, 0, 0, PEER_VA + 4 * EXO_PAGE_SIZE);

	bench_peer(&begin, PEER_SLOT, bench_frames(3), pfn);
	bench_want("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, 1, PEER_SLOT, 0, SLICE_NS), 0);
	bench_measure("yield_environments", yield_once, ROUNDS);
	bench_want("cap_derive",
		   exo_cap_derive(EXO_SLOT_SELF, PEER_SLOT, PEER_SLOT, 0, 0, EXO_RIGHT_YIELD), 0);
	back = PEER_SLOT;
	bench_measure("yield_directed", yield_to_peer, ROUNDS);
	serve = true;
	exo_yield(EXO_SLOT_NONE, 0);
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, PEER_SLOT, 0, 0);
	bench_measure("call_and_reply", call_peer, ROUNDS);
}

void bench_switches(void)
{
	measure_activations();
	measure_environments();
}
