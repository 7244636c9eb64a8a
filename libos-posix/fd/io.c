/* io.c - reading and writing through descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/table.h>
#include <signal/again.h>
#include <sys/stat.h>
#include <thread/thread.h>
#include <unistd.h>
#include <vm/copy.h>

/* As much as Linux moves with one call. */
#define MOVE_MAX 0x7ffff000

__attribute__((noinline)) ssize_t px_file_read(struct px_file *f, void *to, size_t n,
					       int64_t offset, uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if (f->flags & (O_WRONLY | O_PATH))
		return -EBADF;
	if (!ops->read)
		return -EINVAL;
	return ops->read(f->vnode, to, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

__attribute__((noinline)) ssize_t px_file_write(struct px_file *f, const void *from, size_t n,
						int64_t *offset, uint32_t flags)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	if (!(f->flags & O_ACCMODE))
		return -EBADF;
	if (!ops->write)
		return -EINVAL;
	return ops->write(f->vnode, from, n > MOVE_MAX ? MOVE_MAX : n, offset, flags);
}

/* With an offset that others may share. */
static ssize_t read_on(struct px_file *f, void *to, size_t n)
{
	bool taken = px_position_take(f);
	int64_t at = f->offset;
	ssize_t done = px_file_read(f, to, n, at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return done;
}

static __attribute__((cold)) ssize_t read_counted(int fd, void *to, size_t n)
{
	ssize_t done;

	px_cancel_point();
	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		done = read_on(f, to, n);
		px_file_done(f);
	} while (px_restarts(done, PX_AGAIN_RESTART));
	return px_result(done);
}

/* Has it no offset that reading and writing moves? */
static inline bool is_still(const struct px_ops *ops)
{
	return !ops->size || ops->still;
}

/* What has no offset, as pipes and sockets, goes the short way. */
ssize_t read(int fd, void *to, size_t n)
{
	struct px_file *f = px_file_quick(fd);
	ssize_t done;

	if (!f)
		return read_counted(fd, to, n);
	if (!is_still(px_ops_of(f->vnode)) || f->flags & (O_WRONLY | O_PATH) || n > MOVE_MAX ||
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
	ssize_t done = px_file_write(f, from, n, &at, f->flags);

	if (done > 0)
		f->offset = at + done;
	px_position_give(f, taken);
	return done;
}

static __attribute__((cold)) ssize_t write_counted(int fd, const void *from, size_t n)
{
	ssize_t done;

	px_cancel_point();
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
	if (!is_still(px_ops_of(f->vnode)) || !(f->flags & O_ACCMODE) || n > MOVE_MAX ||
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
	return offset < 0 ? -EINVAL : px_file_read(f, to, n, offset, f->flags);
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	px_cancel_point();
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
	return offset < 0 ? -EINVAL : px_file_write(f, from, n, &offset, f->flags);
}

/* As on Linux, O_APPEND is stronger than the offset. */
ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	px_cancel_point();
	struct px_file *f = px_file_use(fd);
	ssize_t done;

	if (!f)
		return -1;
	done = write_at(f, from, n, offset);
	px_file_done(f);
	return px_result(done);
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
