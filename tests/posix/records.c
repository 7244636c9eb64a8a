/* records.c - locks on parts of files, of open files and of processes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "asleep.h"
#include "try.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int lock(int fd, int command, short type, off_t start, off_t n)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = n};

	return fcntl(fd, command, &l);
}

/* Who is in the way? */
static void ask(int fd, int command, short type, off_t start, off_t n, pid_t of)
{
	struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = n};
	int r = fcntl(fd, command, &l);

	printf("%d: %d %ld %ld %s\n", r, l.l_type, (long)l.l_start, (long)l.l_len,
	       l.l_type == F_UNLCK ? ""
	       : l.l_pid == of     ? "of it"
	       : l.l_pid == -1     ? "open file"
				   : "?");
}

static void open_files(void)
{
	int a = open("lock", O_CREAT | O_RDWR, 0600), b = open("lock", O_RDWR);
	struct flock l = {.l_type = F_WRLCK, .l_pid = 5};

	TRY(lock(a, F_OFD_SETLK, F_WRLCK, 10, 10));
	TRY(lock(b, F_OFD_SETLK, F_WRLCK, 0, 10));
	TRY(lock(b, F_OFD_SETLK, F_WRLCK, 5, 10));
	TRY(lock(b, F_OFD_SETLK, F_RDLCK, 19, 1));
	TRY(lock(b, F_OFD_SETLK, F_RDLCK, 20, 0));
	ask(b, F_OFD_GETLK, F_RDLCK, 0, 0, 0);
	ask(a, F_OFD_GETLK, F_RDLCK, 0, 0, 0);
	ask(a, F_OFD_GETLK, F_RDLCK, 20, 0, 0);
	ask(a, F_OFD_GETLK, F_WRLCK, 20, 0, 0);
	ask(a, F_GETLK, F_WRLCK, 10, 5, 0);
	TRY(lock(a, F_SETLK, F_WRLCK, 12, 1));
	TRY(lock(a, F_SETLK, F_WRLCK, 5, 1));
	/* in the middle of what it has */
	TRY(lock(a, F_OFD_SETLK, F_UNLCK, 13, 3));
	ask(b, F_OFD_GETLK, F_WRLCK, 10, 10, 0);
	ask(b, F_OFD_GETLK, F_WRLCK, 13, 10, 0);
	TRY(lock(b, F_OFD_SETLK, F_WRLCK, 13, 3));
	TRY(lock(a, F_OFD_SETLK, F_RDLCK, 11, 1));
	ask(b, F_OFD_GETLK, F_RDLCK, 10, 3, 0);
	ask(b, F_OFD_GETLK, F_RDLCK, 11, 1, 0);
	ask(b, F_OFD_GETLK, F_WRLCK, 11, 1, 0);
	TRY(lock(a, F_OFD_SETLK, F_WRLCK, 11, 1));
	ask(b, F_OFD_GETLK, F_WRLCK, 0, 13, 0);
	TRY(close(b));
	TRY(lock(a, F_OFD_SETLK, F_WRLCK, 0, 0));
	b = open("lock", O_RDONLY);
	TRY(lock(b, F_OFD_SETLK, F_WRLCK, 0, 1));
	TRY(lock(b, F_OFD_SETLK, F_RDLCK, 100, 1));
	TRY(fcntl(a, F_OFD_SETLK, &l));
	close(dup(a));
	TRY(lock(b, F_OFD_SETLK, F_RDLCK, 100, 1));
	TRY(close(a));
	TRY(lock(b, F_OFD_SETLK, F_RDLCK, 100, 1));
	close(b);
}

static void ranges(void)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = -10};
	int a = open("lock", O_RDWR), b = open("lock", O_RDWR);

	TRY(fcntl(a, F_OFD_SETLK, &l));
	ask(b, F_OFD_GETLK, F_WRLCK, 0, 0, 0);
	l.l_start = 5;
	TRY(fcntl(a, F_OFD_SETLK, &l));
	ftruncate(a, 50);
	lseek(a, 20, SEEK_SET);
	l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = -5, .l_len = 2};
	TRY(fcntl(a, F_OFD_SETLK, &l));
	ask(b, F_OFD_GETLK, F_WRLCK, 0, 90, 0);
	l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = 0, .l_len = 0};
	TRY(fcntl(a, F_OFD_SETLK, &l));
	ask(b, F_OFD_GETLK, F_WRLCK, 17, 0, 0);
	l = (struct flock){
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INT64_MAX, .l_len = 2};
	TRY(fcntl(a, F_OFD_SETLK, &l));
	l.l_whence = SEEK_END;
	TRY(fcntl(a, F_OFD_SETLK, &l));
	l = (struct flock){.l_type = 77};
	TRY(fcntl(a, F_SETLK, &l));
	close(a);
	close(b);
}

/* A child that does one thing at each byte it gets, and answers. */
static int order[2], answer[2];

static void tell(const char *what)
{
	char c;

	fflush(stdout);
	write(order[1], what, 1);
	read(answer[0], &c, 1);
}

static void child(void)
{
	int fd = open("lock", O_RDWR), other;
	char c;

	while (read(order[0], &c, 1) == 1) {
		switch (c) {
		case 'l':
			TRY(lock(fd, F_SETLK, F_WRLCK, 0, 10));
			break;
		case 'r':
			TRY(lock(fd, F_SETLK, F_RDLCK, 0, 5));
			break;
		case 'c': /* any descriptor for it */
			other = open("lock", O_RDONLY);
			close(other);
			break;
		case 'w': /* answers before it waits */
			write(answer[1], "x", 1);
			TRY(lock(fd, F_SETLKW, F_WRLCK, 20, 10));
			break;
		case 'f':
			TRY(flock(fd, LOCK_EX | LOCK_NB));
			break;
		case 'F':
			write(answer[1], "x", 1);
			TRY(flock(fd, LOCK_EX));
			break;
		}
		fflush(stdout);
		write(answer[1], &c, 1);
	}
	_exit(0);
}

static void processes(void)
{
	int fd = open("lock", O_RDWR), status;
	char c;
	pid_t p;

	pipe(order);
	pipe(answer);
	TRY(lock(fd, F_SETLK, F_WRLCK, 0, 10));
	fflush(stdout);
	p = fork();
	if (!p) {
		close(order[1]);
		child();
	}
	close(order[0]);
	tell("l"); /* locks are not inherited */
	TRY(lock(fd, F_SETLK, F_UNLCK, 0, 10));
	tell("l");
	ask(fd, F_GETLK, F_RDLCK, 3, 100, p);
	TRY(lock(fd, F_SETLK, F_RDLCK, 9, 1));
	TRY(lock(fd, F_SETLK, F_RDLCK, 10, 1));
	tell("r");
	ask(fd, F_GETLK, F_RDLCK, 0, 100, p);
	ask(fd, F_GETLK, F_WRLCK, 0, 100, p);
	tell("c");
	ask(fd, F_GETLK, F_WRLCK, 0, 100, p);
	TRY(lock(fd, F_SETLK, F_WRLCK, 20, 10));
	tell("w");
	usleep(20000);
	TRY(lock(fd, F_SETLK, F_UNLCK, 25, 1));
	usleep(20000);
	fflush(stdout);
	lock(fd, F_SETLK, F_UNLCK, 0, 0);
	read(answer[0], &c, 1);
	ask(fd, F_GETLK, F_WRLCK, 0, 100, p);
	/* each waits for the other */
	TRY(lock(fd, F_SETLK, F_WRLCK, 40, 1));
	TRY(lock(fd, F_SETLK, F_WRLCK, 20, 1));
	TRY(flock(fd, LOCK_EX));
	tell("f");
	tell("F");
	usleep(20000);
	fflush(stdout);
	flock(fd, LOCK_UN);
	read(answer[0], &c, 1);
	TRY(flock(fd, LOCK_SH | LOCK_NB));
	close(order[1]);
	TRY(waitpid(p, &status, 0) == p);
	ask(fd, F_GETLK, F_WRLCK, 0, 100, p);
	TRY(flock(fd, LOCK_SH | LOCK_NB));
	close(fd);
}

/* Each waits for what the other has. */
static void deadlock(void)
{
	int fd = open("lock", O_RDWR), ready[2], status;
	pid_t p;
	char c;

	pipe(ready);
	lock(fd, F_SETLK, F_WRLCK, 0, 1);
	fflush(stdout);
	p = fork();
	if (!p) {
		int r;

		lock(fd, F_SETLK, F_WRLCK, 1, 1);
		write(ready[1], "x", 1);
		r = lock(fd, F_SETLKW, F_WRLCK, 0, 1);
		_exit(r == 0 ? 7 : 8);
	}
	read(ready[0], &c, 1);
	asleep(p); /* it waits for us */
	TRY(lock(fd, F_SETLKW, F_WRLCK, 1, 1));
	lock(fd, F_SETLK, F_UNLCK, 0, 0);
	waitpid(p, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	TRY(lockf(fd, F_TEST, 1));
	close(fd);
}

int main(void)
{
	open_files();
	ranges();
	processes();
	deadlock();
	return 0;
}
