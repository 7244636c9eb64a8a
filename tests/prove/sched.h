/* sched.h - who runs where: the scheduler's part of a world, and what must hold of it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_SCHED_H
#define PROVE_SCHED_H

#include "op.h"
#include "world.h"

#define SCHED_ENTRY 0x400000000000ul /* where all activations are entered */
#define SCHED_SOON  7000             /* ns from now: the one deadline that is asked for */
#define SCHED_WORD  77               /* what is said in calls; in replies one more */
#define SCHED_AWAY  (1l << 20)       /* the call has not returned yet */

struct act;

/* What the CPU that made the last step did. */
extern struct sched_last {
	uint8_t home, index; /* who was entered; NOBODY: nobody */
	uint32_t upcall;     /* by an upcall of this kind, 0: none */
	bool begun;          /* it is its START, perhaps below another upcall */
	long rax;            /* what it sees */
	uint64_t start, message[2], vector;
	uint64_t passed; /* ns */
	uint8_t taker, taker_index; /* who took event bits, */
	uint16_t taken;             /* and which */
} sched_last;

/* Home of the environment and index of an activation; NOBODY for NULL. */
uint8_t act_home(const struct act *act, uint8_t *index);

void sched_view(struct world *w);

/* What must hold of every state. */
const char *sched_check(const struct world *w);

/* Event bits that the environment took from it in the last step. */
uint16_t sched_event(uint8_t home, uint8_t index);

/* Whose state the vector registers must hold when it is entered: 0 for one that begins. */
uint64_t sched_tag(const struct world *before, uint8_t home, uint8_t index);

/* Will the CPU that makes this call look for itself at its end, whatever the call returns? */
bool sched_looks(const struct world *w, const struct op *op);

/* What the model does not say of activations and CPUs is as the kernel has it. */
void sched_adopt(struct world *model, const struct world *seen);

/* From a set-up machine, in which all calls were made by hand, to one that runs by itself. */
void sched_start(void);

/* Is somebody running on that CPU, or is it time for its timer or an interrupt? */
bool sched_possible(const struct world *w, const struct op *op);
long sched_do(const struct op *op);

#endif
