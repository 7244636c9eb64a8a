/* fuzz.h - the parts of the random calls that the model predicts.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <model/model.h>

#define DRIVERS 4  /* children that take orders */
#define RECEIVE 63 /* slot where they receive capabilities */

/* The parent's slots that the model knows begin here, with those all others come from. */
enum { POOL = EXO_CAP_SLOTS, CPUS, ACCOUNT, PARENT, CHILD };
#define FIRST_FREE (CHILD + DRIVERS)

extern uint64_t fuzz_seed;
uint64_t fuzz_random(void);
uint64_t fuzz_below(uint64_t n);
bool fuzz_chance(unsigned percent);

/* choose.c: a call that one who knows the tables might make; fuzz_va: an address at a border. */
void fuzz_any_call(struct m_call *c);
exo_va_t fuzz_va(void);

/* Calls after which the model or the test could not go on. */
bool fuzz_is_left_out(const struct m_call *c, const struct m_expect *x);

/* world.c: what a child is told to do; the parent does it itself. */
enum fuzz_order { CALL = 1, READ, WRITE };
extern struct fuzz_orders {
	struct m_call call;
	exo_va_t va;
	uint64_t word;
	long result;
} fuzz_order;
long fuzz_give(int env, enum fuzz_order what);

/* Once; then a fresh parent with children, and the end of all: the pool is free again. */
bool fuzz_begin(void);
bool fuzz_make_world(void);
void fuzz_end_world(void);

#endif
