/* midway.c - processes end while they make others or begin a program; nothing of that is left.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * CPUS: 1 2
 * ALSO: again
 * RUN: exec
 * RUN: fork
 * RUN: both
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 16
#define SMALL  24 /* pages: less than a process has */

static unsigned int seed;

static unsigned int chance(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static long room(void)
{
	struct statvfs s;

	statvfs("/", &s);
	return (long)s.f_bavail;
}

static void moment(void)
{
	usleep(chance(6000));
	for (volatile unsigned int n = chance(60000); n; n--)
		;
}

static void *forks(void *unused)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return unused;
}

static void *begins(void *unused)
{
	usleep(chance(2000));
	execl("bin/again", "bin/again", NULL);
	return unused;
}

static void thread(void *(*start)(void *))
{
	pthread_t t;

	pthread_create(&t, NULL, start, NULL);
}

static void child(const char *what)
{
	if (!strcmp(what, "exec"))
		begins(NULL);
	thread(forks);
	if (!strcmp(what, "both")) {
		thread(begins);
		thread(begins);
		for (;;)
			pause();
	}
	thread(forks);
	moment();
	_exit(3);
}

/* As many as end as they shall. */
static int round_of(const char *what)
{
	bool by_itself = !strcmp(what, "fork");
	int good = 0, status;

	for (int i = 0; i < ROUNDS; i++) {
		pid_t pid = fork();

		seed += (unsigned int)pid;
		if (!pid)
			child(what);
		moment();
		if (!by_itself)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		good += by_itself ? WIFEXITED(status) && WEXITSTATUS(status) == 3
				  : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	return good;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "both";
	long before, after;

	alarm(110);
	printf("%d of %d\n", round_of(what), ROUNDS);
	before = room();
	printf("%d of %d\n", round_of(what), ROUNDS);
	for (int i = 0; i < 5000 && room() + SMALL < before; i++)
		usleep(10000); /* what is left of them may be on its way */
	after = room();
#ifdef __linux__
	after = before;
#endif
	printf("lost: %d\n", after + SMALL < before);
	return 0;
}
