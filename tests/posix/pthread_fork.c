/* pthread_fork.c - fork from a process with threads; what processes share of threads' objects.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include "locks.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 200

static struct shared {
	struct locks locks;
	int turn, turns, written;
} * s;

static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;
static int before, parent, child;

static void prepare1(void)
{
	before = before * 10 + 1;
}

static void prepare2(void)
{
	before = before * 10 + 2;
	pthread_mutex_lock(&mine);
}

static void parent1(void)
{
	parent = parent * 10 + 1;
	pthread_mutex_unlock(&mine);
}

static void parent2(void)
{
	parent = parent * 10 + 2;
}

static void child1(void)
{
	child = child * 10 + 1;
	pthread_mutex_unlock(&mine);
}

static void child2(void)
{
	child = child * 10 + 2;
}

/* Always in the middle of something. */
static void *works(void *arg)
{
	while (!stop) {
		free(malloc(1000));
		pthread_mutex_lock(&mine);
		pthread_mutex_unlock(&mine);
	}
	return arg;
}

static void *in_child(void *arg)
{
	free(malloc(3000));
	return arg;
}

static int status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forks(void)
{
	pthread_t t[3];
	int ended = 0;

	pthread_atfork(prepare1, parent1, child1);
	pthread_atfork(prepare2, parent2, child2);
	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, works, NULL);
	for (int i = 0; i < 5; i++) {
		before = parent = child = 0;
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t mine_too;
			void *result = NULL;
			char *p = malloc(100000);

			memset(p, 1, 100000);
			pthread_mutex_lock(&mine);
			pthread_mutex_unlock(&mine);
			if (pthread_create(&mine_too, NULL, in_child, p) ||
			    pthread_join(mine_too, &result) || result != p || before != 21 ||
			    child != 12 || parent)
				_exit(99);
			_exit(i);
		}
		ended += status_of(pid) == i;
		if (before != 21 || parent != 12 || child)
			puts("wrong order");
	}
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	printf("children that ended as told: %d\n", ended);
}

static void share(void)
{
	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	make_shared(&s->locks, 2);
}

static void play(int me)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&s->locks.mutex);
		while (s->turn != me)
			pthread_cond_wait(&s->locks.cond, &s->locks.mutex);
		s->turn = !me;
		s->turns++;
		pthread_cond_signal(&s->locks.cond);
		pthread_mutex_unlock(&s->locks.mutex);
		pthread_rwlock_wrlock(&s->locks.lock);
		s->written++;
		pthread_rwlock_unlock(&s->locks.lock);
	}
	pthread_barrier_wait(&s->locks.barrier);
}

int main(void)
{
	pid_t pid;

	forks();
	share();
	pid = fork();
	if (pid == 0) {
		play(1);
		pthread_mutex_lock(&s->locks.robust);
		sem_post(&s->locks.sem);
		_exit(0);
	}
	play(0);
	sem_wait(&s->locks.sem);
	printf("%d %d\n", s->turns, s->written);
	printf("%d\n", status_of(pid));
	puts(strerror(pthread_mutex_lock(&s->locks.robust)));
	puts(strerror(pthread_mutex_consistent(&s->locks.robust)));
	puts(strerror(pthread_mutex_unlock(&s->locks.robust)));
	return 0;
}
