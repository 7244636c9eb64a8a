/* threads.c - what threads cost.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
static sem_t sem[2];
static int turn, there[2], back[2];
static volatile int done;

#define ROUNDS 1000

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static void *nothing(void *arg)
{
	return arg;
}

static void *yields(void *arg)
{
	while (!done)
		sched_yield();
	return arg;
}

static void wait_for(int who)
{
	pthread_mutex_lock(&mutex);
	while (turn != who)
		pthread_cond_wait(&cond[who], &mutex);
	turn = !who;
	pthread_cond_signal(&cond[!who]);
	pthread_mutex_unlock(&mutex);
}

static void *turns(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		wait_for(1);
	return arg;
}

static void *posts(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&sem[0]);
		sem_post(&sem[1]);
	}
	return arg;
}

static void *echoes(void *arg)
{
	char c;

	for (int i = 0; i < ROUNDS; i++)
		if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
			exit(1);
	return arg;
}

static pthread_t start(void *(*fn)(void *))
{
	pthread_t t;

	if (pthread_create(&t, NULL, fn, NULL))
		exit(1);
	return t;
}

static void each(const char *name, uint64_t ticks)
{
	printf("bench %s %llu instructions\n", name, (unsigned long long)(ticks / ROUNDS));
}

static void create_join(void)
{
	uint64_t from;

	pthread_join(start(nothing), NULL);
	from = ticks();
	for (int i = 0; i < ROUNDS; i++)
		pthread_join(start(nothing), NULL);
	each("create_join", ticks() - from);
}

static void yield(void)
{
	pthread_t t = start(yields);
	uint64_t from;

	sched_yield();
	from = ticks();
	for (int i = 0; i < ROUNDS; i++)
		sched_yield();
	each("yield_and_back", ticks() - from);
	done = 1;
	pthread_join(t, NULL);
}

static void condition(void)
{
	pthread_t t = start(turns);
	uint64_t from = ticks();

	for (int i = 0; i < ROUNDS; i++)
		wait_for(0);
	each("condition", ticks() - from);
	pthread_join(t, NULL);
}

static void semaphores(void)
{
	pthread_t t;
	uint64_t from;

	sem_init(&sem[0], 0, 0);
	sem_init(&sem[1], 0, 0);
	t = start(posts);
	from = ticks();
	for (int i = 0; i < ROUNDS; i++) {
		sem_post(&sem[0]);
		sem_wait(&sem[1]);
	}
	each("semaphore", ticks() - from);
	pthread_join(t, NULL);
}

static void pipes(void)
{
	pthread_t t;
	uint64_t from;
	char c = 'x';

	if (pipe(there) || pipe(back))
		exit(1);
	t = start(echoes);
	from = ticks();
	for (int i = 0; i < ROUNDS; i++)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			exit(1);
	each("pipe", ticks() - from);
	pthread_join(t, NULL);
}

static void locks(void)
{
	uint64_t from = ticks();

	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	each("mutex", ticks() - from);
	from = ticks();
	for (int i = 0; i < ROUNDS; i++) {
		void *volatile p = malloc(64);

		free(p);
	}
	each("malloc_free", ticks() - from);
}

int main(void)
{
	create_join();
	yield();
	condition();
	semaphores();
	pipes();
	locks();
	return 0;
}
