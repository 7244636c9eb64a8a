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
#define STEP     (64 * EXO_PAGE_SIZE) /* reserved in one critical section */

ssize_t px_file_read(struct px_file *f, void *to, size_t n, int64_t offset, uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if ((f->flags & O_ACCMODE) == O_WRONLY || f->flags & O_PATH)
		return -EBADF;
	if (!ops->read)
		return -EINVAL;
	return ops->read(f->vnode, to, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

ssize_t px_file_write(struct px_file *f, const void *from, size_t n, int64_t *offset,
		      uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!ops->write)
		return -EINVAL;
	return ops->write(f->vnode, from, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

ssize_t read(int fd, void *to, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	bool taken = px_position_take(f);
	int64_t at = f->offset;
	ssize_t done = px_file_read(f, to, n, at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return px_result(done);
}

ssize_t write(int fd, const void *from, size_t n)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	bool taken = px_position_take(f);
	int64_t at = f->offset;
	ssize_t done = px_file_write(f, from, n, &at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return px_result(done);
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : px_file_read(f, to, n, offset, f->flags));
}

/* As on Linux, O_APPEND is stronger than the offset. */
ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	return px_result(offset < 0 ? -EINVAL : px_file_write(f, from, n, &offset, f->flags));
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

/* Inside. */
static int64_t seek(struct px_file *f, int64_t offset, int whence)
{
	int64_t to;

	if (px_ops_of(f->vnode)->still)
		return 0;
	to = seek_base(f, offset, whence);
	if (to < 0 || whence == SEEK_DATA || whence == SEEK_HOLE)
		return to;
	if (__builtin_add_overflow(to, offset, &to))
		return -EOVERFLOW;
	return to < 0 ? -EINVAL : to;
}

off_t lseek(int fd, off_t offset, int whence)
{
	struct px_file *f = px_file(fd);
	bool taken;
	int64_t to;

	if (!f || f->flags & O_PATH)
		return px_result(-EBADF);
	if (!px_ops_of(f->vnode)->size)
		return px_result(-ESPIPE);
	taken = px_position_take(f);
	px_enter();
	to = seek(f, offset, whence);
	if (to >= 0)
		f->offset = to;
	px_leave();
	px_position_give(f, taken);
	return px_result(to);
}

int ftruncate(int fd, off_t size)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (size < 0 || (f->flags & O_ACCMODE) == O_RDONLY)
		return (int)px_result(-EINVAL);
	return (int)px_result(px_vnode_truncate(f->vnode, size));
}

/* Could so many more pages be had now? */
static bool fits(struct px_vnode *v, int64_t bytes)
{
	uint64_t pages = ((uint64_t)bytes >> EXO_PAGE_SHIFT) + 1;
	struct stat s = {0};

	px_ops_of(v)->stat(v, &s);
	pages -= pages < (uint64_t)s.st_blocks / 8 ? pages : (uint64_t)s.st_blocks / 8;
	return pages <= px_commit_left();
}

/* Pages for [offset, end), a few at a time.  Memory that is clearly too little is not begun
 * with. */
static int reserve(struct px_vnode *v, int64_t offset, int64_t end, bool longer)
{
	const struct px_ops *ops = px_ops_of(v);
	int r;

	px_lock(&v->lock);
	px_enter();
	r = fits(v, end - offset) ? 0 : -ENOSPC;
	px_leave();
	for (int64_t at = offset; !r && at < end; at += STEP) {
		px_enter();
		r = ops->reserve(v, at, end - at < STEP ? end : at + STEP);
		px_leave();
	}
	px_enter();
	if (!r && longer && end > ops->size(v))
		r = ops->truncate(v, end);
	px_leave();
	px_unlock(&v->lock);
	return r;
}

static int allocate(int fd, off_t offset, off_t n, bool longer)
{
	int before = errno;
	struct px_file *f = px_file(fd);
	int64_t end;

	errno = before;
	if (!f)
		return -EBADF;
	if (offset < 0 || n <= 0)
		return -EINVAL;
	if ((f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!px_ops_of(f->vnode)->reserve)
		return f->vnode->kind == PX_PIPE ? -ESPIPE : -ENODEV;
	if (__builtin_add_overflow(offset, n, &end))
		return -EFBIG;
	return reserve(f->vnode, offset, end, longer);
}

/* Returns the error instead of setting errno, as POSIX says. */
int posix_fallocate(int fd, off_t offset, off_t n)
{
	return -allocate(fd, offset, n, true);
}

/* Modes that punch, collapse or insert are not there. */
int fallocate(int fd, int mode, off_t offset, off_t n)
{
	if (mode & ~FALLOC_FL_KEEP_SIZE)
		return (int)px_result(-EOPNOTSUPP);
	return (int)px_result(allocate(fd, offset, n, !mode));
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
