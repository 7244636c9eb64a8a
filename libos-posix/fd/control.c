/* control.c - fcntl, flock, and what else is asked of a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fd/table.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define PIPE_BYTES 65536 /* that a pipe holds */

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
int flock(int fd, int operation)
{
	struct px_file *f = px_file(fd);
	int kind = operation & ~LOCK_NB, r = 0;

	if (!f)
		return -1;
	if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
		return (int)px_result(-EINVAL);
	struct px_vnode *v = f->vnode;

	px_enter();
	if (f->flock != (uint32_t)kind)
		px_flock_drop(f);
	while (!r && kind != LOCK_UN && !f->flock) {
		if (v->exclusive || (kind == LOCK_EX && v->shared)) {
			if (operation & LOCK_NB)
				r = -EWOULDBLOCK;
			else
				r = px_block(&v->flocked, 0);
			continue;
		}
		f->flock = (uint32_t)kind;
		if (kind == LOCK_SH)
			v->shared++;
		else
			v->exclusive = f;
	}
	px_leave();
	return (int)px_result(r);
}

static int64_t base_of(const struct px_file *f, const struct flock *l)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	switch (l->l_whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		return f->offset;
	case SEEK_END:
		return ops->size ? ops->size(f->vnode) : 0;
	}
	return -EINVAL;
}

/* Record locks belong to processes: as long as there is one, none is in its
 * way, and what it holds makes no difference to anybody. */
static int record_lock(struct px_file *f, int command, struct flock *user)
{
	struct flock l;
	int64_t start, end;

	if (px_copy_from(&l, user, sizeof(l)))
		return -EFAULT;
	start = base_of(f, &l);
	if (start < 0 || __builtin_add_overflow(start, l.l_start, &start) || start < 0 ||
	    __builtin_add_overflow(start, l.l_len, &end) || end < 0)
		return -EINVAL;
	if (l.l_type != F_RDLCK && l.l_type != F_WRLCK &&
	    (l.l_type != F_UNLCK || command == F_GETLK))
		return -EINVAL;
	if (command == F_GETLK) {
		l.l_type = F_UNLCK;
		return px_copy_to(user, &l, sizeof(l)) ? -EFAULT : 0;
	}
	if ((l.l_type == F_RDLCK && (f->flags & O_ACCMODE) == O_WRONLY) ||
	    (l.l_type == F_WRLCK && (f->flags & O_ACCMODE) == O_RDONLY))
		return -EBADF;
	return 0;
}

static int set_flags(struct px_file *f, int flags)
{
	const uint32_t settable = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;

	px_enter();
	f->flags = (f->flags & ~settable) | ((uint32_t)flags & settable);
	px_leave();
	return 0;
}

int fcntl(int fd, int command, ...)
{
	struct px_file *f = px_file(fd);
	va_list args;
	long arg;

	if (!f)
		return -1;
	va_start(args, command);
	arg = va_arg(args, long);
	va_end(args);
	switch (command) {
	case F_DUPFD:
		return px_fd_duplicate(fd, (int)arg, 0);
	case F_DUPFD_CLOEXEC:
		return px_fd_duplicate(fd, (int)arg, O_CLOEXEC);
	case F_GETFD:
		return (int)*px_fd_flags(fd);
	case F_SETFD:
		*px_fd_flags(fd) = (uint32_t)arg & FD_CLOEXEC;
		return 0;
	case F_GETFL:
		return (int)f->flags;
	case F_SETFL:
		return set_flags(f, (int)arg);
	case F_GETPIPE_SZ:
		return f->vnode->kind == PX_PIPE ? PIPE_BYTES : (int)px_result(-EBADF);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return (int)px_result(record_lock(f, command, (struct flock *)arg));
	}
	return (int)px_result(-EINVAL);
}

/* A lock over [offset, offset + length) from where the file stands. */
int lockf(int fd, int command, off_t length)
{
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
		return fcntl(fd, F_GETLK, &l);
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
	return written(fd);
}

int fdatasync(int fd)
{
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

	if (!f)
		return 0;
	if (px_ops_of(f->vnode)->terminal && px_ops_of(f->vnode)->terminal())
		return 1;
	errno = ENOTTY;
	return 0;
}
