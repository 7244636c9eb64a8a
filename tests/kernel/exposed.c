/* exposed.c - what lies open to read is true: who is served where, and for how long.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/frames.h>

static const volatile struct exo_slice *vector[EXO_CPU_MAX];

static const volatile struct exo_cpu_info *cpu(uint32_t n)
{
	return (const volatile struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT) + n;
}

/* All the time that CPU n has been served or idle: counted, or since then; each only once. */
static exo_ns_t known(uint32_t n, exo_ns_t *now)
{
	exo_ns_t sum, since;

	do {
		since = cpu(n)->since;
		sum = cpu(n)->idle_ns;
		for (uint32_t i = 0; i < EXO_SLICE_MAX; i++)
			sum += vector[n][i].used;
		*now = xo_now();
	} while (cpu(n)->since != since);
	return sum + *now - since;
}

static void served(void)
{
	const volatile struct exo_slice *s;

	for (uint32_t n = 0; n < kt_cpus(); n++) {
		vector[n] = xo_slice_table(&kt_space, kt_va(1), n);
		KT_OK(vector[n]);
	}
	s = &vector[0][cpu(0)->serving - 1];
	KT_OK(cpu(0)->serving && cpu(0)->serving <= EXO_SLICE_MAX);
	KT_EQ(s->index, 0);
	KT_OK(s->env);
	KT_OK(cpu(0)->since && cpu(0)->since <= xo_now());
}

static void beat(void *arg)
{
	for (;;)
		++*(volatile uint64_t *)arg;
}

/* Of no moment more is counted than has passed, whoever runs or nobody. */
static void adds_up(void)
{
	static struct kt_child c;
	static uint64_t beats;
	exo_ns_t now, then, before, all;

	KT_OK(kt_child_make(&c, beat, &beats));
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	before = known(0, &then);
	for (int i = 0; i < 20; i++) {
		exo_ns_t used = vector[0][1].used;
		uint64_t was = beats;

		for (int n = 0; n < 1000 && beats == was; n++) /* the child runs */
			exo_sleep(0, xo_now() + KT_NS_PER_MS, EXO_SLOT_NONE, 0);
		KT_OK(beats > was);
		KT_OK(vector[0][1].used > used);
		all = known(0, &now);
		KT_OK(all - before <= now - then);
		KT_EQ(cpu(0)->serving, 1);
	}
	kt_child_end(&c);
	for (int i = 0; i < 5; i++) {
		exo_ns_t idle = cpu(0)->idle_ns;

		for (int n = 0; n < 1000 && cpu(0)->idle_ns == idle; n++) /* nobody runs */
			exo_sleep(0, xo_now() + KT_NS_PER_MS, EXO_SLOT_NONE, 0);
		KT_OK(cpu(0)->idle_ns > idle);
		all = known(0, &now);
		KT_OK(all - before <= now - then);
	}
}

static volatile uint64_t work;
static volatile uint32_t stay;

static void works_then_sleeps(void *arg)
{
	(void)arg;
	while (stay)
		work++;
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

/* Somebody alone on another CPU is never charged, nor a CPU that sleeps: it shows all the same. */
static void elsewhere(void)
{
	exo_ns_t end = xo_now() + 60000 * KT_NS_PER_MS, now, before;
	uint64_t was;

	stay = 1;
	KT_EQ(kt_start_cpu(1, works_then_sleeps, NULL), 0);
	while (!work && xo_now() < end)
		kt_pause();
	KT_EQ(cpu(1)->serving, 1);
	KT_EQ(vector[1][0].env, vector[0][cpu(0)->serving - 1].env);
	KT_EQ(vector[1][0].index, 1);
	was = work;
	before = known(1, &now);
	while (work < was + 1000 && xo_now() < end)
		kt_pause();
	KT_OK(known(1, &now) > before);
	KT_EQ(cpu(1)->serving, 1);
	stay = 0;
	while (cpu(1)->serving && xo_now() < end)
		kt_pause();
	KT_EQ(cpu(1)->serving, 0);
	KT_OK(vector[1][0].used > 0);
	KT_OK(cpu(1)->since <= xo_now());
	before = known(1, &now);
	for (int i = 0; i < 100; i++)
		kt_pause();
	KT_OK(known(1, &now) > before);
}

const struct ktest ktests[] = {
	{"exposed-served", served, 1},
	{"exposed-adds-up", adds_up, 1},
	{"exposed-elsewhere", elsewhere, 2},
	{NULL, NULL, 0},
};
