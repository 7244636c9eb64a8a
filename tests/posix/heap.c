/* heap.c - allocation: contents, alignment, exhaustion.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 500

static uint32_t seed = 1;

static uint32_t next(void)
{
	return seed = seed * 1664525 + 1013904223;
}

static void check(const unsigned char *p, size_t n, int value)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != (unsigned char)value) {
			printf("damaged\n");
			exit(1);
		}
}

static void churn(void)
{
	static unsigned char *block[BLOCKS];
	static size_t size[BLOCKS];

	for (int round = 0; round < 20000; round++) {
		uint32_t i = next() % BLOCKS;
		size_t n = next() % (round % 100 == 0 ? 300000 : 3000) + 1;

		check(block[i], size[i], (int)i);
		if (next() % 3 == 0) {
			free(block[i]);
			block[i] = NULL;
			size[i] = 0;
			continue;
		}
		block[i] = realloc(block[i], n);
		if (!block[i] || (uintptr_t)block[i] % 16) {
			printf("no memory, or misaligned\n");
			exit(1);
		}
		check(block[i], size[i] < n ? size[i] : n, (int)i);
		memset(block[i], (int)i, n);
		size[i] = n;
	}
	for (int i = 0; i < BLOCKS; i++)
		free(block[i]);
	printf("churned\n");
}

static void zeroed(void)
{
	for (int i = 0; i < 200; i++) {
		size_t n = (size_t)i * 1000 + 1;
		unsigned char *p = malloc(n), *q;

		memset(p, 0xff, n);
		free(p);
		q = calloc(n, 1);
		check(q, n, 0);
		free(q);
	}
	printf("zeroed\n");
}

static void limits(void)
{
	void *p;

	errno = 0;
	p = malloc(SIZE_MAX / 2);
	printf("%d %d", p == NULL, errno == ENOMEM);
	errno = 0;
	volatile size_t many = (size_t)1 << 33; /* the compiler must not know the product */

	errno = 0;
	p = calloc(many, many);
	printf("calloc of 2^66: %s, %s\n", p ? "there" : "none",
	       errno == ENOMEM ? "ENOMEM" : "no error");
	free(p);
	p = calloc(SIZE_MAX / 4, 8);
	printf(" %d %d", p == NULL, errno == ENOMEM);
	errno = 0;
	p = realloc(malloc(10), SIZE_MAX - 100);
	printf(" %d %d\n", p == NULL, errno == ENOMEM);
	for (size_t align = 16; align <= 65536; align *= 4) {
		int r = posix_memalign(&p, align, 100);

		printf("%d%d ", r, (uintptr_t)p % align == 0);
		free(p);
		p = aligned_alloc(align, align * 2);
		printf("%d ", p && (uintptr_t)p % align == 0);
		free(p);
	}
	printf("%d\n", posix_memalign(&p, 3, 100) == EINVAL);
	p = malloc(0);
	free(p);
	free(NULL);
}

static void large(void)
{
	for (int i = 0; i < 20; i++) {
		char *p = malloc(20 << 20);

		memset(p, i, 20 << 20);
		free(p);
	}
	printf("large\n");
}

int main(void)
{
	churn();
	zeroed();
	limits();
	large();
	return 0;
}
