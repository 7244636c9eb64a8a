/* guests.c - sleeping with a guest, handing on what was lent, alarms.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define CHILD_PARENT 40 /* slot of a child: its parent */
#define CHILD_OTHER  41 /* another child */
#define FAR_NS       (60000 * KT_NS_PER_MS)
#define SHORT_NS     1000000
#define LONG_NS      (100 * KT_NS_PER_MS)

static volatile uint64_t beats[3];

static uint64_t stopped(enum exo_stop reason, uint32_t code)
{
	return EXO_STATUS_STOPPED | (uint64_t)reason << 32 | code;
}

static void beat(void *arg)
{
	for (;;)
		beats[(uintptr_t)arg]++;
}

/* Lend for a little while, again and again, until the word has grown or patience ends. */
static bool grows(exo_cap_t guest, const volatile uint64_t *word)
{
	uint64_t before = *word;
	exo_ns_t end = xo_now() + FAR_NS;

	while (*word == before && xo_now() < end)
		if (exo_sleep(0, xo_now() + SHORT_NS, guest, 0) != EXO_SLEPT_TIME)
			return false;
	return *word > before;
}

/* A child with an activation and no slice. */
static void make(struct kt_child *c, void (*fn)(void *), void *arg)
{
	KT_OK(kt_child_make(c, fn, arg));
	KT_EQ(exo_activation_bind(c->slot, 0, EXO_SLOT_MEMORY, c->act_pfn, (uint64_t)&c->begin), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_SELF, c->slot, CHILD_PARENT, 0, 0,
			     EXO_RIGHT_NOTIFY | EXO_RIGHT_YIELD),
	      0);
}

static void runs(void)
{
	static struct kt_child c;
	exo_ns_t end;
	uint64_t before;

	make(&c, beat, NULL);
	beats[0] = 0;
	for (uint64_t i = 0; i < 5; i++) {
		end = xo_now() + 2 * SHORT_NS;
		KT_EQ(exo_sleep(0, end, c.slot, 0), EXO_SLEPT_TIME);
		KT_OK(xo_now() >= end);
		KT_OK(grows(c.slot, &beats[0]));
	}
	before = beats[0]; /* without it it does not */
	KT_EQ(exo_sleep(0, xo_now() + 2 * SHORT_NS, EXO_SLOT_NONE, 0), EXO_SLEPT_TIME);
	KT_EQ(beats[0], before);
	kt_child_end(&c);
}

static void notifies(void *arg)
{
	(void)arg;
	for (;;) {
		beats[0]++;
		exo_notify(CHILD_PARENT, 0, 1 << 4);
	}
}

static void woken_by_event(void)
{
	static struct kt_child c;

	make(&c, notifies, NULL);
	for (uint64_t i = 0; i < 5; i++) {
		KT_EQ(exo_sleep(1 << 4, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_EVENT);
		KT_EQ(xo_events_take(xo_self(), 1 << 4), 1 << 4);
	}
	KT_OK(beats[0] > 0);
	kt_child_end(&c);
}

static void in_turns(void *arg)
{
	(void)arg;
	for (;;) {
		beats[0]++;
		exo_sleep(1 << 5, 0, EXO_SLOT_NONE, 0);
		xo_events_take(xo_self(), 1 << 5);
		beats[1]++;
		exo_yield(EXO_SLOT_NONE, 0);
		beats[2]++;
		exo_yield(CHILD_PARENT, 0);
	}
}

/* A guest that has enough time gives it back: by sleeping, yielding, stopping, crashing. */
static void has_enough(void)
{
	static struct kt_child c;

	make(&c, in_turns, NULL);
	beats[0] = beats[1] = beats[2] = 0;
	for (uint64_t i = 1; i < 5; i++) {
		KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
		KT_EQ(beats[0], i);
		KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), STATE); /* it sleeps */
		KT_EQ(exo_notify(c.slot, 0, 1 << 5), 0);
		KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
		KT_EQ(beats[1], i);
		KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
		KT_EQ(beats[2], i);
	}
	kt_child_end(&c);
}

static void ends(void *arg)
{
	if (arg)
		*(volatile char *)0 = 0;
	kt_exit(7);
}

static void crashes_alone(void *arg)
{
	(void)arg;
	xo_self()->entry = 1;
	*(volatile char *)0 = 0;
}

static void stops(void)
{
	static struct kt_child c;

	make(&c, ends, NULL);
	KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
	KT_EQ(exo_env_status(c.slot), stopped(EXO_STOP_SELF, 7));
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), STATE);
	kt_child_end(&c);
	make(&c, crashes_alone, NULL);
	KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
	KT_EQ(EXO_STATUS_REASON(exo_env_status(c.slot)), EXO_STOP_UPCALL);
	kt_child_end(&c);
}

static void hands_on(void *arg)
{
	for (;;) {
		beats[(uintptr_t)arg]++;
		exo_yield(CHILD_OTHER, 0);
	}
}

static void handing_on(void)
{
	static struct kt_child a, b;
	uint64_t n, cuts = 0;

	make(&a, hands_on, (void *)0);
	make(&b, hands_on, (void *)1);
	KT_EQ(exo_cap_derive(b.slot, a.slot, CHILD_OTHER, 0, 0, EXO_RIGHT_YIELD), 0);
	KT_EQ(exo_cap_derive(a.slot, b.slot, CHILD_OTHER, 0, 0, EXO_RIGHT_YIELD), 0);
	beats[0] = beats[1] = 0;
	for (; beats[0] < 3 && cuts < 10000; cuts++)
		KT_EQ(exo_sleep(0, xo_now() + SHORT_NS, a.slot, 0), EXO_SLEPT_TIME);
	KT_OK(beats[0] >= 3);
	/* by turns, but that it begins again with the first whenever the time was over */
	KT_OK(beats[0] - beats[1] + 1 <= 1 + cuts);
	n = beats[0];
	KT_OK(grows(b.slot, &beats[0]));
	KT_OK(beats[0] > n);
	KT_EQ(exo_env_stop(b.slot, 0), 0); /* handing on to one that is gone ends it */
	KT_EQ(exo_sleep(0, xo_now() + FAR_NS, a.slot, 0), EXO_SLEPT_GUEST);
	kt_child_end(&a);
	kt_child_end(&b);
}

static void lends_on(void *arg)
{
	(void)arg;
	for (;;)
		if (exo_sleep(1 << 6, 0, CHILD_OTHER, 0) < 0)
			kt_exit(3);
}

/* Guests of guests; the first in the row wakes and all are put down. */
static void nested(void)
{
	static struct kt_child a, b;

	make(&a, lends_on, NULL);
	make(&b, beat, (void *)2);
	KT_EQ(exo_cap_derive(b.slot, a.slot, CHILD_OTHER, 0, 0, EXO_RIGHT_YIELD), 0);
	beats[2] = 0;
	KT_OK(grows(a.slot, &beats[2]));
	KT_OK(grows(a.slot, &beats[2])); /* its own guest goes on with it */
	KT_EQ(exo_env_status(a.slot), 0);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, b.slot, 0), STATE); /* another's guest */
	KT_EQ(exo_env_stop(a.slot, 0), 0);
	KT_OK(grows(b.slot, &beats[2]));
	kt_child_end(&a);
	kt_child_end(&b);
}

static void errors(void)
{
	static struct kt_child c;
	exo_cap_t mute = kt_slot();

	make(&c, beat, NULL);
	KT_EQ(exo_cap_derive(c.slot, EXO_SLOT_NONE, mute, 0, 0, 0x3f & ~EXO_RIGHT_YIELD), 0);
	KT_ERR(exo_sleep(0, FAR_NS, mute, 0), CAP);
	KT_ERR(exo_sleep(0, FAR_NS, EXO_SLOT_MEMORY, 0), CAP);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, EXO_CPU_MAX), INVAL);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0xffffffff), INVAL);
	KT_ERR(exo_yield(c.slot, EXO_CPU_MAX), INVAL);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 1), STATE);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, EXO_SLOT_SELF, 0), STATE);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 3, c.slot, 0, SHORT_NS), 0);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), STATE); /* it has slices */
	KT_EQ(exo_cap_drop(mute), 0);
	kt_child_end(&c);
}

static volatile uint32_t alarms;

static bool see_alarm(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f, (void)addr;
	if (kind != EXO_UP_EVENT)
		return false;
	if (xo_events_take(xo_self(), EXO_EVENT_ALARM))
		alarms++;
	return true;
}

static bool rings(exo_ns_t at, uint32_t want)
{
	exo_ns_t end = xo_now() + FAR_NS;

	KT_EQ(exo_alarm(at), 0);
	while (alarms < want && xo_now() < end)
		kt_pause();
	return alarms == want && xo_now() >= at;
}

/* One that is called off, or forgotten over a sleep, before its time has come. */
static void never_rings(bool sleeps)
{
	uint32_t before;
	exo_ns_t at;

	do {
		before = alarms;
		at = xo_now() + LONG_NS;
		KT_EQ(exo_alarm(at), 0);
		if (sleeps)
			KT_EQ(exo_sleep(0, xo_now() + SHORT_NS, EXO_SLOT_NONE, 0), EXO_SLEPT_TIME);
		else
			KT_EQ(exo_alarm(0), 0);
	} while (xo_now() >= at); /* too late on a busy host: again */
	while (xo_now() < at + LONG_NS)
		kt_pause();
	KT_EQ(alarms, before);
}

static void alarm_rings(void)
{
	uint32_t before;

	kt_hook = see_alarm;
	xo_self()->want |= EXO_WANT_EVENT;
	alarms = 0;
	for (uint32_t i = 1; i < 6; i++)
		KT_OK(rings(xo_now() + SHORT_NS, i));
	KT_OK(rings(1, 6)); /* long past */
	never_rings(false);
	never_rings(true); /* sleeping takes it away */
	before = alarms;
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 2), 0);
	KT_EQ(exo_alarm(xo_now() + SHORT_NS), 0);
	KT_EQ(exo_sleep(2, 0, EXO_SLOT_NONE, 0), EXO_SLEPT_EVENT); /* which was no sleep */
	KT_EQ(exo_sleep(0, 1, EXO_SLOT_NONE, 0), EXO_SLEPT_TIME);
	for (exo_ns_t end = xo_now() + FAR_NS; alarms == before && xo_now() < end;)
		kt_pause();
	KT_EQ(alarms, before + 1);
	xo_events_take(xo_self(), 2);
	xo_self()->want = 0;
	kt_hook = NULL;
}

static void has_alarm(void *arg)
{
	(void)arg;
	alarms = 0;
	xo_self()->want = EXO_WANT_EVENT;
	kt_exit(rings(xo_now() + 2 * SHORT_NS, 1) ? 5 : 6);
}

/* A guest's alarm waits while it does not run, and rings then. */
static void alarm_of_guest(void)
{
	static struct kt_child c;

	kt_hook = see_alarm;
	make(&c, has_alarm, NULL);
	for (exo_ns_t end = xo_now() + FAR_NS; !exo_env_status(c.slot) && xo_now() < end;) {
		exo_sleep(0, xo_now() + SHORT_NS / 2, c.slot, 0);
		exo_sleep(0, xo_now() + SHORT_NS / 2, EXO_SLOT_NONE, 0);
	}
	KT_EQ(exo_env_status(c.slot), stopped(EXO_STOP_SELF, 5));
	kt_child_end(&c);
	kt_hook = NULL;
}

/* From another CPU: a notify wakes the sleeper, though its guest runs. */
static struct kt_child far_guest;
static volatile uint32_t far_state;

static void far_host(void *arg)
{
	(void)arg;
	far_state = 1;
	far_state =
		exo_sleep(1 << 7, xo_now() + FAR_NS, far_guest.slot, 0) == EXO_SLEPT_EVENT ? 2 : 3;
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

static void notified_from_afar(void)
{
	make(&far_guest, beat, (void *)1);
	beats[1] = 0;
	KT_EQ(kt_start_cpu(1, far_host, NULL), 0);
	for (exo_ns_t end = xo_now() + FAR_NS; !beats[1] && xo_now() < end;)
		kt_pause();
	KT_OK(beats[1] > 0);
	KT_EQ(exo_notify(EXO_SLOT_NONE, 1, 1 << 7), 0);
	KT_OK(kt_reaches((const uint32_t *)&far_state, 2));
	KT_EQ(far_state, 2);
	KT_OK(grows(far_guest.slot, &beats[1]));
	kt_child_end(&far_guest);
}

#define CHILD_CPU 42

static void takes_slices(void *arg)
{
	(void)arg;
	if (exo_slice_bind(CHILD_CPU, 0, 2, EXO_SLOT_NONE, 0, SHORT_NS))
		kt_exit(8);
	for (;;)
		beats[0]++;
}

/* A guest that gets slices of its own is none any more: its host goes on. */
static void given_slices(void)
{
	static struct kt_child c;
	uint64_t before;

	make(&c, takes_slices, NULL);
	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, c.slot, CHILD_CPU, 0, kt_slices(),
			     EXO_RIGHT_BIND | EXO_RIGHT_LENGTH),
	      0);
	KT_EQ(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), EXO_SLEPT_GUEST);
	KT_ERR(exo_sleep(0, xo_now() + FAR_NS, c.slot, 0), STATE);
	before = beats[0]; /* it runs on in its own */
	for (exo_ns_t end = xo_now() + FAR_NS; beats[0] == before && xo_now() < end;)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(beats[0] > before);
	kt_child_end(&c);
}

const struct ktest ktests[] = {
	{"guest-runs", runs, 1},
	{"guest-woken-by-event", woken_by_event, 1},
	{"guest-has-enough", has_enough, 1},
	{"guest-stops", stops, 1},
	{"guest-hands-on", handing_on, 1},
	{"guest-nested", nested, 1},
	{"guest-errors", errors, 1},
	{"guest-given-slices", given_slices, 1},
	{"alarm-rings", alarm_rings, 1},
	{"alarm-of-guest", alarm_of_guest, 1},
	{"guest-notified-from-afar", notified_from_afar, 2},
	{NULL, NULL, 0},
};
