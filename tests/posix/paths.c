/* paths.c - /dev and /proc/self by their names; directory streams and exec.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 */
#include "try.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void open_again(void)
{
	char name[30], c = 0;
	int fd = open("text", O_RDONLY), other;

	read(fd, &c, 1);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	other = open(name, O_RDONLY);
	printf("%d %c\n", other > fd, c);
	TRY(pread(other, &c, 1, 0));
	printf("%c\n", c);
	TRY(open("/dev/fd/77", O_RDONLY));
	TRY(access("/dev/stdin", F_OK));
	TRY(access("/dev/stdout", F_OK));
	close(fd);
	close(other);
}

static void memory(void)
{
	struct stat a, b;
	char path[40], *name = path + strlen("/dev/shm");
	int fd;

	snprintf(path, sizeof(path), "/dev/shm/paths-%d", getpid());
	shm_unlink(name);
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	fstat(fd, &a);
	printf("%d", stat(path, &b));
	printf(" %d\n", a.st_ino == b.st_ino);
	TRY(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
	TRY(unlink(path));
	TRY(shm_open(name, O_RDWR, 0));
	close(fd);
}

static void devices(void)
{
	static const char *const name[] = {"/dev/null",    "/dev/zero", "/dev/full", "/dev/random",
					   "/dev/urandom", "/dev/tty",  "/dev/ptmx"};
	struct stat st;
	char c[4] = "abc";
	int fd;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		printf("%s %d", name[i], stat(name[i], &st));
		printf(" %d %d\n", S_ISCHR(st.st_mode), st.st_rdev != 0);
	}
	printf("/dev/pts %d", stat("/dev/pts", &st));
	printf(" %d\n", S_ISDIR(st.st_mode));
	printf("/dev/shm %d", stat("/dev/shm", &st));
	printf(" %d\n", S_ISDIR(st.st_mode));
	fd = posix_openpt(O_RDWR | O_NOCTTY);
	printf("%d\n", strncmp(ptsname(fd), "/dev/pts/", 9));
	close(fd);
	fd = open("/dev/full", O_RDWR);
	TRY(write(fd, c, 1));
	TRY(read(fd, c, 3));
	printf("%d%d%d\n", c[0], c[1], c[2]);
	close(fd);
	fd = open("/dev/null", O_RDWR);
	TRY(write(fd, c, 3));
	TRY(read(fd, c, 3));
	TRY(lseek(fd, 100, SEEK_SET));
	close(fd);
	fd = open("/dev/random", O_RDONLY);
	TRY(read(fd, c, 3));
	close(fd);
}

static void self(void)
{
	char text[300], other[300];
	ssize_t n = readlink("/proc/self/exe", text, sizeof(text) - 1);
	int fd;

	printf("%d\n", n > 0 && *text == '/');
	fd = open("/proc/self/exe", O_RDONLY);
	TRY(fd >= 0);
	TRY(read(fd, text, 4));
	printf("%.3s\n", text + 1);
	close(fd);
	n = readlink("/proc/self/cwd", text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = 0;
	printf("%d\n", strcmp(text, getcwd(other, sizeof(other))));
	TRY(access("/proc/self/fd/0", F_OK));
	TRY(access("/proc/self/nothing", F_OK));
	TRY(mkdir("/proc/self/new", 0700));
}

static void streams(void)
{
	DIR *d = opendir("dir");

	printf("%d\n", fcntl(dirfd(d), F_GETFD) == FD_CLOEXEC);
	TRY(closedir(d));
	d = fdopendir(open("dir", O_RDONLY | O_DIRECTORY));
	printf("%d\n", fcntl(dirfd(d), F_GETFD) & FD_CLOEXEC ? 1 : 0);
	TRY(closedir(d));
	TRY(opendir("text") == NULL);
	TRY(fdopendir(99) == NULL);
}

int main(void)
{
	open_again();
	memory();
	devices();
	self();
	streams();
	return 0;
}
