/* root.h - the packed read-only root directory, used where it lies.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C over a mapped archive entry; nothing in it is trusted after
 * root_check().
 */
#ifndef PX_ROOT_H
#define PX_ROOT_H

#include <root_format.h>
#include <stdbool.h>
#include <stddef.h>

/* True if everything in the `bytes` at h lies inside and makes sense. */
bool root_check(const struct root_head *h, uint64_t bytes);

static inline const struct root_node *root_node(const struct root_head *h, uint32_t i)
{
	return (const struct root_node *)(h + 1) + i;
}

static inline const char *root_text(const struct root_head *h, uint64_t offset)
{
	return (const char *)h + offset;
}

/* The child of directory `dir` with this name of n bytes, or -1. */
int64_t root_child(const struct root_head *h, uint32_t dir, const char *name, size_t n);

#define ROOT_FOLLOW    1 /* a symbolic link at the end is followed */
#define ROOT_LINKS_MAX 40

/* The node that `path` names from directory `start` on, or -ENOENT, -ENOTDIR, -ELOOP,
 * -ENAMETOOLONG. */
int64_t root_walk(const struct root_head *h, uint32_t start, const char *path, int flags);

/* The absolute path of directory `dir` into buf (NULL if it does not fit). */
char *root_path(const struct root_head *h, uint32_t dir, char *buf, size_t size);

#endif
