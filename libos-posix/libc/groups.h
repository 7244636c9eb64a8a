/* groups.h - groups of a process besides its own, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_LIBC_GROUPS_H
#define PX_LIBC_GROUPS_H

#include <env/arena.h>
#include <stdint.h>
#include <sys/types.h>

struct px_groups {
	uint32_t refs, count;
	gid_t group[];
};

#define PX_GROUPS_MAX ((PX_ALLOC_MAX - sizeof(struct px_groups)) / sizeof(gid_t))

/* Inside: one process less has them. */
static inline void px_groups_put(struct px_groups *g)
{
	if (g && --g->refs == 0)
		px_free(g);
}

#endif
