/* vector.c - reading and writing several buffers with one call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/file.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vm/copy.h>

#define HERE (-1) /* instead of an offset: where the file stands */

static ssize_t move(int fd, void *base, size_t n, int64_t at, bool out)
{
	if (out)
		return at == HERE ? write(fd, base, n) : pwrite(fd, base, n, at);
	return at == HERE ? read(fd, base, n) : pread(fd, base, n, at);
}

/* One after the other, until one is not filled. */
static ssize_t vector(int fd, const struct iovec *user, int count, int64_t at, bool out)
{
	int before = errno;
	ssize_t total = 0;
	struct iovec v;

	if (count < 0 || count > IOV_MAX)
		return px_result(-EINVAL);
	if (!px_file(fd))
		return -1;
	for (int i = 0; i < count; i++) {
		if (px_copy_from(&v, user + i, sizeof(v)))
			return total ? total : px_result(-EFAULT);
		if (!v.iov_len)
			continue;
		if (v.iov_len > (size_t)(SSIZE_MAX - total))
			return total ? total : px_result(-EINVAL);
		ssize_t n = move(fd, v.iov_base, v.iov_len, at == HERE ? HERE : at + total, out);

		if (n < 0 && !total)
			return -1;
		if (n < 0)
			errno = before;
		total += n < 0 ? 0 : n;
		if (n < (ssize_t)v.iov_len)
			break;
	}
	return total;
}

ssize_t readv(int fd, const struct iovec *v, int count)
{
	return vector(fd, v, count, HERE, false);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	return vector(fd, v, count, HERE, true);
}

ssize_t preadv(int fd, const struct iovec *v, int count, off_t at)
{
	return at < 0 ? px_result(-EINVAL) : vector(fd, v, count, at, false);
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	return at < 0 ? px_result(-EINVAL) : vector(fd, v, count, at, true);
}
