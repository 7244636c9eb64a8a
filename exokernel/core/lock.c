/* lock.c - the kernel lock.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/lock.h>
#include <x86_64/cpu.h>
#include <x86_64/mmu.h>

/* Test and set, not tickets: under a hypervisor the next in a queue may be a CPU
 * that does not run just now, and then all wait for it. */
static uint32_t taken;

void lock(void)
{
	while (__atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE)) {
		this_cpu()->info->lock_waits++;
		do {
			mmu_flush_requested();
			__builtin_ia32_pause();
		} while (__atomic_load_n(&taken, __ATOMIC_RELAXED));
	}
}

void unlock(void)
{
	__atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
}
