/* pthread_sem.c - semaphores, with names and without; C11's threads.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "try.h"

#define N 6

static sem_t sem, done;
static int shared, in_it, most;

static void *posts(void *arg)
{
	for (int i = 0; i < 1000; i++)
		sem_post(&sem);
	return arg;
}

static void *takes(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		sem_wait(&sem);
		__atomic_add_fetch(&shared, 1, __ATOMIC_SEQ_CST);
	}
	return arg;
}

static void *three_at_a_time(void *arg)
{
	for (int i = 0; i < 200; i++) {
		sem_wait(&done);
		int now = __atomic_add_fetch(&in_it, 1, __ATOMIC_SEQ_CST);
		if (now > most)
			most = now;
		if (i % 20 == 0)
			sched_yield();
		__atomic_sub_fetch(&in_it, 1, __ATOMIC_SEQ_CST);
		sem_post(&done);
	}
	return arg;
}

static void run(void *(*a)(void *), void *(*b)(void *))
{
	pthread_t t[N];

	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, i % 2 ? a : b, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
}

static void unnamed(void)
{
	struct timespec t = {.tv_sec = 1}, bad = {.tv_nsec = -1};
	int value = -1;

	TRY(sem_init(&sem, 0, (unsigned)INT_MAX + 1));
	TRY(sem_init(&sem, 0, 2));
	TRY(sem_getvalue(&sem, &value));
	printf("%d\n", value);
	TRY(sem_trywait(&sem));
	TRY(sem_wait(&sem));
	TRY(sem_trywait(&sem));
	TRY(sem_timedwait(&sem, &t));
	TRY(sem_timedwait(&sem, &bad));
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	TRY(sem_clockwait(&sem, CLOCK_MONOTONIC, &t));
	TRY(sem_post(&sem));
	TRY(sem_timedwait(&sem, &bad));
	run(posts, takes);
	TRY(sem_getvalue(&sem, &value));
	printf("%d %d\n", shared, value);
	TRY(sem_init(&done, 1, 3));
	run(three_at_a_time, three_at_a_time);
	TRY(sem_getvalue(&done, &value));
	printf("%d, most %d\n", value, most <= 3 && most > 0);
	TRY(sem_destroy(&sem));
	TRY(sem_init(&sem, 0, INT_MAX));
	TRY(sem_post(&sem));
}

static void named(void)
{
	char name[32];
	sem_t *a, *b;
	int value = -1;

	snprintf(name, sizeof(name), "/threads-%d", getpid());
	sem_unlink(name);
	TRY(sem_open(name, 0) == SEM_FAILED);
	TRY(sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED);
	TRY(sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED);
	TRY(sem_open(name, O_CREAT, 0600, (unsigned)INT_MAX + 1) == SEM_FAILED);
	a = sem_open(name, O_CREAT | O_EXCL, 0600, 3);
	b = sem_open(name, O_CREAT, 0600, 77);
	printf("%d\n", a == b && a != SEM_FAILED);
	TRY(sem_open(name, O_CREAT | O_EXCL, 0600, 3) == SEM_FAILED);
	TRY(sem_wait(b));
	TRY(sem_getvalue(a, &value));
	printf("%d\n", value);
	TRY(sem_close(a));
	TRY(sem_unlink(name));
	TRY(sem_unlink(name));
	TRY(sem_post(b));
	TRY(sem_getvalue(b, &value));
	printf("%d\n", value);
	TRY(sem_close(b));
}

static mtx_t mtx;
static cnd_t cnd;
static tss_t tss;
static once_flag once = ONCE_FLAG_INIT;
static thread_local int mine = 3;
static int state, destroyed;

static void only_once(void)
{
	puts("once");
}

static void destroy(void *p)
{
	__atomic_add_fetch(&destroyed, *(int *)p,
			   __ATOMIC_SEQ_CST); /* several threads end at once */
}

static int work(void *arg)
{
	call_once(&once, only_once);
	tss_set(tss, &mine);
	mine += *(int *)arg;
	mtx_lock(&mtx);
	state++;
	cnd_signal(&cnd);
	mtx_unlock(&mtx);
	if (*(int *)tss_get(tss) != mine)
		puts("another's");
	if (mine > 5)
		thrd_exit(-mine);
	return mine;
}

static void c11(void)
{
	struct timespec t = {.tv_nsec = 1000000};
	thrd_t thread[3];
	int arg[3] = {1, 2, 3}, status;

	TRY(mtx_init(&mtx, mtx_plain | mtx_timed));
	TRY(cnd_init(&cnd));
	TRY(tss_create(&tss, destroy));
	for (int i = 0; i < 3; i++)
		if (thrd_create(&thread[i], work, &arg[i]) != thrd_success)
			puts("not made");
	mtx_lock(&mtx);
	while (state < 3)
		cnd_wait(&cnd, &mtx);
	TRY(mtx_trylock(&mtx) == thrd_busy);
	clock_gettime(CLOCK_REALTIME, &t);
	TRY(cnd_timedwait(&cnd, &mtx, &t) == thrd_timedout);
	TRY(mtx_unlock(&mtx));
	for (int i = 0; i < 3; i++) {
		TRY(thrd_join(thread[i], &status));
		printf("%d\n", status);
	}
	printf("%d %d\n", destroyed, mine);
	TRY(thrd_equal(thrd_current(), thrd_current()) != 0);
	t = (struct timespec){.tv_nsec = 1000000};
	TRY(thrd_sleep(&t, NULL));
	t.tv_nsec = -1;
	TRY(thrd_sleep(&t, NULL) < -1);
	thrd_yield();
	mtx_destroy(&mtx);
	TRY(mtx_init(&mtx, mtx_recursive));
	TRY(mtx_lock(&mtx));
	TRY(mtx_lock(&mtx));
	cnd_destroy(&cnd);
	tss_delete(tss);
}

int main(void)
{
	unnamed();
	named();
	c11();
	return 0;
}
