/* shares.c - everybody gets the time that is his, by the kernel's own counters, whatever the
 * others do.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * To be run with one tick of the clock for each instruction: then there is no luck in it.
 */
#include "ktest.h"

#include <libexo/call.h>

#define MS    KT_NS_PER_MS
#define SLICE MS
#define RUN   (200 * MS)
#define DOOR  40
#define FULL  (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

static struct kt_child child[3];
static volatile uint64_t beats[3];

static void beat(void *arg)
{
	for (;;)
		beats[(uint64_t)arg]++;
}

static void make(uint32_t n, void (*fn)(void *))
{
	KT_OK(kt_child_make(&child[n], fn, (void *)(uint64_t)n));
	KT_EQ(exo_activation_bind(child[n].slot, 0, EXO_SLOT_MEMORY, child[n].act_pfn,
				  (uint64_t)&child[n].begin),
	      0);
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, child[n].slot, DOOR, 0, 0,
			     EXO_RIGHT_NOTIFY | EXO_RIGHT_CALL),
	      0);
}

static void bind(uint32_t n, exo_ns_t ns)
{
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, n + 1, child[n].slot, 0, ns), 0);
}

/* Sleep for `ns`; in used[] what the slots 1 .. of the vector were served for meanwhile. */
static void run_for(exo_ns_t ns, uint64_t *used)
{
	exo_ns_t end = xo_now() + ns;

	for (uint32_t n = 0; n < 3; n++)
		used[n] = kt_slice(0, n + 1)->used;
	while (xo_now() < end)
		exo_sleep(0, end, EXO_SLOT_NONE, 0);
	for (uint32_t n = 0; n < 3; n++)
		used[n] = kt_slice(0, n + 1)->used - used[n];
}

/* Is a to b as p to q, within `parts` of a thousand? */
static bool is_as(uint64_t a, uint64_t b, uint64_t p, uint64_t q, uint64_t parts)
{
	uint64_t left = a * q * 1000, right = b * p * 1000;
	uint64_t off = left > right ? left - right : right - left;

	if (off > b * p * parts)
		kt_printf("# %lu to %lu is not %lu to %lu\n", a, b, p, q);
	return off <= b * p * parts;
}

static void end(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		kt_child_end(&child[i]);
}

/* Three slices to one. */
static void ratio(void)
{
	uint64_t used[3], before[2];

	make(0, beat);
	make(1, beat);
	bind(0, 3 * SLICE);
	bind(1, SLICE);
	run_for(RUN, used);
	KT_OK(is_as(used[0], used[1], 3, 1, 10));
	before[0] = beats[0];
	before[1] = beats[1];
	run_for(RUN, used);
	KT_OK(is_as(used[0], used[1], 3, 1, 10));
	/* and the counters say what was really done */
	KT_OK(is_as(beats[0] - before[0], beats[1] - before[1], 3, 1, 10));
	end(2);
}

/* The end of the slice is ignored: a critical section, all upcalls wanted and none acted on. */
static void ignores_ends(void *arg)
{
	xo_self()->want = EXO_WANT_SLICE_BEGIN | EXO_WANT_SLICE_END | EXO_WANT_EVENT;
	xo_self()->critical = 1;
	beat(arg);
}

static void overrun(void)
{
	uint64_t used[3];

	make(0, beat);
	make(1, ignores_ends);
	bind(0, SLICE / 5); /* the grace is a quarter of it */
	bind(1, SLICE / 5);
	run_for(RUN, used);
	KT_OK(is_as(used[0], used[1], 1, 1, 10));
	KT_EQ(exo_env_status(child[1].slot), 0); /* nobody is killed for it */
	end(2);
}

/* Holds its slice's end back and yields to itself, so as to get one grace after the other. */
static void yields_to_itself(void *arg)
{
	(void)arg;
	xo_self()->critical = 1;
	for (;;)
		exo_yield(EXO_SLOT_SELF, 0);
}

static void grace_is_granted_once(void)
{
	uint64_t used[3];

	make(0, beat);
	make(1, yields_to_itself);
	bind(0, SLICE / 10);
	bind(1, SLICE / 10);
	run_for(RUN / 2, used);
	KT_OK(is_as(used[0], used[1], 1, 1, 30));
	end(2);
}

/* What one gives away is his: the one it is given to has his own slices on top. */
static void gives(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(DOOR + 1, 0);
}

static void donation(void)
{
	uint64_t used[3], before[3];

	make(0, gives);
	make(1, beat);
	make(2, beat);
	KT_EQ(exo_cap_derive(child[1].slot, child[0].slot, DOOR + 1, 0, 0, EXO_RIGHT_YIELD), 0);
	for (uint32_t n = 0; n < 3; n++)
		bind(n, SLICE);
	for (uint32_t n = 0; n < 3; n++)
		before[n] = beats[n];
	run_for(RUN, used);
	KT_OK(is_as(used[0], used[1], 1, 1, 20));
	KT_OK(is_as(used[2], used[1], 1, 1, 20));
	KT_OK(is_as(beats[1] - before[1], beats[2] - before[2], 2, 1, 30));
	end(3);
}

/* Gives back at once what it is given, and holds its slice's end back. */
static void yields_back(void *arg)
{
	(void)arg;
	xo_self()->critical = 1;
	for (;;)
		exo_yield(DOOR + 1, 0);
}

/* Two that pass the CPU to and fro as fast as they can have their two slices of three, not more. */
static void rest_passed_to_and_fro(void)
{
	const volatile struct exo_slice *ours = kt_slice(0, 0), *third = kt_slice(0, 1),
					*friend = kt_slice(0, 2);
	uint64_t used, its;

	make(0, beat);
	make(1, yields_back);
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, child[1].slot, DOOR + 1, 0, 0, EXO_RIGHT_YIELD), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, SLICE / 10), 0);
	for (uint32_t n = 0; n < 2; n++)
		bind(n, SLICE / 10);
	xo_self()->critical = 1;
	used = ours->used + friend->used;
	its = third->used;
	while (ours->used + friend->used - used < 40 * MS)
		exo_yield(child[1].slot, 0);
	its = third->used - its;
	xo_self()->critical = xo_self()->pending = 0;
	KT_OK(is_as(its, 40 * MS, 1, 2, 100));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, SLICE), 0);
	end(2);
}

/* Neighbours that do all they can; nobody's time but their own pays for it. */
static void makes_calls(void *arg)
{
	(void)arg;
	for (uint64_t i = 0;; i++) {
		exo_syscall(i % 40 == EXO_SYS_env_stop ? 0 : i % 40, i, ~i, i << 12, ~0ull, i, i);
		exo_null();
	}
}

static bool ignore(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	return kind < EXO_UP_EXCEPTION || xo_self()->user[1];
}

static void faults(void *arg)
{
	(void)arg;
	xo_self()->user[1] = 1;
	kt_try_write(EXO_VA_TOP); /* and again, for ever: nobody mends it */
}

static void floods(void *arg)
{
	(void)arg;
	xo_self()->want = EXO_WANT_EVENT;
	for (;;) {
		exo_notify(DOOR, 0, 1ull << 40);
		xo_self()->event = 0;
		exo_notify(EXO_SLOT_NONE, 0, ~0ull);
		exo_alarm(xo_now() + 1);
	}
}

static exo_pfn_t pool;

static void allocates(void *arg)
{
	(void)arg;
	for (;;) {
		exo_frame_free(DOOR + 1, pool, EXO_RUN_MAX);
		exo_frame_alloc(DOOR + 1, pool, EXO_RUN_MAX);
	}
}

static void sleeps_and_wakes(void *arg)
{
	(void)arg;
	for (;;)
		exo_sleep(0, xo_now() + 1000, EXO_SLOT_NONE, 0);
}

/* An environment after the other, as fast as it can. */
static void makes_environments(void *arg)
{
	(void)arg;
	for (;;) {
		exo_env_create(DOOR + 1, pool, pool + 1, pool + 2, 50, 0);
		exo_env_stop(50, 0);
		while (exo_env_destroy(50) == 1)
			;
		exo_cap_drop(50);
	}
}

static void bad_neighbours(void)
{
	static void (*const bad[])(void *) = {
		makes_calls, faults,       floods,           allocates,
		beat,        ignores_ends, sleeps_and_wakes, makes_environments};
	uint64_t used[3];

	kt_hook = ignore;
	pool = kt_frames(EXO_RUN_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		make(0, beat);
		make(1, bad[i]);
		make(2, beat);
		KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, child[1].slot, DOOR + 1, pool, EXO_RUN_MAX,
				     FULL),
		      0);
		for (uint32_t n = 0; n < 3; n++)
			bind(n, SLICE);
		run_for(RUN / 2, used);
		/* Nobody has more than a third but by what the sleeper does not want. */
		if (!KT_OK(is_as(used[0], used[2], 1, 1, 20)) ||
		    !KT_OK(used[0] * 1000 >= RUN / 2 / 3 * 950) ||
		    !KT_OK(used[1] * 1000 <= RUN / 2 / 3 * 1050))
			kt_printf("# neighbour %lu: %lu %lu %lu\n", i, used[0], used[1], used[2]);
		end(3);
	}
}

#define CHILD_CPU 42

/* Runs over the end of its slice, then empties the slot itself. */
static void leaves_in_debt(void *arg)
{
	struct exo_activation *a = xo_self();

	(void)arg;
	a->want = EXO_WANT_SLICE_END;
	a->critical = 1;
	while (!(*(volatile uint32_t *)&a->pending & EXO_WANT_SLICE_END))
		kt_pause();
	for (exo_ns_t end = xo_now() + 20000; xo_now() < end;)
		kt_pause(); /* the end may have been a little early */
	exo_slice_bind(CHILD_CPU, 0, 1, EXO_SLOT_NONE, 0, 0);
	for (;;)
		;
}

/* What a slot owes stays with it when it is emptied and filled, but for who may set lengths. */
static void debt_stays(void)
{
	const volatile struct exo_slice *s = kt_slice(0, 1);
	exo_cap_t filler = kt_slot();
	static struct kt_child c;
	exo_ns_t end = xo_now() + 20000 * KT_NS_PER_MS;
	int32_t debt;

	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, EXO_SLOT_NONE, filler, 0, kt_slices(), EXO_RIGHT_BIND),
	      0);
	KT_OK(kt_child_make(&c, leaves_in_debt, NULL));
	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, c.slot, CHILD_CPU, 0, kt_slices(), EXO_RIGHT_BIND), 0);
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	while (s->env && xo_now() < end)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(s->env, 0);
	debt = s->credit;
	KT_OK(debt < 0);
	KT_EQ(exo_slice_bind(filler, 0, 1, EXO_SLOT_NONE, 0, 10000), 0);
	KT_EQ(exo_slice_bind(filler, 0, 1, EXO_SLOT_NONE, 0, 0), 0);
	KT_EQ(s->credit, debt);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 0, KT_NS_PER_MS), 0);
	KT_EQ(s->credit, 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 0, 0), 0);
	kt_child_end(&c);
	KT_EQ(exo_cap_drop(filler), 0);
}

const struct ktest ktests[] = {
	{"slice-debt-stays", debt_stays, 1},
	{"slices-three-to-one", ratio, 1},
	{"slice-end-ignored", overrun, 1},
	{"slice-grace-once", grace_is_granted_once, 1},
	{"slice-given-away", donation, 1},
	{"slice-rest-to-and-fro", rest_passed_to_and_fro, 1},
	{"neighbours-that-do-all-they-can", bad_neighbours, 1},
	{NULL, NULL, 0},
};
