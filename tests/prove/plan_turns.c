/* plan_turns.c - sleep, wake, yield, lend, call and reply on two CPUs, by the kernel's own turns.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define A     2
#define B     3
#define ENVS  16 /* slots of the three environments, in each of their tables */
#define GIVEN 20 /* where a capability may come in */
#define ACTS  25 /* frames of activations, two each */
#define NS    20000

/* Activation 0 of each has slices: the first and A on CPU 0, B on CPU 1.  Activation 1 of A and B
 * has none: it runs as a guest, or is called. */
static void setup(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add_env(ops, A, ENVS + 1, 11, ACTS + 10 - 11);
	add_env(ops, B, ENVS + 2, 18, ACTS + 10 - 18);
	for (int pfn = ACTS; pfn < ACTS + 10; pfn += 2)
		add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, pfn, 2, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_SELF, 0, ENVS, 0, 0, 0xbf);
	for (int h = A; h <= B; h++)
		for (int of = HOME_FIRST; of <= B; of++)
			add(ops, HOME_FIRST, EXO_SYS_cap_derive, ENVS + of - HOME_FIRST,
			    ENVS + h - HOME_FIRST, ENVS + of - HOME_FIRST, 0, 10 * h + of, 0xbf);
	add(ops, HOME_FIRST, EXO_SYS_activation_bind, 0, 0, EXO_SLOT_MEMORY, ACTS, 1, 0);
	for (int i = 0; i < 4; i++)
		add(ops, HOME_FIRST, EXO_SYS_activation_bind, ENVS + 1 + i / 2, i % 2,
		    EXO_SLOT_MEMORY, ACTS + 2 + 2 * i, 2 + i, 0);
	add(ops, HOME_FIRST, EXO_SYS_slice_bind, EXO_SLOT_CPU, 0, 0, 0, 0, NS);
	add(ops, HOME_FIRST, EXO_SYS_slice_bind, EXO_SLOT_CPU, 0, 1, ENVS + 1, 0, NS);
	add(ops, HOME_FIRST, EXO_SYS_slice_bind, EXO_SLOT_CPU, 1, 0, ENVS + 2, 0, NS);
}

/* To, or about, activation i of the environment that slot names. */
static void towards(struct ops *ops, uint8_t n, int slot, int i)
{
	add(ops, n, EXO_SYS_sleep, 1, i, slot, i, 0, 0);
	add(ops, n, EXO_SYS_yield, slot, i, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_notify, slot, i, 1, 0, 0, 0);
	add(ops, n, EXO_SYS_call, slot, i, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_call, slot, i, ENVS, GIVEN, 1, 0);
}

static void moves_of(const struct world *w, struct ops *ops, uint8_t n)
{
	uint8_t h = w->cpu[n].env;

	add(ops, n, OP_TICK, 0, 0, 0, 0, 0, 0);
	add(ops, n, OP_WAKE, 0, 0, 0, 0, 0, 0);
	for (int s = ENVS; s < ENVS + 3; s++)
		for (int i = 0; i < (s == ENVS ? 1 : 2); i++)
			towards(ops, n, s, i);
	for (int later = 0; later < 2; later++)
		add(ops, n, EXO_SYS_sleep, 1, later, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_yield, 0, 0, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_alarm, 1, 0, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_reply, 0, 0, 0, 0, 0, 0);
	add(ops, n, EXO_SYS_reply, ENVS, GIVEN, 0, 0, 0, 0);
	for (int s = ENVS + 1; s < ENVS + 3; s++) {
		add(ops, n, EXO_SYS_env_stop, s, 7, 0, 0, 0, 0);
		add(ops, n, EXO_SYS_env_destroy, s, 0, 0, 0, 0, 0);
	}
	for (uint8_t at = 0; h == HOME_FIRST && at < 2; at++)
		for (int i = 0; i < 2; i++) {
			add(ops, n, EXO_SYS_slice_bind, EXO_SLOT_CPU, at, 2, ENVS + 1 + i, 1, NS);
			add(ops, n, EXO_SYS_slice_bind, EXO_SLOT_CPU, at, 2 - i, ENVS + 1, 1 - i,
			    0);
		}
	if (h == HOME_FIRST)
		add(ops, n, EXO_SYS_slice_bind, EXO_SLOT_CPU, 1, 0, ENVS + 2, 0, 0);
}

static void all_moves(const struct world *w, struct ops *ops)
{
	moves_of(w, ops, 0);
	moves_of(w, ops, 1);
}

/* B lends to A's guest, and that to B's, all on CPU 1; on CPU 0 the first runs. */
static void begin_lent(struct ops *ops)
{
	add(ops, 0, OP_TICK, 0, 0, 0, 0, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, ENVS + 1, 1, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, ENVS + 2, 1, 0, 0);
}

/* Both of A wait to be called, without slices; B has called the second, with a deadline. */
static void begin_called(struct ops *ops)
{
	add(ops, 0, EXO_SYS_reply, 0, GIVEN, 0, 0, 0, 0);
	add(ops, 0, EXO_SYS_slice_bind, EXO_SLOT_CPU, 0, 1, ENVS + 1, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, ENVS + 1, 1, 0, 0);
	add(ops, 1, EXO_SYS_reply, 0, GIVEN, 0, 0, 0, 0);
	add(ops, 1, EXO_SYS_call, ENVS + 1, 1, 0, GIVEN, 1, 0);
}

/* B has called the second of A, which lends B's time on to the second of B: that one runs on CPU 1,
 * and who lends to it can be given slices of another. */
static void begin_served(struct ops *ops)
{
	add(ops, 0, OP_TICK, 0, 0, 0, 0, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, ENVS + 1, 1, 0, 0);
	add(ops, 1, EXO_SYS_reply, 0, GIVEN, 0, 0, 0, 0);
	add(ops, 1, EXO_SYS_call, ENVS + 1, 1, 0, GIVEN, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, ENVS + 2, 1, 0, 0);
}

/* The first runs on CPU 0; on CPU 1 nobody does, and the registers of B, which sleeps, are left. */
static void begin_moved(struct ops *ops)
{
	add(ops, 0, OP_TICK, 0, 0, 0, 0, 0, 0);
	add(ops, 1, EXO_SYS_sleep, 1, 0, 0, 0, 0, 0);
}

#define SHAPE                                                                                      \
	{                                                                                          \
		.frames = ACTS + 10, .homes = 4, .home = {BOOT_ACCOUNT, BOOT_ENV, 11, 18},         \
		.cpu = {NOBODY, 3, NOBODY, NOBODY}, .places = 1, .place = {0x8000000000},          \
		.tables = 3, .table = {{0x8000000000, 3}, {0x8000000000, 2}, {0x8000000000, 1}},   \
	}

/* All begin with the same activations; `start` goes on from there. */
#define PLAN(id, words, calls, start)                                                              \
	const struct plan plan_##id = {                                                            \
		.name = #id,                                                                       \
		.what = words,                                                                     \
		.shape = SHAPE,                                                                    \
		.budget = 1000,                                                                    \
		.limit = UINT64_MAX,                                                               \
		.depth = calls,                                                                    \
		.scheduled = true,                                                                 \
		.setup = setup,                                                                    \
		.begin = start,                                                                    \
		.moves = all_moves,                                                                \
	}

PLAN(turns,
     "5 activations of 3 environments on 2 CPUs sleep, yield, notify, lend, call, reply, stop", 3,
     NULL);
PLAN(lent, "the same, from where one lends its time to one that lends it on", 3, begin_lent);
PLAN(called, "the same, from where one has called another and waits for its reply", 4,
     begin_called);
PLAN(served, "the same, from where one that was called lends on the time", 3, begin_served);
PLAN(moved, "the same, from where one sleeps whose registers are still in an idle CPU", 3,
     begin_moved);
