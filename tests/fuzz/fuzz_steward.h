/* fuzz_steward.h - the steward's files on the host: the kernel's calls are functions of the target.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_STUBS_H
#define EXO_STUBS_H

#include <exo/types.h>

long exo_notify(exo_cap_t env, uint32_t index, uint64_t bits);
long exo_slice_bind(exo_cap_t cap, uint32_t cpu, uint32_t slot, exo_cap_t env, uint32_t index,
		    exo_ns_t ns);
long exo_yield(exo_cap_t env, uint32_t index);

#endif
