/* thread.c - the thread block, thread-local variables and newlib's per-thread state.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/random.h>
#include <env/thread.h>
#include <exo/error.h>
#include <pthread.h>
#include <reent.h>
#include <string.h>
#include <vm/frames.h>
#include <vm/vm.h>

/* build/user.ld */
extern char __tdata_start[] __attribute__((visibility("hidden")));
extern char __tdata_end[] __attribute__((visibility("hidden")));

/* There is a thread-local segment in every program. */
static __thread struct _reent *reent;

/* Thread-local variables end at the thread pointer (x86-64 variant II), their
 * size rounded up to their alignment; the linker knows how far below they begin. */
static uintptr_t tls_bytes(void)
{
	uintptr_t below;

	__asm__("mov $__tdata_start@tpoff, %0" : "=r"(below));
	return -below;
}

/* The rounded size is a multiple of the alignment, so its lowest set bit is at
 * least that. */
static uintptr_t tls_align(uintptr_t bytes)
{
	uintptr_t low = bytes & -bytes;

	return low < 64 ? 64 : low;
}

static uintptr_t canary(void)
{
	return (uintptr_t)px_random64() & ~(uintptr_t)0xff;
}

long px_thread_first(void)
{
	uintptr_t below = tls_bytes(), align = tls_align(below);
	uint64_t bytes = px_round_up(below + align + sizeof(struct px_thread));
	struct px_region *r;
	struct px_thread *t;
	long error;

	if (!px_commit(bytes >> EXO_PAGE_SHIFT))
		return -EXO_E_LIMIT;
	r = px_region_add("thread", bytes, bytes, 1);
	if (!r)
		return -EXO_E_LIMIT;
	error = px_map_now(r->start, bytes >> EXO_PAGE_SHIFT);
	if (error < 0)
		return error;
	t = (void *)((r->start + below + align - 1) & ~(align - 1));
	memcpy((char *)t - below, __tdata_start, (size_t)(__tdata_end - __tdata_start));
	t->self = t;
	t->number = 1;
	t->canary = canary();
	__asm__ volatile("wrfsbase %0" : : "r"(t) : "memory");
	reent = _GLOBAL_REENT;
	return 0;
}

/* The first thread has newlib's global state, because that is where exit()
 * looks for streams to flush. */
struct _reent *__getreent(void)
{
	return reent;
}

int pthread_setcancelstate(int state, int *old)
{
	struct px_thread *t = px_self();

	if (old)
		*old = t->cancel_state;
	t->cancel_state = state;
	return 0;
}
