/* lock.c - waiting for the kernel lock.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/lock.h>
#include <x86_64/cpu.h>
#include <x86_64/mmu.h>

uint32_t lock_taken;

void lock_wait(void)
{
	do {
		this_cpu()->info->lock_waits++;
		do {
			mmu_flush_requested();
			__builtin_ia32_pause();
		} while (__atomic_load_n(&lock_taken, __ATOMIC_RELAXED));
	} while (__atomic_exchange_n(&lock_taken, 1, __ATOMIC_ACQUIRE));
}
