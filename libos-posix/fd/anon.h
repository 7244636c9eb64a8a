/* anon.h - files without a place in any directory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_ANON_H
#define PX_ANON_H

#include <fs/mem.h>

#define PX_ANON_MODE 0600 /* as on Linux: of no kind */

void px_anon_stat(struct px_vnode *v, struct stat *st);

/* An object made for an open file of that kind, in the lowest free descriptor; without either it is
 * given back.  NULL: it could not be made.  `flags`: O_CLOEXEC, O_NONBLOCK. */
int px_anon_install(enum px_kind kind, void *object, int flags);

/* The object behind a descriptor of that kind, its open file in *f (px_file_done); NULL and errno:
 * EBADF, or `other`: it is of another kind. */
void *px_anon_use(int fd, enum px_kind kind, int other, struct px_file **f);

/* Read 8 bytes of a program's: a number that `take` gets from the object of v, inside; it waits
 * unless `flags` say O_NONBLOCK, and returns 0 or a negative error. */
ssize_t px_anon_read(struct px_vnode *v, int (*take)(void *object, uint64_t *value, uint32_t flags),
		     void *to, size_t n, uint32_t flags);

#endif
