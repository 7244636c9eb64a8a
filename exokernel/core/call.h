/* call.h - control transfer: calls and replies between environments.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An activation that calls lends its slices to the one it called, until that one replies; one that
 * sleeps may lend them to a guest.
 * Under the kernel lock.
 */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include <core/env.h>

/* What `act` sleeps or waits in ends with this result; whom it called or lent to goes on for
 * nobody. */
void act_wake(struct act *act, long result);

/* How many wait above it, each for the next one. */
static inline unsigned callers_of(const struct act *act)
{
	unsigned n = 0;

	while ((act = act->caller))
		n++;
	return n;
}

/* The environment stops: who called it gets STALE, whom it called serves nobody. */
void call_cut(struct env *env);

#endif
