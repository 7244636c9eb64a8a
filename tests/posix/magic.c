/* magic.c - the links in /proc/self/fd.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

static char cwd[PATH_MAX];

/* Where it leads, without numbers and from here on. */
static void show(const char *what, int fd)
{
	char path[64], text[PATH_MAX + 1] = "";
	ssize_t n;

	sprintf(path, "/proc/self/fd/%d", fd);
	errno = 0;
	n = readlink(path, text, sizeof(text) - 1);
	printf("%s: %d ", what, n > 0);
	if (strncmp(text, cwd, strlen(cwd)) == 0)
		memmove(text, text + strlen(cwd), strlen(text) + 1 - strlen(cwd));
	for (char *p = text; *p; p++)
		if (*p < '0' || *p > '9')
			putchar(*p);
	printf(" %s\n", errno ? strerror(errno) : "");
}

int main(void)
{
	int text = open("text", O_RDONLY), dir = open("dir/deep", O_RDONLY), p[2], s[2], fd;
	char path[64], got[10], *whole;
	struct stat st, there;
	DIR *d;
	int links = 0;

	getcwd(cwd, sizeof(cwd));
	if (!cwd[1])
		cwd[0] = '\0';
	show("file", text);
	show("directory", dir);
	show("root", open("/", O_RDONLY));
	show("null", open("/dev/null", O_RDONLY));
	show("path", open("dir/inner", O_PATH));
	pipe(p);
	show("pipe", p[0]);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	show("socket", s[1]);
	show("eventfd", eventfd(0, 0));
	show("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
	show("epoll", epoll_create1(0));
	show("memfd", memfd_create("thing", 0));
	show("none", 99);
	mkfifo("fifo", 0600);
	show("fifo", open("fifo", O_RDWR));
	fd = open("new", O_CREAT | O_RDWR, 0600);
	show("new", fd);
	rename("new", "dir/moved");
	show("moved", fd);
	link("dir/moved", "linked");
	unlink("linked");
	unlink("dir/moved");
	show("gone", fd);
	sprintf(path, "/proc/self/fd/%d", fd);
	TRY(access(path, F_OK));
	write(fd, "still", 5);
	TRY((fd = open(path, O_RDONLY)) > 2);
	TRY(read(fd, got, 5));
	mkdir("a", 0755);
	mkdir("a/b", 0755);
	fd = open("a/b", O_RDONLY);
	show("inside", fd);
	rename("a", "c");
	show("renamed", fd);
	rmdir("c/b");
	show("removed", fd);
	rmdir("c");
	TRY(lstat("/proc/self/fd/0", &st));
	printf("%d %ld\n", S_ISLNK(st.st_mode), (long)st.st_size);
	sprintf(path, "/proc/self/fd/%d", text);
	TRY(stat(path, &st));
	stat("text", &there);
	printf("%d\n", st.st_ino == there.st_ino);
	TRY(readlink(path, got, 3));
	TRY(readlink(path, got, 0));
	TRY(readlink("/proc/self/fd", got, 3));
	TRY(readlink("/proc/self/fd/x", got, 3));
	whole = realpath(path, NULL);
	printf("%s\n", whole ? whole + strlen(cwd) : "");
	write(p[1], "in it", 5);
	sprintf(path, "/proc/self/fd/%d", p[0]);
	TRY((fd = open(path, O_WRONLY | O_NONBLOCK)) > 2);
	close(fd);
	close(p[1]);
	TRY((fd = open(path, O_RDONLY)) > 2);
	TRY(read(fd, got, 10));
	TRY(read(fd, got, 10));
	close(p[0]);
	sprintf(path, "/proc/self/fd/%d", fd);
	TRY((p[1] = open(path, O_WRONLY)) > 2);
	close(fd);
	sprintf(path, "/proc/self/fd/%d", p[1]);
	TRY((fd = open(path, O_WRONLY | O_NONBLOCK)) > 2);
	sprintf(path, "/proc/self/fd/%d/inner", open("dir", O_RDONLY));
	TRY(access(path, F_OK));
	d = opendir("/proc/self/fd");
	for (struct dirent *e; (e = readdir(d));)
		links += e->d_type == DT_LNK;
	printf("%d\n", links > 10);
	closedir(d);
	TRY(readlink("/dev/fd", got, 10));
	printf("%.10s\n", got);
	return 0;
}
