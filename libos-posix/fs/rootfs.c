/* rootfs.c - the packed root directory as a file system.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <errno.h>
#include <fd/file.h>
#include <fs/fs.h>
#include <string.h>
#include <sys/stat.h>
#include <util/archive.h>

#define ROOT_DEVICE 1 /* st_dev */

/* What an image without --rootfs has: an empty directory. */
static const struct {
	struct root_head head;
	struct root_node node;
	char name[8];
} empty = {
	.head =
		{
			.magic = ROOT_MAGIC,
			.version = ROOT_VERSION,
			.nodes = 1,
			.bytes = sizeof(empty),
			.names = offsetof(__typeof__(empty), name),
			.name_bytes = sizeof(empty.name),
		},
	.node =
		{
			.mode = ROOT_MODE_DIR | 0755,
			.nlink = 2,
			.name = offsetof(__typeof__(empty), name),
		},
};

const struct root_head *px_root = &empty.head;

bool px_root_init(const struct exo_archive *archive, uint32_t image)
{
	const struct exo_entry *e =
		archive ? archive_find(archive, image, EXO_ENTRY_ROOT, NULL) : NULL;
	const struct root_head *h;

	if (!e)
		return true;
	h = archive_data(archive, e);
	if (!root_check(h, e->bytes))
		return false;
	px_root = h;
	return true;
}

static const struct root_node *node_of(const struct px_vnode *v)
{
	return root_node(px_root, (uint32_t)v->number);
}

static ssize_t file_read(struct px_vnode *v, void *to, size_t n, int64_t offset)
{
	const struct root_node *r = node_of(v);

	if ((r->mode & ROOT_MODE_KIND) == ROOT_MODE_DIR)
		return -EISDIR;
	if ((uint64_t)offset >= r->size)
		return 0;
	if (n > r->size - (uint64_t)offset)
		n = r->size - (uint64_t)offset;
	memcpy(to, root_text(px_root, r->data) + offset, n);
	return (ssize_t)n;
}

static int file_stat(struct px_vnode *v, struct stat *st)
{
	const struct root_node *r = node_of(v);

	*st = (struct stat){
		.st_dev = ROOT_DEVICE,
		.st_ino = r->inode + 1,
		.st_nlink = r->nlink,
		.st_mode = r->mode,
		.st_uid = r->uid,
		.st_gid = r->gid,
		.st_size = (off_t)r->size,
		.st_blksize = 4096,
		.st_blocks = (blkcnt_t)((r->size + 511) / 512),
		.st_atim.tv_sec = r->mtime,
		.st_mtim.tv_sec = r->mtime,
		.st_ctim.tv_sec = r->mtime,
	};
	return 0;
}

static int64_t file_size(struct px_vnode *v)
{
	return (int64_t)node_of(v)->size;
}

/* Positions 0 and 1 are "." and "..", which are not stored. */
static int dir_entry(struct px_vnode *v, int64_t at, struct dirent *e)
{
	const struct root_node *d = node_of(v);
	uint32_t self = (uint32_t)v->number;
	uint32_t i = at == 0 ? self : at == 1 ? d->parent : d->child + (uint32_t)(at - 2);
	const struct root_node *r;

	if ((d->mode & ROOT_MODE_KIND) != ROOT_MODE_DIR)
		return -ENOTDIR;
	if (at >= (int64_t)d->children + 2)
		return 0;
	r = root_node(px_root, i);
	e->d_ino = r->inode + 1;
	e->d_off = at + 1;
	e->d_reclen = sizeof(*e);
	e->d_type = IFTODT(r->mode);
	strlcpy(e->d_name,
		at == 0   ? "."
		: at == 1 ? ".."
			  : root_text(px_root, r->name),
		sizeof(e->d_name));
	return 1;
}

const struct px_ops px_root_ops = {
	.read = file_read,
	.stat = file_stat,
	.size = file_size,
	.entry = dir_entry,
};
