/* lock.h - the kernel lock: one, held with interrupts off.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Who waits for it still answers TLB flush requests, because the holder may be
 * waiting for exactly that.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdint.h>

/* Test and set, not tickets: under a hypervisor the next in a queue may be a virtual CPU
 * that does not run just now, and then all wait for it. */
extern uint32_t lock_taken;

void lock_wait(void);

static inline void lock(void)
{
	if (__atomic_exchange_n(&lock_taken, 1, __ATOMIC_ACQUIRE))
		lock_wait();
}

static inline void unlock(void)
{
	__atomic_store_n(&lock_taken, 0, __ATOMIC_RELEASE);
}

#endif
