/* teller.c - says what a program finds that another one has begun (tests/posix/exec.c).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void arguments(int argc, char **argv)
{
	size_t bytes = 0;

	printf("%d:", argc);
	for (int i = 0; i < argc; i++) {
		bytes += strlen(argv[i]) + 1;
		if (i < 8)
			printf(" [%.40s]", argv[i]);
	}
	printf(" %zu bytes\n", bytes);
	for (char **e = environ; *e; e++)
		printf("env %.60s\n", *e);
}

static void signals(void)
{
	sigset_t set, pending;
	stack_t stack;
	struct itimerval v;

	sigprocmask(SIG_BLOCK, NULL, &set);
	sigpending(&pending);
	for (int n = 1; n < NSIG; n++) {
		struct sigaction a;

		if (sigaction(n, NULL, &a) < 0)
			continue;
		if (a.sa_handler != SIG_DFL || sigismember(&set, n) || sigismember(&pending, n))
			printf("signal %d: %s%s%s flags %x\n", n,
			       a.sa_handler == SIG_IGN   ? "ignored"
			       : a.sa_handler == SIG_DFL ? "default"
							 : "caught",
			       sigismember(&set, n) ? ", blocked" : "",
			       sigismember(&pending, n) ? ", pending" : "",
			       a.sa_handler == SIG_DFL ? 0 : a.sa_flags & ~0x04000000);
	}
	sigaltstack(NULL, &stack);
	printf("alternate stack %d\n", !(stack.ss_flags & SS_DISABLE));
	getitimer(ITIMER_REAL, &v);
	printf("timer %d %d\n", v.it_value.tv_sec > 500, (int)v.it_interval.tv_sec);
	getitimer(ITIMER_VIRTUAL, &v);
	printf("virtual %d\n", v.it_value.tv_sec > 500);
	timer_delete((timer_t)0);
}

static void files(void)
{
	char dir[200], text[8] = "";
	mode_t mask = umask(0);
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	for (int fd = 3; fd < 10; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("open %d flags %d at %ld\n", fd, fcntl(fd, F_GETFD),
			       (long)lseek(fd, 0, SEEK_CUR));
	getcwd(dir, sizeof(dir));
	printf("umask %o in %s\n", mask,
	       strcmp(dir, "/") && strcmp(strrchr(dir, '/'), "/root") ? strrchr(dir, '/') + 1
								      : "the root");
	if (read(3, text, 3) > 0)
		printf("read %s\n", text);
	if (!fork()) {
		printf("locked by another: %d\n", fcntl(3, F_SETLK, &l) < 0);
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void identity(char **argv)
{
	printf("pid %d, parent %d, group %d, session %d\n", getpid() == atoi(argv[2]),
	       getppid() == atoi(argv[3]), getpgrp() == atoi(argv[4]), getsid(0) == atoi(argv[5]));
}

static long deep(long bytes)
{
	volatile char room[1024];

	room[0] = 1;
	return bytes > 0 ? deep(bytes - 1024) + room[0] : 0;
}

static void limits(char **argv)
{
	static const int which[] = {RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK, RLIMIT_CPU};
	struct rlimit l;

	while (strcmp(argv[2], "run") == 0)
		;
	for (int i = 0; i < 4; i++) {
		getrlimit(which[i], &l);
		printf("%d: %ld %ld\n", which[i], (long)l.rlim_cur, (long)l.rlim_max);
	}
	printf("deep %d\n", deep(20 << 20) > 1000);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "signals") == 0)
		signals();
	else if (strcmp(what, "files") == 0)
		files();
	else if (strcmp(what, "identity") == 0)
		identity(argv);
	else if (strcmp(what, "limits") == 0)
		limits(argv);
	else if (strcmp(what, "again") == 0 && atoi(argv[2]) > 0) {
		char n[20];

		snprintf(n, sizeof(n), "%d", atoi(argv[2]) - 1);
		execl(argv[0], argv[0], "again", n, NULL);
		return 100;
	} else if (strcmp(what, "wait") == 0) {
		int s = 0;
		pid_t pid = wait(&s);

		printf("child of before %d, %d\n", pid > 0, WEXITSTATUS(s));
	} else {
		arguments(argc, argv);
	}
	fflush(stdout);
	return 42;
}
