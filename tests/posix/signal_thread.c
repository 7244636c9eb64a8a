/* signal_thread.c - signals and threads: who gets what.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 *
 * RUN:
 * RUN: kill
 * ENDS: by a signal
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static pthread_t first;
static volatile pthread_t who;
static volatile sig_atomic_t seen, total;
static volatile int stop, ready, awake;
static sem_t go;

static void handler(int n)
{
	who = pthread_self();
	seen++;
	(void)n;
}

static void count(int n)
{
	__atomic_add_fetch(&total, 1, __ATOMIC_SEQ_CST);
	(void)n;
}

static void set(int n, void (*f)(int), int flags)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_handler = f;
	a.sa_flags = flags;
	sigaction(n, &a, NULL);
}

static sigset_t of(int n)
{
	sigset_t s;

	sigemptyset(&s);
	if (n)
		sigaddset(&s, n);
	return s;
}

/* Runs without a call. */
static void *spin(void *unused)
{
	ready = 1;
	while (!stop)
		;
	return unused;
}

static void *sleeper(void *unused)
{
	struct timespec t = {1000, 0};
	int r;

	ready = 1;
	r = nanosleep(&t, NULL) < 0 && errno == EINTR;
	awake = 1;
	return (void *)(long)r;
}

static void *mask_of_new(void *unused)
{
	sigset_t now, pending;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	sigpending(&pending);
	printf("new %d %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2),
	       sigismember(&pending, SIGUSR1));
	return unused;
}

static void *waiter(void *unused)
{
	sigset_t set = of(SIGUSR2);
	int n;

	ready = 1;
	sigwait(&set, &n);
	return (void *)(long)n;
}

static void start(pthread_t *t, void *(*f)(void *))
{
	ready = 0;
	pthread_create(t, NULL, f, NULL);
	while (!ready)
		usleep(100);
}

static void directed(void)
{
	sigset_t usr1 = of(SIGUSR1), none = of(0);
	pthread_t t;
	void *r;

	set(SIGUSR1, handler, 0);
	stop = seen = 0;
	start(&t, spin);
	pthread_kill(t, SIGUSR1);
	while (!seen)
		usleep(100);
	printf("spinning %d", pthread_equal(who, t) != 0);
	/* To the process: the first thread, unless it blocks it. */
	seen = 0;
	kill(getpid(), SIGUSR1);
	printf(" %d %d", seen, pthread_equal(who, first) != 0);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	seen = 0;
	kill(getpid(), SIGUSR1);
	while (!seen)
		usleep(100);
	printf(" %d\n", pthread_equal(who, t) != 0);
	stop = 1;
	pthread_join(t, NULL);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	seen = awake = 0;
	start(&t, sleeper);
	while (!awake) { /* one that comes before it sleeps ends nothing */
		usleep(10000);
		pthread_kill(t, SIGUSR1);
	}
	pthread_join(t, &r);
	printf("sleeping %ld %d %d\n", (long)r, seen > 0, pthread_equal(who, t) != 0);
}

static void inherited(void)
{
	sigset_t usr1 = of(SIGUSR1), none = of(0);
	pthread_t t;

	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1); /* is this thread's */
	pthread_create(&t, NULL, mask_of_new, NULL);
	pthread_join(t, NULL);
	seen = 0;
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	printf("inherited %d\n", seen);
}

/* Whoever waits for it gets it, whatever the others do. */
static void waits(void)
{
	sigset_t usr2 = of(SIGUSR2), none = of(0);
	pthread_t t;
	void *r;

	set(SIGUSR2, handler, 0);
	pthread_sigmask(SIG_BLOCK, &usr2, NULL);
	seen = 0;
	start(&t, waiter);
	usleep(10000);
	kill(getpid(), SIGUSR2);
	pthread_join(t, &r);
	printf("waited %d %d\n", (long)r == SIGUSR2, seen);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/* Blocked by all, taken by the one that unblocks it. */
static void *unblocks(void *unused)
{
	sigset_t none = of(0);

	sem_wait(&go);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	printf("unblocked %d %d\n", seen, pthread_equal(who, pthread_self()) != 0);
	return unused;
}

static void shared(void)
{
	sigset_t usr1 = of(SIGUSR1), none = of(0);
	pthread_t t;

	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	seen = 0;
	sem_init(&go, 0, 0);
	pthread_create(&t, NULL, unblocks, NULL);
	kill(getpid(), SIGUSR1);
	sem_post(&go);
	pthread_join(t, NULL);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	printf("once %d\n", seen);
}

/* Many signals to threads that do all kinds of things; none gets lost. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long sum;

static void *busy(void *arg)
{
	int ends[2];
	char c;

	pipe(ends);
	while (!stop) {
		pthread_mutex_lock(&mutex);
		sum++;
		pthread_mutex_unlock(&mutex);
		write(ends[1], "x", 1);
		read(ends[0], &c, 1);
		if ((long)arg & 1)
			sched_yield();
		else
			usleep(10);
	}
	close(ends[0]);
	close(ends[1]);
	return NULL;
}

static void many(void)
{
	enum { THREADS = 4, TIMES = 200 };
	sigset_t rt = of(SIGRTMIN);
	pthread_t t[THREADS];

	set(SIGRTMIN, count, SA_RESTART);
	stop = 0;
	for (long i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, busy, (void *)i);
	for (int i = 0; i < TIMES; i++) {
		pthread_kill(t[i % THREADS], SIGRTMIN);
		if (i % 8 == 0)
			usleep(100);
	}
	for (int i = 0; i < 100000 && total < TIMES; i++)
		usleep(1000);
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("many %d\n", total);
	(void)rt;
}

/* A thread that ends leaves what was sent to the process to others. */
static void *takes_mask(void *unused)
{
	sigset_t none = of(0);

	pthread_sigmask(SIG_SETMASK, &none, NULL);
	ready = 1;
	return unused;
}

static void ended(void)
{
	pthread_t t;

	start(&t, takes_mask);
	usleep(1000);
	printf("ended %d", pthread_kill(t, 0));
	printf(" %d\n", pthread_kill(t, SIGUSR1));
	pthread_join(t, NULL);
}

static void *killer(void *unused)
{
	usleep(20000);
	printf("kill\n");
	kill(getpid(), SIGTERM);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t t;

	setvbuf(stdout, NULL, _IONBF, 0);
	first = pthread_self();
	if (argc > 1) {
		/* The whole process ends, wherever its threads are. */
		start(&t, spin);
		start(&t, sleeper);
		pthread_create(&t, NULL, killer, NULL);
		pthread_mutex_lock(&mutex);
		pthread_mutex_lock(&mutex);
	}
	directed();
	inherited();
	waits();
	shared();
	ended();
	many();
	return 0;
}
