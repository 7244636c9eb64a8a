/* root.c - a directory becomes a packed root (libos-posix/root_format.h).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Breadth first: a directory's children are appended together, sorted, when
 * its turn comes, so they are contiguous and stand after it.
 */
#include "root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <root_format.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct list {
	struct root_node *node;
	char **path; /* where the node's content is on this machine */
	uint32_t count, room;
	char *names;
	size_t name_bytes, name_room;
	void *linked; /* tree of struct seen */
	int64_t mtime;
};

/* A file with several names, by what the host calls it. */
struct seen {
	dev_t dev;
	ino_t ino;
	uint32_t node;
};

static int compare_seen(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/* Put n bytes and a zero among the names; the offset is among them alone. */
static uint64_t add_name(struct list *l, const char *s, size_t n)
{
	uint64_t at = l->name_bytes;

	if (l->name_bytes + n + 1 > l->name_room) {
		l->name_room = 2 * (l->name_room + n + 1);
		l->names = need(realloc(l->names, l->name_room));
	}
	memcpy(l->names + at, s, n);
	l->names[at + n] = 0;
	l->name_bytes += n + 1;
	return at;
}

static void add_link_target(struct list *l, struct root_node *node, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0 || n == sizeof(target))
		die("cannot read the symbolic link %s: %s", path,
		    strerror(n < 0 ? errno : ENAMETOOLONG));
	node->data = add_name(l, target, n);
	node->size = n;
}

/* A second name of a file we have: it shares the first one's content. */
static void join_links(struct list *l, uint32_t number, const struct stat *st)
{
	struct seen *s = zalloc(sizeof(*s)), **found;

	*s = (struct seen){st->st_dev, st->st_ino, number};
	found = need(tsearch(s, &l->linked, compare_seen));
	if (*found == s)
		return;
	free(s);
	l->node[number].inode = (*found)->node;
	l->node[(*found)->node].nlink++;
}

/* Takes over `path`. */
static void add_node(struct list *l, uint32_t parent, const char *name, char *path, bool follow)
{
	struct root_node *node;
	struct stat st;

	if ((follow ? stat(path, &st) : lstat(path, &st)) < 0)
		die("cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode))
		die("%s: %s cannot be packed into a root directory", path,
		    S_ISFIFO(st.st_mode)   ? "a FIFO"
		    : S_ISSOCK(st.st_mode) ? "a socket"
					   : "a device");
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->node = need(realloc(l->node, l->room * sizeof(*l->node)));
		l->path = need(realloc(l->path, l->room * sizeof(*l->path)));
	}
	l->path[l->count] = path;
	node = &l->node[l->count];
	*node = (struct root_node){
		.parent = parent,
		.inode = l->count,
		.nlink = 1,
		.mtime = l->mtime,
		.mode = st.st_mode & (ROOT_MODE_KIND | 07777),
		.name = add_name(l, name, strlen(name)),
	};
	if (S_ISDIR(st.st_mode)) {
		node->nlink = 2;
		if (l->count)
			l->node[parent].nlink++;
		else
			node->mode |= 0555; /* often made for one user (mktemp), and here for all */
	}
	if (S_ISREG(st.st_mode))
		node->size = st.st_size;
	if (S_ISLNK(st.st_mode)) {
		/* The host's modes of links differ; nothing uses them. */
		node->mode = ROOT_MODE_LINK | 0777;
		add_link_target(l, node, path);
	}
	l->count++;
	if (!S_ISDIR(st.st_mode) && st.st_nlink > 1)
		join_links(l, l->count - 1, &st);
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

/* alphasort(3) would follow the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_children(struct list *l, uint32_t number)
{
	struct dirent **entry;
	int n = scandir(l->path[number], &entry, not_dots, by_bytes);

	if (n < 0)
		die("cannot read the directory %s: %s", l->path[number], strerror(errno));
	l->node[number].child = n ? l->count : 0;
	l->node[number].children = n;
	for (int i = 0; i < n; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", l->path[number], entry[i]->d_name) < 0)
			die("out of memory");
		add_node(l, number, entry[i]->d_name, path, false);
		free(entry[i]);
	}
	free(entry);
}

/* Offsets become final: head, nodes, names, data. */
static uint64_t place(struct list *l, struct root_head *h)
{
	uint64_t at;

	h->names = sizeof(*h) + (uint64_t)l->count * sizeof(*l->node);
	h->name_bytes = l->name_bytes;
	at = PAGE_UP(h->names + h->name_bytes);
	for (uint32_t i = 0; i < l->count; i++) {
		struct root_node *n = &l->node[i], *first = &l->node[n->inode];

		n->name += h->names;
		if (n != first) {
			n->nlink = first->nlink;
			n->data = first->data;
		} else if ((n->mode & ROOT_MODE_KIND) == ROOT_MODE_LINK) {
			n->data += h->names;
		} else if (n->size) {
			n->data = at;
			at += PAGE_UP(n->size);
		}
	}
	return at;
}

static void copy_file(uint8_t *to, uint64_t size, const char *path)
{
	int f = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t done = 0;
	char more;

	if (f < 0)
		die("cannot read %s: %s", path, strerror(errno));
	while (done < size) {
		ssize_t n = read(f, to + done, size - done);

		if (n < 0)
			die("cannot read %s: %s", path, strerror(errno));
		if (n == 0)
			break;
		done += n;
	}
	if (done < size || read(f, &more, 1) != 0)
		die("%s changed while it was read", path);
	close(f);
}

struct blob root_from_directory(const char *path, int64_t mtime)
{
	struct list l = {.mtime = mtime};
	struct root_head h = {.magic = ROOT_MAGIC, .version = ROOT_VERSION};
	struct stat st;
	struct blob b;

	if (stat(path, &st) < 0)
		die("cannot read %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		die("%s: not a directory", path);
	add_node(&l, 0, "", need(strdup(path)), true);
	for (uint32_t i = 0; i < l.count; i++)
		if ((l.node[i].mode & ROOT_MODE_KIND) == ROOT_MODE_DIR)
			add_children(&l, i);
	b.size = place(&l, &h);
	b.data = zalloc(b.size);
	h.nodes = l.count;
	h.bytes = b.size;
	memcpy(b.data, &h, sizeof(h));
	memcpy(b.data + sizeof(h), l.node, l.count * sizeof(*l.node));
	memcpy(b.data + h.names, l.names, l.name_bytes);
	for (uint32_t i = 0; i < l.count; i++) {
		const struct root_node *n = &l.node[i];

		if ((n->mode & ROOT_MODE_KIND) == ROOT_MODE_FILE && n->inode == i)
			copy_file(b.data + n->data, n->size, l.path[i]);
		free(l.path[i]);
	}
	free(l.path);
	free(l.node);
	free(l.names);
	tdestroy(l.linked, free);
	return b;
}

bool root_summarize(struct root_summary *sum, const struct blob *b)
{
	const struct root_head *h = (const struct root_head *)b->data;
	const struct root_node *n;

	*sum = (struct root_summary){0};
	if (b->size < sizeof(*h) || h->magic != ROOT_MAGIC || h->version != ROOT_VERSION ||
	    h->nodes > (b->size - sizeof(*h)) / sizeof(*n))
		return false;
	n = (const struct root_node *)(h + 1);
	for (uint32_t i = 0; i < h->nodes; i++, n++) {
		if ((n->mode & ROOT_MODE_KIND) == ROOT_MODE_DIR)
			sum->directories++;
		else if ((n->mode & ROOT_MODE_KIND) == ROOT_MODE_LINK)
			sum->links++;
		else
			sum->files++;
		if ((n->mode & ROOT_MODE_KIND) == ROOT_MODE_FILE && n->inode == i)
			sum->file_bytes += n->size;
	}
	return true;
}
