/* user.h - FS, GS and PKRU of the fake processor: they stay 0.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_USER_H
#define X86_64_USER_H

#include <x86_64/cpu.h>

#define __builtin_ia32_rdfsbase64() 0
#define __builtin_ia32_rdgsbase64() 0

static inline uint32_t user_pkru(void)
{
	return 0;
}

static inline void user_set_bases(uint64_t fs, uint64_t gs, uint32_t pkru)
{
	(void)fs;
	(void)gs;
	(void)pkru;
}

#endif
