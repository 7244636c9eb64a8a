/* c11.c - the rest of <threads.h>, and what is asked of a thread's time and CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 2
 * FORMS: static
 */
#include "try.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static mtx_t mutex;
static cnd_t cond;
static tss_t key;
static once_flag once = ONCE_FLAG_INIT;
static int begun, go, ended, tried, destroyed, calls;
static thread_local int own = 5;

static struct timespec in(long ms)
{
	struct timespec t;

	timespec_get(&t, TIME_UTC);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static int waits(void *arg)
{
	own += *(int *)arg;
	mtx_lock(&mutex);
	begun++;
	cnd_broadcast(&cond);
	while (!go)
		cnd_wait(&cond, &mutex);
	ended++;
	cnd_broadcast(&cond);
	mtx_unlock(&mutex);
	return own;
}

static void broadcasts(void)
{
	int arg[4] = {10, 20, 30, 40}, result;
	thrd_t t[4];

	TRY(mtx_init(&mutex, mtx_plain));
	TRY(cnd_init(&cond));
	for (int i = 0; i < 4; i++)
		thrd_create(&t[i], waits, &arg[i]);
	TRY(thrd_detach(t[3]));
	mtx_lock(&mutex);
	while (begun < 4)
		cnd_wait(&cond, &mutex);
	go = 1;
	cnd_broadcast(&cond);
	while (ended < 4)
		cnd_wait(&cond, &mutex);
	mtx_unlock(&mutex);
	for (int i = 0; i < 3; i++) {
		TRY(thrd_join(t[i], &result));
		printf("%d\n", result);
	}
	printf("%d\n", own);
}

static mtx_t timed;

static int tries(void *unused)
{
	struct timespec soon = in(5), late = in(600000);

	TRY(mtx_timedlock(&timed, &soon) == thrd_timedout);
	TRY(mtx_trylock(&timed) == thrd_busy);
	mtx_lock(&mutex);
	tried = 1;
	cnd_broadcast(&cond);
	mtx_unlock(&mutex);
	TRY(mtx_timedlock(&timed, &late) == thrd_success);
	TRY(mtx_unlock(&timed));
	thrd_exit(66);
}

static void locks(void)
{
	struct timespec past = {1, 0};
	thrd_t t;
	int r;

	TRY(mtx_init(&timed, mtx_timed));
	mtx_lock(&timed);
	thrd_create(&t, tries, NULL);
	mtx_lock(&mutex);
	while (!tried)
		cnd_wait(&cond, &mutex);
	mtx_unlock(&mutex);
	mtx_unlock(&timed);
	thrd_join(t, &r);
	printf("%d\n", r);
	mtx_destroy(&timed);
	TRY(mtx_init(&timed, mtx_timed | mtx_recursive));
	TRY(mtx_lock(&timed));
	TRY(mtx_trylock(&timed));
	TRY(mtx_timedlock(&timed, &past));
	for (int i = 0; i < 3; i++)
		mtx_unlock(&timed);
	mtx_lock(&mutex);
	TRY(cnd_timedwait(&cond, &mutex, &past) == thrd_timedout);
	mtx_unlock(&mutex);
	mtx_destroy(&timed);
}

static void destroy(void *p)
{
	destroyed++;
	if (destroyed < 3)
		tss_set(key, p);
}

static void counts(void)
{
	calls++;
}

static int keeps(void *p)
{
	call_once(&once, counts);
	TRY(tss_get(key) == NULL);
	TRY(tss_set(key, p));
	TRY(tss_get(key) == p);
	return 0;
}

static void keys(void)
{
	tss_t plain;
	thrd_t t;

	TRY(tss_create(&key, destroy));
	TRY(tss_create(&plain, NULL));
	thrd_create(&t, keeps, &t);
	thrd_join(t, NULL);
	call_once(&once, counts);
	printf("%d %d\n", destroyed, calls);
	tss_set(key, &t);
	tss_delete(key);
	tss_delete(plain);
	printf("%d\n", destroyed);
}

static volatile int stop;

static void *spins(void *unused)
{
	while (!stop)
		;
	return unused;
}

static void clocks(void)
{
	struct timespec t = {0}, all;
	clockid_t clock, process;
	pthread_t thread;

	pthread_create(&thread, NULL, spins, NULL);
	TRY(pthread_getcpuclockid(thread, &clock));
	TRY(clock_getcpuclockid(0, &process));
	TRY(clock_getcpuclockid(getpid(), &process));
	TRY(clock_getcpuclockid(99999999, &process) == ESRCH);
	while (!t.tv_sec && t.tv_nsec < 2000000) { /* until it has run */
		usleep(1000);
		clock_gettime(clock, &t);
	}
	stop = 1;
	pthread_join(thread, NULL);
	TRY(pthread_getcpuclockid(pthread_self(), &clock));
	TRY(clock_gettime(clock, &t));
	TRY(clock_gettime(process, &all));
	printf("%d\n",
	       t.tv_sec < all.tv_sec || (t.tv_sec == all.tv_sec && t.tv_nsec < all.tv_nsec));
	TRY(clock_getres(clock, &t));
}

static void cpus(void)
{
	cpu_set_t set, one;
	int cpu = 0;

	TRY(sched_getaffinity(0, sizeof(set), &set) >= 0);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	TRY(sched_setaffinity(0, sizeof(one), &one));
	TRY(sched_getcpu() == cpu);
	TRY(pthread_getaffinity_np(pthread_self(), sizeof(one), &one));
	printf("%d %d\n", CPU_COUNT(&one), CPU_ISSET(cpu, &one));
	CPU_ZERO(&one);
	TRY(sched_setaffinity(0, sizeof(one), &one));
	TRY(pthread_setaffinity_np(pthread_self(), sizeof(set), &set));
	TRY(pthread_getaffinity_np(pthread_self(), sizeof(one), &one));
	printf("%d\n", CPU_EQUAL(&one, &set));
	TRY(sched_setaffinity(99999999, sizeof(set), &set));
	TRY(sched_getaffinity(0, 1, &set));
}

int main(void)
{
	broadcasts();
	locks();
	keys();
	clocks();
	cpus();
	printf("%d %d %d %d\n", thrd_success, thrd_busy, thrd_error, TSS_DTOR_ITERATIONS);
	return 0;
}
