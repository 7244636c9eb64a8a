/* entries.c - directories without a stream: as many entries as there is room for.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/mem.h>
#include <sys/stat.h>
#include <vm/copy.h>

/* The next entry if it fits into `room` bytes: its bytes, 0 at the end, or an error. */
static ssize_t next(struct px_file *f, struct dirent *e, size_t room)
{
	int64_t at = f->offset;
	int r;

	px_enter();
	r = px_dir_next(px_node_of(f->vnode), &at, e);
	if (r > 0 && e->d_reclen > room)
		r = -EINVAL;
	if (r > 0)
		f->offset = at;
	px_leave();
	return r > 0 ? e->d_reclen : r;
}

static ssize_t entries(struct px_file *f, char *to, size_t room)
{
	struct dirent e = {0};
	size_t done = 0;
	int64_t before;
	ssize_t n;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!S_ISDIR(f->vnode->mode))
		return -ENOTDIR;
	for (;;) {
		before = f->offset;
		n = next(f, &e, room - done);
		if (n <= 0)
			return done ? (ssize_t)done : n;
		if (px_copy_to(to + done, &e, (size_t)n)) {
			f->offset = before;
			return done ? (ssize_t)done : -EFAULT;
		}
		done += (size_t)n;
	}
}

ssize_t getdents64(int fd, void *to, size_t room)
{
	struct px_file *f = px_file_use(fd);
	ssize_t n;
	bool taken;

	if (!f)
		return -1;
	taken = px_position_take(f);
	n = entries(f, to, room);
	px_position_give(f, taken);
	px_file_done(f);
	return px_result(n);
}
