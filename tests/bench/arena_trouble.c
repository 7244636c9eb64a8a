/* arena_trouble.c - clients that are killed or never leave, in either design.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "arena.h"

#include <exo/stubs.h>
#include <libexo/start.h>

#define WORK     200000 /* far longer than a slice's grace: its holder is put down inside */
#define PATIENCE 20
#define ROUNDS   500

static volatile bool posted;
static volatile uint64_t neighbour;

/* An event, at once or when the critical section is over. */
void trouble_upcall(void)
{
	if (xo_events_take(xo_self(), KILL) & KILL)
		exo_env_stop(EXO_SLOT_NONE, 137);
}

static void work(void)
{
	arena.half = 1;
	for (volatile int i = 0; i < WORK; i++)
		;
	arena.half = 0;
}

static void hold_often(void *arg)
{
	(void)arg;
	for (;;) {
		arena_enter();
		work();
		arena_leave();
	}
}

static void hold_for_ever(void *arg)
{
	(void)arg;
	arena_enter();
	for (;;)
		work();
}

static void post_and_spin(void *arg)
{
	(void)arg;
	server_post();
	posted = true;
	for (;;)
		;
}

static void count(void *arg)
{
	(void)arg;
	for (;;)
		neighbour++;
}

/* Until `who` is inside and has been put down there. */
static void catch_inside(enum who who, void (*fn)(void *))
{
	start(who, fn);
	while (arena.lock != who + 1u || !arena.half)
		exo_yield(PEER(who), 0);
}

static void row(const char *name, uint64_t value, const char *unit)
{
	bench_row(name, value * 10, unit);
}

/* A kill that asks: it is done at the end of the section. */
static void killed_by_request(void)
{
	uint64_t before;

	catch_inside(VICTIM, hold_often);
	before = bench_ticks();
	exo_notify(PEER(VICTIM), 0, KILL);
	arena_enter();
	row("kill_waits_for_end", bench_ticks() - before, "ticks");
	arena_leave();
	while (!exo_env_status(PEER(VICTIM)))
		exo_yield(PEER(VICTIM), 0);
	row("kill_leaves_torn", arena.half || arena.lock, "of_1");
}

/* A stop by force, as only an owner of the whole image can: found out, not repaired. */
static void stopped_by_force(void)
{
	uint64_t before;

	catch_inside(VICTIM + 1, hold_often);
	exo_env_stop(PEER(VICTIM + 1), 0);
	before = bench_ticks();
	if (!arena.lock || !exo_env_status(PEER(arena.lock - 1)))
		bench_fail("a dead holder was not noticed", arena.lock);
	row("dead_holder_noticed", bench_ticks() - before, "ticks");
	row("force_leaves_torn", arena.half && arena.lock, "of_1");
	arena.half = arena.lock = 0;
}

/* A holder that never leaves: all who need the arena hang, others do not. */
static void spinning(void)
{
	uint64_t before, was = neighbour;

	start(NEIGHBOUR, count);
	catch_inside(VICTIM + 2, hold_for_ever);
	before = bench_ticks();
	for (int i = 0; i < PATIENCE; i++)
		exo_yield(PEER(arena.lock - 1), 0);
	row("spinner_costs_a_try", (bench_ticks() - before) / PATIENCE, "ticks");
	row("spinner_stops_neighbour", neighbour == was, "of_1");
	exo_env_stop(PEER(VICTIM + 2), 0);
	exo_env_stop(PEER(NEIGHBOUR), 0);
	arena.half = arena.lock = 0;
}

/* The server goes on whatever its client does in the middle of a request. */
static void at_the_server(void)
{
	uint64_t before = server_design.move(0);

	start(VICTIM + 3, post_and_spin);
	while (!posted)
		exo_yield(PEER(VICTIM + 3), 0);
	row("server_lives_with_spinner", server_design.move(5) == before + 5, "of_1");
	exo_env_stop(PEER(VICTIM + 3), 0);
	row("server_outlives_client", server_design.move(5) == before + 10, "of_1");
}

static void section(void)
{
	arena_enter();
	arena_leave();
}

/* The lock without what keeps upcalls away. */
static void lock_only(void)
{
	uint32_t none = 0;

	__atomic_compare_exchange_n(&arena.lock, &none, 1, false, __ATOMIC_ACQUIRE,
				    __ATOMIC_RELAXED);
	__atomic_store_n(&arena.lock, 0, __ATOMIC_RELEASE);
}

static void notified(void)
{
	exo_notify(EXO_SLOT_NONE, 0, WAKE);
	xo_events_take(xo_self(), WAKE);
}

static void notified_inside(void)
{
	arena_enter();
	exo_notify(EXO_SLOT_NONE, 0, WAKE);
	arena_leave();
	xo_events_take(xo_self(), WAKE);
}

/* What protection keys would add: open the arena, close it. */
static void keys(void)
{
	__asm__ volatile("rdpkru\n\tand $-13, %%eax\n\twrpkru\n\tor $12, %%eax\n\twrpkru"
			 :
			 : "c"(0)
			 : "rax", "rdx", "memory");
}

void trouble(void)
{
	bench_measure("section", section, ROUNDS);
	bench_measure("section_lock_only", lock_only, ROUNDS);
	if (xo_info->features & EXO_FEATURE_PKU)
		bench_measure("keys_opened_and_closed", keys, ROUNDS);
	xo_self()->want = EXO_WANT_EVENT;
	bench_measure("event_at_once", notified, ROUNDS);
	bench_measure("event_held_by_section", notified_inside, ROUNDS);
	xo_self()->want = 0;
	killed_by_request();
	stopped_by_force();
	spinning();
	at_the_server();
}
