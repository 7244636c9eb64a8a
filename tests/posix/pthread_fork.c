/* pthread_fork.c - fork from a process with threads; what processes share of threads' objects.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
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
	pthread_mutex_t mutex, robust;
	pthread_cond_t cond;
	pthread_barrier_t barrier;
	pthread_rwlock_t lock;
	sem_t sem;
	int turn, counter;
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
	pthread_mutexattr_t m;
	pthread_condattr_t c;
	pthread_barrierattr_t b;
	pthread_rwlockattr_t l;

	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_init(&m);
	pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->mutex, &m);
	pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&s->robust, &m);
	pthread_condattr_init(&c);
	pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&s->cond, &c);
	pthread_barrierattr_init(&b);
	pthread_barrierattr_setpshared(&b, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->barrier, &b, 2);
	pthread_rwlockattr_init(&l);
	pthread_rwlockattr_setpshared(&l, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&s->lock, &l);
	sem_init(&s->sem, 1, 0);
}

static void play(int me)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&s->mutex);
		while (s->turn != me)
			pthread_cond_wait(&s->cond, &s->mutex);
		s->turn = !me;
		s->counter++;
		pthread_cond_signal(&s->cond);
		pthread_mutex_unlock(&s->mutex);
		pthread_rwlock_wrlock(&s->lock);
		s->counter++;
		pthread_rwlock_unlock(&s->lock);
	}
	pthread_barrier_wait(&s->barrier);
}

int main(void)
{
	pid_t pid;

	forks();
	share();
	pid = fork();
	if (pid == 0) {
		play(1);
		pthread_mutex_lock(&s->robust);
		sem_post(&s->sem);
		_exit(0);
	}
	play(0);
	sem_wait(&s->sem);
	printf("%d\n", s->counter);
	printf("%d\n", status_of(pid));
	puts(strerror(pthread_mutex_lock(&s->robust)));
	puts(strerror(pthread_mutex_consistent(&s->robust)));
	puts(strerror(pthread_mutex_unlock(&s->robust)));
	return 0;
}
