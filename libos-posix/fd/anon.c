/* anon.c - files without a place in any directory: what they look like, how they are made.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <sys/stat.h>

void px_anon_stat(struct px_vnode *v, struct stat *st)
{
	px_mem_stat(v, st);
	st->st_nlink = 1;
}

int px_anon_install(enum px_kind kind, void *object, int flags)
{
	struct px_file *f = NULL;
	int r = -ENOMEM;

	px_enter();
	if (object)
		f = px_file_of(kind, PX_ANON_MODE, object, O_RDWR | (flags & O_NONBLOCK));
	if (f)
		r = px_fd_install(f, 0, flags);
	else
		px_free(object);
	px_leave();
	return (int)px_result(r);
}

void *px_anon_use(int fd, enum px_kind kind, int other, struct px_file **f)
{
	*f = px_file_use(fd);
	if (!*f)
		return NULL;
	if ((*f)->vnode->kind == kind && !((*f)->flags & O_PATH))
		return px_node_of((*f)->vnode)->object;
	errno = (*f)->flags & O_PATH ? EBADF : other;
	px_file_done(*f);
	return NULL;
}
