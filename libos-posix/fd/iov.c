/* iov.c - several buffers of a program, gone through one after the other.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/iov.h>
#include <limits.h>
#include <vm/copy.h>

ssize_t px_iov_total(const struct iovec *user, int count)
{
	ssize_t total = 0;
	struct iovec i;

	if (count < 0 || count > IOV_MAX)
		return -EINVAL;
	for (int k = 0; k < count; k++) {
		if (px_copy_from(&i, user + k, sizeof(i)))
			return -EFAULT;
		if (i.iov_len > (size_t)(SSIZE_MAX - total))
			return -EINVAL;
		total += (ssize_t)i.iov_len;
	}
	return total;
}

bool px_iov_next(struct px_iov *v)
{
	while (!v->now.iov_len) {
		if (v->count <= 0 || px_copy_from(&v->now, v->user, sizeof(v->now))) {
			v->now.iov_len = 0;
			return false;
		}
		v->user++;
		v->count--;
	}
	return true;
}

size_t px_iov_from(struct px_iov *v, char *to, size_t n)
{
	while (n && px_iov_next(v)) {
		size_t part = n < v->now.iov_len ? n : v->now.iov_len;
		size_t left = px_copy_from(to, v->now.iov_base, part);

		if (left)
			return n - (part - left);
		px_iov_skip(v, part);
		to += part;
		n -= part;
	}
	return n;
}

size_t px_iov_to(struct px_iov *v, const char *from, size_t n)
{
	while (n && px_iov_next(v)) {
		size_t part = n < v->now.iov_len ? n : v->now.iov_len;
		size_t left = px_copy_to(v->now.iov_base, from, part);

		if (left)
			return n - (part - left);
		px_iov_skip(v, part);
		from += part;
		n -= part;
	}
	return n;
}
