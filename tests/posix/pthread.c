/* pthread.c - threads: made, joined, with mutexes and condition variables.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2 4
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(void)
{
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
	return 0;
}
