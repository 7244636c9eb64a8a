/* between.c - locks of threads between processes that see them at different places, or die.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * CPUS: 1 2
 * RUN: places
 * RUN: killed
 * RUN: waiting
 */
#include "locks.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 100

struct shared {
	struct locks locks;
	pthread_spinlock_t spin;
	sem_t back;
	int turn, turns, written, spun;
};

static struct shared *see(int fd)
{
	return mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static void make(struct shared *s)
{
	make_shared(&s->locks, 3);
	pthread_spin_init(&s->spin, PTHREAD_PROCESS_SHARED);
	sem_init(&s->back, 1, 0);
}

static void play(struct shared *s, int me)
{
	int serial = 0;

	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&s->locks.mutex);
		while (s->turn != me)
			pthread_cond_wait(&s->locks.cond, &s->locks.mutex);
		s->turn = (me + 1) % 3;
		s->turns++;
		pthread_cond_broadcast(&s->locks.cond);
		pthread_mutex_unlock(&s->locks.mutex);
		pthread_rwlock_wrlock(&s->locks.lock);
		s->written++;
		pthread_rwlock_unlock(&s->locks.lock);
		pthread_spin_lock(&s->spin);
		s->spun++;
		pthread_spin_unlock(&s->spin);
		if (i % 10 == 0)
			serial += pthread_barrier_wait(&s->locks.barrier) != 0;
	}
	pthread_mutex_lock(&s->locks.mutex);
	s->turns += 1000000 * serial;
	pthread_mutex_unlock(&s->locks.mutex);
	pthread_barrier_wait(&s->locks.barrier);
}

static void ended(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
	else
		printf("exit %d\n", WEXITSTATUS(status));
	fflush(stdout);
}

/* The same memory three times, each process at a place of its own. */
static int places(int fd, struct shared *s)
{
	pid_t pid[2];

	for (int i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			struct shared *mine = see(fd);

			if (mine == s || munmap(s, sizeof(*s)))
				_exit(9);
			play(mine, i + 1);
			_exit(3);
		}
	}
	play(s, 0);
	ended(pid[0]);
	ended(pid[1]);
	printf("%d %d %d\n", s->turns, s->written, s->spun);
	return 0;
}

/* It holds a lock when it is killed: sleeping, spinning, or in a call. */
static void holds(struct shared *s, int how)
{
	int fds[2];
	char c;

	pipe(fds);
	pthread_mutex_lock(&s->locks.robust);
	sem_post(&s->locks.sem);
	if (how == 0)
		for (;;)
			pause();
	if (how == 1)
		for (;;)
			s->turns++;
	if (how == 2)
		*(volatile int *)8 = 1;
	read(fds[0], &c, 1);
}

static int killed(struct shared *s)
{
	for (int i = 0; i < 12; i++) {
		pid_t pid = fork();

		if (!pid)
			holds(s, i % 4);
		sem_wait(&s->locks.sem);
		printf("%s ", i % 4 == 2 ? "-" : strerror(pthread_mutex_trylock(&s->locks.robust)));
		if (i % 4 != 2)
			kill(pid, SIGKILL);
		if (i % 2) /* who waits is woken by the death */
			printf("%s ", strerror(pthread_mutex_lock(&s->locks.robust)));
		ended(pid);
		if (i % 2 == 0)
			printf("%s ", strerror(pthread_mutex_lock(&s->locks.robust)));
		if (i < 11)
			printf("%s ", strerror(pthread_mutex_consistent(&s->locks.robust)));
		printf("%s\n", strerror(pthread_mutex_unlock(&s->locks.robust)));
	}
	printf("%s\n", strerror(pthread_mutex_lock(&s->locks.robust)));
	return 0;
}

/* Who waits is killed: the others get what it waited for. */
static int waiting(struct shared *s)
{
	for (int how = 0; how < 4; how++) {
		pid_t pid;

		if (how == 3)
			pthread_mutex_lock(&s->locks.robust);
		pid = fork();
		if (!pid) {
			sem_post(&s->back);
			if (how == 0)
				sem_wait(&s->locks.sem);
			if (how == 1) {
				pthread_mutex_lock(&s->locks.mutex);
				for (;;)
					pthread_cond_wait(&s->locks.cond, &s->locks.mutex);
			}
			if (how == 2)
				pthread_barrier_wait(&s->locks.barrier);
			if (how == 3)
				pthread_mutex_lock(&s->locks.robust);
			_exit(0);
		}
		sem_wait(&s->back);
		usleep(20000);
		if (how == 1) /* it waits, or has not begun to: it does not hold the mutex */
			pthread_mutex_lock(&s->locks.mutex);
		kill(pid, SIGKILL);
		ended(pid);
		if (how == 1)
			printf("%s\n", strerror(pthread_mutex_unlock(&s->locks.mutex)));
		if (how == 3)
			printf("%s\n", strerror(pthread_mutex_unlock(&s->locks.robust)));
	}
	sem_post(&s->locks.sem);
	printf("%d\n", sem_trywait(&s->locks.sem));
	printf("%s\n", strerror(pthread_mutex_lock(&s->locks.robust)));
	printf("%s\n", strerror(pthread_mutex_lock(&s->locks.mutex)));
	return 0;
}

int main(int argc, char **argv)
{
	struct shared *s;
	char name[40];
	int fd;

	alarm(110);
	setvbuf(stdout, NULL, _IONBF, 0);
	snprintf(name, sizeof(name), "/between-%d", getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	shm_unlink(name);
	ftruncate(fd, sizeof(*s));
	s = see(fd);
	make(s);
	if (strcmp(argv[1], "places") == 0)
		return places(fd, s);
	if (strcmp(argv[1], "killed") == 0)
		return killed(s);
	return waiting(s);
}
