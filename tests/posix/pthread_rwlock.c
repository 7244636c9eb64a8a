/* pthread_rwlock.c - locks for readers and writers, spin locks.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SAY(x) printf("%-66s %s\n", #x, say(x))
#define N      6

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static volatile int readers, writers;
static int counter, most, bad;

static const char *say(int error)
{
	return error ? strerror(error) : "ok";
}

static void *tries(void *arg)
{
	struct timespec t = {0};

	SAY(pthread_rwlock_tryrdlock(&lock));
	SAY(pthread_rwlock_trywrlock(&lock));
	SAY(pthread_rwlock_timedwrlock(&lock, &t));
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += 1000000;
	if (t.tv_nsec > 999999999)
		t.tv_nsec = 999999999;
	SAY(pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &t));
	if (arg)
		SAY(pthread_rwlock_timedrdlock(&lock, &t));
	else
		SAY(pthread_rwlock_unlock(&lock));
	return NULL;
}

static void elsewhere(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, tries, arg);
	pthread_join(t, NULL);
}

static void *reads(void *arg)
{
	for (int i = 0; i < 500; i++) {
		pthread_rwlock_rdlock(&lock);
		if (writers)
			bad++;
		if (__atomic_add_fetch(&readers, 1, __ATOMIC_SEQ_CST) > most)
			most = readers;
		if (i % 50 == 0)
			sched_yield();
		__atomic_sub_fetch(&readers, 1, __ATOMIC_SEQ_CST);
		pthread_rwlock_unlock(&lock);
	}
	return arg;
}

static void *writes(void *arg)
{
	for (int i = 0; i < 500; i++) {
		pthread_rwlock_wrlock(&lock);
		if (readers || writers)
			bad++;
		writers = 1;
		counter++;
		if (i % 50 == 0)
			sched_yield();
		writers = 0;
		pthread_rwlock_unlock(&lock);
	}
	return arg;
}

static void *spins(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		pthread_spin_lock(&spin);
		counter++;
		pthread_spin_unlock(&spin);
	}
	return arg;
}

static void both(void *(*a)(void *), void *(*b)(void *))
{
	pthread_t t[N];

	counter = 0;
	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, i % 2 ? a : b, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	printf("%d, bad %d\n", counter, bad);
}

int main(void)
{
	pthread_rwlockattr_t attr;
	int n;

	SAY(pthread_rwlock_rdlock(&lock));
	SAY(pthread_rwlock_rdlock(&lock));
	elsewhere(NULL);
	SAY(pthread_rwlock_unlock(&lock));
	SAY(pthread_rwlock_unlock(&lock));
	SAY(pthread_rwlock_wrlock(&lock));
	SAY(pthread_rwlock_wrlock(&lock));
	SAY(pthread_rwlock_rdlock(&lock));
	elsewhere(&lock);
	SAY(pthread_rwlock_unlock(&lock));
	both(reads, writes);
	SAY(pthread_rwlock_destroy(&lock));
	SAY(pthread_rwlockattr_init(&attr));
	SAY(pthread_rwlockattr_setpshared(&attr, 5));
	SAY(pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
	SAY(pthread_rwlockattr_getpshared(&attr, &n));
	SAY(pthread_rwlockattr_setkind_np(&attr, 9));
	SAY(pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP));
	SAY(pthread_rwlock_init(&lock, &attr));
	both(reads, writes);
	both(writes, writes);
	SAY(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
	SAY(pthread_spin_trylock(&spin));
	SAY(pthread_spin_trylock(&spin));
	SAY(pthread_spin_unlock(&spin));
	both(spins, spins);
	SAY(pthread_spin_destroy(&spin));
	return 0;
}
