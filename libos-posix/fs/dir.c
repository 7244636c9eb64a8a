/* dir.c - directory streams.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/device.h>
#include <fs/mem.h>
#include <fs/proc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct __dir {
	int fd;
	int64_t at; /* 0 ".", 1 "..", then the place of the next name + 2 */
	struct dirent entry;
};

DIR *fdopendir(int fd)
{
	struct stat st;
	DIR *d;

	if (fstat(fd, &st) < 0)
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	if ((px_file(fd)->flags & O_ACCMODE) == O_WRONLY || px_file(fd)->flags & O_PATH) {
		errno = EBADF;
		return NULL;
	}
	d = calloc(1, sizeof(*d));
	if (d) {
		d->fd = fd;
		fcntl(fd, F_SETFD, FD_CLOEXEC); /* as Linux has it */
	}
	return d;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !d) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return d;
}

static void fill(struct dirent *e, const struct px_node *node, const char *name, size_t n)
{
	e->d_ino = node->number;
	e->d_type = IFTODT(node->v.mode);
	memcpy(e->d_name, name, n);
	e->d_name[n] = '\0';
	e->d_reclen = (unsigned short)((offsetof(struct dirent, d_name) + n + 8) & ~7ul);
}

/* The open descriptors, each under its number. */
static bool next_descriptor(int64_t *at, struct dirent *e)
{
	int before = errno;

	for (; *at < PX_FD_MAX + 2; ++*at) {
		const struct px_file *f = px_file((int)*at - 2);
		char name[8], *p = name + sizeof(name);

		if (!f)
			continue;
		for (int64_t n = *at - 2; p == name + sizeof(name) || n; n /= 10)
			*--p = (char)('0' + n % 10);
		fill(e, px_node_of(f->vnode), p, (size_t)(name + sizeof(name) - p));
		e->d_type = DT_LNK;
		e->d_off = ++*at;
		errno = before;
		return true;
	}
	errno = before;
	return false;
}

int px_dir_next(struct px_node *dir, int64_t *at, struct dirent *e)
{
	struct px_name *name;
	int r;

	if (*at < 2) {
		struct px_node *up = *at ? dir->d.parent : dir;

		if (dir->d.removed)
			return 0;
		fill(e, up, "..", (size_t)*at + 1);
		e->d_off = ++*at;
		return 1;
	}
	if (dir->device == PX_DEV_FDS)
		return next_descriptor(at, e);
	if (px_proc_list && dir->device == PX_DEV_PROC && *at == 2)
		px_proc_list();
	r = px_dir_complete(dir);
	if (r)
		return r;
	name = px_dir_from(dir, *at - 2);
	if (!name)
		return 0;
	fill(e, name->node, name->text, name->n);
	e->d_off = *at = name->place + 3;
	return 1;
}

struct dirent *readdir(DIR *d)
{
	struct px_file *f = px_file(d->fd);
	int r;

	if (!f)
		return NULL;
	px_enter();
	r = px_dir_next(px_node_of(f->vnode), &d->at, &d->entry);
	if (r > 0)
		px_node_touch(px_node_of(f->vnode), PX_ATIME);
	px_leave();
	if (r <= 0) {
		px_result(r);
		return NULL;
	}
	return &d->entry;
}

int readdir_r(DIR *restrict d, struct dirent *restrict entry, struct dirent **restrict result)
{
	int before = errno;

	errno = 0;
	*result = readdir(d);
	if (*result)
		*result = memcpy(entry, *result, sizeof(*entry));
	int error = errno;

	errno = before;
	return error;
}

int closedir(DIR *d)
{
	int r = close(d->fd);

	free(d);
	return r;
}

void rewinddir(DIR *d)
{
	d->at = 0;
}

long telldir(DIR *d)
{
	return d->at;
}

void seekdir(DIR *d, long at)
{
	d->at = at;
}

int dirfd(DIR *d)
{
	return d->fd;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

static int push(struct dirent ***list, int n, const struct dirent *e)
{
	struct dirent **more, *copy;

	/* Room is doubled whenever n is a power of two. */
	if ((n & (n - 1)) == 0) {
		more = reallocarray(*list, n ? (size_t)n * 2 : 1, sizeof(**list));
		if (!more)
			return -1;
		*list = more;
	}
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -1;
	*copy = *e;
	(*list)[n] = copy;
	return 0;
}

int scandir(const char *path, struct dirent ***result, int (*want)(const struct dirent *),
	    int (*order)(const struct dirent **, const struct dirent **))
{
	DIR *d = opendir(path);
	struct dirent **list = NULL, *e;
	int n = 0, error = 0;

	if (!d)
		return -1;
	while (!error && (e = readdir(d)))
		if (!want || want(e))
			error = push(&list, n, e) < 0 ? 1 : (n++, 0);
	closedir(d);
	if (error) {
		while (n > 0)
			free(list[--n]);
		free(list);
		errno = ENOMEM;
		return -1;
	}
	if (n && order)
		qsort(list, (size_t)n, sizeof(*list), (int (*)(const void *, const void *))order);
	*result = list;
	return n;
}
