/* slices.c - turns on one CPU: their begin and end, critical sections, yield.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define SHORT_NS 100000
#define LONG_NS  1000000

static volatile uint32_t begins, ends;
static uint32_t child_turns, go_on;

static bool count_turns(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	if (kind == EXO_UP_SLICE_BEGIN)
		begins++;
	else if (kind == EXO_UP_SLICE_END)
		ends++;
	else
		return false;
	return true;
}

static void child_works(void *arg)
{
	(void)arg;
	while (__atomic_load_n(&go_on, __ATOMIC_ACQUIRE)) {
		__atomic_fetch_add(&child_turns, 1, __ATOMIC_RELEASE);
		for (int i = 0; i < 100; i++)
			kt_pause();
	}
	kt_exit(0);
}

static void child_yields(void *arg)
{
	(void)arg;
	while (__atomic_load_n(&go_on, __ATOMIC_ACQUIRE)) {
		child_turns++;
		exo_yield(EXO_SLOT_NONE, 0);
	}
	kt_exit(0);
}

/* A child on our CPU, both with short slices. */
static bool with_child(struct kt_child *c, void (*fn)(void *))
{
	go_on = 1;
	child_turns = begins = ends = 0;
	return KT_OK(kt_child_make(c, fn, NULL)) &&
	       KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, SHORT_NS), 0) &&
	       KT_EQ(kt_child_start(c, 0, 1), 0) &&
	       KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, c->slot, 0, SHORT_NS), 0);
}

static void without(struct kt_child *c)
{
	xo_self()->want = xo_self()->critical = xo_self()->pending = 0;
	go_on = 0;
	KT_EQ(EXO_STATUS_REASON(kt_child_wait(c)), EXO_STOP_SELF);
	kt_child_end(c);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, LONG_NS), 0);
}

static void work(exo_ns_t ns)
{
	exo_ns_t end = xo_now() + ns;

	while (xo_now() < end)
		kt_pause();
}

/* At least 20 ms, longer on a host so busy that handlers do not end within their turn: then some
 * upcalls are held back, and it is ours to see what is pending.  Returns whether that was so. */
static bool work_until(const volatile uint32_t *count, uint32_t most)
{
	bool held = false;

	for (int i = 0; i < 200 && (!i || *count < most); i++) {
		work(20 * KT_NS_PER_MS);
		held |= xo_self()->pending != 0;
		if (*count < most)
			xo_self()->pending = 0;
	}
	KT_OK(*count >= most);
	return held;
}

/* Both get on without any upcall. */
static void silent(void)
{
	static struct kt_child c;

	kt_hook = count_turns;
	if (!with_child(&c, child_works))
		return;
	KT_OK(kt_reaches(&child_turns, 500));
	KT_EQ(begins + ends, 0);
	without(&c);
}

/* Every turn begins with an upcall and ends with one, if they are wanted. */
static void upcalls(void)
{
	static struct kt_child c;
	bool held;

	kt_hook = count_turns;
	if (!with_child(&c, child_works))
		return;
	xo_self()->want = EXO_WANT_SLICE_BEGIN;
	work_until(&begins, 5);
	KT_EQ(ends, 0);
	/* Of the turn that runs now only the end is counted, of the last perhaps only the
	 * begin. */
	xo_self()->want = 0;
	begins = ends = 0;
	xo_self()->want = EXO_WANT_SLICE_BEGIN | EXO_WANT_SLICE_END;
	held = work_until(&ends, 5);
	xo_self()->want = 0;
	/* On a host so busy that handlers do not end within their turn some are held back. */
	if (!held && !xo_self()->pending)
		KT_OK(ends == begins || ends == begins + 1);
	without(&c);
}

/* A critical section hears of the end by `pending`, and cannot keep the CPU. */
static void critical(void)
{
	static struct kt_child c;
	uint32_t before;

	kt_hook = count_turns;
	if (!with_child(&c, child_works))
		return;
	xo_self()->want = EXO_WANT_SLICE_BEGIN | EXO_WANT_SLICE_END;
	xo_self()->critical = 1;
	begins = ends = 0;
	before = child_turns;
	for (int i = 0; i < 100 && child_turns <= before + 20; i++)
		work(20 * KT_NS_PER_MS);
	KT_EQ(begins + ends, 0);
	KT_OK(xo_self()->pending & EXO_WANT_SLICE_END);
	KT_OK(child_turns > before + 20); /* it had its turns all the same */
	without(&c);
}

/* Yield to somebody goes to him, to nobody in particular goes on in the vector. */
static void yields(void)
{
	static struct kt_child a, b;
	uint32_t before;

	go_on = 1;
	child_turns = 0;
	KT_OK(kt_child_make(&a, child_yields, NULL));
	KT_OK(kt_child_make(&b, child_yields, NULL));
	KT_EQ(kt_child_start(&a, 0, 1), 0);
	KT_EQ(kt_child_start(&b, 0, 2), 0);
	for (int i = 0; i < 50; i++) {
		before = child_turns;
		KT_EQ(exo_yield(i % 2 ? a.slot : b.slot, 0), 0);
		KT_OK(child_turns > before);
	}
	/* A sleeper cannot be yielded to: the next one runs instead. */
	go_on = 0;
	kt_child_wait(&a);
	kt_child_wait(&b);
	KT_EQ(exo_yield(a.slot, 0), 0);
	kt_child_end(&a);
	kt_child_end(&b);
}

/* A slot in the vector is its holder's until he empties it; unbound, nobody runs. */
static void vector(void)
{
	static struct kt_child c;
	uint32_t before;

	if (!with_child(&c, child_works))
		return;
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 0, SHORT_NS), EXIST);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 0, c.slot, 0, SHORT_NS), EXIST);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 1, EXO_SLOT_NONE, 0, 0), EXIST);
	KT_OK(kt_reaches(&child_turns, 50));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, c.slot, 0, 0), 0);
	before = child_turns;
	work(5 * KT_NS_PER_MS);
	KT_EQ(child_turns, before);
	/* Two slots in the vector are two turns. */
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 5, c.slot, 0, SHORT_NS), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 63, c.slot, 0, SHORT_NS), 0);
	KT_OK(kt_reaches(&child_turns, before + 50));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 5, c.slot, 0, 0), 0);
	KT_OK(kt_reaches(&child_turns, before + 100));
	without(&c);
}

/* Who sleeps does not hold the CPU; who is alone is woken by the clock. */
static void sleepers(void)
{
	static struct kt_child c;
	uint32_t before;

	if (!with_child(&c, child_works))
		return;
	before = child_turns;
	for (int i = 0; i < 100 && child_turns == before; i++) /* some are over before they begin */
		KT_EQ(exo_sleep(0, xo_now() + 5 * KT_NS_PER_MS, EXO_SLOT_NONE, 0), 0);
	KT_OK(child_turns > before);
	without(&c);
	for (int i = 0; i < 20; i++) {
		exo_ns_t end = xo_now() + 200000;

		KT_EQ(exo_sleep(0, end, EXO_SLOT_NONE, 0), 0);
		KT_OK(xo_now() >= end);
	}
}

/* An environment that notifies us without end does not stop us. */
static void child_floods(void *arg)
{
	while (__atomic_load_n(&go_on, __ATOMIC_ACQUIRE)) {
		exo_notify((exo_cap_t)(uint64_t)arg, 0, 1ull << 30);
		child_turns++;
	}
	kt_exit(0);
}

static bool count_events(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	if (kind != EXO_UP_EVENT)
		return false;
	begins++;
	return true;
}

static void flood(void)
{
	static struct kt_child c;

	go_on = 1;
	child_turns = begins = 0;
	kt_hook = count_events;
	KT_OK(kt_child_make(&c, child_floods, (void *)20));
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, c.slot, 20, 0, 1, EXO_RIGHT_NOTIFY), 0);
	xo_self()->want = EXO_WANT_EVENT;
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 1), 0);
	while (child_turns < 2000)
		exo_yield(EXO_SLOT_NONE, 0);
	xo_self()->want = 0;
	go_on = 0;
	KT_OK(begins > 0);
	KT_EQ(EXO_STATUS_REASON(kt_child_wait(&c)), EXO_STOP_SELF);
	kt_child_end(&c);
	xo_events_take(xo_self(), ~0ull);
}

static uint32_t events;

static bool count_both(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	events += kind == EXO_UP_EVENT;
	if (kind == EXO_UP_EVENT)
		xo_events_take(xo_self(), ~0ull); /* or the same bit would tell nothing new */
	return kind == EXO_UP_EVENT || count_turns(f, kind, addr);
}

/* Events that come while another has the CPU are delivered with our next turn, beside
 * its begin; a critical section gets neither. */
static void events_and_turns(void)
{
	static struct kt_child c;

	go_on = 1;
	child_turns = begins = ends = events = 0;
	kt_hook = count_both;
	KT_OK(kt_child_make(&c, child_floods, (void *)20));
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, c.slot, 20, 0, 1, EXO_RIGHT_NOTIFY), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, SHORT_NS), 0);
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, c.slot, 0, SHORT_NS), 0);
	xo_self()->want = EXO_WANT_EVENT | EXO_WANT_SLICE_BEGIN;
	for (exo_ns_t end = xo_now() + 20000 * KT_NS_PER_MS;
	     (begins < 3 || events < 3) && xo_now() < end;) {
		work(KT_NS_PER_MS);
		if (!xo_self()->pending)
			continue;
		xo_self()->pending = 0; /* held back, on a busy host; bits that stay tell nothing */
		xo_events_take(xo_self(), ~0ull);
	}
	xo_self()->critical = 1;
	KT_OK(begins >= 3);
	KT_OK(events >= 3);
	begins = events = xo_self()->pending = 0;
	xo_events_take(xo_self(), ~0ull);
	for (exo_ns_t end = xo_now() + 20000 * KT_NS_PER_MS;
	     ~xo_self()->pending & (EXO_WANT_EVENT | EXO_WANT_SLICE_BEGIN) && xo_now() < end;)
		work(KT_NS_PER_MS);
	KT_EQ(begins + events, 0);
	KT_EQ(xo_self()->pending & (EXO_WANT_EVENT | EXO_WANT_SLICE_BEGIN),
	      EXO_WANT_EVENT | EXO_WANT_SLICE_BEGIN);
	without(&c);
	xo_events_take(xo_self(), ~0ull);
}

static bool count_only(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	events += kind == EXO_UP_EVENT;
	return kind == EXO_UP_EVENT;
}

/* A bit that is set already tells nothing new, however often it is set. */
static void repeats(void)
{
	events = 0;
	kt_hook = count_only;
	xo_events_take(xo_self(), ~0ull);
	xo_self()->want = EXO_WANT_EVENT;
	for (int i = 0; i < 100; i++)
		KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 1ull << 40), 0);
	KT_EQ(events, 1);
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 3ull << 40), 0);
	KT_EQ(events, 2);
	xo_self()->want = 0;
	xo_events_take(xo_self(), ~0ull);
}

static volatile uint32_t begins, tries, given_up;

static bool count_begins(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	begins += kind == EXO_UP_SLICE_BEGIN;
	return kind == EXO_UP_SLICE_BEGIN;
}

static void looks_up(void *arg)
{
	(void)arg;
	xo_self()->want |= EXO_WANT_SLICE_BEGIN;
	for (;;) {
		uint32_t before = begins;

		xo_self()->event = 0;
		exo_notify(EXO_SLOT_NONE, 0, 1);
		given_up += begins != before;
		tries++;
		exo_yield(EXO_SLOT_NONE, 0);
	}
}

/* What is left of a donated slice is not lost because the kernel had something to look at. */
static void donation_stays(void)
{
	static struct kt_child c;

	begins = tries = given_up = 0;
	kt_hook = count_begins;
	KT_OK(kt_child_make(&c, looks_up, NULL));
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	for (int i = 0; i < 100; i++)
		exo_yield(c.slot, 0);
	kt_child_end(&c);
	KT_OK(tries >= 100);
	KT_OK(given_up < 20); /* the end of a slice may come between */
}

const struct ktest ktests[] = {
	{"slice-silent", silent, 1},
	{"slice-upcalls", upcalls, 1},
	{"slice-critical", critical, 1},
	{"slice-yield", yields, 1},
	{"slice-vector", vector, 1},
	{"slice-sleep", sleepers, 1},
	{"slice-flood", flood, 1},
	{"notify-repeats", repeats, 1},
	{"slice-events", events_and_turns, 1},
	{"slice-donation-stays", donation_stays, 1},
	{NULL, NULL, 0},
};
