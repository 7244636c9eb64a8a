/* stops.c - a process stops, and goes on, while its threads begin and end.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 24

static void *ends(void *unused)
{
	return unused;
}

static void *makes(void *unused)
{
	pthread_t t;

	for (;;)
		if (pthread_create(&t, NULL, ends, NULL) == 0)
			pthread_join(t, NULL);
	return unused;
}

static void busy(void)
{
	pthread_t t;

	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, makes, NULL);
	for (;;)
		pause();
}

int main(void)
{
	int stopped = 0, went_on = 0, killed = 0, status;

	for (int round = 0; round < ROUNDS; round++) {
		pid_t pid = fork();

		if (!pid)
			busy();
		usleep((useconds_t)(round * 137 % 3000));
		for (int i = 0; i < 3; i++) {
			kill(pid, SIGSTOP);
			stopped += waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
			kill(pid, SIGCONT);
			went_on += waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status);
		}
		kill(pid, SIGKILL);
		killed += waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
	}
	printf("stopped %d, went on %d, killed %d\n", stopped, went_on, killed);
	return 0;
}
