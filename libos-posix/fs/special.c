/* special.c - FIFOs and devices in a directory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Apart from other names, because a program that makes no pipe needs no pipes.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/may.h>
#include <fs/path.h>
#include <sys/stat.h>

int mknodat(int dirfd, const char *path, mode_t mode, dev_t device)
{
	mode_t kind = mode & S_IFMT ? mode & S_IFMT : S_IFREG;
	struct px_walk w;
	int r;

	if (kind != S_IFREG && kind != S_IFIFO && kind != S_IFCHR)
		return (int)px_result(kind == S_IFDIR ? -EPERM : -EINVAL);
	r = px_walk_new(&w, dirfd, path, false);
	if (r)
		return (int)px_result(r);
	r = px_may(w.dir, PX_MAY_NAME);
	if (!r && kind == S_IFCHR && px_me->user.effective)
		r = -EPERM;
	if (!r) {
		mode_t bits = mode & 07777 & ~px_me->umask;
		struct px_node *node =
			kind == S_IFIFO ? px_fifo_new(bits) : px_node_new(kind | bits);

		if (node && kind == S_IFCHR)
			px_node_set_device(node, device);
		r = px_walk_add(&w, node);
	}
	px_leave();
	return (int)px_result(r);
}

int mkfifoat(int dirfd, const char *path, mode_t mode)
{
	return mknodat(dirfd, path, S_IFIFO | (mode & 07777), 0);
}

int mknod(const char *path, mode_t mode, dev_t device)
{
	return mknodat(AT_FDCWD, path, mode, device);
}

int mkfifo(const char *path, mode_t mode)
{
	return mkfifoat(AT_FDCWD, path, mode);
}
