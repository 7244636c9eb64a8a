/* heap.h - the allocator under its own names: what malloc is unless a program has its own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_HEAP_H
#define PX_HEAP_H

#include <stdbool.h>
#include <stddef.h>

void *px_heap_malloc(size_t n);
void px_heap_free(void *p);
void *px_heap_realloc(void *p, size_t n);
void *px_heap_calloc(size_t n, size_t size);
void *px_heap_memalign(size_t align, size_t n);
size_t px_heap_usable(void *p);
int px_heap_trim(size_t pad);
struct mallinfo2 px_heap_info(void);

/* Is malloc this one, and not the program's? */
bool px_heap_is_malloc(void);

/* Not 0 from the second thread on: then the allocator takes its lock. */
extern int px_heap_threads;

#endif
