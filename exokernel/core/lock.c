/* lock.c - the kernel lock.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/lock.h>
#include <x86_64/cpu.h>
#include <x86_64/mmu.h>

static struct {
	uint32_t next, serving;
} ticket;

void lock(void)
{
	uint32_t mine = __atomic_fetch_add(&ticket.next, 1, __ATOMIC_RELAXED);

	if (__atomic_load_n(&ticket.serving, __ATOMIC_ACQUIRE) == mine)
		return;
	this_cpu()->info->lock_waits++;
	while (__atomic_load_n(&ticket.serving, __ATOMIC_ACQUIRE) != mine) {
		mmu_flush_requested();
		__builtin_ia32_pause();
	}
}

void unlock(void)
{
	__atomic_store_n(&ticket.serving, ticket.serving + 1, __ATOMIC_RELEASE);
}
