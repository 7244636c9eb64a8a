/* open.c - opening and making files.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/may.h>
#include <fs/path.h>
#include <signal/again.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <thread/thread.h>
#include <unistd.h>

/* A new regular file under the last name. */
static int make(struct px_walk *w, mode_t mode)
{
	struct px_node *node;
	int r;

	if (w->slash)
		return -EISDIR;
	r = px_may(w->dir, PX_MAY_NAME);
	if (r)
		return r;
	node = px_node_new(S_IFREG | (mode & 07777 & ~px_me->umask));
	if (!node)
		return -ENOSPC;
	px_node_inherit(w->dir, node);
	r = px_dir_add(w->dir, w->name, w->n, node);
	if (r)
		px_node_check(node);
	else
		w->node = node;
	return r;
}

/* By the rights that it has?  Whoever cuts it writes, too. */
static int check_rights(const struct px_node *node, int flags)
{
	static const uint8_t rights[] = {PX_MAY_READ, PX_MAY_WRITE, PX_MAY_READ | PX_MAY_WRITE,
					 PX_MAY_READ | PX_MAY_WRITE};
	int r;

	if (flags & O_PATH)
		return 0;
	r = px_may(node, rights[flags & O_ACCMODE] | (flags & O_TRUNC ? PX_MAY_WRITE : 0));
	return !r && flags & O_NOATIME ? px_may_own(node) : r;
}

/* May what is there be opened like this? */
static int check(const struct px_walk *w, int flags)
{
	mode_t mode = w->node->v.mode;
	int r;

	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (S_ISLNK(mode) && !(flags & O_PATH))
		return -ELOOP;
	if (flags & O_DIRECTORY && !S_ISDIR(mode))
		return -ENOTDIR;
	if (S_ISDIR(mode) && (flags & (O_ACCMODE | O_CREAT | O_TRUNC)))
		return -EISDIR;
	r = check_rights(w->node, flags);
	if (r)
		return r;
	if (w->node->v.runs && flags & (O_ACCMODE | O_TRUNC) && !(flags & O_PATH))
		return -ETXTBSY;
	return S_ISSOCK(mode) ? -ENXIO : 0;
}

/* A file without a name, in the directory. */
static int make_nameless(struct px_walk *w, int flags, mode_t mode)
{
	int r;

	if (!(flags & O_ACCMODE))
		return -EINVAL;
	if (!w->node || !S_ISDIR(w->node->v.mode))
		return w->node ? -ENOTDIR : -ENOENT;
	r = px_may(w->node, PX_MAY_NAME);
	if (r)
		return r;
	w->dir = w->node;
	w->node = px_node_new(S_IFREG | (mode & 07777 & ~px_me->umask));
	if (!w->node)
		return -ENOSPC;
	px_node_inherit(w->dir, w->node);
	w->node->linkable = !(flags & O_EXCL);
	return 0;
}

/* Inside: find or make what is to be opened. */
static int find(struct px_walk *w, int dirfd, int flags, mode_t mode)
{
	bool stay = flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL);
	int r = px_walk(w, dirfd, stay ? 0 : PX_FOLLOW);

	if (r)
		return r;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return make_nameless(w, flags, mode);
	if (!w->node)
		return flags & O_CREAT ? make(w, mode) : -ENOENT;
	return check(w, flags);
}

static bool is_cut(const struct px_file *f, int flags)
{
	return flags & O_TRUNC && S_ISREG(f->vnode->mode);
}

/* Does more happen when it is opened? */
static bool has_more(const struct px_file *f, int flags)
{
	return !(flags & O_PATH) && (is_cut(f, flags) || px_ops_of(f->vnode)->open);
}

/* Outside: do it, then it is open, with `real` flags, and gets a descriptor. */
static int more(struct px_file *f, int flags, uint32_t real)
{
	int r = is_cut(f, flags) ? px_vnode_truncate(f->vnode, 0)
				 : px_ops_of(f->vnode)->open(f, real | (flags & O_NOCTTY));

	px_enter();
	px_claim_keep(f);
	if (r) {
		px_file_put(f);
	} else {
		f->flags = real;
		f->vnode->writers += px_flags_write(real);
		r = px_fd_install(f, 0, flags);
	}
	px_leave();
	return r;
}

/* Inside: `f` becomes the open file of what is found or made, or nothing has happened. */
static int find_for(struct px_file *f, struct px_walk *w, int dirfd, int flags, mode_t mode)
{
	int r = find(w, dirfd, flags, mode);

	if (r)
		return r;
	px_file_set(f, &w->node->v, flags & ~(O_TMPFILE & ~O_DIRECTORY));
	if (!(flags & O_PATH))
		f->flags |= PX_LARGE_FILES;
	return 0;
}

static int open_at(int dirfd, const char *path, int flags, mode_t mode)
{
	const int of_path = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct px_file *f;
	struct px_walk w;
	int r = px_walk_path(&w, path);
	uint32_t real = 0;
	bool later = false;

	if (flags & O_PATH)
		flags &= of_path;
	if (flags & O_CREAT && flags & O_DIRECTORY && (flags & O_TMPFILE) != O_TMPFILE)
		return -EINVAL;
	if (r)
		return r;
	px_enter();
	r = px_fd_room();
	f = r ? NULL : px_alloc(sizeof(*f));
	if (!r)
		r = f ? find_for(f, &w, dirfd, flags, mode) : -ENFILE;
	if (r)
		px_free(f);
	else if (!(later = has_more(f, flags)))
		r = px_fd_install(f, 0, flags);
	if (later) {
		px_claim(f);
		real = f->flags;
		f->vnode->writers -= px_flags_write(real);
		f->flags = O_PATH;
	}
	px_leave();
	return later ? more(f, flags, real) : r;
}

/* Whoever opens a FIFO may wait for somebody. */
static int open_again(int dirfd, const char *path, int flags, mode_t mode)
{
	int r;

	do
		r = open_at(dirfd, path, flags, mode);
	while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

int openat(int dirfd, const char *path, int flags, ...)
{
	px_cancel_point();
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return open_again(dirfd, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	px_cancel_point();
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return open_again(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

mode_t umask(mode_t mask)
{
	mode_t before = px_me->umask;

	px_me->umask = mask & 0777;
	return before;
}

/* Directories of the process. */
static int change_dir(struct px_node *node)
{
	struct px_vnode *old = px_me->cwd;
	int r = S_ISDIR(node->v.mode) ? px_may(node, PX_MAY_SEARCH) : -ENOTDIR;

	if (r)
		return r;
	px_vnode_ref(&node->v);
	px_me->cwd = &node->v;
	px_vnode_put(old);
	return 0;
}

int chdir(const char *path)
{
	struct px_walk w;
	int r = px_walk_to(&w, AT_FDCWD, path, PX_FOLLOW);

	if (!r) {
		r = change_dir(w.node);
		px_leave();
	}
	return (int)px_result(r);
}

int fchdir(int fd)
{
	struct px_file *f = px_file(fd);
	int r;

	if (!f)
		return -1;
	px_enter();
	r = change_dir(px_node_of(f->vnode));
	px_leave();
	return (int)px_result(r);
}

char *getcwd(char *buf, size_t size)
{
	char path[PATH_MAX], *p;
	int error = 0;

	if (buf && !size) {
		errno = EINVAL;
		return NULL;
	}
	px_enter();
	p = px_node_of(px_me->cwd)->d.removed
		    ? NULL
		    : px_path_before(path + sizeof(path), sizeof(path), px_node_of(px_me->cwd));
	if (!p)
		error = px_node_of(px_me->cwd)->d.removed ? ENOENT : ERANGE;
	px_leave();
	if (p && (buf || size) && strlen(p) >= size)
		error = ERANGE;
	if (error) {
		errno = error;
		return NULL;
	}
	if (buf)
		return strcpy(buf, p);
	if (!size)
		return strdup(p);
	buf = malloc(size);
	return buf ? strcpy(buf, p) : NULL;
}

char *get_current_dir_name(void)
{
	return getcwd(NULL, 0);
}
