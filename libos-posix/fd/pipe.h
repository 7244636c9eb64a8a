/* pipe.h - looking into pipes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PIPE_H
#define PX_PIPE_H

#include <fd/file.h>

/* Copy up to n bytes of a page out, into the libOS's memory, `skip` behind the first, which stay;
 * waits for bytes as read() does.  Outside. */
ssize_t px_pipe_peek(struct px_vnode *v, char *to, size_t n, size_t skip, uint32_t flags);

/* The first n bytes, which are there, go.  Outside. */
void px_pipe_skip(struct px_vnode *v, size_t n);

#endif
