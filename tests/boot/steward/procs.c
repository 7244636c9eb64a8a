/* procs.c - processes and threads, on libos-posix, for the tests of the steward.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * With an argument its children stay where they are when it leaves.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILDREN 4

static void *thread(void *arg)
{
	return arg;
}

static int child(int out, int leaves)
{
	if (write(out, "x", 1) != 1)
		return 1;
	while (leaves)
		nanosleep(&(struct timespec){1000, 0}, NULL);
	return 2;
}

int main(int argc, char **argv)
{
	int ends[2], status, sum = 0;
	pthread_t other;
	char text[CHILDREN];
	void *result = NULL;
	ssize_t n = 0;

	(void)argv;
	if (pipe(ends) != 0)
		return 99;
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 98;
		if (pid == 0)
			_exit(child(ends[1], argc > 1));
	}
	while (n < CHILDREN && read(ends[0], text + n, 1) == 1)
		n++;
	printf("read %d\n", (int)n);
	for (int i = 0; argc == 1 && i < CHILDREN; i++)
		if (wait(&status) > 0 && WIFEXITED(status))
			sum += WEXITSTATUS(status);
	if (pthread_create(&other, NULL, thread, "joined") == 0)
		pthread_join(other, &result);
	printf("waited %d %s\n", sum, result ? (char *)result : "nothing");
	return 0;
}
