/* clock.h - time since the start, from the TSC.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <core/info.h>
#include <x86_64/cpu.h>

/* v * mult / 2^32 without losing the top. */
static inline uint64_t clock_scale(uint64_t v, uint64_t mult)
{
	return (unsigned __int128)v * mult >> 32;
}

static inline uint64_t clock_ns(void)
{
	return clock_scale(rdtsc() - info->tsc_base, info->tsc_mult);
}

#endif
