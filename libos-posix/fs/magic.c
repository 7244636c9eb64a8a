/* magic.c - what the links of /proc say: where something is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fs/path.h>
#include <string.h>
#include <sys/stat.h>
#include <util/fmt.h>

#define DELETED " (deleted)"

/* What has no place in any directory. */
static const char *kind_of(const struct px_node *node)
{
	switch (node->v.kind) {
	case PX_EVENTFD:
		return "[eventfd]";
	case PX_TIMERFD:
		return "[timerfd]";
	case PX_EPOLL:
		return "[eventpoll]";
	}
	return NULL;
}

static size_t nameless(const struct px_node *node, char *to)
{
	if (node == px_arena->memfs.program)
		return fmt_string(to, PATH_MAX, "/program");
	if (kind_of(node))
		return fmt_string(to, PATH_MAX, "anon_inode:%s", kind_of(node));
	if (S_ISSOCK(node->v.mode))
		return fmt_string(to, PATH_MAX, "socket:[%lu]", node->number);
	if (S_ISFIFO(node->v.mode))
		return fmt_string(to, PATH_MAX, "pipe:[%lu]", node->number);
	if (node->v.kind == PX_PTMX)
		return fmt_string(to, PATH_MAX, "/dev/ptmx");
	return fmt_string(to, PATH_MAX, "/#%lu" DELETED, node->number);
}

/* Is its own name, or that of a directory it is in, taken away? */
static bool is_gone(const struct px_node *node)
{
	for (; node->name && node->name->dir; node = node->name->dir)
		if (node->name->gone)
			return true;
	return node->name;
}

ssize_t px_magic_text(const struct px_walk *w, char *to)
{
	const struct px_node *node = w->node;
	char path[PATH_MAX], *p;
	size_t n;

	if (!node->name && node != px_arena->memfs.root)
		return (ssize_t)nameless(node, to);
	p = px_path_before(path + sizeof(path), sizeof(path), node);
	if (!p)
		return -ENAMETOOLONG;
	n = strlen(p);
	memcpy(to, p, n);
	if (!is_gone(node))
		return (ssize_t)n;
	if (n + sizeof(DELETED) > PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(to + n, DELETED, sizeof(DELETED) - 1);
	return (ssize_t)(n + sizeof(DELETED) - 1);
}
