/* path.c - from a path to what it names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/device.h>
#include <fs/may.h>
#include <fs/path.h>
#include <fs/proc.h>
#include <string.h>
#include <sys/stat.h>
#include <vm/copy.h>

int px_walk_path(struct px_walk *w, const char *path)
{
	ssize_t n = px_string_from(w->text, path, sizeof(w->text));

	if (n < 0)
		return (int)n;
	if ((size_t)n >= sizeof(w->text))
		return -ENAMETOOLONG;
	return n ? 0 : -ENOENT;
}

static int start_of(const struct px_walk *w, int dirfd, struct px_node **start)
{
	const struct px_file *f;

	if (*w->text == '/')
		*start = px_arena->memfs.root;
	else if (dirfd == AT_FDCWD)
		*start = px_node_of(px_me->cwd);
	else if (!(f = px_file(dirfd)))
		return -EBADF;
	else if (!S_ISDIR(f->vnode->mode))
		return -ENOTDIR;
	else
		*start = px_node_of(f->vnode);
	return 0;
}

/* /proc/self/fd: what a descriptor stands for, under its number. */
static struct px_node *descriptor(const char *name, size_t n)
{
	int before = errno, fd = 0;
	struct px_file *f;

	for (size_t i = 0; i < n; i++) {
		if (name[i] < '0' || name[i] > '9' || fd > PX_FD_MAX)
			return NULL;
		fd = fd * 10 + (name[i] - '0');
	}
	f = px_file(fd);
	errno = before;
	return f ? px_node_of(f->vnode) : NULL;
}

static int child(struct px_node *dir, struct px_walk *w, struct px_node **found)
{
	struct px_name *e = NULL;
	int r = 0;

	*found = NULL;
	w->magic = false;
	if (w->dots) {
		*found = w->n == 1 ? dir : dir->d.parent;
	} else if (dir->device == PX_DEV_FDS) {
		*found = descriptor(w->name, w->n);
		w->magic = true;
	} else {
		if (px_proc_find && (dir->device == PX_DEV_PROC || dir->device == PX_DEV_PROC_PID))
			*found = px_proc_find(dir, w->name, w->n, &w->magic);
		if (!*found)
			r = px_dir_find(dir, w->name, w->n, &e);
	}
	if (e)
		*found = e->node;
	return r;
}

/* Put the target of a link in front of what follows it in the path. */
static int expand(struct px_walk *w, const struct px_node *link, const char *rest)
{
	size_t n = (size_t)link->size, more = strlen(rest) + 1;

	if (n + more > sizeof(w->text))
		return -ENAMETOOLONG;
	memmove(w->text + n, rest, more);
	memcpy(w->text, link->target, n);
	return 0;
}

static const char *skip_slashes(const char *p)
{
	while (*p == '/')
		p++;
	return p;
}

/* The next name of the path, and what follows it. */
static int next_name(struct px_walk *w, const char **rest, bool *last)
{
	const char *at = *rest, *p = at;

	while (*p && *p != '/')
		p++;
	w->name = at;
	w->n = (size_t)(p - at);
	if (w->n > NAME_MAX)
		return -ENAMETOOLONG;
	w->dots = at[0] == '.' && (w->n == 1 || (w->n == 2 && at[1] == '.'));
	w->slash = *p == '/';
	*rest = p;
	*last = !*skip_slashes(p);
	return 0;
}

/* Is a link at the end followed? */
static bool follows(const struct px_walk *w, unsigned int flags)
{
	return flags & PX_FOLLOW || (w->slash && !(flags & PX_LAST));
}

int px_walk(struct px_walk *w, int dirfd, unsigned int flags)
{
	struct px_node *at, *next;
	const char *rest = w->text;
	int links = 0, r = start_of(w, dirfd, &at);
	bool last;

	w->node = NULL;
	w->magic = false;
	if (r)
		return r;
	for (;;) {
		rest = skip_slashes(rest);
		if (!*rest) {
			w->dir = w->node = at;
			w->n = 0;
			w->slash = w->dots = false;
			return 0;
		}
		if (!S_ISDIR(at->v.mode))
			return -ENOTDIR;
		r = flags & PX_REAL ? px_may_really(at, PX_MAY_SEARCH) : px_may(at, PX_MAY_SEARCH);
		if (!r)
			r = next_name(w, &rest, &last);
		if (!r)
			r = child(at, w, &next);
		if (r)
			return r;
		w->magic &= next && last && !follows(w, flags);
		if (next && S_ISLNK(next->v.mode) && (!last || follows(w, flags))) {
			if (++links > PX_LINKS_MAX)
				return -ELOOP;
			r = expand(w, next, rest);
			if (r)
				return r;
			rest = w->text;
			at = *rest == '/' ? px_arena->memfs.root : at;
			continue;
		}
		if (last || !next)
			break;
		at = next;
	}
	if (!next && !last)
		return -ENOENT;
	w->dir = at;
	w->node = next;
	return next && w->slash && !S_ISDIR(next->v.mode) ? -ENOTDIR : 0;
}

int px_walk_to(struct px_walk *w, int dirfd, const char *path, unsigned int flags)
{
	int r = px_walk_path(w, path);

	if (r)
		return r;
	px_enter();
	r = px_walk(w, dirfd, flags);
	if (!r && !w->node)
		r = -ENOENT;
	if (r)
		px_leave();
	return r;
}

/* What an ...at call means that may be given a descriptor with an empty path. */
int px_walk_node(struct px_walk *w, int dirfd, const char *path, bool may_be_empty,
		 unsigned int flags)
{
	struct px_file *f;

	if (!may_be_empty || px_walk_path(w, path) != -ENOENT)
		return px_walk_to(w, dirfd, path, flags);
	if (dirfd == AT_FDCWD)
		return px_walk_to(w, dirfd, ".", PX_FOLLOW | (flags & PX_REAL));
	f = px_file(dirfd);
	if (!f)
		return -EBADF;
	px_enter();
	w->node = px_node_of(f->vnode);
	w->magic = false;
	return 0;
}

/* "/name" for each directory from the root on, the last first. */
char *px_path_before(char *end, size_t room, const struct px_node *node)
{
	char *p = end - 1;

	*p = '\0';
	for (; node && node->name; node = node->name->dir) {
		size_t n = node->name->n;

		if ((size_t)(p - (end - room)) < n + 1)
			return NULL;
		p -= n;
		memcpy(p, node->name->text, n);
		*--p = '/';
	}
	if (!*p)
		*--p = '/';
	return p;
}
