/* pthread.c - threads: made, joined, with mutexes and condition variables.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2 4
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn, counter;
static __thread int mine = 7;
static __thread char zeros[100];

static void *first(void *arg)
{
	printf("in a thread: %s, mine %d, zeros %d\n", (char *)arg, mine, zeros[50]);
	mine = 8;
	errno = 77;
	return (void *)42;
}

static void *player(void *arg)
{
	int me = (int)(long)arg;

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 5; i++) {
		while (turn != me)
			pthread_cond_wait(&cond, &mutex);
		printf("%d:%d\n", me, i);
		turn = (turn + 1) % 3;
		pthread_cond_broadcast(&cond);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void *count(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		int c = counter;
		if (i % 10 == 0)
			sched_yield();
		counter = c + 1;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *detaches_itself(void *arg)
{
	usleep(80000);
	return (void *)(long)(pthread_detach(pthread_self()) + 7);
}

static void *waits(void *arg)
{
	sem_wait(arg);
	return NULL;
}

/* Somebody waits for it already; on a busy machine now and then not yet. */
static void joined_and_detached(void)
{
	void *result = NULL;
	int right = 0;
	static sem_t end;
	pthread_t t;

	for (int i = 0; i < 6; i++) {
		int r;

		pthread_create(&t, NULL, detaches_itself, NULL);
		r = pthread_join(t, &result);
		right += r ? r == EINVAL || r == ESRCH : result == (void *)7;
	}
	sem_init(&end, 0, 0);
	pthread_create(&t, NULL, waits, &end);
	printf("joined %d, ", right);
	printf("detached %d, ", pthread_detach(t));
	printf("again %d, joined %d\n", pthread_detach(t), pthread_join(t, NULL));
	sem_post(&end);
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Time that the CPU idled is nobody's. */
static void asleep(void)
{
	double start, ran, all;
	int tries = 0;

	do {
		start = now(CLOCK_MONOTONIC);
		ran = now(CLOCK_PROCESS_CPUTIME_ID);
		for (int i = 0; i < 4; i++)
			usleep(150000);
		ran = now(CLOCK_PROCESS_CPUTIME_ID) - ran;
		all = now(CLOCK_MONOTONIC) - start;
	} while (ran * 2 >= all && tries++ < 10); /* if it was stopped while it ran */
	printf("it slept: %d\n", ran * 2 < all);
}

int main(void)
{
	joined_and_detached();
	pthread_t t[4];
	void *result;
	int r;

	errno = 5;
	r = pthread_create(&t[0], NULL, first, "hello");
	if (r)
		printf("create %d\n", r);
	r = pthread_join(t[0], &result);
	printf("join %d %ld, mine %d, errno %d\n", r, (long)result, mine, errno);
	for (long i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, player, (void *)i);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	for (long i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, count, (void *)i);
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &result);
		printf("%ld\n", (long)result);
	}
	printf("%d\n", counter);
	asleep();
	return 0;
}
