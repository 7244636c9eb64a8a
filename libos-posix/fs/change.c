/* change.c - calls that would change a directory: the root is read-only.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name that must be there: its own error, else EROFS. */
static int change(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? -1 : (int)px_result(-EROFS);
}

/* A name that must not be there yet. */
static int make(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0);

	if (fd >= 0)
		close(fd);
	return -1;
}

int unlink(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return (int)px_result(-EISDIR);
	return change(path);
}

int rmdir(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return (int)px_result(-ENOTDIR);
	return change(path);
}

int mkdir(const char *path, mode_t mode)
{
	(void)mode;
	return make(path);
}

int link(const char *from, const char *to)
{
	struct stat st;

	return lstat(from, &st) < 0 ? -1 : make(to);
}

int symlink(const char *target, const char *path)
{
	(void)target;
	return make(path);
}

int rename(const char *from, const char *to)
{
	(void)to;
	return change(from);
}

int chmod(const char *path, mode_t mode)
{
	(void)mode;
	return change(path);
}
