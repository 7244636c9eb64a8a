/* poll.h - what files are ready for, and how long one waits for it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_POLL_H_
#define PX_POLL_H_

#include <fd/file.h>
#include <time.h>

struct px_claims;

/* POLLIN and its like, and where news of the file is told.  Inside a critical section. */
uint32_t px_file_ready(struct px_file *f, struct px_look *look);

/* When a time from now on is over, by the monotonic clock; 0: never, as without one.  -EINVAL: it
 * is no time.  Outside too. */
int px_deadline(const struct timespec *t, exo_ns_t *deadline);

/* Leave the queues that the innermost of those who poll stand in.  Inside; only there with poll().
 */
void px_polling_drop(struct px_claims *c) PX_IF_USED;

#endif
