/* signal_end.c - how signals end a process, and how they do not.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: raise 15
 * RUN: raise 9
 * RUN: raise 1
 * RUN: raise 10
 * RUN: raise 13
 * RUN: raise 3
 * RUN: raise 24
 * RUN: raise 34
 * RUN: raise 64
 * RUN: kill 2
 * RUN: kill 29
 * RUN: raise 17
 * RUN: raise 18
 * RUN: raise 23
 * RUN: raise 28
 * RUN: alarm
 * RUN: alarm spin
 * RUN: timer
 * RUN: pending
 * RUN: pipe
 * RUN: abort
 * RUN: abort jump
 * RUN: abort ignore
 * RUN: abort block
 * RUN: vtalrm
 * RUN: thread
 * ENDS: by a signal
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static sigjmp_buf env;

static void jump(int n)
{
	printf("handler %d\n", n);
	siglongjmp(env, 1);
}

static void *killed(void *unused)
{
	for (;;)
		;
	return unused;
}

static void sends(const char *what, int n)
{
	if (!strcmp(what, "raise"))
		printf("%d\n", raise(n));
	if (!strcmp(what, "kill"))
		printf("%d\n", kill(getpid(), n));
}

static void clocks(const char *what, int spin)
{
	struct itimerval v = {.it_value = {0, 20000}};
	struct itimerspec s = {.it_value = {0, 20000000}};
	timer_t t;

	if (!strcmp(what, "alarm"))
		setitimer(ITIMER_REAL, &v, NULL);
	else if (!strcmp(what, "vtalrm"))
		setitimer(ITIMER_VIRTUAL, &v, NULL);
	else if (!strcmp(what, "timer")) {
		timer_create(CLOCK_MONOTONIC, NULL, &t);
		timer_settime(t, 0, &s, NULL);
	} else
		return;
	while (spin || !strcmp(what, "vtalrm"))
		;
	pause();
}

static void aborts(const char *how)
{
	sigset_t all;

	if (!strcmp(how, "jump"))
		signal(SIGABRT, jump);
	if (!strcmp(how, "ignore"))
		signal(SIGABRT, SIG_IGN);
	if (!strcmp(how, "block")) {
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
	}
	if (!sigsetjmp(env, 1))
		abort();
}

static void pending(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	raise(SIGTERM);
	raise(SIGUSR1);
	puts("pending");
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static void pipes(void)
{
	int ends[2];

	pipe(ends);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	printf("%zd\n", write(ends[1], "x", 1));
	signal(SIGPIPE, SIG_DFL);
	write(ends[1], "x", 1);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *more = argc > 2 ? argv[2] : "";
	pthread_t t;

	setvbuf(stdout, NULL, _IONBF, 0);
	sends(what, atoi(more));
	clocks(what, *more);
	if (!strcmp(what, "pending"))
		pending();
	if (!strcmp(what, "pipe"))
		pipes();
	if (!strcmp(what, "abort"))
		aborts(more);
	if (!strcmp(what, "thread")) {
		pthread_create(&t, NULL, killed, NULL);
		pthread_kill(t, SIGUSR1);
		pthread_join(t, NULL);
	}
	puts("end");
	return 3;
}
