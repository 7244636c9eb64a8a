/* devices.c - /dev, pipes, FIFOs, locks, duplicates of descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char buf[70000];

static void devices(void)
{
	static const char *const name[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
					   "/dev/urandom"};
	struct stat s;

	for (int i = 0; i < 5; i++) {
		int fd = open(name[i], O_RDWR);

		memset(buf, 'x', 100);
		printf("%s\n", name[i]);
		TRY(read(fd, buf, 50));
		printf("%d %d\n", i > 2 || buf[0] == (i ? 0 : 'x'), buf[50]);
		TRY(write(fd, "abc", 3));
		TRY(lseek(fd, 5, SEEK_SET));
		TRY(fstat(fd, &s));
		printf("%o %lx\n", s.st_mode, (long)s.st_rdev);
		TRY(ftruncate(fd, 5));
		if (i < 3)
			TRY(isatty(fd));
		TRY(read(fd, (void *)16, 0));
		close(fd);
	}
	TRY(open("/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0666) > 0);
	TRY(access("/dev/stdin", F_OK));
	FILE *f = fopen("/dev/stdout", "w");
	fflush(stdout);
	fprintf(f, "through /dev/stdout\n");
	fclose(f);
	f = fopen("/dev/fd/1", "w");
	fprintf(f, "through /dev/fd/1\n");
	fclose(f);
	TRY(open("/dev/fd/77", O_RDONLY));
	TRY(open("/dev/none", O_RDONLY));
	f = fopen("/dev/full", "w");
	fputs("lost", f);
	TRY(fclose(f));
}

static void pipes(void)
{
	struct stat s;
	int p[2], n = 0;

	TRY(pipe2(p, O_NONBLOCK | O_CLOEXEC));
	TRY(fcntl(p[0], F_GETFL));
	TRY(fcntl(p[1], F_GETFD));
	TRY(read(p[0], buf, 10));
	TRY(write(p[1], "hello", 5));
	TRY(fstat(p[0], &s));
	printf("%o\n", s.st_mode);
	TRY(read(p[0], buf, 3));
	TRY(read(p[0], buf, 10));
	TRY(lseek(p[0], 0, SEEK_SET));
	TRY(pread(p[0], buf, 1, 0));
	TRY(write(p[0], "x", 1));
	TRY(read(p[1], buf, 1));
	while (write(p[1], buf, 4096) == 4096)
		n++;
	printf("%d\n", n);
	TRY(write(p[1], buf, 1));
	TRY(read(p[0], buf, 5000));
	TRY(write(p[1], buf, 5000));
	TRY(write(p[1], buf, 60000) > 0);
	for (n = 0; read(p[0], buf, 999) > 0; n++)
		;
	printf("%d\n", n > 60);
	TRY(close(p[1]));
	TRY(read(p[0], buf, 10));
	TRY(close(p[0]));
	TRY(pipe(p));
	TRY(close(p[0]));
	signal(SIGPIPE, SIG_IGN);
	TRY(write(p[1], "x", 1));
	TRY(close(p[1]));
	TRY(pipe2(p, O_TRUNC));
}

static void fifos(void)
{
	int r, w;

	TRY(mkfifo("fifo", 0600));
	TRY(mkfifo("fifo", 0600));
	TRY(open("fifo", O_WRONLY | O_NONBLOCK));
	TRY((r = open("fifo", O_RDONLY | O_NONBLOCK)) > 0);
	TRY(read(r, buf, 1));
	TRY((w = open("fifo", O_WRONLY)) > 0);
	TRY(read(r, buf, 1));
	TRY(write(w, "abc", 3));
	TRY(read(r, buf, 9));
	TRY(close(w));
	TRY(read(r, buf, 9));
	TRY(unlink("fifo"));
	TRY(close(r));
}

static void locks(void)
{
	int a = open("lock", O_CREAT | O_RDWR, 0600), b = open("lock", O_RDONLY);
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};

	TRY(flock(a, LOCK_EX));
	TRY(flock(b, LOCK_EX | LOCK_NB));
	TRY(flock(b, LOCK_SH | LOCK_NB));
	TRY(flock(a, LOCK_SH));
	TRY(flock(b, LOCK_SH | LOCK_NB));
	TRY(flock(a, LOCK_EX | LOCK_NB));
	TRY(close(b));
	TRY(flock(a, LOCK_EX | LOCK_NB));
	TRY(flock(a, 77));
	TRY(flock(99, LOCK_SH));
	TRY(fcntl(a, F_SETLK, &l));
	TRY(fcntl(a, F_GETLK, &l));
	printf("%d\n", l.l_type);
	b = open("lock", O_RDONLY);
	l.l_type = F_WRLCK;
	TRY(fcntl(b, F_SETLK, &l));
	l.l_whence = 9;
	TRY(fcntl(a, F_SETLK, &l));
	l.l_whence = SEEK_SET;
	l.l_start = -1;
	TRY(fcntl(a, F_SETLK, &l));
	TRY(lockf(a, F_LOCK, 10));
	TRY(fcntl(a, F_GETLK, (void *)16));
	TRY(fcntl(a, 12345, 0));
	TRY(fcntl(99, F_GETFL));
}

static void duplicates(void)
{
	int fd = open("text", O_RDONLY), last = 0, n = 0;

	TRY(dup2(fd, fd) == fd);
	TRY(dup3(fd, fd, 0));
	TRY(dup3(fd, 50, O_CLOEXEC));
	TRY(fcntl(50, F_GETFD));
	TRY(fcntl(fd, F_DUPFD_CLOEXEC, 60));
	TRY(fcntl(60, F_GETFD));
	TRY(fcntl(fd, F_DUPFD, 2000));
	TRY(dup2(99, 100));
	TRY(dup2(fd, -1));
	TRY(close(50));
	TRY(close(60));
	while ((last = dup(fd)) >= 0)
		n = last;
	TRY(last);
	printf("%d\n", n);
	TRY(open("text", O_RDONLY));
	TRY(pipe((int[2]){0}));
	for (int i = fd + 1; i <= n; i++)
		close(i);
	TRY(dup(fd) == fd + 1);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	devices();
	pipes();
	fifos();
	locks();
	duplicates();
	return 0;
}
