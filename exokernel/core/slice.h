/* slice.h - who runs next on this CPU.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All under the kernel lock.
 */
#ifndef CORE_SLICE_H
#define CORE_SLICE_H

#include <core/env.h>

struct cap;

/* Run whatever this CPU's vector says, or idle.  What ran before has been
 * saved or given up; the kernel stack is started afresh.  Takes the lock along and
 * releases it on the way to user mode. */
void slice_run(void) __attribute__((noreturn));
void slice_loop(void) __attribute__((noreturn));

/* The running activation was interrupted, or its call is done: see whether it
 * has to go, and deliver what is due.  May change t; may not return. */
void slice_check(struct trap *t);

/* Set event bits and wake or tell who waits for them. */
void slice_notify(struct env *env, uint32_t index, uint64_t bits);

/* Make CPU n look at its vector again: at once if it is another, when the
 * current call ends if it is this one. */
void slice_poke(uint32_t n);

/* The activation can go on: make the CPU look in whose slices it runs, its own or its caller's. */
void slice_wake(const struct act *act);

/* Empty the slices of a CPU that were filled under this capability. */
void slice_unbind(const struct cap *cap, uint32_t n, int *budget);

/* Has the running activation a frame left to be put down in?  And do it, within its call, which
 * returns `argument` of it, 0 so far. */
static inline bool slice_can_leave(const struct act *running)
{
	return act_page(running)->depth < EXO_FRAME_DEPTH;
}

void slice_put_down(enum act_state state);

/* Having put it down: go on with `act` at once if it runs in the slice that is being served, else
 * with whoever is next. */
void slice_switch(struct act *act) __attribute__((noreturn));

/* Forget an activation of an environment that has stopped and left all CPUs. */
void slice_forget(struct env *env, struct act *act);

#endif
