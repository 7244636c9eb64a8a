/* malloc_r.c - the names under which newlib allocates: they lead to the program's malloc.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <malloc.h>
#include <reent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

void *_malloc_r(struct _reent *r, size_t n)
{
	(void)r;
	return malloc(n);
}

/* newlib's conversions between numbers and digits, nearly all that comes here for zeroed memory,
 * keep what they get for the next one, and cannot do without: when memory is out
 * they use this. */
static char reserve[8192] __attribute__((aligned(16)));
static size_t reserved;

static void *from_reserve(size_t n, size_t size)
{
	size_t bytes, at;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > sizeof(reserve))
		return NULL;
	bytes = (bytes + 15) & ~(size_t)15;
	at = __atomic_load_n(&reserved, __ATOMIC_RELAXED);
	do
		if (bytes > sizeof(reserve) - at)
			return NULL;
	while (!__atomic_compare_exchange_n(&reserved, &at, at + bytes, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED));
	return reserve + at;
}

void _free_r(struct _reent *r, void *p)
{
	(void)r;
	if ((uintptr_t)p - (uintptr_t)reserve >= sizeof(reserve))
		free(p);
}

void *_calloc_r(struct _reent *r, size_t n, size_t size)
{
	void *p = calloc(n, size);

	(void)r;
	return p ? p : from_reserve(n, size);
}

void *_realloc_r(struct _reent *r, void *p, size_t n)
{
	(void)r;
	return realloc(p, n);
}

void *_memalign_r(struct _reent *r, size_t align, size_t n);
void *_memalign_r(struct _reent *r, size_t align, size_t n)
{
	(void)r;
	return memalign(align, n);
}

void *_reallocf_r(struct _reent *r, void *p, size_t n)
{
	(void)r;
	return reallocf(p, n);
}
