/* moved.c - a thread that computes goes to another CPU when somebody says so.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static volatile int at = -1, stop;

static void *compute(void *arg)
{
	while (!stop)
		at = sched_getcpu();
	return arg;
}

static void *also(void *arg)
{
	while (!stop)
		;
	return arg;
}

static int set(pthread_t thread, int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return pthread_setaffinity_np(thread, sizeof(one), &one);
}

/* Nothing else happens on that CPU, or others compute there, too. */
static void move(const char *what, pthread_t thread)
{
	int last = sysconf(_SC_NPROCESSORS_ONLN) > 1;

	for (int i = 0; i < 6; i++) {
		int cpu = i % 2 ? last : 0;
		time_t end = time(NULL) + 60;

		if (set(thread, cpu))
			printf("%s: refused\n", what);
		at = -1;
		while (at != cpu && time(NULL) < end)
			sched_yield();
		printf("%s %d: %s\n", what, i, at == cpu ? "there" : "elsewhere");
	}
}

int main(void)
{
	pthread_t thread, more[2];
	int last = sysconf(_SC_NPROCESSORS_ONLN) > 1;

	pthread_create(&thread, NULL, compute, NULL);
	move("alone", thread);
	for (int i = 0; i < 2; i++) {
		pthread_create(&more[i], NULL, also, NULL);
		set(more[i], i ? last : 0);
	}
	move("among others", thread);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(more[i], NULL);
	pthread_join(thread, NULL);
	printf("end\n");
	return 0;
}
