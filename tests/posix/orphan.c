/* orphan.c - who has lost its parent is nobody's child: the image's first process hears nothing of
 * its end. SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int heard;

static void child(int number)
{
	(void)number;
	heard++;
}

/* A child whose own child outlives it, and its parent if `later`. */
static void leave(int later)
{
	struct sigaction act = {.sa_handler = child};
	int ends[2], status;
	char c;
	pid_t pid;

	sigaction(SIGCHLD, &act, NULL);
	heard = 0;
	if (pipe(ends))
		return;
	pid = fork();
	if (!pid) {
		if (!fork()) {
			close(ends[0]);
			usleep(later ? 20000 : 0);
			_exit(7);
		}
		_exit(3);
	}
	close(ends[1]);
	while (waitpid(pid, &status, 0) < 0)
		;
	while (read(ends[0], &c, 1) != 0) /* until the orphan is gone */
		;
	close(ends[0]);
	usleep(10000);
	printf("status %d, heard %d, ", WEXITSTATUS(status), heard);
	printf("wait %d", (int)wait(NULL));
	printf(" %s\n", strerror(errno));
}

int main(void)
{
	for (int i = 0; i < 6; i++)
		leave(i & 1);
	return 0;
}
