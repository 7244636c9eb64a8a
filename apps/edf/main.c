/* main.c - periodic tasks under a scheduler of their own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Two tasks need 94 % of the CPU between them, a third one never ends.  By deadline the two are
 * always in time; by period (argument "period"), as fixed priorities would have it, the second
 * is not.
 */
#include "edf.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/info.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <mini/mini.h>

#define UNIT        MINI_NS_PER_MS
#define RUN         (350 * UNIT) /* ten times the least common multiple of the periods */
#define STACK_PAGES 4
#define TASKS       3
#define FOREVER     (~0ull)

static const struct {
	exo_ns_t period, work, budget;
} plan[TASKS] = {
	{5 * UNIT, 19 * UNIT / 10, 2 * UNIT},
	{7 * UNIT, 39 * UNIT / 10, 4 * UNIT},
	{35 * UNIT, FOREVER, UNIT / 4},
};

static uint64_t loops[TASKS];
static volatile uint32_t done[TASKS];

/* The same code for whoever calls it, or it could not be measured. */
static __attribute__((noipa)) void work(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		__asm__ volatile("");
}

static uint64_t loops_in(exo_ns_t ns)
{
	exo_ns_t start = mini_now();

	work(1000000);
	return ns == FOREVER ? FOREVER : ns * 1000000 / (mini_now() - start);
}

static void task(void *arg)
{
	uint64_t n = (uint64_t)arg;

	for (;;) {
		mini_wait(EDF_GO, 0);
		work(loops[n]);
		done[n]++;
		mini_notify(0, EDF_DONE);
	}
}

/* A further activation of this environment, without slices yet. */
static long make(struct edf_task *t, uint32_t n)
{
	static struct xo_begin begin[TASKS];
	struct exo_activation *a = (struct exo_activation *)mini_va(2);
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = 2});
	char *stack = mini_alloc(STACK_PAGES);
	char *upcalls = mini_alloc(EXO_FRAME_DEPTH * xo_upcall_stack_bytes / EXO_PAGE_SIZE);
	long r = pfn && stack && upcalls
			 ? mini_map_pages((exo_va_t)a, pfn, 2, EXO_PROT_READ | EXO_PROT_WRITE)
			 : -EXO_E_LIMIT;

	if (r)
		return r;
	memset(a, 0, 2 * EXO_PAGE_SIZE);
	xo_activation_init(a, n + 1, upcalls, xo_upcall_stack_bytes);
	begin[n] = (struct xo_begin){.sp = (uint64_t)stack + STACK_PAGES * EXO_PAGE_SIZE,
				     .activation = a,
				     .fn = task,
				     .arg = (void *)(uint64_t)n};
	loops[n] = loops_in(plan[n].work);
	*t = (struct edf_task){.index = n + 1,
			       .period = plan[n].period,
			       .budget = plan[n].budget,
			       .done = &done[n]};
	return exo_activation_bind(EXO_SLOT_NONE, n + 1, EXO_SLOT_MEMORY, pfn, (uint64_t)&begin[n]);
}

int main(int argc, char **argv)
{
	const struct exo_cpu_info *cpu = (const void *)(xo_start->info + EXO_INFO_CPUS_AT);
	struct edf_place place = {.cap = EXO_SLOT_CPU,
				  .slot = 1,
				  .by_period = argc > 1 && !strcmp(argv[1], "period")};
	struct edf_task tasks[TASKS];
	uint64_t idle, switches;
	long r = 0;

	for (uint32_t n = 0; n < TASKS && !r; n++)
		r = make(&tasks[n], n);
	idle = cpu->idle_ns;
	switches = cpu->switches;
	if (!r)
		r = edf_run(&place, tasks, TASKS, mini_now() + RUN);
	idle = (cpu->idle_ns - idle) / 1000;
	switches = cpu->switches - switches;
	if (r)
		mini_printf("edf: %s\n", mini_error(r));
	for (uint32_t n = 0; n < TASKS && !r; n++)
		mini_printf("edf: task %u: %u jobs, %u late, %u cut\n", n, tasks[n].jobs,
			    tasks[n].late, tasks[n].cut);
	mini_printf("edf: idle %lu of %llu us, %lu switches\n", idle, RUN / 1000, switches);
	return r != 0;
}
