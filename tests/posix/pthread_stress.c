/* pthread_stress.c - many threads at once over everything they share.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2 4
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define N 8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static long counter, queue, taken;
static double sums[N];
static int ends[2], bad;
static __thread long own;

static void wrong(const char *what)
{
	printf("WRONG: %s\n", what);
	bad++;
}

/* Vector registers and flags survive being interrupted. */
static double series(long n)
{
	double x = 1.0 + (double)n;

	for (long i = 0; i < 400000; i++)
		x = x * 1.0000001 + 0.5 / (x + 1);
	return x;
}

static void *computes(void *arg)
{
	own = (long)arg;
	sums[own] = series((long)arg);
	if (own != (long)arg)
		wrong("thread-local variable");
	return NULL;
}

static void *locks(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *allocates(void *arg)
{
	unsigned int seed = (unsigned)(long)arg * 77 + 1;
	char *p[32] = {0};

	for (int i = 0; i < 3000; i++) {
		int k = rand_r(&seed) % 32;
		size_t n = rand_r(&seed) % 2000 + 2;

		free(p[k]);
		p[k] = malloc(n);
		if (!p[k])
			break;
		memset(p[k], (char)(long)arg, n);
		if (p[k][n - 1] != (char)(long)arg)
			wrong("block");
	}
	for (int k = 0; k < 32; k++)
		free(p[k]);
	return NULL;
}

static void *produces(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		queue++;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static void *consumes(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		while (!queue)
			pthread_cond_wait(&cond, &mutex);
		queue--;
		taken++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

/* Pages are zero when they come, and a thread's own afterwards. */
static void *maps(void *arg)
{
	for (int i = 0; i < 3; i++) {
		size_t n = 1 << 17;
		char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (size_t k = 0; k < n; k += 4096) {
			if (p[k] || p[k + 4095])
				wrong("page is not zero");
			p[k] = (char)(k >> 12);
		}
		for (size_t k = 0; k < n; k += 4096)
			if (p[k] != (char)(k >> 12))
				wrong("page");
		munmap(p, n);
	}
	return arg;
}

static void *writes(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		char c = (char)i;

		if (write(ends[1], &c, 1) != 1)
			wrong("write");
	}
	return arg;
}

static void *reads(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		char c;

		if (read(ends[0], &c, 1) != 1 || c != (char)i)
			wrong("read");
	}
	return arg;
}

static void *files(void *arg)
{
	char name[32], text[32], back[32] = {0};

	for (int i = 0; i < 50; i++) {
		sprintf(name, "file%ld", (long)arg);
		sprintf(text, "%ld:%d", (long)arg, i);
		int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

		if (fd < 0 || write(fd, text, 32) != 32 || pread(fd, back, 32, 0) != 32 ||
		    strcmp(text, back) || close(fd) || unlink(name))
			wrong("file");
	}
	return arg;
}

static void *naps(void *arg)
{
	struct timespec t = {.tv_nsec = 500000 * ((long)arg % 3 + 1)}, from, to;

	for (int i = 0; i < 5; i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		nanosleep(&t, NULL);
		clock_gettime(CLOCK_MONOTONIC, &to);
		if ((to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec < t.tv_nsec)
			wrong("slept too little");
	}
	return arg;
}

static void *prints(void *arg)
{
	FILE *f = arg;

	for (int i = 0; i < 200; i++)
		fprintf(f, "a line of text %d\n", i);
	return NULL;
}

static void *returns(void *arg)
{
	return arg;
}

static void run(const char *name, void *(*a)(void *), void *(*b)(void *), int n)
{
	pthread_t t[64];

	for (long i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, i % 2 ? b : a, (void *)i))
			wrong("create");
	for (int i = 0; i < n; i++)
		if (pthread_join(t[i], NULL))
			wrong("join");
	puts(name);
}

static void stream(void)
{
	FILE *f = fopen("text", "w+");
	char line[100];
	pthread_t t[N];
	int lines = 0, n;

	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, prints, f);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	rewind(f);
	while (fgets(line, sizeof(line), f))
		lines += sscanf(line, "a line of text %d", &n) == 1 &&
			 line[strlen(line) - 1] == '\n';
	fclose(f);
	printf("%d lines\n", lines);
}

static void chain(void)
{
	for (long i = 0; i < 500; i++) {
		pthread_t t;
		void *result;

		if (pthread_create(&t, NULL, returns, (void *)i) || pthread_join(t, &result) ||
		    result != (void *)i)
			wrong("chain");
	}
	puts("chain");
}

static volatile int rounds;

static void *ticks(void *arg)
{
	for (;;) {
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		rounds++;
	}
	return arg;
}

/* More than whoever takes the output takes at once; and then somebody else has to get the CPU. */
static void output(void)
{
	static char line[4096];
	pthread_t t;

	memset(line, '-', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	pthread_create(&t, NULL, ticks, NULL);
	for (int i = 0; i < 3; i++) {
		int before;

		for (int j = 0; j < 12; j++)
			fwrite(line, 1, sizeof(line), stdout);
		fflush(stdout);
		before = rounds;
		while (rounds < before + 2)
			;
	}
	pthread_cancel(t);
	pthread_join(t, NULL);
}

int main(void)
{
	run("computing", computes, computes, N);
	for (int i = 0; i < N; i++)
		if (sums[i] != series(i))
			wrong("sum");
	run("locking", locks, locks, N);
	printf("%ld\n", counter);
	run("allocating", allocates, allocates, N);
	run("queue", produces, consumes, N);
	printf("%ld %ld\n", queue, taken);
	run("mapping", maps, maps, N);
	if (pipe(ends))
		wrong("pipe");
	run("pipe", writes, reads, 2);
	run("files", files, files, N);
	run("sleeping", naps, naps, 16);
	run("all", locks, maps, 16);
	stream();
	chain();
	run("many", returns, naps, 64);
	output();
	return bad;
}
