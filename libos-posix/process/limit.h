/* limit.h - what a process may use at most: RLIMIT_*.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A process has limits of its own, in the arena, from the first setrlimit() of it or of a process
 * it descends from.  What looks after them is linked into programs that set some, and is not
 * called as long as nobody has.
 */
#ifndef PX_PROCESS_LIMIT_H
#define PX_PROCESS_LIMIT_H

#include <env/process.h>
#include <sys/resource.h>

#define PX_LIMIT_IF_USED __attribute__((weak, visibility("hidden")))

struct px_limits {
	uint64_t soft[RLIM_NLIMITS], hard[RLIM_NLIMITS];
};

/* This process's soft limit; `otherwise`: if it has none of its own. */
static inline uint64_t px_limit(int which, uint64_t otherwise)
{
	const struct px_limits *l = px_me->limits;

	return l ? l->soft[which] : otherwise;
}

/* At the start of the first process (libc/resource.c). */
struct rlimit px_limit_default(int which);

/* libc/limit.c, for who has found px_me->limits.  Inside. */

/* The child's are as its parent's.  False: no memory. */
bool px_limits_fork(struct px_process *child) PX_LIMIT_IF_USED;

/* A file is to be written from `at` on, n bytes: how many are; or is to be `at` bytes long (n 0).
 * Or -EFBIG, and SIGXFSZ. */
ssize_t px_limit_file(int64_t at, size_t n) PX_LIMIT_IF_USED;

/* What the stack of a new program has room for, at least `least`; is va, in the first thread's
 * stack or another's, further down than it may go? */
uint64_t px_limit_stack(uint64_t least) PX_LIMIT_IF_USED;
struct px_region;
bool px_limit_deep(const struct px_region *r, uint64_t va) PX_LIMIT_IF_USED;

/* One more process or thread?  0 or -EAGAIN. */
int px_limit_threads(void) PX_LIMIT_IF_USED;

/* Memory like r in place of what is there; so many bytes more that r is to have; r is to become
 * writable. */
bool px_limit_map(const struct px_region *r) PX_LIMIT_IF_USED;
bool px_limit_grow(const struct px_region *r, uint64_t bytes) PX_LIMIT_IF_USED;
bool px_limit_write(const struct px_region *r) PX_LIMIT_IF_USED;

#endif
