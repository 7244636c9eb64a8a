/* turn.h - how long a thread may run while others wait.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The queue of a CPU gives everybody a turn, one after the other: a lap.  Who waits for something
 * in the middle of a turn has the rest of it when it is woken, ahead of all that wait for theirs,
 * and soon: who computes makes room, and goes on with the rest of his own turn after that.  So who
 * needs little of the CPU gets it at once, and nobody gets more than one turn of a lap.  A wait that
 * took longer than a lap ends with a new turn.
 *
 * Threads of more priority come first, whatever turns there are; SCHED_FIFO's have no end.
 */
#ifndef PX_TURN_H
#define PX_TURN_H

#include <env/arena.h>
#include <env/process.h>
#include <stdbool.h>
#include <stdint.h>
#include <thread/sched.h>

#define PX_TURN 4000000 /* ns */
#define PX_SOON 1000000 /* ns at most, unless what runs cannot be interrupted */

/* p->turn: the longer, the less nice it is. */
static inline void px_turn_set(struct px_process *p)
{
	p->turn = px_arena->sched.turn * (uint64_t)(20 - p->nice) / 20;
}

/* As of the last px_account. */
static inline bool px_turn_over(const struct px_thread *t)
{
	return t->ran - t->turn >= t->process->turn;
}

#endif
