/* smp.c - several CPUs at once: activations, wake-ups, flushes, races.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All further CPUs run a servant that does what CPU 0 asks.
 */
#include "ktest.h"

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define INVALID    6
#define WAKE       (1ull << 10)
#define ANSWER     (1ull << 11)
#define ROUNDS     400

/* What each CPU is asked to do: a function, run once for each new number. */
static struct servant {
	void (*fn)(void *);
	void *arg;
	uint32_t asked, done;
} servants[EXO_CPU_MAX];

static uint32_t up;

static void serve(void *arg)
{
	struct servant *s = arg;

	__atomic_fetch_add(&up, 1, __ATOMIC_RELEASE);
	for (uint32_t n = 1;; n++) {
		while (__atomic_load_n(&s->asked, __ATOMIC_ACQUIRE) < n)
			exo_sleep(WAKE, xo_now() + 20 * KT_NS_PER_MS, EXO_SLOT_NONE, 0);
		xo_events_take(xo_self(), WAKE);
		s->fn(s->arg);
		__atomic_store_n(&s->done, n, __ATOMIC_RELEASE);
	}
}

static void ask(uint32_t cpu, void (*fn)(void *), void *arg)
{
	struct servant *s = &servants[cpu];

	s->fn = fn;
	s->arg = arg;
	__atomic_fetch_add(&s->asked, 1, __ATOMIC_RELEASE);
	KT_EQ(exo_notify(EXO_SLOT_NONE, cpu, WAKE), 0);
}

static void await(uint32_t cpu)
{
	if (!KT_OK(kt_reaches(&servants[cpu].done, servants[cpu].asked)))
		kt_exit(1); /* it is lost: nothing after this makes sense */
}

static void start_all(void)
{
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		KT_EQ(kt_start_cpu(cpu, serve, &servants[cpu]), 0);
	KT_OK(kt_reaches(&up, kt_cpus() - 1));
}

static uint32_t present;

static void meet(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&present, 1, __ATOMIC_ACQ_REL);
	KT_OK(kt_reaches(&present, kt_cpus())); /* without sleeping: all at the same time */
}

static void together(void)
{
	present = 0;
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		ask(cpu, meet, NULL);
	meet(NULL);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		await(cpu);
}

static void bind_errors(void)
{
	exo_pfn_t pfn = kt_frames(2);

	KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 1, EXO_SLOT_MEMORY, pfn, 0), EXIST);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 5, EXO_SLOT_NONE, 1, 1000000), STATE);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 1, 5, EXO_SLOT_NONE, 0, 1000000), STATE);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 2), 0);
}

/* No wake-up is lost, whether it comes before, during or after the sleep. */
static uint32_t pings;

static void echo(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		while (!xo_events_take(xo_self(), ANSWER))
			exo_sleep(ANSWER, 0, EXO_SLOT_NONE, 0);
		pings++;
		exo_notify(EXO_SLOT_NONE, 0, ANSWER);
	}
}

static void wake_ups(void)
{
	pings = 0;
	xo_events_take(xo_self(), ANSWER);
	ask(1, echo, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		exo_notify(EXO_SLOT_NONE, 1, ANSWER);
		for (int n = 0; n < i % 50 * 20; n++)
			kt_pause();
		while (!xo_events_take(xo_self(), ANSWER))
			if (!KT_EQ(exo_sleep(ANSWER, xo_now() + 60000 * KT_NS_PER_MS, EXO_SLOT_NONE,
					     0),
				   1))
				return;
	}
	await(1);
	KT_EQ(pings, ROUNDS);
}

/* A page taken away here is gone there, when the call returns. */
static struct {
	volatile uint64_t *at;
	uint32_t phase;
	uint32_t late; /* reads that still worked after the page was gone */
	int vector;
} probe;

static void read_probe(void *arg)
{
	(void)arg;
	for (;;) {
		uint32_t before = __atomic_load_n(&probe.phase, __ATOMIC_SEQ_CST);

		(void)*probe.at;
		probe.late += before == 2;
		if (before == 0)
			__atomic_store_n(&probe.phase, 1, __ATOMIC_SEQ_CST);
		if (probe.late > 1000)
			return;
	}
}

static void probe_servant(void *arg)
{
	(void)arg;
	probe.vector = kt_try(read_probe, NULL);
}

static void shootdown(void)
{
	exo_va_t va = kt_va_tables(1);
	exo_pfn_t pfn = kt_frame();

	for (uint32_t i = 0; i < 60; i++) {
		uint32_t cpu = 1 + i % (kt_cpus() - 1);

		KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
		probe.at = (uint64_t *)va;
		probe.phase = probe.late = 0;
		probe.vector = -2;
		ask(cpu, probe_servant, NULL);
		KT_OK(kt_reaches(&probe.phase, 1));
		KT_EQ(kt_unmap(va, 1), 0);
		__atomic_store_n(&probe.phase, 2, __ATOMIC_SEQ_CST);
		await(cpu);
		KT_EQ(probe.late, 0);
		KT_EQ(probe.vector, PAGE_FAULT);
	}
}

/* Write protection reaches the others too. */
static uint32_t written, stop_writing;

static void write_probe(void *arg)
{
	volatile uint32_t *p = arg;

	while (!__atomic_load_n(&stop_writing, __ATOMIC_ACQUIRE)) {
		*p = *p + 1;
		__atomic_fetch_add(&written, 1, __ATOMIC_RELEASE);
	}
}

static void write_servant(void *arg)
{
	probe.vector = kt_try(write_probe, arg);
}

static void protect(void)
{
	exo_va_t va = kt_va_tables(1);
	exo_pfn_t pfn = kt_frame();

	for (int i = 0; i < 40; i++) {
		uint32_t now;

		KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
		written = stop_writing = 0;
		ask(1, write_servant, (void *)va);
		KT_OK(kt_reaches(&written, 10));
		KT_EQ(kt_op(EXO_MAP_PROTECT, va, 0, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
		now = *(volatile uint32_t *)va;
		KT_OK(kt_reaches(&servants[1].done, servants[1].asked));
		KT_EQ(*(volatile uint32_t *)va, now);
		stop_writing = 1;
		await(1);
		KT_EQ(probe.vector, PAGE_FAULT);
	}
}

/* Map and unmap on all CPUs at once, each its own range, all with flushes. */
static void churn(void *arg)
{
	exo_va_t va = (exo_va_t)arg;

	for (uint32_t i = 0; i < 100; i++) {
		struct exo_map_op op = {.va = va,
					.pfn = *(uint64_t *)(va + 8 * PAGE),
					.count = 1,
					.cap = EXO_SLOT_MEMORY,
					.kind = EXO_MAP_PAGES,
					.prot = KT_RW};

		KT_EQ(xo_map_one(EXO_SLOT_NONE, &op), 0);
		*(volatile uint32_t *)va = i;
		op.kind = EXO_MAP_REMOVE;
		KT_EQ(*(volatile uint32_t *)va, i);
		KT_EQ(xo_map_one(EXO_SLOT_NONE, &op), 0);
	}
}

static void churn_all(void)
{
	exo_va_t va[EXO_CPU_MAX];

	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++) {
		va[cpu] = kt_va_tables(16);
		KT_EQ(kt_map(va[cpu] + 8 * PAGE, kt_frame(), 1, KT_RW), 0);
		*(uint64_t *)(va[cpu] + 8 * PAGE) = kt_frame();
	}
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		ask(cpu, churn, (void *)va[cpu]);
	churn((void *)va[0]);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		await(cpu);
}

/* Take and free the same frames from all CPUs: never two owners. */
static exo_pfn_t contested;
static uint8_t owners[64];
static uint32_t conflicts;

static void grab(void *arg)
{
	uint64_t seed = (uint64_t)arg;

	for (int i = 0; i < 500; i++) {
		uint32_t n = (seed = seed * 6364136223846793005 + 1442695040888963407) >> 58;

		if (exo_frame_alloc(EXO_SLOT_MEMORY, contested + n, 1) != 1)
			continue;
		if (__atomic_fetch_add(&owners[n], 1, __ATOMIC_SEQ_CST))
			conflicts++;
		__atomic_fetch_sub(&owners[n], 1, __ATOMIC_SEQ_CST);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, contested + n, 1), 0);
	}
}

static void contend(void)
{
	contested = kt_frames(64);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, contested, 64), 0);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		ask(cpu, grab, (void *)(uint64_t)(cpu + 7));
	grab((void *)5);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		await(cpu);
	KT_EQ(conflicts, 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, contested, 64), 64);
}

/* Events that arrive anywhere in fault, handler and resume: no register is lost. */
static uint32_t storm_events, storm_over;

static bool storm_hook(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind == EXO_UP_EVENT) {
		xo_events_take(xo_self(), ANSWER);
		__atomic_fetch_add(&storm_events, 1, __ATOMIC_RELAXED);
		return true;
	}
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	f->rip += 2;
	f->r12++;
	return true;
}

static void storm(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&storm_over, __ATOMIC_ACQUIRE)) {
		exo_notify(EXO_SLOT_NONE, 0, ANSWER);
		for (int n = 0; n < 50; n++)
			kt_pause();
	}
}

static void restart(void)
{
	exo_ns_t end = xo_now() + 30000 * KT_NS_PER_MS;
	uint64_t v[16];
	uint32_t wrong = 0;

	kt_hook = storm_hook;
	storm_events = storm_over = 0;
	xo_self()->want = EXO_WANT_EVENT;
	ask(1, storm, NULL);
	for (uint64_t i = 1; i < 3000 || (storm_events < 100 && xo_now() < end); i++) {
		kt_ud2_asm(i, v);
		for (uint64_t r = 0; r < 15; r++)
			wrong += v[r] != i * (r + 1) + (r == KT_UD2_R12);
		if (xo_self()->depth)
			wrong++;
		if (__atomic_exchange_n(&xo_self()->pending, 0, __ATOMIC_ACQ_REL))
			xo_events_take(xo_self(),
				       ANSWER); /* held back: set again it tells nothing new */
	}
	storm_over = 1;
	xo_self()->want = 0;
	await(1);
	KT_EQ(wrong, 0);
	KT_OK(storm_events >= 100);
	xo_events_take(xo_self(), ANSWER);
}

/* A child on another CPU is stopped while it runs, also while it makes calls. */
static uint32_t child_turns;

static void busy_child(void *arg)
{
	for (;;) {
		__atomic_fetch_add(&child_turns, 1, __ATOMIC_RELEASE);
		if (arg)
			exo_map(EXO_SLOT_NONE, (exo_va_t)arg, 1);
	}
}

static void kill_running(void)
{
	static struct kt_child c;

	for (int i = 0; i < 12; i++) {
		uint32_t cpu = 1 + i % (kt_cpus() - 1);

		child_turns = 0;
		KT_OK(kt_child_make(&c, busy_child, (void *)(uint64_t)(i % 2 * EXO_VA_MIN)));
		KT_EQ(kt_child_start(&c, cpu, 1), 0);
		KT_OK(kt_reaches(&child_turns, 5));
		KT_EQ(exo_env_stop(c.slot, i), 0);
		KT_EQ(exo_env_status(c.slot), EXO_STATUS_STOPPED | 2ull << 32 | (uint64_t)i);
		kt_child_end(&c);
	}
	/* The servants there have not noticed. */
	together();
}

/* The same environment on two CPUs, taken apart at once. */
static void everywhere(void)
{
	static struct kt_child c[EXO_CPU_MAX];

	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++) {
		KT_OK(kt_child_make(&c[cpu], busy_child, NULL));
		KT_EQ(kt_child_start(&c[cpu], cpu, 2), 0);
	}
	child_turns = 0;
	KT_OK(kt_reaches(&child_turns, 100));
	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++)
		kt_child_end(&c[cpu]);
}

const struct ktest ktests[] = {
	{"smp-start", start_all, 2},       {"smp-together", together, 2},
	{"smp-bind", bind_errors, 2},      {"smp-wake", wake_ups, 2},
	{"smp-shootdown", shootdown, 2},   {"smp-protect", protect, 2},
	{"smp-churn", churn_all, 2},       {"smp-frames", contend, 2},
	{"smp-restart", restart, 2},       {"smp-kill", kill_running, 2},
	{"smp-everywhere", everywhere, 2}, {NULL, NULL, 0},
};
