/* io.c - reading, writing and seeking through descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

/* As much as Linux moves with one call. */
#define MOVE_MAX 0x7ffff000

static ssize_t read_at(struct px_file *f, void *to, size_t n, int64_t offset)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if ((f->flags & O_ACCMODE) == O_WRONLY || f->flags & O_PATH)
		return -EBADF;
	if (!ops->read)
		return -EINVAL;
	return ops->read(f->vnode, to, n > MOVE_MAX ? MOVE_MAX : n, offset, f->flags);
}

static ssize_t write_at(struct px_file *f, const void *from, size_t n, int64_t *offset)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!ops->write)
		return -EINVAL;
	return ops->write(f->vnode, from, n > MOVE_MAX ? MOVE_MAX : n, offset, f->flags);
}

ssize_t read(int fd, void *to, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	int64_t at = f->offset;
	ssize_t done = read_at(f, to, n, at);

	if (done < 0)
		return px_result(done);
	f->offset = at + done;
	return done;
}

ssize_t write(int fd, const void *from, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	int64_t at = f->offset;
	ssize_t done = write_at(f, from, n, &at);

	if (done < 0)
		return px_result(done);
	f->offset = at + done;
	return done;
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : read_at(f, to, n, offset));
}

/* As on Linux, O_APPEND is stronger than the offset. */
ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : write_at(f, from, n, &offset));
}

static int64_t seek_base(struct px_file *f, int64_t offset, int whence)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		return f->offset;
	case SEEK_END:
		return ops->size(f->vnode);
	case SEEK_DATA:
	case SEEK_HOLE:
		return ops->seek_data ? ops->seek_data(f->vnode, offset, whence == SEEK_HOLE)
				      : -EINVAL;
	}
	return -EINVAL;
}

off_t lseek(int fd, off_t offset, int whence)
{
	struct px_file *f = px_file(fd);
	int64_t to;

	if (!f)
		return -1;
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	px_enter();
	to = px_ops_of(f->vnode)->still ? 0 : seek_base(f, offset, whence);
	if (px_ops_of(f->vnode)->still)
		offset = 0;
	if (to >= 0 && whence != SEEK_DATA && whence != SEEK_HOLE) {
		if (__builtin_add_overflow(to, offset, &to))
			to = -EOVERFLOW;
		else if (to < 0)
			to = -EINVAL;
	}
	if (to >= 0)
		f->offset = to;
	px_leave();
	return px_result(to);
}

int ftruncate(int fd, off_t size)
{
	struct px_file *f = px_file(fd);
	int r;

	if (!f)
		return -1;
	if (size < 0 || (f->flags & O_ACCMODE) == O_RDONLY || !px_ops_of(f->vnode)->truncate)
		return (int)px_result(-EINVAL);
	px_vnode_lock(f->vnode);
	px_enter();
	r = px_ops_of(f->vnode)->truncate(f->vnode, size);
	px_leave();
	px_vnode_unlock(f->vnode);
	return (int)px_result(r);
}

/* Returns the error instead of setting errno, as POSIX says. */
int posix_fallocate(int fd, off_t offset, off_t n)
{
	int before = errno, r = 0;
	struct px_file *f = px_file(fd);
	int64_t end;

	if (!f) {
		errno = before;
		return EBADF;
	}
	const struct px_ops *ops = px_ops_of(f->vnode);

	if (offset < 0 || n <= 0)
		return EINVAL;
	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return EBADF;
	if (!ops->reserve)
		return f->vnode->kind == PX_PIPE ? ESPIPE : ENODEV;
	if (__builtin_add_overflow(offset, n, &end))
		return EFBIG;
	px_vnode_lock(f->vnode);
	px_enter();
	r = ops->reserve(f->vnode, offset, end);
	if (!r && end > ops->size(f->vnode))
		r = ops->truncate(f->vnode, end);
	px_leave();
	px_vnode_unlock(f->vnode);
	return -r;
}

/* Everything is in memory already. */
int posix_fadvise(int fd, off_t offset, off_t n, int advice)
{
	int before = errno;
	struct px_file *f = px_file(fd);

	(void)offset;
	if (!f) {
		errno = before;
		return EBADF;
	}
	if (!px_ops_of(f->vnode)->size)
		return ESPIPE;
	return n < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE ? EINVAL : 0;
}

int fstat(int fd, struct stat *st)
{
	struct px_file *f = px_file(fd);
	struct stat s = {0};

	if (!f)
		return -1;
	px_enter();
	px_ops_of(f->vnode)->stat(f->vnode, &s);
	px_leave();
	return px_copy_to(st, &s, sizeof(s)) ? (int)px_result(-EFAULT) : 0;
}
