/* table.c - descriptors, open files and vnodes: finding, counting, freeing.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fd/table.h>
#include <process/limit.h>
#include <thread/aio.h>
#include <thread/thread.h>
#include <unistd.h>

const struct px_ops *const px_ops[PX_KINDS] = {
	[PX_MEM] = &px_mem_ops,           [PX_CONSOLE] = &px_console_ops,
	[PX_DEVICE] = &px_device_ops,     [PX_PIPE] = &px_pipe_ops,
	[PX_EVENTFD] = &px_eventfd_ops,   [PX_TIMERFD] = &px_timerfd_ops,
	[PX_SIGNALFD] = &px_signalfd_ops, [PX_EPOLL] = &px_epoll_ops,
	[PX_SOCKET] = &px_socket_ops,     [PX_PTMX] = &px_ptmx_ops,
	[PX_PTS] = &px_pts_ops,           [PX_PROC] = &px_proc_ops,
	[PX_MQUEUE] = &px_mqueue_ops,
};

bool px_files_counted;

/* Descriptors are less than that. */
static int most(void)
{
	uint64_t n = px_limit(RLIMIT_NOFILE, PX_FD_MAX);

	return n < PX_FD_MAX ? (int)n : PX_FD_MAX;
}

long px_result(long r)
{
	if (r >= 0)
		return r;
	if (r == -EINTR)
		px_cancel_point();
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
	if (--v->refs == 0)
		px_node_check(px_node_of(v));
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
	v->writers += px_flags_write(f->flags);
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

struct px_file *px_file_of(enum px_kind kind, uint32_t mode, void *object, int flags)
{
	struct px_node *node = px_node_new(mode);
	struct px_file *f = node ? px_file_new(&node->v, flags) : NULL;

	if (f) {
		node->v.kind = kind;
		node->object = object;
	} else if (node) {
		px_node_check(node);
	}
	return f;
}

/* Nobody has it any more. */
static void end(struct px_file *f)
{
	struct px_vnode *v = f->vnode;

	px_flock_drop(f);
	if (v->records)
		px_records_drop(v, f);
	if (f->watches)
		px_watches_drop(f);
	v->writers -= px_flags_write(f->flags);
	if (px_ops_of(v)->close)
		px_ops_of(v)->close(v, f->flags);
	px_vnode_put(v);
	px_free(f);
}

void px_file_put(struct px_file *f)
{
	px_enter();
	if (--f->refs == 0)
		end(f);
	else if (f->refs == f->in_flight)
		px_flight_check(f);
	px_leave();
}

struct px_file *px_file(int fd)
{
	struct px_fd *s = fd >= 0 && fd < PX_FD_MAX ? px_fd_slot(px_me, fd) : NULL;

	if (s && s->file)
		return s->file;
	errno = EBADF;
	return NULL;
}

struct px_file *px_file_counted(int fd)
{
	struct px_file *f;

	px_enter();
	f = px_file(fd);
	if (f) {
		f->refs++;
		px_claim(f);
	}
	px_leave();
	return f;
}

/* Inside: a descriptor that is free, with a page to stand in. */
static int lowest(int from)
{
	bool all = from <= (int)px_me->fd_low;
	int fd = all ? (int)px_me->fd_low : from;

	while (fd < PX_FD_MAX && px_fd_slot(px_me, fd) && px_fd_slot(px_me, fd)->file)
		fd++;
	if (all)
		px_me->fd_low = (uint32_t)fd;
	if (fd >= most())
		return -EMFILE;
	if (!px_fd_slot(px_me, fd))
		px_me->fd[fd / PX_FD_PAGE] = px_page_get();
	return px_fd_slot(px_me, fd) ? fd : -ENOMEM;
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
	*px_fd_slot(px_me, fd) =
		(struct px_fd){.file = f, .flags = flags & O_CLOEXEC ? FD_CLOEXEC : 0};
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

__attribute__((cold)) int px_files_init(void)
{
	struct px_vnode *standard = px_memfs_standard(), *errors = px_memfs_errors();

	if (!px_tty_init(&px_arena->console.tty))
		return -ENOMEM;
	for (int fd = 0; fd < 3; fd++) {
		struct px_vnode *v = fd == 2 ? errors : standard;
		struct px_file *f = v ? px_file_new(v, O_RDWR) : NULL;

		if (!f || px_fd_install(f, fd, 0) < 0)
			return -ENOMEM;
	}
	return 0;
}

void px_fd_close(struct px_process *p, int fd)
{
	struct px_file *f = px_fd_slot(p, fd)->file;

	px_fd_slot(p, fd)->file = NULL;
	if (fd < (int)p->fd_low)
		p->fd_low = (uint32_t)fd;
	if (f->vnode->records)
		px_records_drop(f->vnode, p);
	px_file_put(f);
}

int close(int fd)
{
	px_cancel_point();
	struct px_file *f;

	if (px_aio_closing)
		px_aio_closing(fd);
	px_enter();
	f = px_file(fd);
	if (f)
		px_fd_close(px_me, fd);
	px_leave();
	return f ? 0 : -1;
}

int px_fd_duplicate(int fd, int from, int flags)
{
	int r = -EBADF;
	struct px_file *f;

	if (from < 0 || from >= most())
		return px_file(fd) ? (int)px_result(-EINVAL) : -1;
	px_enter();
	f = px_file(fd);
	if (f) {
		f->refs++;
		r = px_fd_install(f, from, flags);
	}
	px_leave();
	return (int)px_result(r);
}

int dup(int fd)
{
	return px_fd_duplicate(fd, 0, 0);
}

/* Inside. */
static int put_at(int fd, int to, int flags)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -EBADF;
	if (!px_fd_slot(px_me, to))
		px_me->fd[to / PX_FD_PAGE] = px_page_get();
	if (!px_fd_slot(px_me, to))
		return -ENOMEM;
	f->refs++;
	if (px_fd_slot(px_me, to)->file)
		px_fd_close(px_me, to);
	fill(to, f, flags);
	return to;
}

int dup3(int fd, int to, int flags)
{
	int r;

	if (fd == to || flags & ~O_CLOEXEC)
		return (int)px_result(-EINVAL);
	if (to < 0 || to >= most())
		return (int)px_result(-EBADF);
	px_enter();
	r = put_at(fd, to, flags);
	px_leave();
	return (int)px_result(r);
}

int dup2(int fd, int to)
{
	if (fd == to)
		return px_file(fd) ? fd : -1;
	return dup3(fd, to, 0);
}

uint32_t *px_fd_flags(int fd)
{
	return &px_fd_slot(px_me, fd)->flags;
}
