/* seek.c - where a file stands, how long it is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP (64 * EXO_PAGE_SIZE) /* reserved in one critical section */

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

static off_t move(struct px_file *f, off_t offset, int whence)
{
	bool taken;
	int64_t to;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!px_ops_of(f->vnode)->size)
		return px_ops_of(f->vnode)->still ? 0 : -ESPIPE;
	taken = px_position_take(f);
	px_enter();
	to = seek(f, offset, whence);
	if (to >= 0)
		f->offset = to;
	px_leave();
	px_position_give(f, taken);
	return to;
}

off_t lseek(int fd, off_t offset, int whence)
{
	struct px_file *f = px_file_use(fd);

	if (!f)
		return -1;
	offset = move(f, offset, whence);
	px_file_done(f);
	return px_result(offset);
}

int ftruncate(int fd, off_t size)
{
	struct px_file *f = px_file_use(fd);
	int r = -EINVAL;

	if (!f)
		return -1;
	if (size >= 0 && f->flags & O_ACCMODE)
		r = px_vnode_truncate(f->vnode, size);
	px_file_done(f);
	return (int)px_result(r);
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

static int allocate_in(struct px_file *f, off_t offset, off_t n, bool longer)
{
	int64_t end;

	if (offset < 0 || n <= 0)
		return -EINVAL;
	if (!(f->flags & O_ACCMODE))
		return -EBADF;
	if (!px_ops_of(f->vnode)->reserve)
		return f->vnode->kind == PX_PIPE ? -ESPIPE : -ENODEV;
	if (__builtin_add_overflow(offset, n, &end))
		return -EFBIG;
	return reserve(f->vnode, offset, end, longer);
}

static int allocate(int fd, off_t offset, off_t n, bool longer)
{
	int before = errno, r = -EBADF;
	struct px_file *f = px_file_use(fd);

	errno = before;
	if (f) {
		r = allocate_in(f, offset, n, longer);
		px_file_done(f);
	}
	return r;
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
