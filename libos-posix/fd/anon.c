/* anon.c - files without a place in any directory: what they look like, how they are made.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <sys/stat.h>
#include <vm/copy.h>

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

ssize_t px_anon_read(struct px_vnode *v, int (*take)(void *object, uint64_t *value, uint32_t flags),
		     void *to, size_t n, uint32_t flags)
{
	uint64_t value;
	int r;

	if (n < sizeof(value))
		return -EINVAL;
	px_enter();
	r = take(px_node_of(v)->object, &value, flags);
	px_leave();
	if (r)
		return r;
	return px_copy_to(to, &value, sizeof(value)) ? -EFAULT : (ssize_t)sizeof(value);
}
