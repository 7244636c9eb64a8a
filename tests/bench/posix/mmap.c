/* mmap.c - what mapping, touching and protecting memory costs, in guest instructions.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Runs on Linux too.  Of a touched page 512 instructions are its zeroing.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE  4096
#define TIMES 500
#define LARGE (2ul << 20)
#define MUCH  (32ul << 20)

static uint64_t begun;

static void begin(void)
{
	begun = __builtin_ia32_rdtsc();
}

static void end_of(const char *name, uint64_t times)
{
	printf("bench %s %llu ticks\n", name,
	       (unsigned long long)((__builtin_ia32_rdtsc() - begun) / times));
}

static void end(const char *name)
{
	end_of(name, TIMES);
}

static volatile char *map(size_t n)
{
	return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void pairs(void)
{
	begin();
	for (int i = 0; i < TIMES; i++)
		munmap((void *)map(PAGE), PAGE);
	end("munmap");
	begin();
	for (int i = 0; i < TIMES; i++) {
		volatile char *p = map(PAGE);

		*p = 1;
		munmap((void *)p, PAGE);
	}
	end("touch_munmap");
}

static void touches(void)
{
	volatile char *p = map(TIMES * PAGE);

	begin();
	for (size_t i = 0; i < TIMES; i++)
		p[i * PAGE] = 1;
	end("touch_in_order");
	begin();
	for (size_t i = 0; i < TIMES; i++) {
		mprotect((void *)(p + i * PAGE), PAGE, PROT_READ);
		mprotect((void *)(p + i * PAGE), PAGE, PROT_READ | PROT_WRITE);
	}
	end("protect_twice");
	munmap((void *)p, TIMES * PAGE);
	p = map((size_t)TIMES * 8 * PAGE);
	begin();
	for (size_t i = 0; i < TIMES; i++)
		p[(i * 8 + 3) * PAGE] = 1;
	end("touch_apart");
}

/* 32 MiB in order, for each 4 KiB; then in pages of 2 MiB, if there are such. */
static void much(const char *name, int advice)
{
	volatile char *p = map(MUCH + LARGE);

	p += -(uintptr_t)p % LARGE;
	madvise((void *)p, MUCH, advice);
	begin();
	for (size_t i = 0; i < MUCH; i += PAGE)
		p[i] = 1;
	end_of(name, MUCH / PAGE);
	munmap((void *)p, MUCH);
}

int main(void)
{
	for (int i = 0; i < 10; i++)
		munmap((void *)map(PAGE), PAGE);
	pairs();
	touches();
	much("touch_32M", MADV_NOHUGEPAGE);
	much("touch_32M_large", MADV_HUGEPAGE);
	return 0;
}
