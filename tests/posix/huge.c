/* huge.c - large mappings, whose pages may be of 2 MiB: changed in part they stay what they were.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE  4096ul
#define LARGE (2ul << 20)
#define PAGES (LARGE / PAGE)

static int linux_;

/* kB, as /proc/meminfo names it. */
static long figure(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long kb = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			kb = atol(line + strlen(name));
	if (f)
		fclose(f);
	return kb;
}

/* How many large pages there are is Linux's own affair; here it is so many. */
static void large_pages(const char *when, long n)
{
	long is = figure("AnonHugePages:") / 2048;

	if (linux_ || is == n)
		printf("%s: as expected\n", when);
	else
		printf("%s: %ld large pages, not %ld\n", when, is, n);
}

static char *map(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		printf("mmap: %s\n", strerror(errno));
		exit(1);
	}
	return at;
}

/* `n` times 2 MiB from a boundary on, in large pages if there can be some. */
static char *map_aligned(size_t n)
{
	char *at = map((n + 1) * LARGE);
	char *from = (char *)(((uintptr_t)at + LARGE - 1) & -LARGE);

	if (from > at)
		munmap(at, (size_t)(from - at));
	munmap(from + n * LARGE, (size_t)(at + LARGE - from));
	if (madvise(from, n * LARGE, MADV_HUGEPAGE))
		printf("HUGEPAGE: %s\n", strerror(errno));
	return from;
}

static uint64_t word(size_t page)
{
	return (page + 1) * 0x9e3779b97f4a7c15ull;
}

static void fill(char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++) {
		uint64_t *p = (uint64_t *)(at + i * PAGE);

		p[0] = p[511] = word(i);
	}
}

/* Pages [from, to) of what fill() wrote, which lie at `at` now, and are zero between. */
static void check(const char *when, const char *at, size_t from, size_t to)
{
	size_t wrong = 0;

	for (size_t i = from; i < to; i++) {
		const uint64_t *p = (const uint64_t *)(at + (i - from) * PAGE);

		wrong += p[0] != word(i) || p[511] != word(i) || p[1] || p[255] || p[510];
	}
	printf("%s: %zu of %zu pages wrong\n", when, wrong, to - from);
}

static void zeros(const char *when, const char *at, size_t pages)
{
	size_t wrong = 0;

	for (size_t i = 0; i < pages * PAGE / 8; i++)
		wrong += ((const uint64_t *)at)[i] != 0;
	printf("%s: %zu words not zero\n", when, wrong);
}

static const char *can(const char *at, int write_there)
{
	static int zero = -1, ends[2];

	if (zero < 0) {
		zero = open("/dev/zero", O_RDONLY);
		if (zero < 0 || pipe(ends))
			return "?";
	}
	if (write_there)
		return read(zero, (void *)at, 1) == 1 ? "yes" : strerror(errno);
	if (write(ends[1], at, 1) != 1)
		return strerror(errno);
	return read(ends[0], (char[1]){0}, 1) == 1 ? "yes" : "no";
}

static void unmapped(void)
{
	char *a = map_aligned(4);

	fill(a, 4 * PAGES);
	large_pages("filled", 4);
	check("filled", a, 0, 4 * PAGES);
	printf("munmap %d\n", munmap(a + 100 * PAGE, 3 * PAGE));
	large_pages("a hole", 3);
	check("below the hole", a, 0, 100);
	check("above it", a + 103 * PAGE, 103, 4 * PAGES);
	printf("read %s, write %s\n", can(a + 100 * PAGE, 0), can(a + 102 * PAGE, 1));
	printf("munmap %d\n", munmap(a + (PAGES + 5) * PAGE, 2 * LARGE));
	large_pages("a larger one", 0);
	check("below it", a + PAGES * PAGE, PAGES, PAGES + 5);
	check("above it", a + (3 * PAGES + 5) * PAGE, 3 * PAGES + 5, 4 * PAGES);
	printf("munmap %d\n", munmap(a, 4 * LARGE));
	large_pages("all gone", 0);
}

static void protected(void)
{
	char *a = map_aligned(3);

	fill(a, 3 * PAGES);
	printf("mprotect %d\n", mprotect(a + 7 * PAGE, PAGE, PROT_READ));
	large_pages("a page", 2);
	printf("%s %s %s %s\n", can(a + 7 * PAGE, 0), can(a + 7 * PAGE, 1),
	       can(a + 6 * PAGE + 8, 1), can(a + 8 * PAGE + 8, 1));
	check("a page read only", a, 0, 3 * PAGES);
	printf("mprotect %d\n", mprotect(a, 3 * LARGE, PROT_READ));
	check("all read only", a, 0, 3 * PAGES);
	printf("mprotect %d\n", mprotect(a + PAGE, 2 * LARGE, PROT_NONE));
	printf("%s %s\n", can(a + PAGE, 0), can(a + 2 * LARGE, 0));
	printf("mprotect %d\n", mprotect(a, 3 * LARGE, PROT_READ | PROT_WRITE));
	check("writable again", a, 0, 3 * PAGES);
	fill(a, 3 * PAGES);
	munmap(a, 3 * LARGE);
	a = map_aligned(2);
	fill(a, 2 * PAGES);
	printf("mprotect %d\n", mprotect(a, 2 * LARGE, PROT_NONE));
	printf("%s\n", can(a, 0));
	printf("mprotect %d\n", mprotect(a, 2 * LARGE, PROT_READ | PROT_WRITE));
	check("hidden as a whole", a, 0, 2 * PAGES);
	munmap(a, 2 * LARGE);
}

static void moved(void)
{
	char *a = map_aligned(3), *b = map_aligned(4), *c;

	fill(a, 3 * PAGES);
	fill(b, 4 * PAGES);
	c = mremap(a + 9 * PAGE, LARGE, LARGE, MREMAP_MAYMOVE | MREMAP_FIXED, b + 3 * PAGE);
	printf("moved %d\n", c == b + 3 * PAGE);
	check("below", a, 0, 9);
	check("above", a + LARGE + 9 * PAGE, PAGES + 9, 3 * PAGES);
	check("what moved", c, 9, PAGES + 9);
	check("below", b, 0, 3);
	check("above", c + LARGE, PAGES + 3, 4 * PAGES);
	munmap(a, 3 * LARGE);
	munmap(b, 4 * LARGE);
	b = map_aligned(1);
	fill(b, PAGES);
	a = mremap(b, LARGE, 5 * LARGE, MREMAP_MAYMOVE);
	printf("longer %d\n", a != MAP_FAILED);
	check("the old part", a, 0, PAGES);
	zeros("the new part", a + LARGE, 4 * PAGES);
	printf("shorter %d\n", mremap(a, 5 * LARGE, PAGE, 0) == a);
	check("the rest", a, 0, 1);
	munmap(a, PAGE);
	large_pages("all gone", 0);
}

static void replaced(void)
{
	char *a = map_aligned(3);

	fill(a, 3 * PAGES);
	printf("DONTNEED %d\n", madvise(a + 10 * PAGE, 20 * PAGE, MADV_DONTNEED));
	zeros("forgotten", a + 10 * PAGE, 20);
	check("below", a, 0, 10);
	check("above", a + 30 * PAGE, 30, 3 * PAGES);
	large_pages("a part forgotten", 2);
	printf("DONTNEED %d\n", madvise(a + LARGE, LARGE, MADV_DONTNEED));
	large_pages("a whole one forgotten", 1);
	zeros("forgotten", a + LARGE, PAGES);
	large_pages("touched again", 2);
	check("above", a + 2 * LARGE, 2 * PAGES, 3 * PAGES);
	printf("MAP_FIXED %d\n",
	       mmap(a + LARGE + 5 * PAGE, LARGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == a + LARGE + 5 * PAGE);
	zeros("replaced", a + LARGE + 5 * PAGE, PAGES);
	check("above", a + 2 * LARGE + 5 * PAGE, 2 * PAGES + 5, 3 * PAGES);
	munmap(a, 3 * LARGE);
	large_pages("all gone", 0);
}

static void advised(void)
{
	char *a = map_aligned(4);

	printf("NOHUGEPAGE %d\n", madvise(a + LARGE, LARGE + PAGE, MADV_NOHUGEPAGE));
	fill(a, 4 * PAGES);
	large_pages("not in two", 2);
	check("all of it", a, 0, 4 * PAGES);
	munmap(a, 4 * LARGE);
	a = map_aligned(4);
	printf("NOHUGEPAGE %d\n", madvise(a, 4 * LARGE, MADV_NOHUGEPAGE));
	printf("HUGEPAGE %d\n", madvise(a + LARGE, LARGE, MADV_HUGEPAGE));
	fill(a, 4 * PAGES);
	large_pages("in one", 1);
	printf("HUGEPAGE %d %d\n", madvise(a + PAGE, PAGE, MADV_HUGEPAGE),
	       madvise(a + 1, PAGE, MADV_HUGEPAGE));
	check("all of it", a, 0, 4 * PAGES);
	munmap(a + 2 * LARGE, LARGE);
	errno = 0;
	printf("over a hole %d", madvise(a, 4 * LARGE, MADV_NOHUGEPAGE));
	printf(" %s\n", strerror(errno));
	munmap(a, 4 * LARGE);
}

static int child(char *a)
{
	char *mine;

	for (size_t i = 0; i < 3 * PAGES; i += 3)
		((uint64_t *)(a + i * PAGE))[1] = i;
	munmap(a + LARGE + 100 * PAGE, 50 * PAGE);
	mine = map_aligned(3);
	fill(mine, 3 * PAGES);
	mprotect(mine + PAGE, PAGE, PROT_READ);
	for (size_t i = 0; i < PAGES; i++)
		if (((uint64_t *)(mine + i * PAGE))[511] != word(i) ||
		    ((uint64_t *)(a + i * PAGE))[511] != word(i))
			return 1;
	for (size_t i = 0; i < PAGES; i += 3)
		if (((uint64_t *)(a + i * PAGE))[1] != i)
			return 2;
	return 0;
}

static void forked(void)
{
	long left = 0;
	int status;

	for (int round = 0; round < 6; round++) {
		char *a = map_aligned(3);
		pid_t pid;

		fill(a, 3 * PAGES);
		fflush(stdout);
		pid = fork();
		if (!pid) {
			status = child(a);
			if (round % 2)
				kill(getpid(), SIGKILL);
			_exit(status);
		}
		for (size_t i = 1; i < 3 * PAGES; i += 3)
			((uint64_t *)(a + i * PAGE))[511] = word(i);
		waitpid(pid, &status, 0);
		printf("child %#x\n", status);
		check("the parent's", a, 0, 3 * PAGES);
		munmap(a, 3 * LARGE);
		large_pages("both are gone", 0);
		if (round == 1)
			left = figure("MemFree:");
	}
	if (!linux_ && figure("MemFree:") != left)
		printf("%ld kB were left, now %ld\n", left, figure("MemFree:"));
}

static void heaps(void)
{
	char *p = malloc(5 * LARGE), *low, *q;
	intptr_t odd;

	madvise((char *)(((uintptr_t)p + PAGE) & -PAGE), 5 * LARGE - PAGE, MADV_HUGEPAGE);
	fill((char *)(((uintptr_t)p + PAGE) & -PAGE), 4 * PAGES);
	if (!linux_ && figure("AnonHugePages:") < 3 * 2048)
		printf("malloc: no large pages\n");
	q = realloc(p, 9 * LARGE);
	check("realloc", (char *)(((uintptr_t)q + PAGE) & -PAGE), 0, 4 * PAGES);
	free(q);
	odd = -(intptr_t)sbrk(0) & (intptr_t)(LARGE - 1);
	sbrk(odd);
	low = sbrk(4 * LARGE);
	madvise(low, 3 * LARGE, MADV_HUGEPAGE);
	fill(low, 2 * PAGES);
	sbrk(-2 * (intptr_t)LARGE - 5 * (intptr_t)PAGE);
	check("brk", low, 0, PAGES);
	sbrk(2 * (intptr_t)LARGE);
	check("brk", low, 0, PAGES);
	sbrk(5 * (intptr_t)PAGE - 4 * (intptr_t)LARGE - odd);
	large_pages("after the heap", 0);
}

#define THREADS 4

static char *shared;
static atomic_int at_once;
static atomic_int over;

/* All touch every page at the same time. */
static void *touch_all(void *number)
{
	size_t begin = (size_t)number * PAGES / THREADS;

	at_once++;
	while (at_once < THREADS)
		;
	for (size_t i = 0; i < 2 * PAGES; i++)
		atomic_fetch_add((atomic_ulong *)(shared + (begin + i) % (2 * PAGES) * PAGE + 64),
				 1);
	return NULL;
}

/* Pages 0, 2, ... are written while others change those beside them. */
static void *write_even(void *number)
{
	unsigned long rounds = 0;

	do {
		for (size_t i = 0; i < 2 * PAGES; i += 2)
			((volatile unsigned long *)(shared + i * PAGE))[(size_t)number * 8]++;
		rounds++;
	} while (!over);
	return (void *)rounds;
}

static void run(void *(*f)(void *), void *result[])
{
	pthread_t t[THREADS];

	at_once = 0;
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, f, (void *)i);
	for (size_t i = 0; f == write_even && i < 24; i++) {
		char *odd = shared + (2 * i + 1) * PAGE + i % 2 * LARGE;

		if (i % 4 == 0)
			munmap(odd, PAGE);
		else if (i % 4 == 1)
			mprotect(odd, PAGE, PROT_NONE);
		else if (i % 4 == 2)
			madvise(odd, PAGE, MADV_DONTNEED);
		else
			mprotect(odd, PAGE, PROT_READ);
		sched_yield();
	}
	over = 1;
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(t[i], &result[i]);
	over = 0;
}

static void threads(void)
{
	void *result[THREADS];
	size_t wrong = 0;

	for (int round = 0; round < 4; round++) {
		shared = map_aligned(2);
		run(touch_all, result);
		for (size_t i = 0; i < 2 * PAGES; i++)
			wrong += *(unsigned long *)(shared + i * PAGE + 64) != THREADS;
		if (round == 3)
			large_pages("touched by all", 2);
		munmap(shared, 2 * LARGE);
	}
	printf("threads: %zu of them wrong\n", wrong);
	for (int round = 0; round < 4; round++) {
		shared = map_aligned(2);
		memset(shared, 0, 2 * LARGE);
		run(write_even, result);
		for (size_t i = 0; i < 2 * PAGES; i += 2)
			for (size_t n = 0; n < THREADS; n++)
				wrong += ((unsigned long *)(shared + i * PAGE))[n * 8] !=
					 (unsigned long)result[n];
		munmap(shared, 2 * LARGE);
	}
	printf("threads: %zu of them wrong\n", wrong);
	large_pages("after the threads", 0);
}

static char *stack;

/* What changes lies in the same 2 MiB as the stack. */
static void *on_it(void *unused)
{
	char room[3 * PAGE];

	memset(room, 7, sizeof(room));
	munmap(stack - 100 * PAGE, 2 * PAGE);
	mprotect(stack - 200 * PAGE, PAGE, PROT_READ);
	for (size_t i = 0; i < sizeof(room); i++)
		if (room[i] != 7)
			return "not what it was";
	return unused;
}

static void stacks(void)
{
	pthread_attr_t attr;
	pthread_t t;
	void *text;

	pthread_attr_init(&attr);
	for (int round = 0; round < 6; round++) {
		char *a = map_aligned(2);

		if (round % 2)
			memset(a, 1, 2 * LARGE);
		stack = a + (PAGES + 300) * PAGE;
		pthread_attr_setstack(&attr, stack, 64 * PAGE);
		printf("%d ", pthread_create(&t, &attr, on_it, "its stack stays"));
		printf("%d ", pthread_join(t, &text));
		printf("%s\n", (char *)text);
	}
}

int main(void)
{
	struct utsname name;

	uname(&name);
	linux_ = !strcmp(name.sysname, "Linux");
	setvbuf(stdout, NULL, _IONBF, 0);
	unmapped();
	protected();
	moved();
	replaced();
	advised();
	heaps();
	forked();
	threads();
	stacks();
	return 0;
}
