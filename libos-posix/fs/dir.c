/* dir.c - directory streams.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct __dir {
	int fd;
	int64_t at;
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
	d = calloc(1, sizeof(*d));
	if (d)
		d->fd = fd;
	return d;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !d)
		close(fd);
	return d;
}

struct dirent *readdir(DIR *d)
{
	struct px_file *f = px_file(d->fd);
	int r;

	if (!f)
		return NULL;
	struct px_vnode *v = px_vnode_of(f);

	r = px_ops[v->kind]->entry(v, d->at, &d->entry);
	if (r <= 0) {
		px_result(r);
		return NULL;
	}
	d->at++;
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
