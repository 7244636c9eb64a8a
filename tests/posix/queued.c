/* queued.c - signals with values: how many wait, and in which order they come.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 */
#include "try.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int sum, last, wrong, count;

static void handler(int n, siginfo_t *info, void *unused)
{
	count++;
	sum += info->si_value.sival_int;
	wrong += info->si_code != SI_QUEUE || info->si_value.sival_int < last;
	last = info->si_value.sival_int;
}

static int send(pid_t to, int n, int value)
{
	return sigqueue(to, n, (union sigval){.sival_int = value});
}

/* As many as the limit says, whatever else there is; then an error, and none is lost. */
static void limit(int most)
{
	struct rlimit l = {(rlim_t)most, (rlim_t)most};
	siginfo_t info;
	sigset_t set, none;
	int n = 0;

	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, NULL);
	TRY(setrlimit(RLIMIT_SIGPENDING, &l));
	while (send(getpid(), SIGRTMIN + 3, n) == 0)
		n++;
	printf("%d %s\n", n == most, strerror(errno));
	TRY(kill(getpid(), SIGRTMIN + 3)); /* is set already: nothing more to remember */
	for (int i = 0; i < 5; i++) {
		TRY(sigwaitinfo(&set, &info) == SIGRTMIN + 3);
		printf("%d\n", info.si_value.sival_int);
	}
	TRY(send(getpid(), SIGRTMIN + 3, 1000));
	count = sum = wrong = last = 0;
	sigprocmask(SIG_SETMASK, &none, NULL);
	printf("%d %d %d %d\n", count == most - 4, sum, wrong, last);
}

static void order(void)
{
	static const int sent[] = {5, 1, 3, 1, 5, 0};
	struct timespec now = {0, 0};
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < 8; i++)
		sigaddset(&set, SIGRTMIN + i);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 6; i++)
		send(getpid(), SIGRTMIN + sent[i], i);
	send(getpid(), SIGUSR1, 77);
	send(getpid(), SIGUSR1, 78); /* one of these does not count twice */
	for (;;) {
		int n = sigtimedwait(&set, &info, &now);

		if (n < 0)
			break;
		printf("%d %d %d\n", n >= SIGRTMIN ? n - SIGRTMIN : -1, info.si_value.sival_int,
		       info.si_code == SI_QUEUE);
	}
	printf("%s\n", strerror(errno));
}

/* From another process; what is pending is not a child's. */
static void others(void)
{
	pid_t me = getpid(), pid;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	send(me, SIGRTMIN, 5);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		struct timespec now = {0, 0};

		if (sigtimedwait(&set, &info, &now) != -1)
			_exit(1);
		for (int i = 0; i < 3; i++)
			send(me, SIGRTMIN, 10 + i);
		_exit(0);
	}
	for (int i = 0; i < 4; i++) {
		sigwaitinfo(&set, &info);
		printf("%d %d %d\n", info.si_value.sival_int, info.si_pid == (i ? pid : me),
		       info.si_uid == getuid());
	}
	waitpid(pid, NULL, 0);
	TRY(send(pid, SIGRTMIN, 1));
	TRY(send(me, 0, 1));
	TRY(send(me, -1, 1));
}

int main(void)
{
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	struct rlimit l;

	sigemptyset(&a.sa_mask);
	sigaction(SIGRTMIN + 3, &a, NULL);
	TRY(setuid(100000 + getpid() % 100000)); /* nobody else has that many pending */
	order();
	others();
	limit(40);
	limit(20);
	printf("%d\n", getrlimit(RLIMIT_SIGPENDING, &l) == 0 && l.rlim_cur == 20);
	return 0;
}
