/* names.c - calls that make, move and remove names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/device.h>
#include <fs/may.h>
#include <fs/path.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

int px_walk_new(struct px_walk *w, int dirfd, const char *path, bool directory)
{
	int r = px_walk_path(w, path);

	if (r)
		return r;
	px_enter();
	r = px_walk(w, dirfd, PX_LAST);
	if (r == -ENOTDIR && w->node && w->slash)
		r = -EEXIST;
	if (!r && (w->node || !w->n))
		r = -EEXIST;
	else if (!r && w->slash && !directory)
		r = -ENOENT;
	if (r)
		px_leave();
	return r;
}

int px_walk_add(struct px_walk *w, struct px_node *node)
{
	int r = px_may(w->dir, PX_MAY_NAME);

	if (!r && !node)
		r = -ENOSPC;
	if (!r) {
		px_node_inherit(w->dir, node);
		r = px_dir_add(w->dir, w->name, w->n, node);
	}
	if (r && node)
		px_node_check(node);
	return r;
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	struct px_walk w;
	int r = px_walk_new(&w, dirfd, path, true);

	if (!r) {
		r = px_walk_add(&w, px_node_new(S_IFDIR | (mode & 01777 & ~px_me->umask)));
		px_leave();
	}
	return (int)px_result(r);
}

int symlinkat(const char *target, int dirfd, const char *path)
{
	struct px_node *node;
	char text[PATH_MAX];
	ssize_t n = px_string_from(text, target, sizeof(text));
	struct px_walk w;
	int r;

	if (n <= 0 || n >= PATH_MAX)
		return (int)px_result(n < 0 ? n : n ? -ENAMETOOLONG : -ENOENT);
	r = px_walk_new(&w, dirfd, path, false);
	if (r)
		return (int)px_result(r);
	char *copy = px_target_new(text, (size_t)n);

	node = copy ? px_node_new(S_IFLNK | 0777) : NULL;
	if (node) {
		node->target = copy;
		node->size = n;
	} else if (copy) {
		px_target_free(copy);
	}
	r = px_walk_add(&w, node);
	px_leave();
	return (int)px_result(r);
}

/* Inside: give the node of `from` the name of `to`. */
static int link_to(struct px_node *node, struct px_walk *to)
{
	int r = px_may(to->dir, PX_MAY_NAME);

	if (r)
		return r;
	if (S_ISDIR(node->v.mode))
		return -EPERM;
	if (!node->nlink && !node->unmet && !node->linkable)
		return -ENOENT;
	if (node->nlink >= PX_LINK_MAX)
		return -EMLINK;
	r = px_dir_add(to->dir, to->name, to->n, node);
	if (!r)
		node->linkable = false;
	return r;
}

int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	struct px_walk w;
	struct px_node *node;
	int r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return (int)px_result(-EINVAL);
	r = px_walk_node(&w, fromfd, from, flags & AT_EMPTY_PATH,
			 flags & AT_SYMLINK_FOLLOW ? PX_FOLLOW : 0);
	if (r)
		return (int)px_result(r);
	node = w.node;
	px_vnode_ref(&node->v);
	px_leave();
	r = px_walk_new(&w, tofd, to, false);
	if (!r) {
		r = link_to(node, &w);
		px_leave();
	}
	px_vnode_put(&node->v);
	return (int)px_result(r);
}

/* Take a name away from a directory whose names are all here. */
static void take_away(struct px_node *dir, const char *name, size_t n)
{
	struct px_name *e;

	px_dir_find(dir, name, n, &e);
	if (e)
		px_dir_remove(dir, e);
}

static int remove_file(struct px_walk *w)
{
	int r;

	if (w->dots || w->slash || !w->n)
		return -EISDIR;
	r = px_may_take(w->dir, w->node);
	if (r)
		return r;
	if (S_ISDIR(w->node->v.mode))
		return -EISDIR;
	take_away(w->dir, w->name, w->n);
	return 0;
}

static int is_empty(struct px_node *dir)
{
	int r = px_dir_complete(dir);

	return r ? r : dir->d.count ? -ENOTEMPTY : 0;
}

static int remove_dir(struct px_walk *w)
{
	int r;

	if (w->dots)
		return w->n == 1 ? -EINVAL : -ENOTEMPTY;
	if (w->node == px_arena->memfs.root)
		return -EBUSY;
	r = px_may_take(w->dir, w->node);
	if (r)
		return r;
	if (!S_ISDIR(w->node->v.mode))
		return -ENOTDIR;
	r = is_empty(w->node);
	if (!r)
		take_away(w->dir, w->name, w->n);
	return r;
}

int unlinkat(int dirfd, const char *path, int flags)
{
	struct px_walk w;
	int r;

	if (flags & ~AT_REMOVEDIR)
		return (int)px_result(-EINVAL);
	r = px_walk_to(&w, dirfd, path, PX_LAST);
	if (r)
		return (int)px_result(r);
	r = w.dir->device == PX_DEV_FDS ? -EPERM : px_dir_complete(w.dir);
	if (!r)
		r = flags & AT_REMOVEDIR ? remove_dir(&w) : remove_file(&w);
	px_leave();
	return (int)px_result(r);
}

/* Is `dir` the directory `of`, or below it? */
static bool inside(const struct px_node *dir, const struct px_node *of)
{
	while (dir && dir != of && dir->d.parent != dir)
		dir = dir->d.parent;
	return dir == of;
}

/* Inside: may the names be taken away and made? */
static int may_rename(const struct px_walk *from, const struct px_walk *to)
{
	int r = px_may_take(from->dir, from->node);

	if (r)
		return r;
	return to->node ? px_may_take(to->dir, to->node) : px_may(to->dir, PX_MAY_NAME);
}

/* Inside: of a directory that gets another parent ".." is written. */
static int may_move(const struct px_walk *from, const struct px_walk *to, unsigned int flags)
{
	int r = 0;

	if (from->dir == to->dir)
		return 0;
	if (S_ISDIR(from->node->v.mode))
		r = px_may(from->node, PX_MAY_WRITE);
	if (!r && flags & RENAME_EXCHANGE && S_ISDIR(to->node->v.mode))
		r = px_may(to->node, PX_MAY_WRITE);
	return r;
}

/* May `from` take the place of `to`? */
static int check_move(const struct px_walk *from, const struct px_walk *to, unsigned int flags)
{
	bool dir = S_ISDIR(from->node->v.mode), replaces;
	int r;

	if (from->dir->device == PX_DEV_FDS || to->dir->device == PX_DEV_FDS)
		return -EXDEV;
	if (from->dots || to->dots || !from->n || !to->n)
		return -EBUSY;
	if (to->node && flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (!to->node && flags & RENAME_EXCHANGE)
		return -ENOENT;
	if (!to->node && !dir && (to->slash || from->slash))
		return -ENOTDIR;
	if (dir && inside(to->dir, from->node))
		return -EINVAL;
	if (to->node == from->node)
		return 0;
	if (to->node && S_ISDIR(to->node->v.mode) && inside(from->dir, to->node))
		return flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	r = may_rename(from, to);
	if (r)
		return r;
	replaces = to->node && !(flags & RENAME_EXCHANGE);
	if (replaces && S_ISDIR(to->node->v.mode) != dir)
		return dir ? -ENOTDIR : -EISDIR;
	r = may_move(from, to, flags);
	return !r && replaces && dir ? is_empty(to->node) : r;
}

/* Inside: what can fail was done before. */
static void swap_names(struct px_walk *from, struct px_walk *to, struct px_name *made[2])
{
	struct px_node *node = from->node, *other = to->node;

	px_vnode_ref(&node->v);
	if (other)
		px_vnode_ref(&other->v);
	take_away(from->dir, from->name, from->n);
	if (other)
		take_away(to->dir, to->name, to->n);
	px_dir_put(to->dir, made[0], node);
	if (made[1])
		px_dir_put(from->dir, made[1], other);
	px_node_touch(from->dir, PX_MTIME | PX_CTIME);
	px_node_touch(to->dir, PX_MTIME | PX_CTIME);
	if (other)
		px_vnode_put(&other->v);
	px_vnode_put(&node->v);
}

static int move(struct px_walk *from, struct px_walk *to, unsigned int flags)
{
	struct px_name *made[2] = {NULL, NULL};
	int r = px_dir_complete(from->dir);

	if (!r)
		r = px_dir_complete(to->dir);
	if (!r && to->dir->d.removed)
		r = -ENOENT;
	if (r || from->node == to->node)
		return r;
	made[0] = px_name_new(to->name, to->n);
	if (flags & RENAME_EXCHANGE)
		made[1] = px_name_new(from->name, from->n);
	if (!made[0] || (flags & RENAME_EXCHANGE && !made[1])) {
		px_free(made[0]);
		px_free(made[1]);
		return -ENOSPC;
	}
	swap_names(from, to, made);
	return 0;
}

int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned int flags)
{
	struct px_walk a, b;
	int r = px_walk_path(&a, from);

	if (flags & ~(unsigned int)(RENAME_NOREPLACE | RENAME_EXCHANGE) ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return (int)px_result(-EINVAL);
	if (!r)
		r = px_walk_path(&b, to);
	if (r)
		return (int)px_result(r);
	px_enter();
	r = px_walk(&a, fromfd, PX_LAST);
	if (!r && !a.node)
		r = -ENOENT;
	if (!r)
		r = px_walk(&b, tofd, PX_LAST);
	if (!r)
		r = check_move(&a, &b, flags);
	if (!r)
		r = move(&a, &b, flags);
	px_leave();
	return (int)px_result(r);
}

int renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return renameat2(fromfd, from, tofd, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int px_unlink_object(const char *path)
{
	int r = unlink(path);

	if (r < 0 && errno == EPERM)
		errno = EACCES;
	return r;
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
	int r = unlink(path);

	return r < 0 && errno == EISDIR ? rmdir(path) : r;
}

/* newlib's tmpfile calls it. */
int _remove_r(struct _reent *r, const char *path)
{
	(void)r;
	return remove(path);
}
