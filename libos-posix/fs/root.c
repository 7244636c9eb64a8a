/* root.c - checking, walking and naming in the packed root directory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fs/root.h>
#include <limits.h>
#include <string.h>

/* A name must end inside the names; zero bytes at their very end make sure. */
static bool text_inside(const struct root_head *h, uint64_t offset)
{
	return offset >= h->names && offset - h->names < h->name_bytes;
}

static bool node_ok(const struct root_head *h, uint32_t i)
{
	const struct root_node *n = root_node(h, i);

	if (n->parent >= h->nodes || (i && n->parent >= i) || !text_inside(h, n->name))
		return false;
	switch (n->mode & ROOT_MODE_KIND) {
	case ROOT_MODE_DIR:
		return n->children == 0 ||
		       (n->child > i && n->child < h->nodes && n->children <= h->nodes - n->child);
	case ROOT_MODE_LINK:
		return text_inside(h, n->data) && n->size < h->name_bytes - (n->data - h->names);
	case ROOT_MODE_FILE:
		return n->data <= h->bytes && n->size <= h->bytes - n->data;
	}
	return false;
}

bool root_check(const struct root_head *h, uint64_t bytes)
{
	if (bytes < sizeof(*h) || h->magic != ROOT_MAGIC || h->version != ROOT_VERSION ||
	    h->bytes > bytes || h->bytes < sizeof(*h) || h->nodes == 0 ||
	    h->nodes > (h->bytes - sizeof(*h)) / sizeof(struct root_node) || h->names > h->bytes ||
	    h->name_bytes == 0 || h->name_bytes > h->bytes - h->names ||
	    root_text(h, h->names)[h->name_bytes - 1] != '\0')
		return false;
	for (uint32_t i = 0; i < h->nodes; i++)
		if (!node_ok(h, i))
			return false;
	return (root_node(h, 0)->mode & ROOT_MODE_KIND) == ROOT_MODE_DIR;
}

static int compare(const char *stored, const char *name, size_t n)
{
	int c = strncmp(stored, name, n);

	return c ? c : stored[n] != '\0';
}

int64_t root_child(const struct root_head *h, uint32_t dir, const char *name, size_t n)
{
	const struct root_node *d = root_node(h, dir);
	uint32_t low = d->child, high = d->child + d->children;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = compare(root_text(h, root_node(h, mid)->name), name, n);

		if (c == 0)
			return mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static int64_t walk(const struct root_head *h, uint32_t start, const char *path, int flags,
		    int *links);

/* Where the symbolic link `at`, found in `dir`, leads to. */
static int64_t follow(const struct root_head *h, uint32_t dir, uint32_t at, int *links)
{
	if ((*links)-- == 0)
		return -ELOOP;
	return walk(h, dir, root_text(h, root_node(h, at)->data), ROOT_FOLLOW, links);
}

/* One name after the other; a link in the middle is always followed, so is one
 * with a slash behind it. */
static int64_t walk(const struct root_head *h, uint32_t start, const char *path, int flags,
		    int *links)
{
	uint32_t at = *path == '/' ? 0 : start;

	if (!*path)
		return -ENOENT;
	for (;;) {
		while (*path == '/')
			path++;
		if (!*path)
			return at;
		const struct root_node *d = root_node(h, at);
		size_t n = strcspn(path, "/");
		bool last = path[n] == '\0';
		int64_t next;

		if ((d->mode & ROOT_MODE_KIND) != ROOT_MODE_DIR)
			return -ENOTDIR;
		if (n > NAME_MAX)
			return -ENAMETOOLONG;
		if (n == 1 && path[0] == '.')
			next = at;
		else if (n == 2 && path[0] == '.' && path[1] == '.')
			next = d->parent;
		else
			next = root_child(h, at, path, n);
		if (next < 0)
			return -ENOENT;
		if ((root_node(h, (uint32_t)next)->mode & ROOT_MODE_KIND) == ROOT_MODE_LINK &&
		    (!last || flags & ROOT_FOLLOW))
			next = follow(h, at, (uint32_t)next, links);
		if (next < 0)
			return next;
		at = (uint32_t)next;
		path += n;
		if (!last && (root_node(h, at)->mode & ROOT_MODE_KIND) != ROOT_MODE_DIR)
			return -ENOTDIR;
	}
}

int64_t root_walk(const struct root_head *h, uint32_t start, const char *path, int flags)
{
	int links = ROOT_LINKS_MAX;

	if (strnlen(path, PATH_MAX) >= PATH_MAX)
		return -ENAMETOOLONG;
	return walk(h, start, path, flags, &links);
}

char *root_path(const struct root_head *h, uint32_t dir, char *buf, size_t size)
{
	char *at = buf + size;

	if (size < 2)
		return NULL;
	*--at = '\0';
	for (; dir; dir = root_node(h, dir)->parent) {
		const char *name = root_text(h, root_node(h, dir)->name);
		size_t n = strlen(name);

		if ((size_t)(at - buf) < n + 1)
			return NULL;
		at -= n;
		memcpy(at, name, n);
		*--at = '/';
	}
	if (!*at)
		*--at = '/';
	return memmove(buf, at, (size_t)(buf + size - at));
}
