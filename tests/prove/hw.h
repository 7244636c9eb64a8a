/* hw.h - the fake machine: RAM, CPUs, interrupts between them, the way out of the kernel.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The kernel's own C runs on it unchanged.  One call runs to its end before another begins, on
 * whichever CPU: that is what the kernel lock promises.
 */
#ifndef PROVE_HW_H
#define PROVE_HW_H

#include <core/env.h>
#include <core/frame.h>
#include <stdbool.h>
#include <stddef.h>

enum hw_outcome {
	HW_RETURNED, /* the call came back to who made it */
	HW_ENTERED,  /* the CPU went to an activation (hw_this->act; registers: hw_trap) */
	HW_IDLE,     /* nobody can run */
	HW_OFF,      /* the machine went off */
};

extern struct trap *hw_trap; /* registers with which ring 3 was entered last */
extern int hw_budget;        /* of a step, in thirds of CAP_STEP */
extern uint32_t hw_poked;    /* CPUs that were sent VECTOR_WAKE */
extern uint64_t hw_vector[EXO_CPU_MAX];

/* RAM of `pages` frames, of which the first `kept` are part of what hw_keep keeps (the others
 * hold no objects). */
void hw_make(uint64_t pages, uint64_t kept);

/* CPU n makes a call, with these arguments, on behalf of the environment it runs.  If that does
 * not go on the result is what it would see, 0 if that is not known. */
enum hw_outcome hw_call(uint32_t n, uint64_t nr, const uint64_t arg[6], long *result);

/* CPU n takes an interrupt, if it runs somebody; else it looks at its slices. */
enum hw_outcome hw_interrupt(uint32_t n, uint8_t vector);
enum hw_outcome hw_look(uint32_t n);

/* The whole state of machine and kernel, but for contents of frames above `kept` and counters. */
size_t hw_bytes(void);
void hw_keep(void *to);
void hw_put_back(const void *from);

/* Is the state the kept one, but for counters and interrupts that were sent? */
bool hw_is(const void *kept);

/* The first entry of a page table from i on that is not zero; n if there is none before. */
static inline uint64_t table_next(const uint64_t *e, uint64_t i, uint64_t n)
{
	for (; i < n; i++) {
		for (; !(i % 8) && i + 8 <= n && !(e[i] | e[i + 1] | e[i + 2] | e[i + 3] | e[i + 4] |
						  e[i + 5] | e[i + 6] | e[i + 7]);)
			i += 8;
		if (i < n && e[i])
			return i;
	}
	return n;
}

/* What is wrong, if the kernel panicked or a TLB broke the rules; NULL. */
extern const char *hw_wrong;
void hw_blame(const char *text);

#endif
