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

static inline bool none_open(const void *a, const void *b, const void *c, const void *d)
{
	return !((uintptr_t)a | (uintptr_t)b | (uintptr_t)c | (uintptr_t)d);
}

/* From descriptor `i` of a page on, the first that is open, or PX_FD_PAGE: most are not. */
static unsigned int next_open(const struct px_fd *page, unsigned int i)
{
	for (; i < PX_FD_PAGE && !page[i].file; i++) {
		const struct px_fd *s = &page[i + 1];

		while (i + 8 < PX_FD_PAGE &&
		       none_open(s[0].file, s[1].file, s[2].file, s[3].file) &&
		       none_open(s[4].file, s[5].file, s[6].file, s[7].file))
			i += 8, s += 8;
	}
	return i;
}

static int copy_page(struct px_process *child, int page)
{
	const struct px_fd *from = px_me->fd[page];

	child->fd[page] = px_page_get();
	if (!child->fd[page])
		return -ENOMEM;
	for (unsigned int i = next_open(from, 0); i < PX_FD_PAGE; i = next_open(from, i + 1)) {
		from[i].file->refs++;
		child->fd[page][i] = from[i];
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
	unsigned int end = last < PX_FD_MAX ? last + 1 : PX_FD_MAX, base;

	for (; first < end; first = base + PX_FD_PAGE) {
		const struct px_fd *page = p->fd[first / PX_FD_PAGE];
		unsigned int i = PX_FD_PAGE;

		base = first - first % PX_FD_PAGE;
		if (page)
			i = next_open(page, first % PX_FD_PAGE);
		for (; i < PX_FD_PAGE && base + i < end; i = next_open(page, i + 1))
			if (!marked || page[i].flags & FD_CLOEXEC)
				px_fd_close(p, (int)(base + i));
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
