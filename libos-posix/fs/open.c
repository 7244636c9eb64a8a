/* open.c - calls that take a path.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The root directory is read-only: what would change it first looks whether
 * the names are there, as on any read-only file system, and fails with EROFS.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fs/fs.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t cwd; /* node of the working directory */

static bool is_dir(int64_t node)
{
	return (root_node(px_root, (uint32_t)node)->mode & ROOT_MODE_KIND) == ROOT_MODE_DIR;
}

/* The directory that a relative path of an ...at call starts from. */
static int64_t base_of(int dirfd, const char *path)
{
	const struct px_file *f;
	const struct px_vnode *v;

	if (dirfd == AT_FDCWD || *path == '/')
		return cwd;
	f = px_file(dirfd);
	if (!f)
		return -EBADF;
	v = px_vnode_of(f);
	return v->kind == PX_ROOT && is_dir((int64_t)v->number) ? (int64_t)v->number : -ENOTDIR;
}

static int64_t walk_at(int dirfd, const char *path, int flags)
{
	int64_t base = base_of(dirfd, path);

	return base < 0 ? base : root_walk(px_root, (uint32_t)base, path, flags);
}

/* May a file that is not there be made?  Its directory must be there; then the
 * file system says no. */
static int64_t missing(int dirfd, const char *path)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int64_t dir;

	if (!*path)
		return -ENOENT;
	strlcpy(parent, slash ? path : ".", sizeof(parent));
	if (slash)
		parent[slash - path + 1] = '\0';
	dir = walk_at(dirfd, parent, ROOT_FOLLOW);
	return dir < 0 ? dir : is_dir(dir) ? -EROFS : -ENOTDIR;
}

static int64_t open_node(int dirfd, const char *path, int flags)
{
	int64_t node = walk_at(dirfd, path, flags & O_NOFOLLOW ? 0 : ROOT_FOLLOW);
	uint32_t kind;

	if (node == -ENOENT && flags & O_CREAT)
		return missing(dirfd, path);
	if (node < 0)
		return node;
	kind = root_node(px_root, (uint32_t)node)->mode & ROOT_MODE_KIND;
	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (kind == ROOT_MODE_LINK)
		return -ELOOP;
	if (kind != ROOT_MODE_DIR && flags & O_DIRECTORY)
		return -ENOTDIR;
	if (kind == ROOT_MODE_DIR && (flags & O_ACCMODE || flags & O_CREAT))
		return -EISDIR;
	return flags & O_ACCMODE || flags & O_TRUNC ? -EROFS : node;
}

int openat(int dirfd, const char *path, int flags, ...)
{
	int64_t node = open_node(dirfd, path, flags);

	if (node < 0)
		return (int)px_result(node);
	return (int)px_result(px_open_vnode(px_vnode_get(PX_ROOT, (uint64_t)node), flags, 0));
}

int open(const char *path, int flags, ...)
{
	return openat(AT_FDCWD, path, flags);
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	struct px_vnode v = {.kind = PX_ROOT};
	int64_t node;

	if (flags & AT_EMPTY_PATH && !*path && dirfd != AT_FDCWD)
		return fstat(dirfd, st);
	node = walk_at(dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? 0 : ROOT_FOLLOW);
	if (node < 0)
		return (int)px_result(node);
	v.number = (uint64_t)node;
	return px_root_ops.stat(&v, st);
}

int stat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

/* The caller is the superuser: everything may be read, what has an x bit
 * (or is a directory) may be executed, nothing may be written. */
int faccessat(int dirfd, const char *path, int mode, int flags)
{
	int64_t node = walk_at(dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? 0 : ROOT_FOLLOW);

	if (node < 0)
		return (int)px_result(node);
	if (mode & W_OK)
		return (int)px_result(-EROFS);
	if (mode & X_OK && !is_dir(node) && !(root_node(px_root, (uint32_t)node)->mode & 0111))
		return (int)px_result(-EACCES);
	return 0;
}

int access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
	int64_t node = walk_at(dirfd, path, 0);
	const struct root_node *r;

	if (node < 0)
		return px_result(node);
	r = root_node(px_root, (uint32_t)node);
	if ((r->mode & ROOT_MODE_KIND) != ROOT_MODE_LINK)
		return px_result(-EINVAL);
	if (size > r->size)
		size = r->size;
	memcpy(buf, root_text(px_root, r->data), size);
	return (ssize_t)size;
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

int chdir(const char *path)
{
	int64_t node = walk_at(AT_FDCWD, path, ROOT_FOLLOW);

	if (node >= 0 && !is_dir(node))
		node = -ENOTDIR;
	if (node < 0)
		return (int)px_result(node);
	cwd = (uint32_t)node;
	return 0;
}

int fchdir(int fd)
{
	int64_t node = fd < 0 ? -EBADF : base_of(fd, "");

	if (node < 0)
		return (int)px_result(node);
	cwd = (uint32_t)node;
	return 0;
}

char *getcwd(char *buf, size_t size)
{
	char path[PATH_MAX];

	if (buf && !size) {
		errno = EINVAL;
		return NULL;
	}
	if (!root_path(px_root, cwd, path, sizeof(path)) ||
	    ((buf || size) && strlen(path) >= size)) {
		errno = ERANGE;
		return NULL;
	}
	return buf ? strcpy(buf, path) : strdup(path);
}
