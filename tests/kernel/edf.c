/* edf.c - the scheduler of apps/edf over environments that do not help it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * To be run with one tick of the clock for each instruction: then there is no luck in it.
 */
#include "ktest.h"

#include <edf.h>

#define UNIT  KT_NS_PER_MS
#define LCM   (35 * UNIT)
#define RUN   (4 * LCM)
#define DOOR  20 /* in a task's table: the scheduler, NOTIFY */
#define TASKS 3

static struct kt_child child[TASKS];
static struct edf_task tasks[TASKS];
static volatile uint32_t done[TASKS];
static uint64_t loops[TASKS];

static const struct edf_place place = {.cap = EXO_SLOT_CPU, .slot = 1};

/* The same code for whoever calls it, or it could not be measured. */
static __attribute__((noipa)) void work(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		__asm__ volatile("");
}

static uint64_t loops_in(exo_ns_t ns)
{
	exo_ns_t start = xo_now();

	work(1000000);
	return ns * 1000000 / (xo_now() - start);
}

static void works(void *arg)
{
	uint64_t n = (uint64_t)arg;

	for (;;) {
		while (!xo_events_take(xo_self(), EDF_GO))
			exo_sleep(EDF_GO, 0, EXO_SLOT_NONE, 0);
		work(loops[n]);
		done[n]++;
		exo_notify(DOOR, 0, EDF_DONE);
	}
}

/* Keeps the CPU as long as it can: a critical section without end, the grace of every slice, and
 * the scheduler woken all the time. */
static void fights(void *arg)
{
	(void)arg;
	xo_self()->want = EXO_WANT_SLICE_BEGIN | EXO_WANT_SLICE_END | EXO_WANT_EVENT;
	xo_self()->critical = 1;
	for (;;) {
		exo_notify(DOOR, 0, EDF_DONE);
		exo_notify(EXO_SLOT_NONE, 0, ~0ull);
	}
}

static void yields(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

static void make(uint32_t n, void (*fn)(void *), exo_ns_t period, exo_ns_t budget)
{
	struct kt_child *c = &child[n];

	KT_OK(kt_child_make(c, fn, (void *)(uint64_t)n));
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, c->slot, DOOR, 0, 0, EXO_RIGHT_NOTIFY), 0);
	KT_EQ(exo_activation_bind(c->slot, 0, EXO_SLOT_MEMORY, c->act_pfn, (uint64_t)&c->begin), 0);
	done[n] = 0;
	tasks[n] = (struct edf_task){
		.env = c->slot, .period = period, .budget = budget, .done = &done[n]};
	loops[n] = loops_in(budget - UNIT / 10);
}

static void unmake(void)
{
	for (uint32_t n = 0; n < TASKS; n++)
		kt_child_end(&child[n]);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, UNIT), 0);
	xo_events_take(xo_self(), EDF_DONE);
}

static uint64_t idle_ns(void)
{
	return ((const struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT))->idle_ns;
}

/* Two tasks that by period could not both be in time, and a third that fights for what the
 * others have: its budget is all it gets, and they miss nothing. */
static void with(void (*third)(void *))
{
	uint64_t idle, busy = 28 * (19 * UNIT / 10) + 20 * (38 * UNIT / 10);

	make(0, works, 5 * UNIT, 2 * UNIT);
	make(1, works, 7 * UNIT, 39 * UNIT / 10);
	make(2, third, LCM, UNIT / 2);
	idle = idle_ns();
	KT_EQ(edf_run(&place, tasks, TASKS, xo_now() + RUN), 0);
	idle = idle_ns() - idle;
	for (int n = 0; n < 2; n++) {
		KT_EQ(tasks[n].late, 0);
		KT_EQ(tasks[n].cut, 0);
		KT_EQ(tasks[n].jobs, RUN / tasks[n].period);
		KT_EQ(done[n], tasks[n].jobs);
	}
	kt_printf("# %u jobs and %u, idle %lu of %llu us\n", done[0], done[1], idle / 1000,
		  RUN / 1000);
	/* By the kernel's own counter: what they worked, what the third was given, and little more.
	 */
	KT_OK(RUN - idle > busy && RUN - idle < busy + RUN / LCM * UNIT);
	unmake();
}

static void against_fighter(void)
{
	with(fights);
}

static void against_yielder(void)
{
	with(yields);
}

/* The same two by period: the longer one is late once in every five of its periods. */
static void by_period(void)
{
	struct edf_place fixed = place;

	fixed.by_period = true;
	make(0, works, 5 * UNIT, 2 * UNIT);
	make(1, works, 7 * UNIT, 39 * UNIT / 10);
	make(2, works, LCM, UNIT / 2);
	KT_EQ(edf_run(&fixed, tasks, TASKS, xo_now() + RUN), 0);
	KT_EQ(tasks[0].late, 0);
	KT_OK(tasks[1].late >= 4);
	unmake();
}

const struct ktest ktests[] = {
	{"edf-fighter", against_fighter, 1},
	{"edf-yielder", against_yielder, 1},
	{"edf-by-period", by_period, 1},
	{NULL, NULL, 0},
};
