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

static int by_hash(const struct px_name *a, const struct px_name *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return memcmp(a->text, b->text, a->n);
}

static int by_place(const struct px_name *a, const struct px_name *b)
{
	return a->place < b->place ? -1 : a->place > b->place;
}

RB_GENERATE_STATIC(px_names, px_name, by_hash, by_hash)
RB_GENERATE_STATIC(px_places, px_name, by_place, by_place)

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
	struct px_name *at = RB_ROOT(&dir->d.names);
	uint64_t hash = hash_of(name, n);

	while (at) {
		int c = hash != at->hash ? (hash < at->hash ? -1 : 1)
			: n != at->n     ? (n < at->n ? -1 : 1)
					 : memcmp(name, at->text, n);

		if (c == 0)
			return at;
		at = c < 0 ? RB_LEFT(at, by_hash) : RB_RIGHT(at, by_hash);
	}
	return NULL;
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
	RB_INSERT(px_names, &dir->d.names, e);
	RB_INSERT(px_places, &dir->d.places, e);
	dir->d.count++;
	node->nlink++;
	if (S_ISDIR(node->v.mode)) {
		if (node->d.removed)
			px_vnode_put(&node->d.parent->v);
		node->d.removed = false;
		node->d.parent = dir;
		node->d.name = e;
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

	if (dir->d.removed || dir->device == PX_DEV_FDS)
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

	RB_REMOVE(px_names, &dir->d.names, e);
	RB_REMOVE(px_places, &dir->d.places, e);
	dir->d.count--;
	node->nlink--;
	if (S_ISDIR(node->v.mode)) {
		node->nlink--;
		dir->nlink--;
		px_vnode_ref(&dir->v);
		node->d.removed = true;
		node->d.name = NULL;
	}
	px_node_touch(dir, PX_MTIME | PX_CTIME);
	px_node_touch(node, PX_CTIME);
	px_free(e);
	px_node_check(node);
}

struct px_name *px_dir_from(struct px_node *dir, int64_t place)
{
	struct px_name *at = RB_ROOT(&dir->d.places), *best = NULL;

	while (at) {
		if (at->place >= place)
			best = at;
		at = at->place >= place ? RB_LEFT(at, by_place) : RB_RIGHT(at, by_place);
	}
	return best;
}
