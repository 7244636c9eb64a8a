/* mem_node.c - nodes of the file system in memory, and the tree at the start.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fs/device.h>
#include <fs/fs.h>
#include <fs/mem.h>
#include <libexo/time.h>
#include <string.h>
#include <sys/stat.h>

#define DEVICE_NUMBER 1 /* st_dev */

static struct timespec now(void)
{
	uint64_t ns = xo_wall_ns();

	return (struct timespec){.tv_sec = (time_t)(ns / 1000000000),
				 .tv_nsec = (long)(ns % 1000000000)};
}

static uint32_t kind_of(uint32_t mode)
{
	return S_ISCHR(mode) ? PX_DEVICE : S_ISFIFO(mode) ? PX_PIPE : PX_MEM;
}

void px_node_set_device(struct px_node *node, uint64_t device)
{
	node->device = device;
	if (device == PX_DEV_TTY || device == PX_DEV_CONSOLE)
		node->v.kind = PX_CONSOLE;
}

struct px_node *px_node_new(uint32_t mode)
{
	struct px_node *node = px_alloc(sizeof(*node));

	if (!node)
		return NULL;
	node->v.kind = kind_of(mode);
	node->v.mode = mode;
	node->uid = px_me ? px_me->user.effective : 0;
	node->gid = px_me ? px_me->group_ids.effective : 0;
	px_enter();
	node->number = ++px_arena->memfs.next_number;
	px_arena->memfs.nodes++;
	px_leave();
	node->atime = node->mtime = node->ctime = now();
	return node;
}

char *px_target_new(const char *text, size_t n)
{
	char *room = n < PX_ALLOC_MAX ? px_alloc(n + 1) : px_page_get();

	return room ? memcpy(room, text, n) : NULL;
}

/* A target that was unpacked lies in the archive, not in the arena. */
void px_target_free(char *target)
{
	if (px_packed_holds(target))
		return;
	if ((uintptr_t)target % EXO_PAGE_SIZE == 0)
		px_page_put(target);
	else
		px_free(target);
}

static void forget_packed(struct px_node *node)
{
	struct px_node **p = &px_arena->memfs.packed;

	while (*p != node)
		p = &(*p)->next_packed;
	*p = node->next_packed;
}

/* Nobody is to know what it was called.  A name that is there stays. */
void px_name_forget(struct px_node *node)
{
	struct px_name *e = node->name;

	if (!e || (e->dir && !e->gone))
		return;
	node->name = NULL;
	if (e->dir)
		px_vnode_put(&e->dir->v);
	px_free(e);
}

/* A directory that goes has no names any more, but for its packed ones. */
void px_node_check(struct px_node *node)
{
	if (node->nlink || node->unmet || node->v.refs)
		return;
	if (node->packed)
		forget_packed(node);
	if (px_ops_of(&node->v)->discard)
		px_ops_of(&node->v)->discard(node);
	px_name_forget(node);
	if (S_ISREG(node->v.mode) && node->v.kind == PX_MEM)
		px_content_free(node);
	else if (S_ISLNK(node->v.mode))
		px_target_free(node->target);
	else if (S_ISDIR(node->v.mode) && node->d.removed)
		px_vnode_put(&node->d.parent->v);
	px_free(node->v.records);
	px_arena->memfs.nodes--;
	px_free(node);
}

static bool newer(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* The time of the last access is kept as Linux does by default: only if that
 * of the last change is newer, or after a day. */
void px_node_touch(struct px_node *node, unsigned int what)
{
	if (what == PX_ATIME && newer(&node->atime, &node->mtime) &&
	    newer(&node->atime, &node->ctime) &&
	    (uint64_t)node->atime.tv_sec + 86400 > xo_wall_ns() / 1000000000)
		return;
	struct timespec t = now();

	if (what & PX_ATIME)
		node->atime = t;
	if (what & PX_MTIME)
		node->mtime = t;
	if (what & PX_CTIME)
		node->ctime = t;
}

void px_mem_stat(struct px_vnode *v, struct stat *st)
{
	const struct px_node *node = px_node_of(v);
	bool regular = S_ISREG(v->mode);

	st->st_dev = DEVICE_NUMBER;
	st->st_ino = node->number;
	st->st_nlink = node->nlink + node->unmet;
	st->st_mode = v->mode;
	st->st_uid = node->uid;
	st->st_gid = node->gid;
	st->st_rdev = node->device;
	st->st_size = S_ISDIR(v->mode) ? EXO_PAGE_SIZE : node->size;
	st->st_blksize = EXO_PAGE_SIZE;
	st->st_blocks = regular ? (blkcnt_t)((node->f.pages << EXO_PAGE_SHIFT) / 512) : 0;
	if (regular && node->f.packed_bytes)
		st->st_blocks = (blkcnt_t)((node->size + 4095) / 4096 * 8);
	st->st_atim = node->atime;
	st->st_mtim = node->mtime;
	st->st_ctim = node->ctime;
}

static int64_t mem_size(struct px_vnode *v)
{
	return S_ISDIR(v->mode) ? INT64_MAX : px_node_of(v)->size;
}

const struct px_ops px_mem_ops = {
	.read = px_mem_read,
	.write = px_mem_write,
	.stat = px_mem_stat,
	.size = mem_size,
	.syncs = true,
	.truncate = px_mem_truncate,
	.reserve = px_mem_reserve,
	.seek_data = px_mem_seek_data,
	.page = px_mem_page,
};

static struct px_node *make_root(void)
{
	const struct root_node *r = root_node(px_root, 0);
	struct px_node *root = px_node_new(r->mode);

	if (!root)
		return NULL;
	root->nlink = 2;
	px_node_unmet(root, r);
	root->uid = r->uid;
	root->gid = r->gid;
	root->d.parent = root;
	root->d.packed = r->children ? 1 : 0;
	root->mtime = root->ctime = (struct timespec){.tv_sec = r->mtime};
	return root;
}

/* The directory of this name, made if the packed root has none. */
static struct px_node *directory(struct px_node *in, const char *name, uint32_t mode)
{
	struct px_node *node;
	struct px_name *e;

	if (px_dir_find(in, name, strlen(name), &e) < 0)
		return NULL;
	if (e)
		return S_ISDIR(e->node->v.mode) ? e->node : NULL;
	node = px_node_new(S_IFDIR | mode);
	return node && px_dir_add(in, name, strlen(name), node) == 0 ? node : NULL;
}

/* A device that the packed root has under this name (as whatever) stays hidden. */
static int device(struct px_node *dev, const struct px_device_name *d)
{
	struct px_node *node = px_node_new(d->mode);
	struct px_name *old;

	if (!node || px_dir_complete(dev) < 0 ||
	    px_dir_find(dev, d->name, strlen(d->name), &old) < 0)
		return -ENOMEM;
	if (old)
		px_dir_remove(dev, old);
	if (S_ISLNK(d->mode)) {
		node->size = (int64_t)strlen(d->target);
		node->target = px_target_new(d->target, (size_t)node->size);
		if (!node->target)
			return -ENOMEM;
	} else {
		px_node_set_device(node, d->device);
	}
	if (d->device == PX_DEV_CONSOLE)
		px_arena->memfs.console = node;
	return px_dir_add(dev, d->name, strlen(d->name), node);
}

static int devices(struct px_node *dev)
{
	int r = 0;

	for (const struct px_device_name *d = px_device_names; !r && d->name; d++)
		r = device(dev, d);
	if (!r && px_pty_init)
		r = px_pty_init(dev);
	if (!r && !directory(dev, "shm", 01777))
		r = -ENOMEM;
	return r;
}

/* /proc/self/fd, where /dev/stdin and its like lead to. */
static bool descriptors(struct px_node *root)
{
	struct px_node *proc = directory(root, "proc", 0555);
	struct px_node *self = proc ? directory(proc, "self", 0555) : NULL;
	struct px_node *fds = self ? directory(self, "fd", 0500) : NULL;

	if (fds) {
		fds->device = PX_DEV_FDS;
		proc->device = PX_DEV_PROC;
	}
	px_arena->memfs.proc = proc;
	px_arena->memfs.fds = fds;
	return fds;
}

int px_memfs_init(void)
{
	struct px_memfs *fs = &px_arena->memfs;
	struct px_node *dev;
	int r = -ENOMEM;

	px_enter();
	fs->root = make_root();
	if (fs->root) {
		px_me->cwd = &fs->root->v;
		px_vnode_ref(px_me->cwd);
	}
	dev = fs->root ? directory(fs->root, "dev", 0755) : NULL;
	if (dev && directory(fs->root, "tmp", 01777) && descriptors(fs->root))
		r = devices(dev);
	px_leave();
	return r;
}

/* A terminal is the device itself; a plain stream looks like a pipe. */
struct px_vnode *px_memfs_standard(void)
{
	struct px_node *node = px_arena->memfs.console;

	if (!px_console_terminal()) {
		node = px_node_new(S_IFIFO | 0600);
		if (node)
			node->v.kind = PX_CONSOLE;
	}
	return node ? &node->v : NULL;
}

struct px_vnode *px_memfs_errors(void)
{
	struct px_vnode *v = px_memfs_standard();

	if (v && !px_console_terminal())
		px_arena->memfs.errors = px_node_of(v);
	return v;
}
