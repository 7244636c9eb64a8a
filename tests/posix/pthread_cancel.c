/* pthread_cancel.c - threads that are canceled, at every kind of place, and what runs then.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_t other;
static sem_t sem, ready;
static int empty[2], full[2];
static pthread_key_t key;

static void cleanup(void *arg)
{
	printf("cleanup %s\n", (char *)arg);
}

static void unlock(void *arg)
{
	printf("unlock %s\n", strerror(pthread_mutex_unlock(arg)));
}

static void destroy(void *arg)
{
	printf("destroy %s\n", (char *)arg);
}

static void in_read(void)
{
	char c;

	read(empty[0], &c, 1);
}

static void in_write(void)
{
	write(full[1], "x", 1);
}

static void in_readv(void)
{
	char c;
	struct iovec v = {&c, 1};

	readv(empty[0], &v, 1);
}

static void in_poll(void)
{
	struct pollfd p = {.fd = empty[0], .events = POLLIN};

	poll(&p, 1, -1);
}

static void in_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(empty[0], &set);
	select(empty[0] + 1, &set, NULL, NULL, NULL);
}

static void in_nanosleep(void)
{
	nanosleep(&(struct timespec){.tv_sec = 1000}, NULL);
}

static void in_clock_nanosleep(void)
{
	clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_sec = 1000}, NULL);
}

static void in_usleep(void)
{
	usleep(999999);
	sleep(1000);
}

static void in_sem_wait(void)
{
	sem_wait(&sem);
}

static void in_sem_timedwait(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += 1000;
	sem_timedwait(&sem, &t);
}

static void in_join(void)
{
	pthread_join(other, NULL);
}

static void in_cond_wait(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
}

static void in_cond_timedwait(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += 1000;
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	for (;;)
		pthread_cond_timedwait(&cond, &mutex, &t);
	pthread_cleanup_pop(1);
}

static void in_testcancel(void)
{
	for (;;)
		pthread_testcancel();
}

static void in_open(void)
{
	for (;;)
		close(open("/dev/null", O_RDONLY));
}

static const struct {
	const char *name;
	void (*fn)(void);
} list[] = {
	{"read", in_read},
	{"write", in_write},
	{"readv", in_readv},
	{"poll", in_poll},
	{"select", in_select},
	{"nanosleep", in_nanosleep},
	{"clock_nanosleep", in_clock_nanosleep},
	{"usleep", in_usleep},
	{"sem_wait", in_sem_wait},
	{"sem_timedwait", in_sem_timedwait},
	{"pthread_join", in_join},
	{"pthread_cond_wait", in_cond_wait},
	{"pthread_cond_timedwait", in_cond_timedwait},
	{"pthread_testcancel", in_testcancel},
	{"open", in_open},
};

static void *runs(void *arg)
{
	int i = (int)(long)arg;

	pthread_setspecific(key, list[i].name);
	pthread_cleanup_push(cleanup, "outer");
	pthread_cleanup_push(cleanup, "inner");
	pthread_cleanup_push(cleanup, "gone");
	pthread_cleanup_pop(0);
	sem_post(&ready);
	list[i].fn();
	puts("came back");
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

/* Once when it waits, once before it begins to. */
static void *late(void *arg)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	sem_post(&ready);
	sem_wait(&sem);
	puts("not canceled while that was disabled");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	puts("never here");
	return arg;
}

static void *asynchronous(void *arg)
{
	int old = -1;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	printf("old type %d\n", old);
	pthread_cancel(pthread_self());
	puts("never here");
	return arg;
}

static volatile int begun;

static void *spins(void *arg)
{
	volatile double x = 1;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(cleanup, "of who computes");
	begun = 1;
	for (;;)
		x = x * 1.01;
	pthread_cleanup_pop(0);
	return arg;
}

static void expect(pthread_t t, void *wanted)
{
	void *result = NULL;
	int r = pthread_join(t, &result);

	printf("join %d, %s\n", r, result == wanted ? "as wanted" : "something else");
}

static char *fresh;

#define FRESH (200 * 4096)

/* Canceled while its pages are brought, and when it needs the system no more. */
static void *touches(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	begun = 1;
	for (int i = 0; i < FRESH; i += 4096)
		fresh[i] = 1;
	for (;;)
		begun = 1;
	return arg;
}

/* Most of the time it is in the system, or ready but not running. */
static void *yields(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	begun = 1;
	for (;;)
		sched_yield();
	return arg;
}

/* It waits for what is no cancellation point. */
static void *locks(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(cleanup, "of who waits for a mutex");
	begun = 1;
	pthread_mutex_lock(&mutex);
	puts("never here");
	pthread_cleanup_pop(0);
	return arg;
}

static void cancel_asynchronously(void *(*fn)(void *), long wait)
{
	pthread_t t;

	begun = 0;
	pthread_create(&t, NULL, fn, NULL);
	while (!begun)
		sched_yield();
	if (wait)
		nanosleep(&(struct timespec){.tv_nsec = wait}, NULL);
	pthread_cancel(t);
	expect(t, PTHREAD_CANCELED);
}

static void asynchronously(void)
{
	for (int i = 0; i < 20; i++)
		cancel_asynchronously(spins, 0);
	for (int i = 0; i < 20; i++) {
		fresh = mmap(NULL, FRESH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			     0);
		cancel_asynchronously(touches, i * 20000);
		munmap(fresh, FRESH);
	}
	for (int i = 0; i < 10; i++)
		cancel_asynchronously(yields, i % 2 * 200000);
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 4; i++)
		cancel_asynchronously(locks, i * 1000000);
	pthread_mutex_unlock(&mutex);
	printf("mutex %d\n", pthread_mutex_trylock(&mutex));
	pthread_mutex_unlock(&mutex);
}

static void *exits(void *arg)
{
	pthread_cleanup_push(cleanup, "of pthread_exit");
	pthread_exit(arg);
	pthread_cleanup_pop(0);
}

static void *forever(void *arg)
{
	sem_t never;

	sem_init(&never, 0, 0);
	sem_wait(&never);
	return arg;
}

int main(void)
{
	pthread_t t;
	int old;

	pipe(empty);
	pipe(full);
	fcntl(full[1], F_SETFL, O_NONBLOCK);
	while (write(full[1], "x", 1) == 1)
		continue;
	fcntl(full[1], F_SETFL, 0);
	sem_init(&sem, 0, 0);
	sem_init(&ready, 0, 0);
	pthread_key_create(&key, destroy);
	pthread_create(&other, NULL, forever, NULL);
	for (int i = 0; i < (int)(sizeof(list) / sizeof(list[0])); i++)
		for (int twice = 0; twice < 2; twice++) {
			printf("%s\n", list[i].name);
			pthread_create(&t, NULL, runs, (void *)(long)i);
			sem_wait(&ready);
			if (twice)
				nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
			if (pthread_cancel(t))
				puts("not canceled");
			expect(t, PTHREAD_CANCELED);
		}
	pthread_create(&t, NULL, late, NULL);
	sem_wait(&ready);
	pthread_cancel(t);
	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	sem_post(&sem);
	expect(t, PTHREAD_CANCELED);
	pthread_create(&t, NULL, asynchronous, NULL);
	expect(t, PTHREAD_CANCELED);
	asynchronously();
	pthread_create(&t, NULL, exits, &old);
	expect(t, &old);
	printf("%d %d\n", pthread_setcancelstate(7, &old), pthread_setcanceltype(7, &old));
	pthread_cancel(other);
	expect(other, PTHREAD_CANCELED);
	pthread_exit(NULL);
}
