/* signal_wait.c - waiting for signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t seen, blocked_inside;

static void handler(int n)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	blocked_inside = sigismember(&now, SIGUSR2);
	seen = n;
}

static sigset_t of(int a, int b)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, a);
	if (b)
		sigaddset(&s, b);
	return s;
}

static void in(int us)
{
	struct itimerval t = {.it_value = {us / 1000000, us % 1000000}};

	setitimer(ITIMER_REAL, &t, NULL);
}

/* Again and again: one that comes before the call waits ends nothing. */
static void every(int us)
{
	struct itimerval t = {.it_value = {0, us}, .it_interval = {0, us}};

	setitimer(ITIMER_REAL, &t, NULL);
}

static const char *name(int r)
{
	return r < 0 ? strerror(errno) : "ok";
}

static void waits(void)
{
	sigset_t set = of(SIGUSR1, SIGRTMIN);
	struct timespec none = {0, 0}, some = {0, 20000000}, bad = {0, 1000000000};
	siginfo_t info;
	int n = 0;

	sigprocmask(SIG_BLOCK, &set, NULL);
	errno = 0;
	printf("%d", sigtimedwait(&set, &info, &none));
	printf(" %s", strerror(errno));
	printf(" %d", sigtimedwait(&set, &info, &some));
	printf(" %s", strerror(errno));
	printf(" %d %s\n", sigtimedwait(&set, &info, &bad), strerror(errno));
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 5});
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 6});
	raise(SIGUSR1);
	printf("%d", sigwaitinfo(&set, &info) == SIGUSR1);
	printf(" %d %d", info.si_signo == SIGUSR1, info.si_code);
	printf(" %d", sigwaitinfo(&set, &info) == SIGRTMIN);
	printf(" %d %d", info.si_value.sival_int, info.si_code == SI_QUEUE);
	printf(" %d %d", sigwait(&set, &n), n == SIGRTMIN);
	printf(" %d\n", sigtimedwait(&set, NULL, &none));
}

static void timers(void)
{
	sigset_t alarm_set = of(SIGALRM, 0), usr1 = of(SIGUSR1, 0);
	siginfo_t info;

	sigprocmask(SIG_BLOCK, &alarm_set, NULL);
	in(20000);
	printf("%d", sigwaitinfo(&alarm_set, &info) == SIGALRM);
	printf(" %d %d\n", info.si_code == SI_KERNEL, info.si_pid);
	sigprocmask(SIG_UNBLOCK, &alarm_set, NULL);
	signal(SIGALRM, handler);
	every(20000);
	printf("%d", sigwaitinfo(&usr1, &info));
	printf(" %s %d\n", strerror(errno), seen == SIGALRM);
	in(0);
}

static void suspends(void)
{
	sigset_t all = of(SIGUSR1, SIGUSR2), none, now;

	sigemptyset(&none);
	signal(SIGUSR1, handler);
	sigprocmask(SIG_SETMASK, &all, NULL);
	raise(SIGUSR1);
	seen = 0;
	errno = 0;
	printf("%d", sigsuspend(&none));
	printf(" %s %d %d", strerror(errno), seen == SIGUSR1, blocked_inside);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf(" %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
	seen = 0;
	every(20000);
	printf("%s", name(sigsuspend(&none)));
	printf(" %d\n", seen == SIGALRM);
	seen = 0;
	errno = 0;
	printf("%s", name(pause()));
	printf(" %d\n", seen == SIGALRM);
	in(0);
	/* What is ignored ends nothing. */
	signal(SIGALRM, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	in(10000);
	printf("%d\n", usleep(40000));
	signal(SIGALRM, handler);
	signal(SIGUSR1, handler);
}

static void polls(void)
{
	sigset_t none, now;
	struct timespec t = {1000, 0}, short_time = {0, 10000000};
	struct timeval v = {1000, 0};
	struct pollfd p = {.events = POLLIN};
	int ends[2];

	sigemptyset(&none);
	pipe(ends);
	p.fd = ends[0];
	seen = 0;
	raise(SIGUSR1); /* blocked still */
	printf("%s", name(ppoll(&p, 1, &t, &none)));
	printf(" %d", seen == SIGUSR1);
	seen = 0;
	raise(SIGUSR1);
	printf(" %s", name(pselect(ends[0] + 1, NULL, NULL, NULL, &t, &none)));
	printf(" %d", seen == SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf(" %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
	printf("%d", ppoll(&p, 1, &short_time, &none));
	write(ends[1], "x", 1);
	seen = 0;
	raise(SIGUSR1);
	printf(" %d", ppoll(&p, 1, &t, &none));
	printf(" %d\n", seen);
	read(ends[0], &now, 1);
	every(20000);
	printf("%s", name(poll(&p, 1, 1000000)));
	printf(" %s", name(select(0, NULL, NULL, NULL, &v)));
	printf(" %d\n", v.tv_sec >= 500 && v.tv_sec < 1000);
	in(0);
}

static void sleeps(void)
{
	struct timespec t = {1000, 0}, left = {0, 0}, until;
	unsigned int more;
	int slept = 0;

	every(20000);
	printf("%s", name(nanosleep(&t, &left)));
	printf(" %d", left.tv_sec >= 500 && left.tv_sec < 1000);
	left.tv_sec = 77;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1000;
	printf(" %d", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, &left) == EINTR);
	printf(" %d", left.tv_sec == 77);
	printf(" %d", clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &left) == EINTR);
	printf(" %d", left.tv_sec >= 500 && left.tv_sec < 1000);
	more = sleep(1000);
	printf(" %d", more >= 500 && more <= 1000);
	while (slept < 50 && usleep(999999) == 0) /* where all stood still for so long */
		slept++;
	printf(" %s\n", slept < 50 ? strerror(errno) : "ok");
	in(0);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	waits();
	timers();
	suspends();
	polls();
	sleeps();
	return 0;
}
