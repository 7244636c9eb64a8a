/* fuzz_stubs.h - files of the steward and of libexo on the host: the kernel's calls are functions
 * of the target. SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_STUBS_H
#define EXO_STUBS_H

#include <exo/syscall.h>
#include <exo/types.h>

long exo_notify(exo_cap_t env, uint32_t index, uint64_t bits);
long exo_slice_bind(exo_cap_t cap, uint32_t cpu, uint32_t slot, exo_cap_t env, uint32_t index,
		    exo_ns_t ns);
long exo_yield(exo_cap_t env, uint32_t index);
long exo_frame_alloc(exo_cap_t cap, exo_pfn_t first, uint64_t count);
long exo_frame_take(exo_cap_t cap, exo_pfn_t first, uint64_t count);
long exo_frame_free(exo_cap_t cap, exo_pfn_t first, uint64_t count);
long exo_sleep(uint64_t mask, exo_ns_t until, exo_cap_t env, uint32_t index);
long exo_syscall(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
		 uint64_t f);

#endif
