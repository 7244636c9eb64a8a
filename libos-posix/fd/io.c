/* io.c - reading, writing and seeking through descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/table.h>
#include <limits.h>
#include <signal/again.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

/* As much as Linux moves with one call. */
#define MOVE_MAX 0x7ffff000
#define STEP     (64 * EXO_PAGE_SIZE) /* reserved in one critical section */

static inline ssize_t file_read(struct px_file *f, void *to, size_t n, int64_t offset,
				uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if (f->flags & (O_WRONLY | O_PATH))
		return -EBADF;
	if (!ops->read)
		return -EINVAL;
	return ops->read(f->vnode, to, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

static inline ssize_t file_write(struct px_file *f, const void *from, size_t n, int64_t *offset,
				 uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if (!(f->flags & O_ACCMODE))
		return -EBADF;
	if (!ops->write)
		return -EINVAL;
	return ops->write(f->vnode, from, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

ssize_t px_file_read(struct px_file *f, void *to, size_t n, int64_t offset, uint32_t flags)
{
	return file_read(f, to, n, offset, flags);
}

ssize_t px_file_write(struct px_file *f, const void *from, size_t n, int64_t *offset,
		      uint32_t flags)
{
	return file_write(f, from, n, offset, flags);
}

/* With an offset that others may share. */
static ssize_t read_on(struct px_file *f, void *to, size_t n)
{
	bool taken = px_position_take(f);
	int64_t at = f->offset;
	ssize_t done = file_read(f, to, n, at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return done;
}

static __attribute__((noinline)) ssize_t read_counted(int fd, void *to, size_t n)
{
	ssize_t done;

	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		done = read_on(f, to, n);
		px_file_done(f);
	} while (px_restarts(done, PX_AGAIN_RESTART));
	return px_result(done);
}

/* What has no offset, as pipes and sockets, goes the short way. */
ssize_t read(int fd, void *to, size_t n)
{
	struct px_file *f = px_file_quick(fd);
	ssize_t done;

	if (!f)
		return read_counted(fd, to, n);
	if (px_ops_of(f->vnode)->size || f->flags & (O_WRONLY | O_PATH) || n > MOVE_MAX ||
	    !px_ops_of(f->vnode)->read)
		return read_counted(fd, to, n);
	done = px_ops_of(f->vnode)->read(f->vnode, to, n, 0, f->flags);
	if (__builtin_expect(done >= 0, 1))
		return done;
	return px_restarts(done, PX_AGAIN_RESTART) ? read_counted(fd, to, n) : px_result(done);
}

static ssize_t write_on(struct px_file *f, const void *from, size_t n)
{
	bool taken = px_position_take(f);
	int64_t at = f->offset;
	ssize_t done = file_write(f, from, n, &at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return done;
}

static __attribute__((noinline)) ssize_t write_counted(int fd, const void *from, size_t n)
{
	ssize_t done;

	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		done = write_on(f, from, n);
		px_file_done(f);
	} while (px_restarts(done, PX_AGAIN_RESTART));
	return px_result(done);
}

ssize_t write(int fd, const void *from, size_t n)
{
	struct px_file *f = px_file_quick(fd);
	ssize_t done;

	if (!f)
		return write_counted(fd, from, n);
	if (px_ops_of(f->vnode)->size || !(f->flags & O_ACCMODE) || n > MOVE_MAX ||
	    !px_ops_of(f->vnode)->write)
		return write_counted(fd, from, n);
	done = px_ops_of(f->vnode)->write(f->vnode, from, n, &f->offset, f->flags);
	if (__builtin_expect(done >= 0, 1))
		return done;
	return px_restarts(done, PX_AGAIN_RESTART) ? write_counted(fd, from, n) : px_result(done);
}

static ssize_t read_at(struct px_file *f, void *to, size_t n, off_t offset)
{
	if (!px_ops_of(f->vnode)->size)
		return -ESPIPE;
	return offset < 0 ? -EINVAL : file_read(f, to, n, offset, f->flags);
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	struct px_file *f = px_file_use(fd);
	ssize_t done;

	if (!f)
		return -1;
	done = read_at(f, to, n, offset);
	px_file_done(f);
	return px_result(done);
}

static ssize_t write_at(struct px_file *f, const void *from, size_t n, off_t offset)
{
	if (!px_ops_of(f->vnode)->size)
		return -ESPIPE;
	return offset < 0 ? -EINVAL : file_write(f, from, n, &offset, f->flags);
}

/* As on Linux, O_APPEND is stronger than the offset. */
ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	struct px_file *f = px_file_use(fd);
	ssize_t done;

	if (!f)
		return -1;
	done = write_at(f, from, n, offset);
	px_file_done(f);
	return px_result(done);
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

int fstat(int fd, struct stat *st)
{
	struct stat s = {0};
	struct px_file *f;

	px_enter();
	f = px_file(fd);
	if (f)
		px_ops_of(f->vnode)->stat(f->vnode, &s);
	px_leave();
	if (!f)
		return -1;
	return px_copy_to(st, &s, sizeof(s)) ? (int)px_result(-EFAULT) : 0;
}
