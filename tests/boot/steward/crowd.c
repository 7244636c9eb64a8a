/* crowd.c - many processes and threads, good ones or bad ones; on libos-posix.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Arguments: `work N`: N processes in a ring of pipes hand a number round while each has a thread
 * that computes.  `crash`: a child crashes, a grandchild, then this one.  The others never end by
 * themselves: `bomb`: processes without end, all of them spinning; `eat`: all memory, in several
 * processes; `spin`: several threads of several processes that never wait.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 20

static void *compute(void *arg)
{
	uint64_t *x = arg;

	for (int i = 0; i < 100000; i++)
		*x = *x * 6364136223846793005 + 1442695040888963407;
	return NULL;
}

/* Hands on what it reads, one more each time. */
static int link_of_ring(int from, int to, uint64_t seed)
{
	uint64_t x = seed, y = seed;
	pthread_t thread;
	int n;

	if (pthread_create(&thread, NULL, compute, &x))
		return 2;
	while (read(from, &n, sizeof(n)) == sizeof(n)) {
		n++;
		if (write(to, &n, sizeof(n)) != sizeof(n))
			return 3;
	}
	pthread_join(thread, NULL);
	compute(&y);
	return x == y ? 0 : 4;
}

static int work(int count)
{
	int first[2], from, n = 0, good = 0, status;

	if (pipe(first))
		return 1;
	from = first[0];
	for (int i = 0; i < count; i++) {
		int next[2];

		if (pipe(next))
			return 1;
		switch (fork()) {
		case -1:
			perror("fork");
			return 1;
		case 0:
			close(first[1]);
			close(next[0]);
			_exit(link_of_ring(from, next[1], (uint64_t)i));
		}
		close(from);
		close(next[1]);
		from = next[0];
	}
	for (int i = 0; i < ROUNDS; i++)
		if (write(first[1], &n, sizeof(n)) != sizeof(n) ||
		    read(from, &n, sizeof(n)) != sizeof(n))
			return 1;
	close(first[1]);
	while (wait(&status) > 0)
		good += WIFEXITED(status) && !WEXITSTATUS(status);
	printf("%d handed on, %d processes well\n", n, good);
	return 0;
}

static int crash(void)
{
	static int *volatile nowhere = (int *)16;
	int status;

	if (!fork()) {
		if (!fork())
			abort();
		wait(&status);
		printf("grandchild: %s\n", strsignal(WTERMSIG(status)));
		fflush(stdout);
		*nowhere = 1;
	}
	wait(&status);
	printf("child: %s\n", strsignal(WTERMSIG(status)));
	fflush(stdout);
	*nowhere = 1;
	return 0;
}

static void *spin(void *arg)
{
	for (;;)
		;
	return arg;
}

static void bomb(void)
{
	int told = 0;

	for (;;)
		if (fork() < 0) {
			if (!told++)
				write(1, "no more\n", 8);
			for (volatile int i = 0; i < 100000; i++)
				;
		}
}

static void eat(void)
{
	for (int i = 0; i < 3; i++)
		fork();
	for (size_t n = 1 << 20; n >= 4096;) {
		char *p = malloc(n);

		if (p)
			memset(p, 1, n);
		else
			n /= 2;
	}
	spin(NULL);
}

static void threads(void)
{
	pthread_t thread;

	fork();
	fork();
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, spin, NULL);
	spin(NULL);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "";

	if (!strcmp(way, "work"))
		return work(atoi(argv[2]));
	if (!strcmp(way, "crash"))
		return crash();
	if (!strcmp(way, "bomb"))
		bomb();
	if (!strcmp(way, "eat"))
		eat();
	if (!strcmp(way, "spin"))
		threads();
	return 2;
}
