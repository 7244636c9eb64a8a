/* user.h - the user registers that the kernel leaves in place: FS, GS, PKRU.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_USER_H
#define X86_64_USER_H

#include <x86_64/cpu.h>

static inline uint32_t user_pkru(void)
{
	return cpu_features & EXO_FEATURE_PKU ? __builtin_ia32_rdpkru() : 0;
}

static inline uint64_t canonical(uint64_t v)
{
	return !(v >> 47) || v >> 47 == 0x1ffff ? v : 0;
}

static inline void user_set_bases(uint64_t fs, uint64_t gs, uint32_t pkru)
{
	__asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs" : : "r"(0));
	__builtin_ia32_wrfsbase64(canonical(fs));
	__builtin_ia32_wrgsbase64(canonical(gs));
	if (cpu_features & EXO_FEATURE_PKU)
		__builtin_ia32_wrpkru(pkru);
}

#endif
