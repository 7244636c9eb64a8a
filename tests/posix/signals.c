/* signals.c - signals a process sends itself, and jumps.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65], order;
static jmp_buf here;
static sigjmp_buf there;

static void count(int n)
{
	seen[n] = ++order;
}

static void info(int n, siginfo_t *i, void *context)
{
	(void)context;
	seen[n] = i->si_signo == n && i->si_pid == getpid() ? 100 : -1;
}

static void jump(int n)
{
	siglongjmp(there, n);
}

int main(void)
{
	struct sigaction a = {.sa_flags = SA_SIGINFO}, old;
	sigset_t set, before;
	volatile int loops = 0;

	printf("%d", signal(SIGUSR1, count) == SIG_DFL);
	printf(" %d", raise(SIGUSR1));
	printf(" %d", seen[SIGUSR1]);
	printf(" %d", signal(SIGUSR1, SIG_IGN) == count);
	printf(" %d", raise(SIGUSR1));
	printf(" %d\n", seen[SIGUSR1]);
	a.sa_sigaction = info;
	printf("%d", sigaction(SIGUSR2, &a, &old));
	printf(" %d", old.sa_handler == SIG_DFL);
	printf(" %d", kill(getpid(), SIGUSR2));
	printf(" %d\n", seen[SIGUSR2]);
	signal(SIGTERM, count);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	raise(SIGTERM);
	raise(SIGTERM);
	sigpending(&set);
	printf("%d %d", seen[SIGTERM], sigismember(&set, SIGTERM));
	sigprocmask(SIG_SETMASK, &before, NULL);
	printf(" %d\n", seen[SIGTERM]);
	sigfillset(&set);
	sigdelset(&set, SIGINT);
	printf("%d %d", sigismember(&set, SIGINT), sigismember(&set, SIGHUP));
	printf(" %d %d\n", sigismember(&set, 64), sigaddset(&set, 65));
	errno = 0;
	printf("%d", sigaction(SIGKILL, &a, NULL));
	printf(" %d", errno == EINVAL);
	printf(" %d", kill(getpid(), 0));
	errno = 0;
	printf(" %d", kill(getpid(), 99));
	printf(" %d\n", errno == EINVAL);
	if (setjmp(here) < 3)
		longjmp(here, ++loops);
	printf("loops %d\n", loops);
	signal(SIGALRM, jump);
	int n = sigsetjmp(there, 1);

	if (n == 0)
		raise(SIGALRM);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("jumped %d %d\n", n, sigismember(&set, SIGALRM));
	raise(SIGCHLD);
	printf("end\n");
	return 0;
}
