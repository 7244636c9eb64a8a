/* map.h - address spaces.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include <exo/map.h>
#include <stdbool.h>

struct env;
struct cap;

/* The entry of `level` (1 .. 4) that leads to va below a root table, or NULL
 * where a table on the way is missing or a large page is in it. */
uint64_t *map_entry(exo_pfn_t root, exo_va_t va, int level);

/* Which mappings go: those made under a slot of the environment, or (slot 0)
 * those of some frames; and how far it got, in 2 MiB of addresses. */
struct map_sweep {
	exo_cap_t slot;
	exo_pfn_t first;
	uint64_t count;
	uint32_t *at;
};

/* Remove them from *at on, looking at *budget entries; true at the end. */
bool map_sweep(struct env *env, const struct map_sweep *s, int *budget);

/* Take a bite out of a stopped environment's address space: true if there was
 * something (the root table stays). */
bool map_unravel(struct env *env);

/* Root tables begin with the kernel's half and the self-reference. */
void map_root(exo_pfn_t root);

#define PTE_BRANCH (EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_USER)

extern exo_pfn_t kernel_root; /* the root table that no environment owns */
extern exo_pfn_t shared_root; /* its kernel's half is that of all environments: kernel_root, or one
				 that shows no more than entry needs */

#endif
