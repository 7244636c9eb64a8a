/* thread.c - the thread block, thread-local variables and newlib's per-thread state.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/program.h>
#include <env/random.h>
#include <env/thread.h>
#include <errno.h>
#include <exo/error.h>
#include <pthread.h>
#include <reent.h>
#include <string.h>
#include <thread/thread.h>
#include <vm/frames.h>
#include <vm/vm.h>

static uintptr_t canary(void)
{
	return (uintptr_t)px_random64() & ~(uintptr_t)0xff;
}

/* With nothing to do yet. */
struct px_thread *px_thread_new(struct px_process *p)
{
	struct px_thread *t = px_alloc(sizeof(*t));

	if (!t)
		return NULL;
	px_enter();
	t->process = p;
	t->id = ++px_arena->sched.last_id;
	t->cpus = ~0ull;
	t->timer.kind = PX_TIMER_WAIT;
	t->next = p->threads;
	if (t->next)
		t->next->prev = t;
	p->threads = t;
	p->thread_count++;
	px_leave();
	return t;
}

/* Thread-local variables end at the thread pointer (x86-64 variant II), their size rounded up to
 * their alignment, as the linker assumes. */
long px_thread_first(void)
{
	const struct px_program *p = &px_program;
	uintptr_t align = p->tls_align < 64 ? 64 : p->tls_align;
	uintptr_t below = (p->tls_bytes + p->tls_align - 1) & -p->tls_align;
	uint64_t bytes = px_round_up(below + align + sizeof(struct px_tcb));
	struct px_region *r;
	struct px_tcb *t;
	long error;

	if (!px_promise(bytes >> EXO_PAGE_SHIFT))
		return -EXO_E_LIMIT;
	r = px_region_add("thread", bytes, bytes, 1);
	if (!r)
		return -EXO_E_LIMIT;
	error = px_map_now(r->start, bytes >> EXO_PAGE_SHIFT);
	if (error < 0)
		return error;
	t = (void *)((r->start + below + align - 1) & ~(align - 1));
	memcpy((char *)t - below, p->tls, p->tls_file);
	t->self = t;
	t->thread = px_me->threads;
	t->id = t->thread->id;
	t->thread->tcb = t;
	t->thread->state = PX_RUNNING;
	t->canary = canary();
	__asm__ volatile("wrfsbase %0" : : "r"(t) : "memory");
	t->reent = _GLOBAL_REENT;
	return 0;
}

/* The first thread has newlib's global state, because that is where exit()
 * looks for streams to flush. */
struct _reent *__getreent(void)
{
	return px_self()->reent;
}

/* newlib's stdio calls it all the time. */
int pthread_setcancelstate(int state, int *old)
{
	struct px_tcb *t = px_self();

	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = t->cancel_state;
	t->cancel_state = state;
	if (t->cancel_due && t->cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS && px_canceled)
		px_canceled();
	return 0;
}
