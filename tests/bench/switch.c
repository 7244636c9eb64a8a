/* switch.c - what a change of activation or environment costs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The other environment is a copy of this one's address space: the same
 * frames at the same addresses, with tables, slots and an activation of its
 * own.  So it runs the same code, and both see the same variables.
 */
#include "bench.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/start.h>
#include <libexo/upcall.h>

#define ROUNDS      1000
#define SWITCHES    200
#define SLICE_NS    100000
#define STACK_BYTES 4096
#define PEER_VA     (BENCH_VA + 0x10000000) /* activations */
#define PEER_SLOT   EXO_SLOT_FREE           /* ENV: the other environment */
#define PEER_MEMORY EXO_SLOT_MEMORY         /* FRAMES, in its table */

static char stacks[2][STACK_BYTES * (1 + EXO_FRAME_DEPTH)] __attribute__((aligned(64)));

/* When each side was last seen running. */
static volatile uint64_t seen[2];
static uint64_t gap_ticks;
static unsigned gaps;

static void yield_forever(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(EXO_SLOT_NONE);
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
	exo_yield(EXO_SLOT_NONE);
}

static void yield_to_peer(void)
{
	exo_yield(PEER_SLOT);
}

static void measure_slices(const char *name)
{
	seen[0] = seen[1] = bench_ticks();
	gap_ticks = gaps = 0;
	while (gaps < SWITCHES)
		look(0);
	bench_row(name, gap_ticks * 10 / gaps, "ticks");
}

/* An activation in new frames, mapped here, that begins with b->fn. */
static exo_pfn_t make_activation(struct xo_begin *b, uint32_t index, int stack, exo_va_t at)
{
	exo_pfn_t pfn = bench_frames(2);

	bench_map(at, pfn, 2);
	b->activation = (struct exo_activation *)at;
	b->sp = (uint64_t)stacks[stack] + STACK_BYTES;
	xo_activation_init(b->activation, index, stacks[stack] + STACK_BYTES, STACK_BYTES);
	return pfn;
}

static void measure_activations(void)
{
	static struct xo_begin yielder = {.fn = yield_forever}, looker = {.fn = look_forever};
	exo_pfn_t pfn;
	long r;

	pfn = make_activation(&yielder, 1, 0, PEER_VA);
	r = xo_activation_start(&yielder, EXO_SLOT_MEMORY, pfn, 0, 1, SLICE_NS);
	if (r)
		bench_fail("activation_start", r);
	bench_measure("yield_activations", yield_once, ROUNDS);
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 1, 0);

	pfn = make_activation(&looker, 2, 1, PEER_VA + 2 * EXO_PAGE_SIZE);
	r = xo_activation_start(&looker, EXO_SLOT_MEMORY, pfn, 0, 1, SLICE_NS);
	if (r)
		bench_fail("activation_start", r);
	measure_slices("slice_activations");
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 2, 0);
}

/* Show the pages [va, end) of this environment to the other one too. */
static void share(const struct xo_space *peer, exo_va_t va, exo_va_t end)
{
	for (; va < end; va += EXO_PAGE_SIZE) {
		uint64_t e = xo_entry(va);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);
		long r;

		if (!(e & EXO_PTE_PRESENT))
			continue;
		r = xo_map_run(peer, va, (e & EXO_PTE_FRAME) / EXO_PAGE_SIZE, 1, prot, PEER_MEMORY);
		if (r)
			bench_fail("map into the other environment", r);
	}
}

static void make_peer(struct xo_begin *b)
{
	struct xo_space peer = bench_space;
	exo_pfn_t own = bench_frames(3), pfn;
	long r;

	r = exo_env_create(EXO_SLOT_MEMORY, own, own + 1, own + 2, PEER_SLOT, 0);
	if (r)
		bench_fail("env_create", r);
	r = exo_cap_derive(EXO_SLOT_MEMORY, PEER_SLOT, PEER_MEMORY, 0, xo_info->pfn_end,
			   EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC);
	if (r)
		bench_fail("cap_derive", r);
	peer.env = PEER_SLOT;
	share(&peer, (exo_va_t)__image_start & -(uint64_t)EXO_PAGE_SIZE, (exo_va_t)__image_end);

	pfn = make_activation(b, 0, 0, PEER_VA + 4 * EXO_PAGE_SIZE);
	share(&peer, (exo_va_t)b->activation, (exo_va_t)b->activation + 2 * EXO_PAGE_SIZE);
	r = exo_activation_bind(PEER_SLOT, 0, PEER_MEMORY, pfn, (uint64_t)b);
	if (r)
		bench_fail("activation_bind", r);
	r = exo_slice_bind(EXO_SLOT_CPU, 0, 1, PEER_SLOT, 0, SLICE_NS);
	if (r)
		bench_fail("slice_bind", r);
}

static void measure_environments(void)
{
	static struct xo_begin begin = {.fn = yield_forever};

	make_peer(&begin);
	bench_measure("yield_environments", yield_once, ROUNDS);
	bench_measure("yield_directed", yield_to_peer, ROUNDS);
	exo_slice_bind(EXO_SLOT_CPU, 0, 1, PEER_SLOT, 0, 0);
}

void bench_switches(void)
{
	measure_activations();
	measure_environments();
}
