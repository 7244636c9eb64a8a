/* malloc.c - the rest of malloc's family: checked products, alignments, their errors.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All are weak: a program may have its own, of all or of some.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <vm/heap.h>

#define WEAK __attribute__((weak))
#define PAGE 4096

/* As in glibc, a block made 0 bytes long is freed. */
WEAK void *realloc(void *p, size_t n)
{
	if (p && !n) {
		free(p);
		return NULL;
	}
	return px_heap_realloc(p, n);
}

/* The heap knows which pages are zero anyway; a program's own malloc does not tell. */
WEAK void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (px_heap_is_malloc())
		return px_heap_calloc(n, size);
	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = malloc(bytes);
	return p ? memset(p, 0, bytes) : NULL;
}

WEAK void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, bytes);
}

/* A program with a malloc of its own has a free that does not know our blocks. */
static void *aligned(size_t align, size_t n)
{
	if (!px_heap_is_malloc()) {
		errno = ENOMEM;
		return NULL;
	}
	return px_heap_memalign(align, n);
}

WEAK void *memalign(size_t align, size_t n)
{
	size_t power = 16;

	if (align > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	while (power < align)
		power *= 2;
	return aligned(power, n);
}

WEAK void *aligned_alloc(size_t align, size_t n)
{
	return memalign(align, n);
}

WEAK int posix_memalign(void **p, size_t align, size_t n)
{
	int before = errno;
	void *m;

	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	m = memalign(align, n);
	errno = before;
	if (!m)
		return ENOMEM;
	*p = m;
	return 0;
}

WEAK void *valloc(size_t n)
{
	return memalign(PAGE, n);
}

WEAK void *pvalloc(size_t n)
{
	if (n > SIZE_MAX - PAGE) {
		errno = ENOMEM;
		return NULL;
	}
	return memalign(PAGE, n ? (n + PAGE - 1) & -(size_t)PAGE : PAGE);
}

WEAK size_t malloc_usable_size(void *p)
{
	return px_heap_usable(p);
}

WEAK void *reallocf(void *p, size_t n)
{
	void *q = realloc(p, n);

	if (!q && n)
		free(p);
	return q;
}
