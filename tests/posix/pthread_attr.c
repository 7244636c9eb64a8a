/* pthread_attr.c - attributes of threads, names, and what is asked of a thread.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SAY(x) printf("%-60s %d\n", #x, (int)(x))

static pthread_attr_t attr;
static char *stack;

static void defaults(void)
{
	struct sched_param param = {.sched_priority = 77};
	size_t bytes = 1;
	void *addr = &bytes;
	int n = 77;

	SAY(pthread_attr_init(&attr));
	SAY(pthread_attr_getdetachstate(&attr, &n));
	SAY(n == PTHREAD_CREATE_JOINABLE);
	SAY(pthread_attr_getscope(&attr, &n));
	SAY(n == PTHREAD_SCOPE_SYSTEM);
	SAY(pthread_attr_getinheritsched(&attr, &n));
	SAY(n == PTHREAD_INHERIT_SCHED);
	SAY(pthread_attr_getschedpolicy(&attr, &n));
	SAY(n == SCHED_OTHER);
	SAY(pthread_attr_getschedparam(&attr, &param));
	SAY(param.sched_priority);
	SAY(pthread_attr_getstacksize(&attr, &bytes));
	SAY(bytes >= 1 << 20);
	SAY(pthread_attr_getguardsize(&attr, &bytes));
	SAY(bytes);
	SAY(pthread_attr_getstack(&attr, &addr, &bytes));
	SAY(addr == NULL || bytes > 0);
}

static void setters(void)
{
	struct sched_param param = {.sched_priority = 1};
	size_t bytes;
	int n;

	SAY(pthread_attr_setdetachstate(&attr, 7));
	SAY(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN - 1));
	SAY(pthread_attr_setstacksize(&attr, 65536));
	SAY(pthread_attr_getstacksize(&attr, &bytes));
	SAY(bytes);
	SAY(pthread_attr_setguardsize(&attr, 10000));
	SAY(pthread_attr_getguardsize(&attr, &bytes));
	SAY(bytes);
	SAY(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS) == ENOTSUP);
	SAY(pthread_attr_setscope(&attr, 99) == EINVAL);
	SAY(pthread_attr_setinheritsched(&attr, 99) == EINVAL);
	SAY(pthread_attr_setschedpolicy(&attr, 99) == EINVAL);
	SAY(pthread_attr_setschedparam(&attr, &param) == EINVAL);
	SAY(pthread_attr_setschedpolicy(&attr, SCHED_RR));
	SAY(pthread_attr_setschedparam(&attr, &param));
	SAY(pthread_attr_getschedpolicy(&attr, &n));
	SAY(n == SCHED_RR);
	SAY(pthread_attr_setstack(&attr, stack, 100) == EINVAL);
	SAY(pthread_attr_destroy(&attr));
}

static void *here(void *arg)
{
	char *here = (char *)&arg;
	pthread_attr_t mine;
	size_t bytes, guard;
	void *low;
	int n;

	SAY(pthread_getattr_np(pthread_self(), &mine));
	pthread_attr_getstack(&mine, &low, &bytes);
	SAY(here >= (char *)low && here < (char *)low + bytes);
	pthread_attr_getguardsize(&mine, &guard);
	pthread_attr_getdetachstate(&mine, &n);
	SAY(n);
	if (arg)
		SAY(low == arg);
	else
		SAY(guard);
	pthread_attr_destroy(&mine);
	return NULL;
}

static void make(pthread_t *t, const pthread_attr_t *how, void *arg)
{
	if (pthread_create(t, how, here, arg))
		puts("not made");
}

static void stacks(void)
{
	pthread_t t;

	stack = mmap(NULL, 1 << 17, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_init(&attr);
	SAY(pthread_attr_setstack(&attr, stack, 1 << 17));
	make(&t, &attr, stack);
	SAY(pthread_join(t, NULL));
	pthread_attr_destroy(&attr);
	pthread_attr_init(&attr);
	SAY(pthread_attr_setstacksize(&attr, 1 << 18));
	SAY(pthread_attr_setguardsize(&attr, 8192));
	make(&t, &attr, NULL);
	SAY(pthread_join(t, NULL));
	make(&t, NULL, NULL);
	SAY(pthread_join(t, NULL));
	here(NULL);
}

static void *wait_long(void *arg)
{
	pthread_mutex_lock(arg);
	pthread_mutex_unlock(arg);
	return NULL;
}

static void joining(void)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* some come when we are gone */
	struct timespec past = {.tv_sec = 1};
	pthread_t t;

	pthread_mutex_lock(&mutex);
	SAY(pthread_create(&t, NULL, wait_long, &mutex));
	SAY(pthread_tryjoin_np(t, NULL) == EBUSY);
	SAY(pthread_timedjoin_np(t, NULL, &past) == ETIMEDOUT);
	SAY(pthread_clockjoin_np(t, NULL, CLOCK_MONOTONIC, &past) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	SAY(pthread_join(t, NULL));
	SAY(pthread_join(pthread_self(), NULL) == EDEADLK);
	pthread_mutex_lock(&mutex);
	SAY(pthread_create(&t, NULL, wait_long, &mutex));
	SAY(pthread_detach(t));
	SAY(pthread_detach(t) == EINVAL);
	SAY(pthread_join(t, NULL) == EINVAL);
	pthread_mutex_unlock(&mutex);
	pthread_attr_init(&attr);
	SAY(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
	for (int i = 0; i < 100; i++)
		if (pthread_create(&t, &attr, wait_long, &mutex))
			puts("not made");
}

static void names(void)
{
	char name[16];

	SAY(pthread_setname_np(pthread_self(), "a name of 15 ch"));
	SAY(pthread_getname_np(pthread_self(), name, sizeof(name)));
	puts(name);
	SAY(pthread_setname_np(pthread_self(), "a name of 16 chr") == ERANGE);
	SAY(pthread_getname_np(pthread_self(), name, 5) == ERANGE);
	SAY(pthread_setconcurrency(-1) == EINVAL);
	SAY(pthread_setconcurrency(3));
	SAY(pthread_getconcurrency());
	SAY(pthread_equal(pthread_self(), pthread_self()) != 0);
	SAY(gettid() == getpid());
}

static void policies(void)
{
	struct sched_param param = {0};
	struct timespec t = {.tv_sec = 9};
	int policy = -1;

	SAY(sched_get_priority_min(SCHED_FIFO));
	SAY(sched_get_priority_max(SCHED_RR));
	SAY(sched_get_priority_max(SCHED_OTHER));
	SAY(sched_get_priority_min(99));
	SAY(sched_getscheduler(0));
	SAY(pthread_getschedparam(pthread_self(), &policy, &param));
	SAY(policy);
	SAY(param.sched_priority);
	SAY(sched_rr_get_interval(0, &t) || t.tv_sec);
	SAY(sched_yield());
	SAY(sched_getscheduler(0x3fffffff) == -1 && errno == ESRCH);
	param.sched_priority = 50;
	SAY(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param) == EINVAL);
}

int main(void)
{
	defaults();
	setters();
	stacks();
	joining();
	names();
	policies();
	return 0;
}
