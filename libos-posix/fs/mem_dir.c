/* mem_dir.c - directories in memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The names of a directory stand in two trees: by hash for looking one up, by
 * place (the order in which they were added) for reading all of them while
 * others come and go.
 */
#include <env/arena.h>
#include <errno.h>
#include <fs/device.h>
#include <fs/fs.h>
#include <fs/mem.h>
#include <string.h>
#include <sys/stat.h>

enum { BY_HASH, BY_PLACE };

/* Of two names, or of a name and one that is looked for. */
static int by_hash(const struct px_name *a, uint64_t hash, const char *text, size_t n)
{
	if (a->hash != hash)
		return a->hash < hash ? -1 : 1;
	if (a->n != n)
		return a->n < n ? -1 : 1;
	return memcmp(a->text, text, n);
}

static bool before(const struct px_name *a, const struct px_name *b, int tree)
{
	return tree == BY_PLACE ? a->place < b->place : by_hash(a, b->hash, b->text, b->n) < 0;
}

/* Each tree is a heap too, by a number that says nothing about the order: so it stays flat. */
static uint64_t weight(const struct px_name *e)
{
	uint64_t x = (uint64_t)e->place * 0x9e3779b97f4a7c15;

	return (x ^ x >> 31) * 0xbf58476d1ce4e5b9;
}

/* Below the heavier ones; what stood there is parted by it. */
static void insert(struct px_name **at, struct px_name *e, int tree)
{
	struct px_name **low = &e->link[tree][0], **high = &e->link[tree][1], *t;

	while ((t = *at) && weight(t) > weight(e))
		at = &t->link[tree][before(t, e, tree)];
	*at = e;
	while (t) {
		struct px_name ***side = before(t, e, tree) ? &low : &high;

		**side = t;
		*side = &t->link[tree][side == &low];
		t = **side;
	}
	*low = *high = NULL;
}

/* What was below it is joined in its place. */
static void take_out(struct px_name **at, const struct px_name *e, int tree)
{
	struct px_name *low = e->link[tree][0], *high = e->link[tree][1];

	while (*at != e)
		at = &(*at)->link[tree][before(*at, e, tree)];
	while (low && high) {
		struct px_name **heavy = weight(low) > weight(high) ? &low : &high;

		*at = *heavy;
		at = &(*heavy)->link[tree][heavy == &low];
		*heavy = *at;
	}
	*at = low ? low : high;
}

/* FNV-1a; a tree does not degrade if somebody finds names with one hash. */
static uint64_t hash_of(const char *name, size_t n)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3;
	return h;
}

static struct px_name *find_made(struct px_node *dir, const char *name, size_t n)
{
	struct px_name *at = dir->d.names;
	uint64_t hash = hash_of(name, n);
	int c;

	while (at && (c = by_hash(at, hash, name, n)) != 0)
		at = at->link[BY_HASH][c < 0];
	return at;
}

struct px_name *px_name_new(const char *name, size_t n)
{
	struct px_name *e = px_alloc(sizeof(*e) + n);

	if (!e)
		return NULL;
	e->hash = hash_of(name, n);
	e->n = (uint16_t)n;
	memcpy(e->text, name, n);
	return e;
}

void px_dir_put(struct px_node *dir, struct px_name *e, struct px_node *node)
{
	e->place = dir->d.next_place++;
	e->node = node;
	e->dir = dir;
	px_name_forget(node);
	if (!node->name)
		node->name = e;
	insert(&dir->d.names, e, BY_HASH);
	insert(&dir->d.places, e, BY_PLACE);
	dir->d.count++;
	node->nlink++;
	if (S_ISDIR(node->v.mode)) {
		if (node->d.removed)
			px_vnode_put(&node->d.parent->v);
		node->d.removed = false;
		node->d.parent = dir;
		node->nlink++;
		dir->nlink++;
	}
}

/* Names of a file, or subdirectories, that will be met. */
void px_node_unmet(struct px_node *node, const struct root_node *r)
{
	uint32_t own = S_ISDIR(r->mode) ? 2 : 0;

	node->unmet = r->nlink > own ? r->nlink - own : 0;
}

/* The node of packed node `i`, which may have been met under another name. */
static struct px_node *unpack(uint32_t i)
{
	const struct root_node *r = root_node(px_root, i);
	bool several = r->nlink > 1 && (r->mode & ROOT_MODE_KIND) != ROOT_MODE_DIR;
	struct px_node *node = several ? px_arena->memfs.packed : NULL;

	while (node && node->packed != 1 + r->inode)
		node = node->next_packed;
	if (node)
		return node;
	node = px_node_new(r->mode);
	if (!node)
		return NULL;
	node->uid = r->uid;
	node->gid = r->gid;
	node->size = (int64_t)r->size;
	px_node_unmet(node, r);
	node->atime = node->mtime = node->ctime = (struct timespec){.tv_sec = r->mtime};
	if (S_ISDIR(r->mode)) {
		node->d.packed = r->children ? 1 + i : 0;
	} else if (S_ISLNK(r->mode)) {
		node->target = (char *)root_text(px_root, r->data);
	} else {
		node->f.packed = root_text(px_root, r->data);
		node->f.packed_bytes = r->size;
	}
	if (several) {
		node->packed = 1 + r->inode;
		node->next_packed = px_arena->memfs.packed;
		px_arena->memfs.packed = node;
	}
	return node;
}

static struct px_name *add_packed(struct px_node *dir, uint32_t i)
{
	const char *name = root_text(px_root, root_node(px_root, i)->name);
	struct px_name *e = px_name_new(name, strlen(name));
	struct px_node *node = e ? unpack(i) : NULL;

	if (!node) {
		px_free(e);
		return NULL;
	}
	px_dir_put(dir, e, node);
	if (S_ISDIR(node->v.mode))
		node = dir;
	if (node->unmet)
		node->unmet--;
	return e;
}

int px_dir_find(struct px_node *dir, const char *name, size_t n, struct px_name **found)
{
	int64_t i;

	*found = find_made(dir, name, n);
	if (*found || !dir->d.packed)
		return 0;
	i = root_child(px_root, dir->d.packed - 1, name, n);
	if (i < 0)
		return 0;
	*found = add_packed(dir, (uint32_t)i);
	return *found ? 0 : -ENOSPC;
}

/* Before a name is taken away, or all are read, all must be here. */
int px_dir_complete(struct px_node *dir)
{
	const struct root_node *r;

	if (!dir->d.packed)
		return 0;
	r = root_node(px_root, dir->d.packed - 1);
	for (uint32_t i = r->child; i < r->child + r->children; i++) {
		const char *name = root_text(px_root, root_node(px_root, i)->name);

		if (!find_made(dir, name, strlen(name)) && !add_packed(dir, i))
			return -ENOSPC;
	}
	dir->d.packed = 0;
	dir->unmet = 0;
	return 0;
}

int px_dir_add(struct px_node *dir, const char *name, size_t n, struct px_node *node)
{
	struct px_name *e;

	if (dir->d.removed || dir->device == PX_DEV_FDS || dir->device == PX_DEV_PROC_PID)
		return -ENOENT;
	e = px_name_new(name, n);
	if (!e)
		return -ENOSPC;
	px_dir_put(dir, e, node);
	px_node_touch(dir, PX_MTIME | PX_CTIME);
	px_node_touch(node, PX_CTIME);
	return 0;
}

void px_dir_remove(struct px_node *dir, struct px_name *e)
{
	struct px_node *node = e->node;

	take_out(&dir->d.names, e, BY_HASH);
	take_out(&dir->d.places, e, BY_PLACE);
	dir->d.count--;
	node->nlink--;
	if (S_ISDIR(node->v.mode)) {
		node->nlink--;
		dir->nlink--;
		px_vnode_ref(&dir->v);
		node->d.removed = true;
	}
	px_node_touch(dir, PX_MTIME | PX_CTIME);
	px_node_touch(node, PX_CTIME);
	if (node->name == e && node->v.refs) {
		e->gone = true;
		px_vnode_ref(&dir->v);
	} else {
		if (node->name == e)
			node->name = NULL;
		px_free(e);
	}
	px_node_check(node);
}

struct px_name *px_dir_from(struct px_node *dir, int64_t place)
{
	struct px_name *at = dir->d.places, *best = NULL;

	while (at) {
		if (at->place >= place)
			best = at;
		at = at->link[BY_PLACE][at->place < place];
	}
	return best;
}
