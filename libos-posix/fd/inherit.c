/* inherit.c - descriptors of a new process, of a new program and at the end; several at once.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/table.h>
#include <limits.h>
#include <unistd.h>
#include <vm/copy.h>

static int copy_page(struct px_process *child, int page)
{
	child->fd[page] = px_page_get();
	if (!child->fd[page])
		return -ENOMEM;
	for (int i = 0; i < PX_FD_PAGE; i++) {
		struct px_fd *s = &px_me->fd[page][i];

		if (!s->file)
			continue;
		s->file->refs++;
		child->fd[page][i] = *s;
	}
	return 0;
}

void px_program_set(struct px_process *p, struct px_vnode *v)
{
	struct px_vnode *old = p->program;

	p->program = v;
	if (v) {
		px_vnode_ref(v);
		v->runs++;
	}
	if (old) {
		old->runs--;
		px_vnode_put(old);
	}
}

int px_files_fork(struct px_process *child)
{
	int r = 0;

	for (int page = 0; !r && page < PX_FD_MAX / PX_FD_PAGE; page++)
		if (px_me->fd[page])
			r = copy_page(child, page);
	child->fd_low = px_me->fd_low;
	child->umask = px_me->umask;
	child->cwd = px_me->cwd;
	px_vnode_ref(child->cwd);
	px_program_set(child, px_me->program);
	if (r)
		px_files_exit(child);
	return r;
}

/* Inside: close descriptors first to last of p, or those with FD_CLOEXEC among them. */
static void close_some(struct px_process *p, unsigned int first, unsigned int last, bool marked)
{
	for (unsigned int fd = first; fd <= last && fd < PX_FD_MAX; fd++) {
		struct px_fd *s = px_fd_slot(p, (int)fd);

		if (!s)
			fd |= PX_FD_PAGE - 1;
		else if (s->file && (!marked || s->flags & FD_CLOEXEC))
			px_fd_close(p, (int)fd);
	}
}

void px_files_exec(void)
{
	close_some(px_me, 0, PX_FD_MAX, true);
}

void px_files_exit(struct px_process *p)
{
	close_some(p, 0, PX_FD_MAX, false);
	for (int page = 0; page < PX_FD_MAX / PX_FD_PAGE; page++) {
		if (p->fd[page])
			px_page_put(p->fd[page]);
		p->fd[page] = NULL;
	}
	if (p->cwd)
		px_vnode_put(p->cwd);
	p->cwd = NULL;
	px_program_set(p, NULL);
}

/* As one process has its table for itself, unsharing it changes nothing. */
int close_range(unsigned int first, unsigned int last, int flags)
{
	if (first > last || flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE))
		return (int)px_result(-EINVAL);
	px_enter();
	if (!(flags & CLOSE_RANGE_CLOEXEC))
		close_some(px_me, first, last, false);
	for (unsigned int fd = first; fd <= last && fd < PX_FD_MAX; fd++)
		if (flags & CLOSE_RANGE_CLOEXEC && px_fd_slot(px_me, (int)fd))
			px_fd_slot(px_me, (int)fd)->flags = FD_CLOEXEC;
	px_leave();
	return 0;
}

void closefrom(int first)
{
	close_range(first < 0 ? 0 : (unsigned int)first, UINT_MAX, 0);
}

int px_fd_install_two(struct px_file *f[2], int flags, int fd[2])
{
	fd[0] = px_fd_install(f[0], 0, flags);
	if (fd[0] < 0) {
		px_file_put(f[1]);
		return fd[0];
	}
	fd[1] = px_fd_install(f[1], 0, flags);
	if (fd[1] < 0)
		px_fd_close(px_me, fd[0]);
	return fd[1] < 0 ? fd[1] : 0;
}

int px_fd_give_two(const int fd[2], int *user)
{
	if (!px_copy_to(user, fd, 2 * sizeof(*fd)))
		return 0;
	close(fd[0]);
	close(fd[1]);
	return -EFAULT;
}
