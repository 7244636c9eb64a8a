/* cpu.h - the other CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_CPU_H
#define MINI_CPU_H

#include <stdint.h>

/* How many the program was given, counted from 0, and which one this is.  main runs on CPU 0. */
uint32_t mini_cpus(void);
uint32_t mini_cpu(void);

/* Run fn(arg) on `cpu`, with a stack of MINI_STACK_PAGES pages.  When fn
 * returns the CPU sleeps for good.  Once for each CPU.  Returns 0 or an error. */
long mini_start_cpu(uint32_t cpu, void (*fn)(void *), void *arg);
#define MINI_STACK_PAGES 64

/* Make activation `index` (not 0; one for each), to run fn(arg) on a stack of so many pages when it is
 * given time: a slice, or that of who calls or hosts it.  Returns 0 or an error. */
long mini_activation(uint32_t index, void (*fn)(void *), void *arg, uint64_t stack_pages);

/* Mutual exclusion of CPUs, by turning in place: only for a few instructions.
 * Event handlers of this CPU wait until the last lock is released.  A lock of
 * zeros is open. */
struct mini_lock {
	const void *owner;	/* activation */
};
void mini_lock(struct mini_lock *lock);
void mini_unlock(struct mini_lock *lock);

/* Thread-local variables of the calling CPU, at its start; by mini_begin. */
void mini_locals_init(void);

#endif
