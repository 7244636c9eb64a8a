/* table.h - the descriptor table, for what controls descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_TABLE_H
#define PX_TABLE_H

#include <fd/file.h>

/* Give up what flock() got the file.  Inside a critical section. */
void px_flock_drop(struct px_file *f);

/* dup() to `from` or above, with O_CLOEXEC or 0. */
int px_fd_duplicate(int fd, int from, int flags);

/* FD_CLOEXEC of a descriptor that is open. */
uint32_t *px_fd_flags(int fd);

#endif
