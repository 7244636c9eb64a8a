/* longest_chain.c - the longest ways from one activation to the next, with somebody called in every
 * slice. SPDX-License-Identifier: BSD-2-Clause
 *
 * All slices of CPU 0 but the first are filled, each with an activation that has called another,
 * which has called another, as deep as it goes, each with a deadline; the last of them runs in the
 * slice, overruns it for as long as the kernel bears it, and leaves it in one way or another.  So
 * whoever looks for the next one has all of these chains to look at.
 */
#include "longest.h"

#include <exo/message.h>
#include <libexo/call.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <stddef.h>

#define LEVELS      (EXO_CALL_DEPTH + 1)
#define CHAINS      (EXO_SLICE_MAX - 1)
#define PER_ENV     (EXO_CPU_MAX / LEVELS)
#define ENVS        ((CHAINS + PER_ENV - 1) / PER_ENV)
#define ENV(e)      (EXO_SLOT_FREE + 20 + (exo_cap_t)(e))
#define STACK_BYTES 2048
#define SHORT_NS    50000
#define LONG_NS     100000000
#define FAR_NS      1000000000000
#define ROUND_NS    60000000
#define OVERRUN     30000
#define PASSED      (EXO_SLOT_FREE + 20) /* and up, one for each level: what calls bring */
#define FIRST       255                  /* stands for the first activation */
#define ACTS_VA     (LONGEST_VA + 0x20000000)

enum mode { SPIN, YIELD, DIRECTED, SLEEP, REPLY, TOGETHER };

static struct member {
	struct xo_begin begin;
	uint32_t level, index;
	volatile bool waits;
} members[CHAINS][LEVELS];

static char stacks[CHAINS][LEVELS][STACK_BYTES] __attribute__((aligned(64)));
static volatile enum mode mode;
static volatile exo_ns_t wake_at;

/* When somebody was last seen to run, and who; when and how one left. */
static uint64_t seen;
static volatile uint64_t seen_after;
static volatile uint64_t left_at, left_after;
static const char *volatile left_by;
static volatile uint32_t arrivals, slept;

static uint64_t interrupts(void)
{
	return ((const volatile struct exo_cpu_info *)((const char *)xo_info + EXO_INFO_CPUS_AT))
		->interrupts;
}

/* The first look after an interrupt finds a gap.  Who looked last and when is one word, so that
 * nothing is made of a look that was itself interrupted. */
static void spin(uint32_t me)
{
	while (mode == SPIN) {
		uint64_t was = seen, count = interrupts(), one = seen_after + 1,
			 now = bench_ticks();

		if (!__atomic_compare_exchange_n(&seen, &was, now << 8 | me, false,
						 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			continue;
		seen_after = count;
		if (was && count == one)
			longest_note((was & 255) == me ? "chains_interrupt" : "chains_slice_end",
				     now - (was >> 8));
		if ((was & 255) != me)
			arrivals++;
		if (me == FIRST && arrivals > 5 * CHAINS)
			mode = YIELD;
	}
}

static void leave(const char *by)
{
	left_after = interrupts();
	left_at = bench_ticks();
	left_by = by;
}

static void arrive(void)
{
	uint64_t now = bench_ticks();

	if (left_by && interrupts() == left_after) /* else it is not that call alone */
		longest_note(left_by, now - left_at);
	left_by = NULL;
	arrivals++;
}

static void overrun(struct exo_activation *a)
{
	const volatile uint32_t *pending = &a->pending;
	uint64_t from;

	a->pending = 0;
	a->critical = 1;
	while (!(*pending & EXO_WANT_SLICE_END))
		left_by = NULL; /* it has run since */
	from = bench_ticks();
	while (bench_ticks() - from < OVERRUN)
		left_by = NULL;
}

/* It has slept until a time that came for all of them at once. */
static void together(void)
{
	exo_ns_t until = wake_at;

	slept++;
	exo_sleep(0, until, EXO_SLOT_NONE, 0);
	if (left_by) /* nobody has run since */
		longest_note("chains_wake", xo_now() - until);
	left_by = NULL;
	while (mode == TOGETHER && wake_at == until)
		exo_sleep(0, xo_now() + SHORT_NS, EXO_SLOT_NONE, 0);
}

static void last(struct member *m)
{
	struct exo_activation *a = m->begin.activation;

	for (;;) {
		arrive();
		if (mode == SPIN) {
			a->critical = 1;
			spin((uint32_t)(m - members[0]) / LEVELS);
			continue;
		}
		if (mode == REPLY)
			return;
		overrun(a);
		if (mode == YIELD) {
			leave("chains_yield");
			exo_yield(EXO_SLOT_NONE, 0);
		} else if (mode == DIRECTED) {
			leave("chains_yield_to");
			exo_yield(EXO_SLOT_SELF, (m->index + 1) % (PER_ENV * LEVELS));
		} else if (mode == SLEEP) {
			leave("chains_sleep");
			exo_sleep(0, xo_now() + SHORT_NS, EXO_SLOT_NONE, 0);
		} else {
			together();
		}
	}
}

/* Reply to whom it serves, if anybody, and wait for the next call.  Of each environment's first
 * chain calls and replies bring a capability. */
static void serve(struct member *m, bool first)
{
	struct exo_message words = {0};
	exo_cap_t slot = PASSED + m->level;
	bool passes = m->index < LEVELS;
	long r;

	if (!first)
		leave("reply");
	r = xo_reply(EXO_CALL_HOW(0, passes && !first ? EXO_SLOT_SELF : 0, passes ? slot : 0),
		     &words);
	arrive();
	if (r < 0 || (passes && exo_cap_drop(slot)))
		bench_fail("reply", r);
}

static void call(struct member *m)
{
	struct exo_message words = {0};
	exo_cap_t slot = PASSED + LEVELS + m->level;
	bool passes = m->index < LEVELS;
	long r;

	__atomic_store_n(&seen, 0, __ATOMIC_SEQ_CST); /* the calls are no part of a slice's end */
	leave("call");
	r = xo_call(EXO_SLOT_SELF,
		    EXO_CALL_HOW(m->index + 1, passes ? EXO_SLOT_SELF : 0, passes ? slot : 0),
		    xo_now() + FAR_NS, &words);
	arrive();
	if (r != passes || (passes && exo_cap_drop(slot)))
		bench_fail("call", r);
}

static void member(void *arg)
{
	struct member *m = arg;

	m->waits = true;
	if (m->level)
		serve(m, true);
	for (;;) {
		if (m->level == LEVELS - 1)
			last(m);
		else
			call(m);
		if (m->level)
			serve(m, false);
	}
}

static exo_pfn_t activation(int chain, uint32_t level)
{
	struct member *m = &members[chain][level];
	exo_va_t at = ACTS_VA + ((exo_va_t)chain * LEVELS + level) * 2 * EXO_PAGE_SIZE;

	m->begin.fn = member;
	m->begin.arg = m;
	m->level = level;
	m->index = (uint32_t)(chain % PER_ENV) * LEVELS + level;
	return bench_activation(&m->begin, m->index, stacks[chain][level], STACK_BYTES, at);
}

static void bind(int chain, uint32_t level, uint32_t at, exo_ns_t ns)
{
	bench_want("slice_bind",
		   TIMED("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, at, ENV(chain / PER_ENV),
						      members[chain][level].index, ns)),
		   0);
}

/* Let it run up to where it waits to be called. */
static void open(int chain, uint32_t level)
{
	bind(chain, level, EXO_SLICE_MAX - 1, LONG_NS);
	while (!members[chain][level].waits)
		exo_yield(EXO_SLOT_NONE, 0);
	exo_yield(EXO_SLOT_NONE, 0);
	bind(chain, level, EXO_SLICE_MAX - 1, 0);
}

static void show(int env, exo_va_t va, uint64_t pages, uint32_t prot, exo_cap_t slot)
{
	struct xo_space space = bench_space;

	space.env = ENV(env);
	bench_want("map",
		   xo_map_run(&space, va, (xo_entry(va) & EXO_PTE_FRAME) / EXO_PAGE_SIZE, pages,
			      prot, slot),
		   0);
}

/* The environment, with its activation 0, and the clock for it to read. */
static void peer(int env, struct member *m, exo_pfn_t pfn)
{
	bench_peer(&m->begin, ENV(env), bench_frames(3), pfn);
	bench_want("cap_derive",
		   exo_cap_derive(EXO_SLOT_INFO, ENV(env), EXO_SLOT_INFO, xo_info->pfn, 2,
				  EXO_RIGHT_READ),
		   0);
	show(env, xo_start->info, 2, EXO_PROT_READ, EXO_SLOT_INFO);
}

static void make(int chain)
{
	int env = chain / PER_ENV;

	for (uint32_t level = 0; level < LEVELS; level++) {
		struct member *m = &members[chain][level];
		exo_pfn_t pfn = activation(chain, level);

		if (!m->index) {
			peer(env, m, pfn);
		} else {
			show(env, (exo_va_t)m->begin.activation, 2, EXO_PROT_READ | EXO_PROT_WRITE,
			     EXO_SLOT_MEMORY);
			bench_want("activation_bind",
				   exo_activation_bind(ENV(env), m->index, EXO_SLOT_MEMORY, pfn,
						       (uint64_t)&m->begin),
				   0);
		}
		if (level)
			open(chain, level);
	}
}

static void rebind(exo_ns_t ns)
{
	bench_want("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, ns), 0);
}

static void leaving(enum mode how)
{
	mode = how;
	for (arrivals = 0; arrivals < 3 * CHAINS;)
		exo_yield(EXO_SLOT_NONE, 0);
}

/* All sleep, in debt, and wake at once: while this one runs, while nobody does. */
static void all_at_once(bool idle)
{
	struct exo_activation *a = xo_self();
	uint64_t now, before;

	wake_at = xo_now() + ROUND_NS;
	slept = 0;
	mode = TOGETHER;
	while (slept < CHAINS)
		exo_sleep(0, xo_now() + SHORT_NS, EXO_SLOT_NONE, 0);
	left_by = "";
	if (idle) {
		exo_sleep(0, wake_at + 100 * OVERRUN, EXO_SLOT_NONE, 0);
		return;
	}
	left_by = NULL;
	a->critical = 1;
	for (before = bench_ticks(); xo_now() < wake_at + OVERRUN / 2; before = now) {
		now = bench_ticks();
		longest_note("chains_timer", now - before);
	}
	a->critical = 0;
	exo_yield(EXO_SLOT_NONE, 0);
}

void longest_chains(void)
{
	struct exo_activation *a = xo_self();

	rebind(LONG_NS);
	for (int chain = 0; chain < CHAINS; chain++)
		make(chain);
	for (int chain = 0; chain < CHAINS; chain++)
		bind(chain, 0, 1 + (uint32_t)chain, SHORT_NS);
	rebind(SHORT_NS);
	a->critical = 1;
	seen = 0;
	mode = SPIN;
	spin(FIRST);
	a->critical = 0;
	leaving(YIELD);
	leaving(DIRECTED);
	leaving(SLEEP);
	all_at_once(false);
	all_at_once(true);
	leaving(REPLY);
	rebind(LONG_NS);
	TIMED("alarm", exo_alarm(xo_now() + FAR_NS)); /* all slices are looked at */
	TIMED("alarm", exo_alarm(0));
	longest_objects(ENV(ENVS));
	for (int env = 0; env < ENVS; env++)
		bench_want("env_stop", TIMED("env_stop", exo_env_stop(ENV(env), 0)), 0);
}
