/* malloc.c - what allocation costs, in guest instructions, by typical patterns.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Runs on Linux too.  Under `-icount shift=0` the TSC counts guest instructions.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1000

static void *slot[20 * SLOTS];
static uint32_t seed = 1;

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static uint32_t next(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

/* Small sizes are frequent, large ones rare. */
static size_t mixed_size(void)
{
	return 1 + next() % (16u << next() % 9);
}

static void pair(size_t n, int times)
{
	for (int i = 0; i < times; i++) {
		void *volatile p = malloc(n);

		free(p);
	}
}

static void pair_64(void)
{
	pair(64, 10000);
}

static void pair_4000(void)
{
	pair(4000, 10000);
}

static void pair_1m(void)
{
	pair(1 << 20, 1000);
}

/* A thousand blocks live; the oldest goes for each new one. */
static void queue(void)
{
	for (int i = 0; i < 20000; i++) {
		free(slot[i % SLOTS]);
		slot[i % SLOTS] = malloc(48);
	}
	for (int i = 0; i < SLOTS; i++) {
		free(slot[i]);
		slot[i] = NULL;
	}
}

static void mixed(void)
{
	for (int i = 0; i < 20000; i++) {
		unsigned k = next() % SLOTS;

		free(slot[k]);
		slot[k] = malloc(mixed_size());
	}
	for (int i = 0; i < SLOTS; i++) {
		free(slot[i]);
		slot[i] = NULL;
	}
}

/* A buffer that grows by half until it has a mebibyte; 60 steps or so each. */
static void grow(void)
{
	for (int i = 0; i < 20; i++) {
		size_t n = 16;
		char *p = NULL;

		while (n < 1 << 20) {
			p = realloc(p, n);
			p[n - 1] = 1;
			n += n / 2;
		}
		free(p);
	}
}

/* As a string that gets one more character each time. */
static void append(void)
{
	char *p = NULL;

	for (size_t n = 1; n <= 10000; n++) {
		p = realloc(p, n);
		p[n - 1] = 1;
	}
	free(p);
}

static void many(void)
{
	for (int i = 0; i < 20 * SLOTS; i++)
		slot[i] = malloc(16 + next() % 48);
	for (int i = 0; i < 20 * SLOTS; i++) {
		free(slot[i]);
		slot[i] = NULL;
	}
}

static void zeroed(void)
{
	for (int i = 0; i < 2000; i++) {
		void *volatile p = calloc(25, 8);

		free(p);
	}
}

static void measure(const char *name, void (*f)(void), unsigned operations)
{
	uint64_t from;

	f();
	from = ticks();
	f();
	printf("bench %s %llu ticks\n", name, (unsigned long long)((ticks() - from) / operations));
}

int main(void)
{
	measure("pair_64", pair_64, 10000);
	measure("pair_4000", pair_4000, 10000);
	measure("pair_1m", pair_1m, 1000);
	measure("queue", queue, 20000);
	measure("mixed", mixed, 20000);
	measure("grow", grow, 20 * 29);
	measure("append", append, 10000);
	measure("many", many, 20 * SLOTS);
	measure("calloc_200", zeroed, 2000);
	return 0;
}
