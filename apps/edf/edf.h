/* edf.h - a scheduler of the program's own: who must be done first runs first.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each task is an activation, of this environment or of one that it controls, and has a job to do
 * in every period: it sleeps until EDF_GO is set, works, counts the job in *done and sets EDF_DONE
 * for the scheduler. The kernel knows nothing of deadlines: the scheduler puts whoever is first
 * into one slot of a CPU's slice vector, and sleeps in another until there is something to decide.
 * A task can lie about its own jobs only, and nobody's lies or overruns cost the others more than
 * a slice and its grace.
 */
#ifndef EDF_H
#define EDF_H

#include <exo/types.h>
#include <stdbool.h>

#define EDF_GO   (1ull << 8)  /* set for a task when its next job may begin */
#define EDF_DONE (1ull << 16) /* set by a task, for the scheduler: look */

struct edf_task {
	exo_cap_t env;  /* ENV with CONTROL and NOTIFY; EXO_SLOT_NONE: the scheduler's own */
	uint32_t index; /* its activation, bound and without slices */
	exo_ns_t period;
	exo_ns_t budget;               /* at most so much of each period is its own */
	const volatile uint32_t *done; /* jobs it has done; nobody else can write there */
	/* What the scheduler keeps; zeros at the start. */
	bool ready;
	uint32_t seen;     /* of *done */
	exo_ns_t deadline; /* of this job, when the next is released */
	int64_t left;      /* of the budget; below 0: to be paid in the next period */
	uint32_t jobs, late, cut;
};

/* The CPU and two slots of its slice vector, this activation in the first. */
struct edf_place {
	exo_cap_t cap; /* CPU with BIND */
	uint32_t cpu, own, slot;
	bool by_period; /* not by deadline, but who has the shortest period: for comparison */
};

/* Schedule n tasks until `end`.  Each then has in jobs how many periods it had, in late how many
 * of them ended before its job did, in cut how often a budget was used up before.  Returns 0, or
 * the kernel's error. */
long edf_run(const struct edf_place *place, struct edf_task *task, uint32_t n, exo_ns_t end);

#endif
