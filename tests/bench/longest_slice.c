/* longest_slice.c - the longest ways from one activation to the next.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All slices of CPU 0 are filled with activations of this environment, two with each.  Each but the
 * first overruns its slice by nearly the whole grace and then sleeps, so that when all wake at once
 * the kernel has to go round the vector several times until one has credit again.
 */
#include "longest.h"

#include <libexo/time.h>
#include <stddef.h>

#define SLEEPERS    (EXO_CPU_MAX - 1)
#define STACK_BYTES 2048
#define SHORT_NS    10000 /* the shortest slice: its debt takes the most rounds */
#define LONG_NS     100000000
#define OVERRUN     44000
#define ROUND_NS    30000000
#define WAKE        (1ull << 50)
#define AGAIN       (1ull << 51)
#define ACTS_VA     (LONGEST_VA + 0x10000000)

static char stacks[SLEEPERS][STACK_BYTES] __attribute__((aligned(64)));
static struct xo_begin begins[SLEEPERS];

/* The last who ran, when, and on which way it left. */
static volatile uint64_t left_at;
static const char *volatile left_by;
static volatile uint32_t arrivals;

static volatile uint32_t round, slept[SLEEPERS]; /* the round each sleeps in */
static volatile exo_ns_t wake_at;

static void leave(const char *by)
{
	left_by = by;
	left_at = bench_ticks();
}

static void arrive(void)
{
	uint64_t now = bench_ticks();

	if (left_by)
		longest_note(left_by, now - left_at);
	left_by = NULL;
	arrivals++;
}

/* Run until the slice has been over for nearly as long as the kernel bears it. */
static void overrun(struct exo_activation *a)
{
	const volatile uint32_t *pending = &a->pending;
	uint64_t from;

	a->pending = 0;
	a->critical = 1;
	while (!(*pending & EXO_WANT_SLICE_END))
		;
	from = bench_ticks();
	while (bench_ticks() - from < OVERRUN)
		;
}

static void sleeper(void *arg)
{
	struct exo_activation *a = arg;

	for (;;) {
		overrun(a);
		slept[a->index - 1] = round;
		exo_sleep(WAKE, wake_at, EXO_SLOT_NONE, 0);
		arrive();
		a->critical = 0;
		xo_events_take(a, WAKE);
		leave("sleep");
		exo_sleep(AGAIN, 0, EXO_SLOT_NONE, 0);
		arrive();
		xo_events_take(a, AGAIN);
	}
}

static void rebind(exo_ns_t ns)
{
	bench_want("slice_bind",
		   TIMED("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, ns)),
		   0);
}

/* Wait until all sleep, in debt. */
static void gather(void)
{
	for (uint32_t i = 0; i < SLEEPERS; i++)
		while (slept[i] != round)
			exo_yield(EXO_SLOT_NONE, 0);
}

static void notify_all(uint64_t bits)
{
	for (uint32_t i = 1; i <= SLEEPERS; i++)
		TIMED("notify", exo_notify(EXO_SLOT_NONE, i, bits));
}

static void next_round(void)
{
	round++;
	wake_at = xo_now() + ROUND_NS;
	notify_all(AGAIN);
	gather();
}

static void start_all(void)
{
	round++;
	wake_at = xo_now() + ROUND_NS;
	for (uint32_t i = 0; i < SLEEPERS; i++) {
		struct xo_begin *b = &begins[i];
		exo_pfn_t pfn = bench_activation(b, i + 1, stacks[i], STACK_BYTES,
						 ACTS_VA + i * 2 * EXO_PAGE_SIZE);

		b->fn = sleeper;
		b->arg = b->activation;
		bench_want("activation_bind",
			   exo_activation_bind(EXO_SLOT_NONE, i + 1, EXO_SLOT_MEMORY, pfn,
					       (uint64_t)b),
			   0);
		for (uint32_t at = i + 1; at < EXO_SLICE_MAX; at += SLEEPERS)
			bench_want(
				"slice_bind",
				TIMED("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, at,
								   EXO_SLOT_NONE, i + 1, SHORT_NS)),
				0);
	}
	gather();
}

/* Watch the clock until it is `end`: what interrupts the watch takes the longest gap. */
static void watch(const char *name, exo_ns_t end)
{
	uint64_t now, before = bench_ticks();
	uint32_t known = arrivals;

	leave("timer_interrupt");
	while (xo_now() < end) {
		now = bench_ticks();
		if (arrivals == known) /* nobody else has run */
			longest_note(name, now - before);
		before = now;
		if (arrivals == known)
			left_at = now;
	}
	left_by = NULL;
}

/* All wake by the clock while this one runs on, over the end of its own slice. */
static void by_timer(void)
{
	struct exo_activation *a = xo_self();

	rebind(SHORT_NS);
	a->critical = 1;
	watch("timer_wakes", wake_at + 10 * OVERRUN);
	a->critical = 0;
	rebind(LONG_NS);
}

/* All are notified, then this one leaves by itself, in debt too. */
static void by_call(bool yield)
{
	struct exo_activation *a = xo_self();

	rebind(LONG_NS);
	next_round();
	exo_yield(EXO_SLOT_NONE, 0); /* begin a turn */
	notify_all(WAKE);
	rebind(SHORT_NS);
	if (yield) {
		overrun(a);
		leave("yield");
		exo_yield(EXO_SLOT_NONE, 0);
	} else {
		leave("sleep");
		exo_sleep(0, xo_now() + ROUND_NS, EXO_SLOT_NONE, 0);
	}
	left_by = NULL; /* the others have slept for long */
	a->critical = 0;
}

/* The serial port's interrupt, with much to write and all slices filled. */
static void by_serial(void)
{
	uint64_t call = longest_kick(LONGEST_KICK), both = longest_kick(2 * LONGEST_KICK);

	longest_note("console_kick", call);
	longest_note("serial_interrupt", both - call);
}

void longest_slices(void)
{
	start_all();
	by_timer();
	next_round();
	by_timer();
	by_call(false);
	by_call(true);
	by_serial();
	for (uint32_t at = 1; at < EXO_SLICE_MAX; at++)
		bench_want("slice_bind",
			   TIMED("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, at, EXO_SLOT_NONE,
							      (at - 1) % SLEEPERS + 1, 0)),
			   0);
}
