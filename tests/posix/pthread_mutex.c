/* pthread_mutex.c - kinds of mutexes, their errors, times and dead owners.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAY(x) printf("%-60s %s\n", #x, say(x))

static pthread_mutex_t mutex;
static pthread_mutexattr_t attr;

static const char *say(int error)
{
	return error ? strerror(error) : "ok";
}

static void *in_thread(void *fn)
{
	((void (*)(void))fn)();
	return NULL;
}

static void elsewhere(void (*fn)(void))
{
	pthread_t t;

	if (pthread_create(&t, NULL, in_thread, (void *)fn) || pthread_join(t, NULL))
		puts("no thread");
}

static void of_kind(int type, int robust)
{
	pthread_mutexattr_init(&attr);
	SAY(pthread_mutexattr_settype(&attr, type));
	SAY(pthread_mutexattr_setrobust(&attr, robust));
	SAY(pthread_mutex_init(&mutex, &attr));
}

static void try_it(void)
{
	SAY(pthread_mutex_trylock(&mutex));
}

static void unlock_it(void)
{
	SAY(pthread_mutex_unlock(&mutex));
}

static void lock_it(void)
{
	SAY(pthread_mutex_lock(&mutex));
}

static void time_it(void)
{
	struct timespec t = {0};

	SAY(pthread_mutex_timedlock(&mutex, &t));
	t.tv_nsec = -1;
	SAY(pthread_mutex_timedlock(&mutex, &t));
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 3000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	SAY(pthread_mutex_timedlock(&mutex, &t));
	clock_gettime(CLOCK_MONOTONIC, &t);
	SAY(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &t));
	SAY(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &t));
}

static void normal(void)
{
	of_kind(PTHREAD_MUTEX_NORMAL, 0);
	lock_it();
	try_it();
	elsewhere(try_it);
	elsewhere(time_it);
	SAY(pthread_mutex_destroy(&mutex));
	unlock_it();
	SAY(pthread_mutex_consistent(&mutex));
	SAY(pthread_mutex_destroy(&mutex));
}

static void recursive(void)
{
	of_kind(PTHREAD_MUTEX_RECURSIVE, 0);
	lock_it();
	lock_it();
	try_it();
	elsewhere(try_it);
	elsewhere(unlock_it);
	unlock_it();
	unlock_it();
	elsewhere(try_it);
	unlock_it();
	unlock_it();
	SAY(pthread_mutex_destroy(&mutex));
}

static void checking(void)
{
	of_kind(PTHREAD_MUTEX_ERRORCHECK, 0);
	unlock_it();
	lock_it();
	lock_it();
	try_it();
	elsewhere(unlock_it);
	elsewhere(time_it);
	unlock_it();
	unlock_it();
	SAY(pthread_mutex_destroy(&mutex));
}

static void robust(int type)
{
	of_kind(type, PTHREAD_MUTEX_ROBUST);
	elsewhere(lock_it);
	lock_it();
	SAY(pthread_mutex_consistent(&mutex));
	unlock_it();
	lock_it();
	unlock_it();
	elsewhere(lock_it);
	lock_it();
	unlock_it();
	lock_it();
	elsewhere(lock_it);
	SAY(pthread_mutex_destroy(&mutex));
}

static void *waits(void *arg)
{
	SAY(pthread_mutex_lock(&mutex));
	SAY(pthread_mutex_consistent(&mutex));
	SAY(pthread_mutex_unlock(&mutex));
	return arg;
}

static pthread_t waiter;

static void leave_it(void)
{
	pthread_mutex_lock(&mutex);
	pthread_create(&waiter, NULL, waits, NULL);
	nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
}

static void attributes(void)
{
	int n;

	pthread_mutexattr_init(&attr);
	SAY(pthread_mutexattr_settype(&attr, 17));
	SAY(pthread_mutexattr_setrobust(&attr, 17));
	SAY(pthread_mutexattr_setpshared(&attr, 17));
	SAY(pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
	pthread_mutexattr_getpshared(&attr, &n);
	printf("%d\n", n);
	pthread_mutexattr_gettype(&attr, &n);
	printf("%d\n", n);
	pthread_mutexattr_getrobust(&attr, &n);
	printf("%d\n", n);
	pthread_mutexattr_getprotocol(&attr, &n);
	printf("%d\n", n);
}

int main(void)
{
	static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	static pthread_mutex_t check = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

	normal();
	recursive();
	checking();
	robust(PTHREAD_MUTEX_NORMAL);
	robust(PTHREAD_MUTEX_RECURSIVE);
	robust(PTHREAD_MUTEX_ERRORCHECK);
	of_kind(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	elsewhere(leave_it);
	pthread_join(waiter, NULL);
	lock_it();
	unlock_it();
	attributes();
	SAY(pthread_mutex_lock(&again));
	SAY(pthread_mutex_lock(&again));
	SAY(pthread_mutex_lock(&check));
	SAY(pthread_mutex_lock(&check));
	return 0;
}
