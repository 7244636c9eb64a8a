/* control.c - fcntl, flock, and what else is asked of a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/record.h>
#include <fd/table.h>
#include <fd/tty.h>
#include <fs/may.h>
#include <fs/seal.h>
#include <limits.h>
#include <signal/again.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread/thread.h>
#include <unistd.h>

void px_flock_drop(struct px_file *f)
{
	struct px_vnode *v = f->vnode;

	if (f->flock == LOCK_SH)
		v->shared--;
	else if (f->flock == LOCK_EX)
		v->exclusive = NULL;
	if (f->flock)
		px_wake(&v->flocked);
	f->flock = 0;
}

/* Changing from one kind to the other gives up the first. */
static int lock(struct px_file *f, int kind, bool waits)
{
	struct px_vnode *v = f->vnode;
	int r = 0;

	px_enter();
	if (f->flock != (uint32_t)kind)
		px_flock_drop(f);
	while (!r && kind != LOCK_UN && !f->flock) {
		if (v->exclusive || (kind == LOCK_EX && v->shared)) {
			r = waits ? px_block(&v->flocked, 0) : -EWOULDBLOCK;
			continue;
		}
		f->flock = (uint32_t)kind;
		if (kind == LOCK_SH)
			v->shared++;
		else
			v->exclusive = f;
	}
	px_leave();
	return r;
}

int flock(int fd, int operation)
{
	int kind = operation & ~LOCK_NB, r;

	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		r = -EINVAL;
		if (kind == LOCK_SH || kind == LOCK_EX || kind == LOCK_UN)
			r = lock(f, kind, !(operation & LOCK_NB));
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

static int set_flags(struct px_file *f, int flags)
{
	const uint32_t settable = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;

	int r = 0;

	px_enter();
	if (flags & ~f->flags & O_NOATIME)
		r = px_may_own(px_node_of(f->vnode));
	if (!r)
		f->flags = (f->flags & ~settable) | ((uint32_t)flags & settable);
	px_leave();
	return r;
}

/* What is asked of the open file and not of the descriptor. */
static int control(struct px_file *f, int command, long arg)
{
	int (*pipe_size)(struct px_vnode *, long) = px_ops_of(f->vnode)->pipe_size;
	int r = -EINVAL;

	if (command == F_GETFL)
		return (int)f->flags;
	if (f->flags & O_PATH)
		return -EBADF;
	switch (command) {
	case F_SETFL:
		return set_flags(f, (int)arg);
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		if (!pipe_size)
			return -EBADF;
		px_enter();
		r = pipe_size(f->vnode, command == F_GETPIPE_SZ ? -1 : arg < 0 ? LONG_MAX : arg);
		px_leave();
		return r;
	case F_ADD_SEALS:
	case F_GET_SEALS:
		px_enter();
		r = command == F_GET_SEALS ? px_seals_get(f) : px_seals_add(f, arg);
		px_leave();
		return r;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return px_record_lock(f, command, (struct flock *)arg);
	}
	return r;
}

/* Of the open file.  Locks may be waited for. */
static int control_file(int fd, int command, long arg)
{
	int r;

	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		r = control(f, command, arg);
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

int fcntl(int fd, int command, ...)
{
	va_list args;
	long arg;

	va_start(args, command);
	arg = va_arg(args, long);
	va_end(args);
	switch (command) {
	case F_DUPFD:
		return px_fd_duplicate(fd, (int)arg, 0);
	case F_DUPFD_CLOEXEC:
		return px_fd_duplicate(fd, (int)arg, O_CLOEXEC);
	case F_GETFD:
		return px_file(fd) ? (int)*px_fd_flags(fd) : -1;
	case F_SETFD:
		if (!px_file(fd))
			return -1;
		*px_fd_flags(fd) = (uint32_t)arg & FD_CLOEXEC;
		return 0;
	}
	return control_file(fd, command, arg);
}

/* A lock over [offset, offset + length) from where the file stands. */
int lockf(int fd, int command, off_t length)
{
	px_cancel_point();
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = length};

	switch (command) {
	case F_ULOCK:
		l.l_type = F_UNLCK;
		return fcntl(fd, F_SETLK, &l);
	case F_LOCK:
		return fcntl(fd, F_SETLKW, &l);
	case F_TLOCK:
		return fcntl(fd, F_SETLK, &l);
	case F_TEST:
		if (fcntl(fd, F_GETLK, &l) < 0)
			return -1;
		return l.l_type == F_UNLCK ? 0 : (int)px_result(-EACCES);
	}
	return (int)px_result(-EINVAL);
}

/* All there is lies in memory: nothing can be lost that writing out would save. */
static int written(int fd)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	return px_ops_of(f->vnode)->syncs ? 0 : (int)px_result(-EINVAL);
}

int fsync(int fd)
{
	px_cancel_point();
	return written(fd);
}

int fdatasync(int fd)
{
	px_cancel_point();
	return written(fd);
}

void sync(void)
{
}

int syncfs(int fd)
{
	return px_file(fd) ? 0 : -1;
}

int sync_file_range(int fd, off_t offset, off_t n, unsigned int flags)
{
	if (offset < 0 || n < 0 || flags > 7)
		return (int)px_result(-EINVAL);
	return written(fd);
}

ssize_t readahead(int fd, off_t offset, size_t n)
{
	struct px_file *f = px_file(fd);

	(void)offset;
	(void)n;
	if (!f || (f->flags & O_ACCMODE) == O_WRONLY)
		return px_result(-EBADF);
	return S_ISREG(f->vnode->mode) ? 0 : px_result(-EINVAL);
}

int isatty(int fd)
{
	struct px_file *f = px_file(fd);
	struct px_tty *tty = NULL;

	if (!f)
		return 0;
	if (px_ops_of(f->vnode)->terminal)
		tty = px_ops_of(f->vnode)->terminal(f->vnode);
	if (tty && !tty->hung)
		return 1;
	errno = tty ? EIO : ENOTTY;
	return 0;
}
