/* pthread_cond.c - condition variables with times and clocks, barriers, once, keys.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAY(x) printf("%-66s %s\n", #x, say(x))
#define N      8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER, back = PTHREAD_COND_INITIALIZER;
static int waiting, go, gone;

static const char *say(int error)
{
	return error ? strerror(error) : "ok";
}

static struct timespec in_ms(clockid_t clock, int ms)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_nsec += ms * 1000000l;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void times(void)
{
	struct timespec t = {0}, bad = {.tv_nsec = 1000000000};
	pthread_condattr_t attr;
	pthread_cond_t c;
	clockid_t clock;

	pthread_mutex_lock(&mutex);
	SAY(pthread_cond_timedwait(&cond, &mutex, &t));
	SAY(pthread_cond_timedwait(&cond, &mutex, &bad));
	t = in_ms(CLOCK_REALTIME, 3);
	SAY(pthread_cond_timedwait(&cond, &mutex, &t));
	t = in_ms(CLOCK_MONOTONIC, 3);
	SAY(pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &t));
	SAY(pthread_condattr_init(&attr));
	SAY(pthread_condattr_getclock(&attr, &clock));
	printf("%d\n", clock == CLOCK_REALTIME);
	SAY(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID));
	SAY(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
	SAY(pthread_condattr_setpshared(&attr, 7));
	SAY(pthread_cond_init(&c, &attr));
	t = in_ms(CLOCK_MONOTONIC, 3);
	SAY(pthread_cond_timedwait(&c, &mutex, &t));
	SAY(pthread_mutex_trylock(&mutex));
	SAY(pthread_cond_signal(&c));
	SAY(pthread_cond_broadcast(&c));
	SAY(pthread_cond_destroy(&c));
	pthread_mutex_unlock(&mutex);
}

static void *waits(void *arg)
{
	pthread_mutex_lock(&mutex);
	waiting++;
	pthread_cond_signal(&back);
	while (!go)
		pthread_cond_wait(&cond, &mutex);
	if (go > 0)
		go--;
	gone++;
	pthread_cond_signal(&back);
	pthread_mutex_unlock(&mutex);
	return arg;
}

static void signals(void)
{
	pthread_t t[N];

	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, waits, NULL);
	pthread_mutex_lock(&mutex);
	while (waiting < N)
		pthread_cond_wait(&back, &mutex);
	for (int i = 1; i <= N / 2; i++) {
		go = 1;
		pthread_cond_signal(&cond);
		while (gone < i)
			pthread_cond_wait(&back, &mutex);
		printf("gone %d, go %d\n", gone, go);
	}
	go = -1;
	pthread_cond_broadcast(&cond);
	while (gone < N)
		pthread_cond_wait(&back, &mutex);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	printf("gone %d\n", gone);
	SAY(pthread_cond_destroy(&cond));
}

static pthread_mutex_t nested = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void *wakes(void *arg)
{
	pthread_mutex_lock(&nested);
	*(int *)arg = 1;
	pthread_cond_broadcast(&back);
	pthread_mutex_unlock(&nested);
	return NULL;
}

static pthread_barrier_t barrier;
static int rounds[5], serials;

static void *meets(void *arg)
{
	for (int i = 0; i < 5; i++) {
		__atomic_add_fetch(&rounds[i], 1, __ATOMIC_SEQ_CST);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serials, 1, __ATOMIC_SEQ_CST);
		if (rounds[i] != N)
			printf("round %d: only %d\n", i, rounds[i]);
	}
	return arg;
}

static void barriers(void)
{
	pthread_barrierattr_t attr;
	pthread_t t[N];
	int n;

	SAY(pthread_barrier_init(&barrier, NULL, 0));
	SAY(pthread_barrierattr_init(&attr));
	SAY(pthread_barrierattr_setpshared(&attr, 9));
	SAY(pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
	SAY(pthread_barrierattr_getpshared(&attr, &n));
	printf("%d\n", n);
	SAY(pthread_barrier_init(&barrier, &attr, N));
	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, meets, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	SAY(pthread_barrier_destroy(&barrier));
	printf("serials %d\n", serials);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key, other;

static void at_once(void)
{
	struct timespec t = {.tv_nsec = 3000000};

	puts("once");
	nanosleep(&t, NULL);
}

static void destroy(void *value)
{
	static int again;

	__atomic_add_fetch(&gone, 1, __ATOMIC_SEQ_CST);
	if (value == &again || (long)value != 5)
		return;
	pthread_setspecific(key, &again);
}

static void *uses_keys(void *arg)
{
	pthread_once(&once, at_once);
	if (pthread_getspecific(key))
		puts("a value of another thread");
	pthread_setspecific(key, arg);
	pthread_setspecific(other, arg);
	if (pthread_getspecific(key) != arg)
		puts("not the value");
	return NULL;
}

static void keys(void)
{
	static pthread_key_t all[PTHREAD_KEYS_MAX + 1];
	pthread_t t[N];
	int n = 0;

	gone = 0;
	SAY(pthread_key_create(&key, destroy));
	SAY(pthread_key_create(&other, NULL));
	for (long i = 0; i < N; i++)
		pthread_create(&t[i], NULL, uses_keys, (void *)(i + 1));
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	printf("destroyed %d\n", gone);
	SAY(pthread_key_delete(key));
	SAY(pthread_key_delete(key));
	SAY(pthread_setspecific(key, &key));
	printf("%p\n", pthread_getspecific(key));
	SAY(pthread_setspecific(99999, &key));
	while (n <= PTHREAD_KEYS_MAX && pthread_key_create(&all[n], NULL) == 0) {
		if (pthread_getspecific(all[n]))
			puts("an old value");
		n++;
	}
	printf("%d keys\n", n > 900);
	while (n-- > 0)
		pthread_key_delete(all[n]);
}

int main(void)
{
	int flag = 0;
	pthread_t t;

	times();
	signals();
	pthread_mutex_lock(&nested);
	pthread_mutex_lock(&nested);
	pthread_mutex_unlock(&nested);
	pthread_create(&t, NULL, wakes, &flag);
	while (!flag)
		pthread_cond_wait(&back, &nested);
	SAY(pthread_mutex_unlock(&nested));
	SAY(pthread_mutex_unlock(&nested));
	pthread_join(t, NULL);
	barriers();
	keys();
	return 0;
}
