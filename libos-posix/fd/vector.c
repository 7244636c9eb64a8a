/* vector.c - reading and writing several buffers with one call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fd/iov.h>
#include <limits.h>
#include <signal/again.h>
#include <string.h>
#include <sys/uio.h>
#include <thread/thread.h>
#include <unistd.h>
#include <vm/copy.h>

#define SMALL PIPE_BUF /* what is not more goes out in one piece */

/* One call in progress. */
struct vector {
	struct px_file *file;
	const struct iovec *user;
	int count;
	int64_t at;
	uint32_t flags; /* the file's, and of the call */
};

/* So that other writers cannot come between the parts. */
static ssize_t write_gathered(struct vector *v)
{
	char bytes[SMALL];
	size_t n = 0, left = 0;
	struct iovec i;

	for (int k = 0; k < v->count && !left; k++) {
		if (px_copy_from(&i, v->user + k, sizeof(i)) || i.iov_len > sizeof(bytes) - n)
			break;
		left = px_copy_from(bytes + n, i.iov_base, i.iov_len);
		n += i.iov_len - left;
	}
	if (left && !n)
		return -EFAULT;
	return px_file_write(v->file, bytes, n, &v->at, v->flags);
}

/* One after the other, until one is not filled.  Only the first may be waited for. */
static ssize_t each(struct vector *v, bool out)
{
	ssize_t done = 0, n = 0;
	struct iovec i;

	for (int k = 0; k < v->count; k++) {
		uint32_t flags = v->flags;
		int64_t at = v->at + done;

		if (px_copy_from(&i, v->user + k, sizeof(i)))
			return done ? done : -EFAULT;
		if (!i.iov_len)
			continue;
		if (out)
			n = px_file_write(v->file, i.iov_base, i.iov_len, &at, flags);
		else
			n = px_file_read(v->file, i.iov_base, i.iov_len, at,
					 done ? flags | O_NONBLOCK : flags);
		if (n < 0)
			break;
		if (out)
			v->at = at - done;
		done += n;
		if ((size_t)n < i.iov_len)
			break;
	}
	return done ? done : n;
}

static ssize_t move(struct vector *v, bool out)
{
	const struct px_ops *ops = px_ops_of(v->file->vnode);
	ssize_t total;

	if (ops->vector)
		return ops->vector(v->file->vnode, v->user, v->count, out, v->flags);
	total = px_iov_total(v->user, v->count);
	if (total < 0)
		return total;
	return out && total && total <= SMALL ? write_gathered(v) : each(v, out);
}

/* Where the file stands. */
static ssize_t here(int fd, const struct iovec *user, int count, uint32_t more, bool out)
{
	ssize_t done;

	do {
		struct vector v = {.file = px_file_use(fd), .user = user, .count = count};
		bool taken;

		if (!v.file)
			return -1;
		v.flags = v.file->flags | more;
		taken = px_position_take(v.file);
		v.at = v.file->offset;
		done = move(&v, out);
		if (done > 0)
			v.file->offset = v.at + done;
		px_position_give(v.file, taken);
		px_file_done(v.file);
	} while (px_restarts(done, PX_AGAIN_RESTART));
	return px_result(done);
}

static ssize_t there(int fd, const struct iovec *user, int count, int64_t at, uint32_t more,
		     bool out)
{
	struct vector v = {.file = px_file_use(fd), .user = user, .count = count, .at = at};
	ssize_t done = -EINVAL;

	if (!v.file)
		return -1;
	v.flags = v.file->flags | more;
	if (at >= 0)
		done = px_ops_of(v.file->vnode)->size ? move(&v, out) : -ESPIPE;
	px_file_done(v.file);
	return px_result(done);
}

ssize_t readv(int fd, const struct iovec *v, int count)
{
	px_cancel_point();
	return here(fd, v, count, 0, false);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	px_cancel_point();
	return here(fd, v, count, 0, true);
}

ssize_t preadv(int fd, const struct iovec *v, int count, off_t at)
{
	px_cancel_point();
	return there(fd, v, count, at, 0, false);
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	px_cancel_point();
	return there(fd, v, count, at, 0, true);
}

/* With flags for this one: everything is in memory, so there is nothing to sync. */
static int more_flags(int flags, uint32_t *more)
{
	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND))
		return -EOPNOTSUPP;
	*more = (flags & RWF_NOWAIT ? O_NONBLOCK : 0) | (flags & RWF_APPEND ? O_APPEND : 0);
	return 0;
}

static ssize_t with_flags(int fd, const struct iovec *v, int count, off_t at, int flags, bool out)
{
	uint32_t more;
	int r = more_flags(flags, &more);

	if (r)
		return px_result(r);
	return at == -1 ? here(fd, v, count, more, out) : there(fd, v, count, at, more, out);
}

ssize_t preadv2(int fd, const struct iovec *v, int count, off_t at, int flags)
{
	return flags & RWF_APPEND ? px_result(-EOPNOTSUPP)
				  : with_flags(fd, v, count, at, flags, false);
}

ssize_t pwritev2(int fd, const struct iovec *v, int count, off_t at, int flags)
{
	return with_flags(fd, v, count, at, flags, true);
}
