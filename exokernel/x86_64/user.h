/* user.h - the user registers that the kernel leaves in place: FS, GS, PKRU.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_USER_H
#define X86_64_USER_H

#include <x86_64/cpu.h>

static inline uint64_t user_fsbase(void)
{
	uint64_t v;

	__asm__ volatile("rdfsbase %0" : "=r"(v));
	return v;
}

static inline uint64_t user_gsbase(void)
{
	uint64_t v;

	__asm__ volatile("rdgsbase %0" : "=r"(v));
	return v;
}

static inline uint32_t user_pkru(void)
{
	uint32_t lo, hi;

	if (!(cpu_features & EXO_FEATURE_PKU))
		return 0;
	__asm__ volatile("rdpkru" : "=a"(lo), "=d"(hi) : "c"(0));
	return lo;
}

static inline uint64_t canonical(uint64_t v)
{
	return (uint64_t)((int64_t)(v << 16) >> 16) == v ? v : 0;
}

static inline void user_set_bases(uint64_t fs, uint64_t gs, uint32_t pkru)
{
	__asm__ volatile("wrfsbase %0" : : "r"(canonical(fs)));
	__asm__ volatile("wrgsbase %0" : : "r"(canonical(gs)));
	if (cpu_features & EXO_FEATURE_PKU)
		__asm__ volatile("wrpkru" : : "a"(pkru), "d"(0), "c"(0));
}

#endif
