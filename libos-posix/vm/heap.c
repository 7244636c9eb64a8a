/* heap.c - malloc's inside: Doug Lea's allocator on our sbrk and mmap.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Its source is compiled as it is, under the settings and names below.  Each block carries a
 * word made of a random number; without it free() ends the program.
 */
#include <env/process.h>
#include <env/random.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <vm/heap.h>

extern struct __lock __lock___malloc_recursive_mutex;
int px_heap_threads;

/* A double free, a pointer that is none, or what lies between blocks was written. */
static _Noreturn void damaged(void)
{
	static const char text[] =
		"malloc: a block was freed twice, was none, or the memory beside it was written\n";

	px_print(text, sizeof(text) - 1);
	abort();
}

static inline __attribute__((always_inline)) int lock(void)
{
	if (px_heap_threads)
		__retarget_lock_acquire_recursive(&__lock___malloc_recursive_mutex);
	return 0;
}

static inline __attribute__((always_inline)) void unlock(void)
{
	if (px_heap_threads)
		__retarget_lock_release_recursive(&__lock___malloc_recursive_mutex);
}

#define USE_DL_PREFIX
#define dlmalloc               px_heap_malloc
#define dlfree                 px_heap_free
#define dlrealloc              px_heap_realloc
#define dlcalloc               px_heap_calloc
#define dlmemalign             px_heap_memalign
#define dlmalloc_usable_size   px_heap_usable
#define dlmalloc_trim          px_heap_trim
#define MALLOC_ALIGNMENT       16
#define FOOTERS                1
#define HAVE_MREMAP            1
#define DEFAULT_GRANULARITY    ((size_t)32 << 10)
#define DEFAULT_TRIM_THRESHOLD ((size_t)128 << 10)
#define MALLINFO_FIELD_TYPE    size_t
#define mallinfo               px_heap_own_info
#define malloc_getpagesize     4096
#define LACKS_SYS_PARAM_H
#define PREACTION(m)               lock()
#define POSTACTION(m)              unlock()
#define CORRUPTION_ERROR_ACTION(m) damaged()
#define USAGE_ERROR_ACTION(m, p)   damaged()
#define time(p)                    ((size_t)px_random64())
#include <dlmalloc.c>
#undef mallinfo

struct mallinfo2 px_heap_info(void)
{
	struct px_heap_own_info own = internal_mallinfo(gm);
	struct mallinfo2 info;

	_Static_assert(sizeof(own) == sizeof(info), "the same ten numbers");
	memcpy(&info, &own, sizeof(info));
	return info;
}

static bool asked;

__attribute__((weak)) void *malloc(size_t n)
{
	asked = true;
	return px_heap_malloc(n);
}

__attribute__((weak, alias("px_heap_free"))) void free(void *p);

bool px_heap_is_malloc(void)
{
	if (!asked)
		free(malloc(1));
	return asked;
}
