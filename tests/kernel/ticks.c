/* ticks.c - CPUs that nobody interrupts: idle ones halt, and whoever is alone on one has no tick.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * To be run with one tick of the clock for each instruction, so that time which nobody works in
 * costs the emulator nothing: CPUs that only seem idle would need hours here.
 */
#include "ktest.h"

#define MS     KT_NS_PER_MS
#define LONG   (1000 * 1000 * MS)
#define MOMENT (20 * MS)

/* The emulator goes on to the next CPU at a pause only. */
#define BEATS 200

static volatile bool work;
static volatile uint64_t beats[EXO_CPU_MAX];

static void beat(void *arg)
{
	for (int i = 0; i < BEATS; i++)
		beats[(uint64_t)arg]++;
	kt_pause();
}

static void works_now_and_then(void *arg)
{
	for (;;)
		if (work)
			beat(arg);
		else
			exo_sleep(1, 0, EXO_SLOT_NONE, 0);
}

static void start_all(void)
{
	work = true;
	for (uint64_t cpu = 1; cpu < kt_cpus(); cpu++)
		KT_EQ(kt_start_cpu((uint32_t)cpu, works_now_and_then, (void *)cpu), 0);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		KT_OK(kt_reaches((const uint32_t *)&beats[cpu], 1));
}

static void spin(exo_ns_t ns)
{
	for (exo_ns_t end = xo_now() + ns; xo_now() < end;)
		beat((void *)0);
}

static uint64_t interrupts(uint32_t cpu)
{
	return kt_counters(cpu)->interrupts + kt_counters(cpu)->timer_sets;
}

/* All activations of the machine run, each alone on its CPU. */
static void nothing_ticks(void)
{
	uint64_t before[EXO_CPU_MAX], before_beats[EXO_CPU_MAX];

	start_all();
	spin(MOMENT); /* what made them start has been told to all */
	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++) {
		before[cpu] = interrupts(cpu);
		before_beats[cpu] = beats[cpu];
	}
	spin(MOMENT);
	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++) {
		KT_EQ(interrupts(cpu), before[cpu]);
		KT_OK(!cpu || beats[cpu] > before_beats[cpu] + 1000);
	}
}

static void works(void *arg)
{
	for (;;)
		beat(arg);
}

/* As soon as two want the CPU there are ends of slices, on that one only; with the second they
 * go. */
static void ticks_where_two_are(void)
{
	static struct kt_child c;
	uint32_t cpu = kt_cpus() - 1;
	uint64_t before[EXO_CPU_MAX], now;

	KT_OK(kt_child_make(&c, works, (void *)(EXO_CPU_MAX - 1)));
	KT_EQ(kt_child_start(&c, cpu, 1), 0);
	spin(2 * MS);
	for (uint32_t n = 0; n < kt_cpus(); n++)
		before[n] = interrupts(n);
	spin(MOMENT);
	now = interrupts(cpu) - before[cpu];
	kt_printf("# %lu interrupts and settings of the timer in %llu ms\n", now, MOMENT / MS);
	KT_OK(now >= 4 && now <= 200);
	for (uint32_t n = 0; n < cpu; n++)
		KT_EQ(interrupts(n), before[n]);
	kt_child_end(&c);
	spin(MOMENT);
	before[cpu] = interrupts(cpu);
	spin(MOMENT);
	KT_EQ(interrupts(cpu), before[cpu]);
}

/* A quarter of an hour in which nobody has work: this would not end if any CPU looked for some. */
static void idle_cpus_halt(void)
{
	uint64_t before[EXO_CPU_MAX];
	exo_ns_t begun, idle;

	work = false;
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		while (kt_counters(cpu)->serving)
			kt_pause();
	begun = xo_now();
	idle = kt_counters(0)->idle_ns;
	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++)
		before[cpu] = interrupts(cpu);
	KT_EQ(exo_sleep(0, begun + LONG, EXO_SLOT_NONE, 0), EXO_SLEPT_TIME);
	KT_OK(xo_now() - begun >= LONG);
	KT_OK(xo_now() - begun < LONG + MS);
	KT_OK(kt_counters(0)->idle_ns - idle > LONG - MS);
	for (uint32_t cpu = 1; cpu < kt_cpus(); cpu++)
		KT_EQ(interrupts(cpu), before[cpu]);
	/* the timer may have to be set more than once for so long */
	KT_OK(interrupts(0) - before[0] < 1000);
}

/* The timer and the clock that is read agree. */
static void timer_is_right(void)
{
	for (int i = 0; i < 40; i++) {
		exo_ns_t end = xo_now() + 5 * MS;

		KT_EQ(exo_sleep(0, end, EXO_SLOT_NONE, 0), EXO_SLEPT_TIME);
		KT_OK(xo_now() - end < MS);
	}
}

const struct ktest ktests[] = {
	{"alone-no-tick", nothing_ticks, 1},
	{"two-tick", ticks_where_two_are, 1},
	{"idle-cpus-halt", idle_cpus_halt, 1},
	{"timer-is-right", timer_is_right, 1},
	{NULL, NULL, 0},
};
