/* malloc_r.c - the names under which newlib allocates: they lead to the program's malloc.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>

void *_malloc_r(struct _reent *r, size_t n)
{
	(void)r;
	return malloc(n);
}

void _free_r(struct _reent *r, void *p)
{
	(void)r;
	free(p);
}

void *_calloc_r(struct _reent *r, size_t n, size_t size)
{
	(void)r;
	return calloc(n, size);
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
