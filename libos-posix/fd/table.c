/* table.c - descriptors, open files and vnodes: finding, counting, freeing.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fd/table.h>
#include <unistd.h>

const struct px_ops *const px_ops[PX_KINDS] = {
	[PX_MEM] = &px_mem_ops,
	[PX_CONSOLE] = &px_console_ops,
	[PX_DEVICE] = &px_device_ops,
	[PX_PIPE] = &px_pipe_ops,
};

long px_result(long r)
{
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

void px_vnode_ref(struct px_vnode *v)
{
	px_enter();
	v->refs++;
	px_leave();
}

void px_vnode_put(struct px_vnode *v)
{
	px_enter();
	if (--v->refs == 0 && px_ops_of(v)->release)
		px_ops_of(v)->release(v);
	px_leave();
}

int px_vnode_truncate(struct px_vnode *v, int64_t size)
{
	int r = -EINVAL;

	if (!px_ops_of(v)->truncate)
		return r;
	px_lock(&v->lock);
	px_enter();
	r = px_ops_of(v)->truncate(v, size);
	px_leave();
	px_unlock(&v->lock);
	return r;
}

void px_file_set(struct px_file *f, struct px_vnode *v, int flags)
{
	const int once = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

	f->refs = 1;
	f->flags = (uint32_t)(flags & ~once);
	f->vnode = v;
	v->refs++;
}

struct px_file *px_file_new(struct px_vnode *v, int flags)
{
	struct px_file *f = px_alloc(sizeof(*f));

	if (!f)
		return NULL;
	px_enter();
	px_file_set(f, v, flags);
	px_leave();
	return f;
}

void px_file_put(struct px_file *f)
{
	px_enter();
	if (--f->refs == 0) {
		px_flock_drop(f);
		if (px_ops_of(f->vnode)->close)
			px_ops_of(f->vnode)->close(f->vnode, f->flags);
		px_vnode_put(f->vnode);
		px_free(f);
	}
	px_leave();
}

static struct px_fd *slot(int fd)
{
	struct px_fd *page = px_me->fd[fd / PX_FD_PAGE];

	return page ? &page[fd % PX_FD_PAGE] : NULL;
}

struct px_file *px_file(int fd)
{
	struct px_fd *s = fd >= 0 && fd < PX_FD_MAX ? slot(fd) : NULL;

	if (s && s->file)
		return s->file;
	errno = EBADF;
	return NULL;
}

/* Inside: a descriptor that is free, with a page to stand in. */
static int lowest(int from)
{
	bool all = from <= (int)px_me->fd_low;
	int fd = all ? (int)px_me->fd_low : from;

	while (fd < PX_FD_MAX && slot(fd) && slot(fd)->file)
		fd++;
	if (all)
		px_me->fd_low = (uint32_t)fd;
	if (fd >= PX_FD_MAX)
		return -EMFILE;
	if (!slot(fd))
		px_me->fd[fd / PX_FD_PAGE] = px_page_get();
	return slot(fd) ? fd : -ENOMEM;
}

int px_fd_room(void)
{
	int fd;

	px_enter();
	fd = lowest(0);
	px_leave();
	return fd < 0 ? fd : 0;
}

static void fill(int fd, struct px_file *f, int flags)
{
	*slot(fd) = (struct px_fd){.file = f, .flags = flags & O_CLOEXEC ? FD_CLOEXEC : 0};
	if (fd == (int)px_me->fd_low)
		px_me->fd_low++;
}

int px_fd_install(struct px_file *f, int from, int flags)
{
	int fd;

	px_enter();
	fd = lowest(from);
	if (fd >= 0)
		fill(fd, f, flags);
	else
		px_file_put(f);
	px_leave();
	return fd;
}

int px_files_init(void)
{
	struct px_vnode *standard = px_memfs_standard(), *errors = px_memfs_errors();

	px_terminal_init(&px_arena->console);
	for (int fd = 0; fd < 3; fd++) {
		struct px_vnode *v = fd == 2 ? errors : standard;
		struct px_file *f = v ? px_file_new(v, O_RDWR) : NULL;

		if (!f || px_fd_install(f, fd, 0) < 0)
			return -ENOMEM;
	}
	return 0;
}

int close(int fd)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	px_enter();
	slot(fd)->file = NULL;
	if (fd < (int)px_me->fd_low)
		px_me->fd_low = (uint32_t)fd;
	px_file_put(f);
	px_leave();
	return 0;
}

static int dup_from(int fd, int from, int flags)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (from < 0 || from >= PX_FD_MAX)
		return (int)px_result(-EINVAL);
	px_enter();
	f->refs++;
	px_leave();
	return (int)px_result(px_fd_install(f, from, flags));
}

int dup(int fd)
{
	return dup_from(fd, 0, 0);
}

int dup3(int fd, int to, int flags)
{
	struct px_file *f, *old = NULL;
	int r = to;

	if (fd == to || flags & ~O_CLOEXEC)
		return (int)px_result(-EINVAL);
	if (to < 0 || to >= PX_FD_MAX)
		return (int)px_result(-EBADF);
	f = px_file(fd);
	if (!f)
		return -1;
	px_enter();
	if (!slot(to))
		px_me->fd[to / PX_FD_PAGE] = px_page_get();
	if (slot(to)) {
		f->refs++;
		old = slot(to)->file;
		fill(to, f, flags);
	} else {
		r = -ENOMEM;
	}
	if (old)
		px_file_put(old);
	px_leave();
	return (int)px_result(r);
}

int dup2(int fd, int to)
{
	if (fd == to)
		return px_file(fd) ? fd : -1;
	return dup3(fd, to, 0);
}

int px_fd_duplicate(int fd, int from, int flags)
{
	return dup_from(fd, from, flags);
}

uint32_t *px_fd_flags(int fd)
{
	return &slot(fd)->flags;
}
