/* mmap.c - mappings without files: contents, protection, every error.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN:
 * RUN: null
 * RUN: readonly
 * RUN: none
 * RUN: unmapped
 * RUN: constant
 * ENDS: by a signal
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW   (PROT_READ | PROT_WRITE)

static const char *name(int e)
{
	switch (e) {
	case 0:
		return "0";
	case EINVAL:
		return "EINVAL";
	case ENOMEM:
		return "ENOMEM";
	case EACCES:
		return "EACCES";
	case EBADF:
		return "EBADF";
	case ENODEV:
		return "ENODEV";
	case EEXIST:
		return "EEXIST";
	case EFAULT:
		return "EFAULT";
	case EPERM:
		return "EPERM";
	case EOVERFLOW:
		return "EOVERFLOW";
	case EOPNOTSUPP:
		return "EOPNOTSUPP";
	}
	return "other";
}

static void is(const char *what, long r)
{
	printf("%s: %s\n", what, r == 0 ? "0" : r == -1 ? name(errno) : "value");
}

static char *get(size_t bytes)
{
	char *p = mmap(NULL, bytes, RW, ANON, -1, 0);

	if (p == MAP_FAILED) {
		printf("no memory: %s\n", name(errno));
		exit(1);
	}
	return p;
}

static int zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return 0;
	return 1;
}

static void errors(void)
{
	char *p = get(4 * PAGE);

#define MAP(a, n, prot, flags, fd, off)                                                            \
	is(#a " " #n " " #prot " " #flags " " #fd " " #off,                                        \
	   mmap((void *)(a), n, prot, flags, fd, off) == MAP_FAILED ? -1 : 0)
	MAP(0, 0, RW, ANON, -1, 0);
	MAP(0, PAGE, RW, MAP_ANONYMOUS, -1, 0);
	MAP(0, PAGE, RW, ANON, -1, 1);
	MAP(0, PAGE, RW, ANON, -1, PAGE);
	MAP(0, (size_t)-1, RW, ANON, -1, 0);
	MAP(0, (size_t)1 << 62, RW, ANON, -1, 0);
	MAP(0, PAGE, RW, MAP_PRIVATE, -1, 0);
	MAP(0, PAGE, RW, MAP_PRIVATE, 77, 0);
	MAP(p + 1, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	MAP(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	MAP(p + 3 * PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	MAP(1ull << 60, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	MAP(1ull << 60, PAGE, RW, ANON, -1, 0);
	MAP(p + 1, PAGE, PROT_NONE, ANON, -1, 0);
	MAP(0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MAP(0, PAGE, RW, ANON | MAP_STACK | MAP_GROWSDOWN | MAP_NORESERVE, -1, 0);
	is("munmap odd", munmap(p + 1, PAGE));
	is("munmap nothing", munmap(p, 0));
	is("munmap wraps", munmap(p, (size_t)-PAGE));
	is("munmap far", munmap((void *)(1ull << 62), PAGE));
	is("mprotect odd", mprotect(p + 1, PAGE, PROT_READ));
	is("mprotect nothing", mprotect(p, 0, PROT_READ));
	is("mprotect bits", mprotect(p, PAGE, 0x77));
	is("munmap 2", munmap(p + PAGE, PAGE));
	is("munmap 2 again", munmap(p + PAGE, PAGE));
	is("mprotect hole", mprotect(p, 3 * PAGE, PROT_READ));
	is("madvise hole", madvise(p, 3 * PAGE, MADV_DONTNEED));
	is("madvise bad", madvise(p, PAGE, 1000));
	is("madvise odd", madvise(p + 5, PAGE, MADV_DONTNEED));
	is("msync hole", msync(p, 3 * PAGE, MS_SYNC));
	is("msync flags", msync(p, PAGE, MS_SYNC | MS_ASYNC));
	is("msync odd", msync(p + 1, PAGE, MS_SYNC));
	is("msync", msync(p + 2 * PAGE, PAGE, MS_SYNC));
	is("mlock hole", mlock(p, 3 * PAGE));
	is("mlock", mlock(p + 2 * PAGE, PAGE));
	is("munlock", munlock(p + 2 * PAGE, PAGE));
	is("mlockall", mlockall(0));
	printf("posix_madvise: %s %s\n", name(posix_madvise(p, PAGE, POSIX_MADV_DONTNEED)),
	       name(posix_madvise(p, PAGE, 99)));
	is("munmap all", munmap(p, 4 * PAGE));
}

static void contents(void)
{
	char *p = get(100 * PAGE), *q;

	printf("aligned %d, zero %d\n", (int)((uintptr_t)p % PAGE), zero(p, 100 * PAGE));
	for (int i = 0; i < 100; i++)
		memset(p + i * PAGE, i + 1, PAGE);
	is("hole", munmap(p + 10 * PAGE, 5 * PAGE));
	printf("%d %d\n", p[9 * PAGE], p[15 * PAGE]);
	q = mmap(p + 10 * PAGE, 5 * PAGE, RW, ANON | MAP_FIXED, -1, 0);
	printf("same place %d, zero %d\n", q == p + 10 * PAGE, zero(q, 5 * PAGE));
	q = mmap(p + 20 * PAGE, 3 * PAGE, RW, ANON | MAP_FIXED, -1, 0);
	printf("over it %d, zero %d, around %d %d\n", q == p + 20 * PAGE, zero(q, 3 * PAGE),
	       p[19 * PAGE], p[23 * PAGE]);
	is("dontneed", madvise(p + 30 * PAGE, 2 * PAGE, MADV_DONTNEED));
	printf("zero %d, around %d %d\n", zero(p + 30 * PAGE, 2 * PAGE), p[29 * PAGE],
	       p[32 * PAGE]);
	is("willneed", madvise(p, 100 * PAGE, MADV_WILLNEED));
	is("sequential", madvise(p, 100 * PAGE, MADV_SEQUENTIAL));
	is("hugepage", posix_madvise(p, 100 * PAGE, POSIX_MADV_WILLNEED));
	printf("%d %d\n", p[99 * PAGE], p[50 * PAGE + 77]);
	munmap(p, 100 * PAGE);
	q = mmap(p, PAGE, RW, ANON, -1, 0);
	printf("hint taken %d\n", q == p);
	munmap(q, PAGE);
}

static void protection(void)
{
	char *p = get(10 * PAGE);

	memset(p, 7, 10 * PAGE);
	is("ro", mprotect(p, 10 * PAGE, PROT_READ));
	is("none", mprotect(p + 2 * PAGE, 4 * PAGE, PROT_NONE));
	is("part rw", mprotect(p + 3 * PAGE, PAGE, RW));
	printf("kept %d\n", p[3 * PAGE + 5]);
	p[3 * PAGE] = 8;
	is("none again", mprotect(p + 3 * PAGE, PAGE, PROT_NONE));
	is("drop one", munmap(p + 4 * PAGE, PAGE));
	is("rw", mprotect(p, 4 * PAGE, RW));
	printf("kept %d %d %d\n", p[2 * PAGE], p[3 * PAGE], p[3 * PAGE + 1]);
	is("rw 5", mprotect(p + 5 * PAGE, PAGE, RW));
	printf("kept %d %d\n", p[5 * PAGE], p[6 * PAGE]);
	is("x", mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	printf("%d\n", p[0]);
	munmap(p, 10 * PAGE);
	p = mmap(NULL, 4 * PAGE, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);
	is("commit 2", mprotect(p + PAGE, 2 * PAGE, RW));
	printf("zero %d\n", zero(p + PAGE, 2 * PAGE));
	p[PAGE] = 1;
	munmap(p, 4 * PAGE);
	p = mmap(NULL, 4 * PAGE, PROT_READ, ANON, -1, 0);
	printf("zero %d\n", zero(p, 4 * PAGE));
	is("rw", mprotect(p, 4 * PAGE, RW));
	p[1] = 1;
	p[PAGE + 1] = 2;
	printf("%d %d %d %d\n", p[0], p[1], p[PAGE + 1], p[2 * PAGE + 1]);
	munmap(p, 4 * PAGE);
}

static void remapping(void)
{
	char *p = get(4 * PAGE), *q;

	strcpy(p, "first");
	strcpy(p + 3 * PAGE, "last");
	q = mremap(p, 4 * PAGE, 400 * PAGE, MREMAP_MAYMOVE);
	printf("%s %s %d\n", q, q + 3 * PAGE, zero(q + 4 * PAGE, 396 * PAGE));
	strcpy(q + 399 * PAGE, "end");
	p = mremap(q, 400 * PAGE, 2 * PAGE, 0);
	printf("shorter in place %d %s\n", p == q, p);
	q = get(8 * PAGE);
	strcpy(q, "gone");
	q = mremap(p, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q);
	printf("%s %d\n", q, q[2 * PAGE]);
	is("old one is free", munmap(p, 2 * PAGE));
	errno = 0;
#define REMAP(...) is(#__VA_ARGS__, mremap(__VA_ARGS__) == MAP_FAILED ? -1 : 0)
	REMAP(q + 1, PAGE, PAGE, 0);
	REMAP(q, PAGE, 0, 0);
	REMAP(q, PAGE, PAGE, 64);
	REMAP(q, PAGE, PAGE, MREMAP_FIXED, q);
	REMAP(q, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, q);
	REMAP((void *)(1ul << 40), PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	munmap(q, 8 * PAGE);
}

static void residency(void)
{
	char *p = get(64 * PAGE);
	unsigned char v[64];
	int n = 0;

	is("mincore", mincore(p, 64 * PAGE, v));
	for (int i = 0; i < 64; i++)
		n += v[i] & 1;
	printf("%d there\n", n);
	is("populate", mlock(p, 64 * PAGE));
	mincore(p, 64 * PAGE, v);
	for (int i = 0; i < 64; i++)
		n += v[i] & 1;
	printf("%d there\n", n);
	is("odd", mincore(p + 1, PAGE, v));
	is("fault", mincore(p, PAGE, (void *)8));
	munmap(p, 64 * PAGE);
	is("hole", mincore(p, PAGE, v));
	p = mmap(NULL, 8 * PAGE, RW, ANON | MAP_POPULATE, -1, 0);
	is("mincore", mincore(p, 8 * PAGE, v));
	printf("%d %d\n", v[0] & 1, v[7] & 1);
}

/* Thousands of mappings, in an order of their own. */
static void many(void)
{
	enum { N = 6000 };
	static char *at[N];
	uint32_t seed = 1;
	int wrong = 0;

	for (int i = 0; i < N; i++) {
		at[i] = mmap(NULL, 2 * PAGE, i % 2 ? RW : PROT_NONE, ANON, -1, 0);
		if (at[i] == MAP_FAILED) {
			printf("%d: %s\n", i, name(errno));
			exit(1);
		}
		if (i % 2 && i % 100 == 1)
			memset(at[i], i, 2 * PAGE);
	}
	for (int i = 0; i < 4 * N; i++) {
		int k = (seed = seed * 1664525 + 1013904223) % N;

		if (k % 2 && k % 100 == 1) {
			wrong += at[k][2 * PAGE - 1] != (char)k;
			continue;
		}
		wrong += munmap(at[k], 2 * PAGE) != 0;
		at[k] = mmap(NULL, 2 * PAGE, k % 2 ? RW : PROT_NONE, ANON, -1, 0);
		wrong += at[k] == MAP_FAILED;
	}
	for (int i = 0; i < N; i++)
		wrong += munmap(at[i], 2 * PAGE) != 0;
	printf("many: %d wrong\n", wrong);
}

static char array[4 * PAGE] __attribute__((aligned(PAGE)));

static void own_data(void)
{
	memset(array, 3, sizeof(array));
	is("ro", mprotect(array + PAGE, PAGE, PROT_READ));
	array[0] = 1;
	array[2 * PAGE] = 2;
	printf("%d %d %d\n", array[0], array[PAGE], array[2 * PAGE]);
	is("none", mprotect(array + PAGE, PAGE, PROT_NONE));
	is("rw", mprotect(array, sizeof(array), RW));
	printf("%d\n", ++array[PAGE]);
	printf("unmap %d\n", munmap(array + 3 * PAGE, PAGE));
}

static void heap(void)
{
	char *start = sbrk(0), *p = sbrk(100000);

	printf("sbrk %d, zero %d\n", p == start, zero(p, 100000));
	memset(p, 1, 100000);
	printf("grown %d\n", (char *)sbrk(0) == start + 100000);
	printf("back %d\n", sbrk(-100000) == start + 100000);
	p = sbrk(100000);
	printf("again %d, zero %d\n", p == start, zero(p + PAGE, 100000 - PAGE));
	is("brk", brk(start));
	is("brk far", brk(start + (1ull << 45)));
	printf("still %d\n", sbrk(0) == start);
	is("sbrk far", (long)sbrk(1ll << 45));
}

static void crash(const char *how)
{
	volatile char *p = get(3 * PAGE);

	p[PAGE] = 5;
	printf("now\n");
	fflush(stdout);
	if (strcmp(how, "null") == 0)
		*(volatile int *)(uintptr_t)strlen("four") = 1;
	if (strcmp(how, "readonly") == 0)
		mprotect((char *)p, 2 * PAGE, PROT_READ);
	if (strcmp(how, "none") == 0)
		mprotect((char *)p, 3 * PAGE, PROT_NONE);
	if (strcmp(how, "unmapped") == 0)
		munmap((char *)p + PAGE, PAGE);
	if (strcmp(how, "constant") == 0)
		p = (volatile char *)"constant" - PAGE;
	p[PAGE] = 1;
	printf("still here\n");
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		crash(argv[1]);
		return 1;
	}
	errors();
	contents();
	protection();
	remapping();
	residency();
	many();
	own_data();
	heap();
	return 0;
}
