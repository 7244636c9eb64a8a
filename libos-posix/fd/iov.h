/* iov.h - several buffers of a program, gone through one after the other.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Outside critical sections.
 */
#ifndef PX_IOV_H
#define PX_IOV_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

struct px_iov {
	const struct iovec *user; /* those to come */
	int count;
	struct iovec now; /* what is left of the one it is at */
};

/* How many bytes there are in all; -EINVAL, -EFAULT. */
ssize_t px_iov_total(const struct iovec *user, int count);

/* See to it that `now` is not empty; false: there are no more, or they cannot be read. */
bool px_iov_next(struct px_iov *v);

/* `now` was used as far as n bytes. */
static inline void px_iov_skip(struct px_iov *v, size_t n)
{
	v->now.iov_base = (char *)v->now.iov_base + n;
	v->now.iov_len -= n;
}

/* The next n bytes from the program, or to it; returns how many were not. */
size_t px_iov_from(struct px_iov *v, char *to, size_t n);
size_t px_iov_to(struct px_iov *v, const char *from, size_t n);

#endif
