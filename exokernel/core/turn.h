/* turn.h - whose turn it is: the slice vector and what is charged to it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A turn gives a slice its ns of credit; time is charged when it ends, so an
 * overrun is paid by the next turns.  Alone on its CPU an activation is
 * neither charged nor interrupted.  Under the kernel lock.
 */
#ifndef CORE_TURN_H
#define CORE_TURN_H

#include <core/env.h>

static inline struct env *slice_env(const struct exo_slice *s)
{
	return direct(s->env);
}

static inline struct act *slice_act(const struct exo_slice *s)
{
	return &slice_env(s)->act[s->index];
}

/* Who runs in its place: whom it called or lends to, and so on. */
static inline __attribute__((always_inline)) struct act *act_runner(struct act *act)
{
	while (act->state >= ACT_CALLING)
		act = act->callee;
	return act;
}

static inline __attribute__((always_inline)) struct act *runner(const struct exo_slice *s)
{
	return act_runner(slice_act(s));
}

/* Can that one run here?  If it has slices elsewhere it runs there; if it had, its vector state may
 * still be in the registers there. */
static inline __attribute__((always_inline)) bool can_run(const struct cpu *cpu,
							  const struct act *act)
{
	return (act->state == ACT_READY || act->state == ACT_NEW) &&
	       (act->cpu == cpu->number || (!act->bound && cpu_of(act->cpu)->vector != act));
}

/* Wake sleepers whose time has come, and see what there is (struct cpu: ready, mine, next).  True
 * if a slice waits for this CPU.  Who looks goes over all chains of calls in all slots: do it once.
 */
bool turn_look(struct cpu *cpu, uint64_t now);

/* After a look, and `act` was put down: it could run, too. */
void turn_count_mine(struct cpu *cpu);

/* The slot is served now.  True if others wait. */
bool turn_serve(struct cpu *cpu, uint32_t slot);

static inline bool turn_ready(const struct cpu *cpu, uint32_t slot)
{
	return cpu->ready[slot / 64] >> slot % 64 & 1;
}

/* The time since the last charge was this slice's. */
void turn_charge(struct cpu *cpu, uint64_t now);

/* Set the timer, after a look: to the end of the slice if somebody waits for it, the next deadline
 * or the alarm of who runs. */
void turn_set(struct cpu *cpu, uint64_t now, bool waiting);

/* The next slice in the vector that has credit, of those that a look found, or NULL. */
struct exo_slice *turn_pick(struct cpu *cpu);

#endif
