/* forgotten.c - children that begin when their parent has ended, and nobody waited for it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each round leaves such a child among processes that go on, and then looks at memory that others
 * use next: pipes.  Priorities, where the caller may set them, see to the order.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 6
#define PIPES  40

static char full[4096];

static void set_priority(int priority)
{
	struct sched_param s = {.sched_priority = priority};

	sched_setscheduler(0, priority ? SCHED_FIFO : SCHED_OTHER, &s);
}

static void idlers(pid_t *pid, int n)
{
	for (int i = 0; i < n; i++)
		if (!(pid[i] = fork())) {
			set_priority(9);
			for (;;)
				pause();
		}
}

/* A grandchild that does not begin before its parent has ended. */
static void forget(void)
{
	pid_t pid = fork();

	if (!pid) {
		set_priority(0);
		if (!fork())
			_exit(getppid() == 12345);
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int wrong_bytes(void)
{
	int fds[PIPES][2], wrong = 0;
	char got[sizeof(full)];

	for (int i = 0; i < PIPES; i++) {
		pipe(fds[i]);
		write(fds[i][1], full, sizeof(full));
	}
	usleep(20000);
	for (int i = 0; i < PIPES; i++) {
		wrong += read(fds[i][0], got, sizeof(got)) != sizeof(got) ||
			 memcmp(got, full, sizeof(got));
		close(fds[i][0]);
		close(fds[i][1]);
	}
	return wrong;
}

int main(void)
{
	pid_t pid[12];

	memset(full, 'A', sizeof(full));
	signal(SIGCHLD, SIG_IGN);
	set_priority(10);
	for (int round = 0; round < ROUNDS; round++) {
		int n = 8 + round % 4;

		idlers(pid, n);
		forget();
		for (int i = 0; i < n; i++)
			kill(pid[i], SIGKILL);
		while (wait(NULL) > 0 || errno == EINTR)
			;
		printf("round %d: %d pipes wrong\n", round, wrong_bytes());
		fflush(stdout);
	}
	return 0;
}
