/* temporary.c - files and directories with names nobody has.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 1000
#define MARK  "XXXXXX"
#define MARKS ((int)sizeof(MARK) - 1)

enum what { A_FILE, A_DIRECTORY, A_NAME };

/* Random letters; without random numbers successive ones. */
static void fill(char *mark)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static unsigned long count;
	unsigned long v;

	if (getrandom(&v, sizeof(v), 0) != sizeof(v))
		v = (unsigned long)getpid() << 32 | ++count;
	for (int i = 0; i < MARKS; i++, v /= 62)
		mark[i] = letters[v % 62];
}

/* Fill the mark before the suffix until the name is new, and make the thing. */
static int make(char *name, int suffix, int flags, enum what what)
{
	size_t n = strlen(name);
	char *mark = name + n - suffix - MARKS;
	int before = errno, r;
	struct stat s;

	if (suffix < 0 || n < (size_t)suffix + MARKS || memcmp(mark, MARK, MARKS)) {
		errno = EINVAL;
		return -1;
	}
	for (int i = 0; i < TRIES; i++) {
		fill(mark);
		if (what == A_FILE)
			r = open(name, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
		else if (what == A_DIRECTORY)
			r = mkdir(name, 0700);
		else
			r = lstat(name, &s) == 0 ? (errno = EEXIST, -1) : errno == ENOENT ? 0 : -1;
		if (r >= 0)
			errno = before;
		if (r >= 0 || errno != EEXIST)
			return r;
	}
	return -1;
}

int mkstemp(char *name)
{
	return make(name, 0, 0, A_FILE);
}

int mkostemp(char *name, int flags)
{
	return make(name, 0, flags, A_FILE);
}

int mkstemps(char *name, int suffix)
{
	return make(name, suffix, 0, A_FILE);
}

int mkostemps(char *name, int suffix, int flags)
{
	return make(name, suffix, flags, A_FILE);
}

char *mkdtemp(char *name)
{
	return make(name, 0, 0, A_DIRECTORY) < 0 ? NULL : name;
}

char *mktemp(char *name)
{
	if (make(name, 0, 0, A_NAME) < 0)
		*name = '\0';
	return name;
}

char *tmpnam(char *buffer)
{
	static char own[L_tmpnam];
	char name[] = P_tmpdir "/file" MARK;

	if (make(name, 0, 0, A_NAME) < 0)
		return NULL;
	return strcpy(buffer ? buffer : own, name);
}

char *tempnam(const char *directory, const char *prefix)
{
	const char *asked = getenv("TMPDIR");
	struct stat s;
	char *name;

	if (!asked || stat(asked, &s) < 0 || !S_ISDIR(s.st_mode))
		asked = directory && stat(directory, &s) == 0 && S_ISDIR(s.st_mode) ? directory
										    : P_tmpdir;
	if (asprintf(&name, "%s/%.5s" MARK, asked, prefix ? prefix : "file") < 0)
		return NULL;
	if (make(name, 0, 0, A_NAME) == 0)
		return name;
	free(name);
	return NULL;
}

FILE *tmpfile(void)
{
	char name[] = P_tmpdir "/tmpf" MARK;
	int fd = make(name, 0, O_CLOEXEC, A_FILE);
	FILE *f;

	if (fd < 0)
		return NULL;
	unlink(name);
	f = fdopen(fd, "w+");
	if (!f)
		close(fd);
	return f;
}
