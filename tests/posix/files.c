/* files.c - descriptors, directories and links of a root directory, with every error.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRY(x)                                                                                     \
	do {                                                                                       \
		errno = 0;                                                                         \
		long r_ = (long)(x);                                                               \
		printf("%-46s %ld %s\n", #x, r_, errno ? strerror(errno) : "");                    \
	} while (0)

static char buf[256], longer[300];

static void opening(void)
{
	int fd;

	TRY(fd = open("text", O_RDONLY));
	TRY(read(fd, buf, 5));
	printf("%.5s\n", buf);
	TRY(lseek(fd, 0, SEEK_CUR));
	TRY(pread(fd, buf, 4, 2));
	TRY(lseek(fd, -3, SEEK_END));
	TRY(read(fd, buf, 100));
	TRY(read(fd, buf, 100));
	TRY(lseek(fd, 1000, SEEK_SET));
	TRY(read(fd, buf, 100));
	TRY(lseek(fd, -1, SEEK_SET));
	TRY(lseek(fd, 0, 77));
	TRY(write(fd, "x", 1));
	TRY(fcntl(fd, F_GETFL));
	TRY(fcntl(fd, F_GETFD));
	TRY(fcntl(fd, F_SETFD, FD_CLOEXEC));
	TRY(fcntl(fd, F_GETFD));
	TRY(dup2(fd, 20));
	TRY(lseek(20, 1, SEEK_SET));
	TRY(lseek(fd, 0, SEEK_CUR));
	TRY(fcntl(fd, F_DUPFD, 30));
	TRY(close(20));
	TRY(close(30));
	TRY(close(fd));
	TRY(close(fd));
	TRY(read(fd, buf, 1));
	TRY(dup(-1));
	TRY(dup2(0, 100000));
	TRY(open("missing", O_RDONLY));
	TRY(open("text/x", O_RDONLY));
	TRY(open("text/", O_RDONLY));
	TRY(open("", O_RDONLY));
	TRY(open("dir", O_WRONLY));
	TRY(open("dir", O_RDONLY | O_CREAT, 0600));
	TRY(open("text", O_RDONLY | O_DIRECTORY));
	TRY(open("text", O_RDONLY | O_CREAT | O_EXCL, 0600));
	TRY(open("link", O_RDONLY | O_NOFOLLOW));
	TRY(open("loop", O_RDONLY));
	TRY(open("dangling", O_RDONLY));
	TRY(openat(-5, "text", O_RDONLY));
	memset(longer, 'n', sizeof(longer) - 1);
	TRY(open(longer, O_RDONLY));
	TRY(fd = open("dir", O_RDONLY));
	TRY(read(fd, buf, 1));
	TRY(openat(fd, "deep/../inner", O_RDONLY) > 0);
	TRY(fchdir(fd));
	TRY(access("inner", F_OK));
	TRY(chdir(".."));
	TRY(close(fd));
}

static void looking(void)
{
	struct stat s, t;
	char path[PATH_MAX], *base = getcwd(path, sizeof(path));

	TRY(stat("text", &s));
	printf("%o %ld %d\n", s.st_mode & S_IFMT, (long)s.st_size, (int)s.st_nlink);
	TRY(stat("dir", &s));
	printf("%o %d\n", s.st_mode & S_IFMT, (int)s.st_nlink);
	TRY(lstat("link", &s));
	printf("%o %ld\n", s.st_mode & S_IFMT, (long)s.st_size);
	TRY(stat("link", &t));
	printf("%d\n", stat("text", &s) == 0 && s.st_ino == t.st_ino && s.st_dev == t.st_dev);
	TRY(stat("dangling", &s));
	TRY(stat("loop", &s));
	TRY(stat("text/.", &s));
	TRY(stat("dir/./deep/../inner", &s));
	TRY(readlink("link", buf, sizeof(buf)));
	printf("%.4s\n", buf);
	TRY(readlink("link", buf, 2));
	TRY(readlink("text", buf, sizeof(buf)));
	TRY(access("text", R_OK));
	TRY(access("missing", R_OK));
	TRY(access("text", X_OK));
	TRY(access("dir", X_OK));
	TRY(chdir("text"));
	TRY(chdir("dir/deep"));
	printf("%s\n",
	       base ? getcwd(buf, sizeof(buf)) + strlen(base) - (strcmp(base, "/") == 0) : "none");
	TRY(access("../inner", R_OK));
	TRY(chdir("../../"));
	TRY(getcwd(buf, 1) == NULL);
	TRY(fstat(77, &s));
	TRY(isatty(77));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void listing(void)
{
	struct dirent **list;
	int n = scandir("dir", &list, NULL, by_name), k = 0;
	DIR *d;

	for (int i = 0; i < n; i++) {
		printf("%s %d; ", list[i]->d_name, list[i]->d_type);
		free(list[i]);
	}
	free(list);
	printf("%d\n", n);
	d = opendir("dir");
	while (readdir(d))
		k++;
	rewinddir(d);
	while (readdir(d))
		k++;
	printf("%d %d", k, dirfd(d) > 2);
	printf(" %d\n", closedir(d));
	TRY(opendir("text") == NULL);
	TRY(opendir("missing") == NULL);
}

int main(void)
{
	opening();
	looking();
	listing();
	return 0;
}
