/* cut.c - files that are cut, and grow again, while they are mapped.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 */
#include "try.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define RW   (PROT_READ | PROT_WRITE)

static sigjmp_buf env;
static char *where;

static void handler(int n, siginfo_t *info, void *unused)
{
	siglongjmp(env, n == SIGBUS && info->si_addr == where ? info->si_code : -n);
}

/* What is there: a byte, or how the fault was told of. */
static void look(const char *what, char *p)
{
	int r;

	where = p;
	r = sigsetjmp(env, 1);
	if (r)
		printf("%s: fault %d\n", what, r);
	else
		printf("%s: %d\n", what, *(volatile char *)p);
}

static void change(const char *what, char *p)
{
	int r;

	where = p;
	r = sigsetjmp(env, 1);
	if (r) {
		printf("%s: fault %d\n", what, r);
		return;
	}
	*(volatile char *)p = 'w';
	printf("%s: written\n", what);
}

static int make(int pages)
{
	char page[PAGE];
	int fd = open("cut", O_RDWR | O_CREAT | O_TRUNC, 0600);

	for (int i = 0; i < pages; i++) {
		memset(page, 'a' + i, PAGE);
		write(fd, page, PAGE);
	}
	return fd;
}

static void all(char *p, const char *what)
{
	printf("%s\n", what);
	look("first", p);
	look("cut", p + PAGE + 9);
	look("in its page", p + PAGE + 11);
	look("end of it", p + 2 * PAGE - 1);
	look("behind", p + 2 * PAGE);
	look("last", p + 4 * PAGE - 1);
}

static void cutting(int flags)
{
	int fd = make(4), out = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p = mmap(NULL, 4 * PAGE, RW, flags, fd, 0),
	     *q = mmap(NULL, 2 * PAGE, PROT_READ, flags, fd, 2 * PAGE);

	all(p, "whole");
	TRY(ftruncate(fd, PAGE + 10));
	all(p, "cut");
	look("second", q);
	change("behind", p + 3 * PAGE);
	TRY(write(out, p + 3 * PAGE, 10));
	TRY(write(out, p + PAGE, 10));
	TRY(pread(fd, p + 2 * PAGE, 5, 0));
	TRY(mprotect(p, 4 * PAGE, PROT_READ));
	look("behind", p + 2 * PAGE);
	TRY(mprotect(p, 4 * PAGE, RW));
	TRY(ftruncate(fd, 3 * PAGE));
	all(p, "grown");
	change("grown", p + 2 * PAGE);
	TRY(pread(fd, p, 1, 2 * PAGE));
	printf("%d\n", *p);
	look("second", q);
	TRY(ftruncate(fd, 0));
	look("empty", p);
	TRY(munmap(p, 4 * PAGE));
	TRY(munmap(q, 2 * PAGE));
	close(fd);
	fd = open("cut", O_RDWR | O_TRUNC);
	TRY(write(fd, "new", 3));
	close(fd);
	close(out);
	unlink("cut");
	unlink("out");
}

/* A child that was there before has what is the file's, too. */
static void children(void)
{
	int fd = make(3), fds[2], status;
	char *p = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0), c;

	pipe(fds);
	fflush(stdout);
	if (!fork()) {
		close(fds[1]);
		read(fds[0], &c, 1); /* nothing of it was touched here */
		look("child, first", p);
		look("child, behind", p + 2 * PAGE);
		fflush(stdout);
		_exit(0);
	}
	ftruncate(fd, PAGE);
	close(fds[1]);
	wait(&status);
	look("parent, behind", p + 2 * PAGE);
	close(fd);
	unlink("cut");
}

int main(void)
{
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigaction(SIGBUS, &a, NULL);
	sigaction(SIGSEGV, &a, NULL);
	cutting(MAP_SHARED);
	cutting(MAP_PRIVATE);
	children();
	return 0;
}
