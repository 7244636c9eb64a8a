/* io.c - reading, writing and seeking through descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct px_ops *ops_of(const struct px_file *f)
{
	return px_ops[px_vnode_of(f)->kind];
}

/* The application's bytes are touched outside critical sections; only the
 * offset is changed inside one. */
static ssize_t move(struct px_file *f, ssize_t done, int64_t from)
{
	if (done > 0) {
		px_enter();
		f->offset = from + done;
		px_leave();
	}
	return px_result(done);
}

static ssize_t read_at(struct px_file *f, void *to, size_t n, int64_t offset)
{
	const struct px_ops *ops = ops_of(f);

	if ((f->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (!ops->read)
		return ops->entry ? -EISDIR : -EINVAL;
	return ops->read(px_vnode_of(f), to, n > SSIZE_MAX ? SSIZE_MAX : n, offset);
}

static ssize_t write_at(struct px_file *f, const void *from, size_t n, int64_t offset)
{
	const struct px_ops *ops = ops_of(f);

	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!ops->write)
		return -EINVAL;
	return ops->write(px_vnode_of(f), from, n > SSIZE_MAX ? SSIZE_MAX : n, offset);
}

ssize_t read(int fd, void *to, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	int64_t at = f->offset;

	return move(f, read_at(f, to, n, at), at);
}

ssize_t write(int fd, const void *from, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	int64_t at = f->offset;

	return move(f, write_at(f, from, n, at), at);
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!ops_of(f)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : read_at(f, to, n, offset));
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!ops_of(f)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : write_at(f, from, n, offset));
}

off_t lseek(int fd, off_t offset, int whence)
{
	struct px_file *f = px_file(fd);
	int64_t base = 0;

	if (!f)
		return -1;
	if (!ops_of(f)->size)
		return px_result(-ESPIPE);
	if (whence == SEEK_CUR)
		base = f->offset;
	else if (whence == SEEK_END)
		base = ops_of(f)->size(px_vnode_of(f));
	else if (whence != SEEK_SET)
		return px_result(-EINVAL);
	if (__builtin_add_overflow(base, offset, &base))
		return px_result(-EOVERFLOW);
	if (base < 0)
		return px_result(-EINVAL);
	px_enter();
	f->offset = base;
	px_leave();
	return base;
}

int fstat(int fd, struct stat *st)
{
	struct px_file *f = px_file(fd);

	return f ? (int)px_result(ops_of(f)->stat(px_vnode_of(f), st)) : -1;
}

int isatty(int fd)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return 0;
	if (ops_of(f)->terminal && ops_of(f)->terminal())
		return 1;
	errno = ENOTTY;
	return 0;
}

/* One after the other, until one is not filled. */
ssize_t readv(int fd, const struct iovec *v, int count)
{
	ssize_t total = 0;

	if (count < 0 || count > IOV_MAX)
		return px_result(-EINVAL);
	for (int i = 0; i < count; i++) {
		ssize_t n = read(fd, v[i].iov_base, v[i].iov_len);

		if (n < 0)
			return total ? total : -1;
		total += n;
		if ((size_t)n < v[i].iov_len)
			break;
	}
	return total;
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	ssize_t total = 0;

	if (count < 0 || count > IOV_MAX)
		return px_result(-EINVAL);
	for (int i = 0; i < count; i++) {
		ssize_t n = write(fd, v[i].iov_base, v[i].iov_len);

		if (n < 0)
			return total ? total : -1;
		total += n;
	}
	return total;
}
