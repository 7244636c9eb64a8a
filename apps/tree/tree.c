/* tree.c - shows a directory and everything below: d directory, l link, x program; sizes; names.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/tree/tree.c --rootfs apps/tree/root --run
 *
 * Without a name it starts where it is: in an image that is /, with /dev and /tmp in it.
 *
 * RUN: docs
 * RUN: docs/plans nosuch docs/list
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long files, directories, bytes;
static int status;

static void complain(const char *path)
{
	fprintf(stderr, "tree: %s: %s\n", path, strerror(errno));
	status = 1;
}

static void show(const char *path, const char *name, int depth, const struct stat *st)
{
	mode_t mode = st->st_mode;
	char target[256];
	ssize_t n;

	printf("%c ", S_ISDIR(mode)    ? 'd'
		      : S_ISLNK(mode)  ? 'l'
		      : S_ISCHR(mode)  ? 'c'
		      : mode & S_IXUSR ? 'x'
				       : '-');
	if (S_ISREG(mode))
		printf("%7lld", (long long)st->st_size);
	else
		printf("%7s", "");
	printf(" %*s%s", depth * 3, "", name);
	if (S_ISLNK(mode) && (n = readlink(path, target, sizeof(target))) >= 0)
		printf(" -> %.*s", (int)n, target);
	printf("\n");
}

static int visible(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static void walk(const char *path, const char *name, int depth)
{
	struct dirent **list;
	struct stat st;
	char below[512];
	int n;

	if (lstat(path, &st) != 0) {
		complain(path);
		return;
	}
	show(path, name, depth, &st);
	if (!S_ISDIR(st.st_mode)) {
		files++;
		bytes += S_ISREG(st.st_mode) ? st.st_size : 0;
		return;
	}
	directories++;
	n = scandir(path, &list, visible, alphasort);
	if (n < 0) {
		complain(path);
		return;
	}
	for (int i = 0; i < n; i++) {
		snprintf(below, sizeof(below), "%s/%s", path, list[i]->d_name);
		walk(below, list[i]->d_name, depth + 1);
		free(list[i]);
	}
	free(list);
}

int main(int argc, char **argv)
{
	if (argc == 1)
		walk(".", ".", 0);
	for (int i = 1; i < argc; i++)
		walk(argv[i], argv[i], 0);
	printf("%ld directories, %ld files, %ld bytes\n", directories, files, bytes);
	return status;
}
