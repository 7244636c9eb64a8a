/* signal_timers.c - timers that send signals.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 *
 * No time is asserted but that a timer does not come early, and comes.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65], code, value, overruns, timerid;
static volatile int called, called_with;
static pthread_t in_thread;

static void handler(int n, siginfo_t *info, void *context)
{
	code = info->si_code;
	if (info->si_code == SI_TIMER) {
		value = info->si_value.sival_int;
		overruns += info->si_overrun;
		timerid = info->si_timerid;
	}
	seen[n]++; /* the last, for who waits for it in another thread */
	(void)context;
}

static void set(int n)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_sigaction = handler;
	a.sa_flags = SA_SIGINFO;
	sigaction(n, &a, NULL);
}

/* Also of one that comes but once, before the wait begins. */
static void await(int n, int times)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, n);
	sigprocmask(SIG_BLOCK, &set, &old);
	while (seen[n] < times)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void burn(volatile sig_atomic_t *until, int n)
{
	double from = now(CLOCK_MONOTONIC);

	while (*until < n && now(CLOCK_MONOTONIC) - from < 100)
		;
}

static void itimers(void)
{
	struct itimerval t = {.it_value = {0, 20000}, .it_interval = {0, 5000}}, old, off = {{0}};
	double from = now(CLOCK_MONOTONIC);
	int left;

	printf("%d", getitimer(ITIMER_REAL, &old));
	printf(" %d", old.it_value.tv_sec == 0 && old.it_value.tv_usec == 0);
	printf(" %d", setitimer(ITIMER_REAL, &t, NULL));
	while (seen[SIGALRM] < 3)
		pause();
	printf(" %d %d", now(CLOCK_MONOTONIC) - from >= 0.03, code == SI_KERNEL);
	printf(" %d", setitimer(ITIMER_REAL, &off, &old));
	printf(" %d %ld\n", old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 5000,
	       (long)old.it_interval.tv_usec);
	from = now(CLOCK_PROCESS_CPUTIME_ID);
	printf("%d", setitimer(ITIMER_VIRTUAL, &t, NULL));
	burn(&seen[SIGVTALRM], 2);
	printf(" %d %d", seen[SIGVTALRM] >= 2, now(CLOCK_PROCESS_CPUTIME_ID) - from >= 0.005);
	setitimer(ITIMER_VIRTUAL, &off, NULL);
	setitimer(ITIMER_PROF, &t, NULL);
	burn(&seen[SIGPROF], 2);
	printf(" %d", seen[SIGPROF] >= 2);
	setitimer(ITIMER_PROF, &off, NULL);
	t.it_value.tv_usec = 1000000;
	printf(" %d", setitimer(ITIMER_REAL, &t, NULL) < 0 && errno == EINVAL);
	printf(" %d\n", setitimer(3, &off, NULL) < 0 && errno == EINVAL);
	seen[SIGALRM] = 0;
	printf("%d", alarm(100));
	left = alarm(1);
	printf(" %d", left > 50 && left <= 100);
	await(SIGALRM, 1);
	printf(" %d", alarm(0));
	seen[SIGALRM] = 0;
	ualarm(20000, 0);
	await(SIGALRM, 1);
	printf(" %d\n", seen[SIGALRM]);
}

static timer_t make(clockid_t clock, int notify, int signo, int val)
{
	struct sigevent e;
	timer_t t = 0;

	memset(&e, 0, sizeof(e));
	e.sigev_notify = notify;
	e.sigev_signo = signo;
	e.sigev_value.sival_int = val;
	if (timer_create(clock, &e, &t))
		printf(" no timer: %s\n", strerror(errno));
	return t;
}

static void arm(timer_t t, int first_ms, int next_ms)
{
	struct itimerspec s = {.it_value = {first_ms / 1000, first_ms % 1000 * 1000000},
			       .it_interval = {next_ms / 1000, next_ms % 1000 * 1000000}};

	if (timer_settime(t, 0, &s, NULL))
		printf(" not set: %s\n", strerror(errno));
}

static void signals(void)
{
	struct itimerspec s, at = {{0}};
	sigset_t rt, none;
	siginfo_t info;
	timer_t a, b;

	a = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 11);
	b = make(CLOCK_REALTIME, SIGEV_SIGNAL, SIGRTMIN + 1, 12);
	timer_gettime(a, &s);
	printf("%d", s.it_value.tv_sec == 0 && s.it_value.tv_nsec == 0);
	arm(a, 1000000, 0);
	timer_gettime(a, &s);
	printf(" %d", s.it_value.tv_sec > 0 && s.it_value.tv_sec <= 1000);
	arm(a, 20, 0);
	await(SIGRTMIN, 1);
	timer_gettime(a, &s);
	printf(" %d %d %d %d", code == SI_TIMER, value, overruns, timer_getoverrun(a));
	printf(" %d\n", s.it_value.tv_sec == 0 && s.it_value.tv_nsec == 0);
	clock_gettime(CLOCK_REALTIME, &at.it_value);
	at.it_value.tv_nsec += 20000000;
	if (at.it_value.tv_nsec >= 1000000000) {
		at.it_value.tv_nsec -= 1000000000;
		at.it_value.tv_sec++;
	}
	printf("%d", timer_settime(b, TIMER_ABSTIME, &at, NULL));
	await(SIGRTMIN + 1, 1);
	printf(" %d %d", value,
	       now(CLOCK_REALTIME) >= at.it_value.tv_sec + at.it_value.tv_nsec / 1e9);
	/* In the past: at once. */
	at.it_value.tv_sec -= 10;
	timer_settime(b, TIMER_ABSTIME, &at, NULL);
	await(SIGRTMIN + 1, 2);
	/* Blocked meanwhile: one signal, and how often it missed. */
	sigemptyset(&rt);
	sigemptyset(&none);
	sigaddset(&rt, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &rt, NULL);
	arm(a, 5, 5);
	usleep(100000);
	printf(" %d", sigwaitinfo(&rt, &info) == SIGRTMIN);
	printf(" %d %d", info.si_overrun >= 10, timer_getoverrun(a) == info.si_overrun);
	arm(a, 0, 0);
	sigprocmask(SIG_SETMASK, &none, NULL);
	seen[SIGRTMIN] = 0;
	usleep(20000);
	printf(" %d", seen[SIGRTMIN]);
	printf(" %d %d", timer_delete(a), timer_delete(b));
	printf(" %d\n", timer_delete(a) < 0 && errno == EINVAL);
}

static void function(union sigval v)
{
	in_thread = pthread_self();
	called_with = v.sival_int;
	__atomic_add_fetch(&called, 1, __ATOMIC_SEQ_CST);
}

static void others(void)
{
	struct sigevent e;
	struct itimerspec s;
	timer_t t;

	printf("%d", timer_create(CLOCK_MONOTONIC, NULL, &t));
	seen[SIGALRM] = 0;
	arm(t, 10, 0);
	await(SIGALRM, 1);
	printf(" %d %d\n", code == SI_TIMER, timer_delete(t));
	/* From here on, threads of timers may take a signal as well as this one: nothing waits for
	 * one. */
	t = make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
	arm(t, 20, 0);
	usleep(5000);
	timer_gettime(t, &s);
	printf("%d", s.it_value.tv_nsec <= 15000000);
	usleep(30000);
	timer_gettime(t, &s);
	printf(" %ld", (long)s.it_value.tv_nsec);
	timer_delete(t);
	memset(&e, 0, sizeof(e));
	e.sigev_notify = SIGEV_THREAD;
	e.sigev_notify_function = function;
	e.sigev_value.sival_int = 44;
	printf(" %d", timer_create(CLOCK_REALTIME, &e, &t));
	arm(t, 10, 10);
	while (__atomic_load_n(&called, __ATOMIC_SEQ_CST) < 3)
		usleep(1000);
	printf(" %d %d", called_with, pthread_equal(in_thread, pthread_self()));
	printf(" %d", timer_delete(t));
	t = make(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGRTMIN + 2, 13);
	arm(t, 20, 0);
	burn(&seen[SIGRTMIN + 2], 1);
	printf(" %d %d", seen[SIGRTMIN + 2], value);
	timer_delete(t);
	t = make(CLOCK_THREAD_CPUTIME_ID, SIGEV_SIGNAL, SIGRTMIN + 2, 14);
	arm(t, 20, 0);
	burn(&seen[SIGRTMIN + 2], 2);
	printf(" %d %d\n", seen[SIGRTMIN + 2], value);
	timer_delete(t);
	e.sigev_notify = 77;
	printf("%d", timer_create(CLOCK_MONOTONIC, &e, &t) < 0 && errno == EINVAL);
	e.sigev_notify = SIGEV_SIGNAL;
	e.sigev_signo = 0;
	printf(" %d", timer_create(CLOCK_MONOTONIC, &e, &t) < 0 && errno == EINVAL);
	e.sigev_signo = SIGUSR1;
	printf(" %d\n", timer_create(9999, &e, &t) < 0 && errno == EINVAL);
}

/* Much output in between: who waits for the console does not lose the timer. */
static void after_output(void)
{
	static char line[4096];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	seen[SIGALRM] = 0;
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0, 200000}}, NULL);
	for (int i = 0; i < 16; i++)
		write(1, line, sizeof(line));
	while (!seen[SIGALRM])
		;
	puts("after output");
}

/* Blocked, and ignored when it is not: what it missed until then is known. */
static void ignored(void)
{
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGCONT};
	sigset_t set;
	timer_t t;

	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	timer_create(CLOCK_MONOTONIC, &e, &t);
	timer_settime(t, 0, &(struct itimerspec){{0, 2}, {0, 1000}}, NULL);
	usleep(20000);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("ignored %d", timer_getoverrun(t) > 1000000);
	usleep(2000);
	printf(" %d", timer_getoverrun(t) > 1000000);
	printf(" %d\n", timer_delete(t));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	set(SIGALRM);
	set(SIGVTALRM);
	set(SIGPROF);
	set(SIGRTMIN);
	set(SIGRTMIN + 1);
	set(SIGRTMIN + 2);
	itimers();
	signals();
	others();
	ignored();
	after_output();
	return 0;
}
