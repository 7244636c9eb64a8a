/* threads.c - ten thousand threads, hundreds at a time: all end, and nothing is left of them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define MADE 10000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int waiting, go, ended;

static void *brief(void *arg)
{
	char *p = malloc(100);

	p[0] = (char)(long)arg;
	free(p);
	return arg;
}

static void *waits(void *arg)
{
	pthread_mutex_lock(&mutex);
	waiting++;
	while (!go)
		pthread_cond_wait(&cond, &mutex);
	ended++;
	pthread_mutex_unlock(&mutex);
	return arg;
}

static void round_of(void *(*fn)(void *), int n)
{
	pthread_t *t = malloc((size_t)n * sizeof(*t));
	int made = 0;

	for (; made < n && !pthread_create(&t[made], NULL, fn, (void *)(long)made); made++)
		continue;
	if (made < n)
		printf("only %d of %d\n", made, n);
	pthread_mutex_lock(&mutex);
	go = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	for (long i = 0; i < made; i++) {
		void *result;

		if (pthread_join(t[i], &result) || result != (void *)i)
			puts("wrong end");
	}
	free(t);
}

int main(void)
{
	long before, after;

	round_of(waits, 500);
	go = 0;
	before = get_avphys_pages();
	for (int i = 0; i < MADE / 100; i++)
		round_of(brief, 100);
	go = 0;
	round_of(waits, 500);
	after = get_avphys_pages();
	printf("%d made, %d waited, pages lost: %s\n", MADE, ended,
	       before - after > 64 ? "many" : "none");
	return 0;
}
