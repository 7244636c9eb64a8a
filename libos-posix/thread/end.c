/* end.c - how a thread ends, and who waits for that.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <reent.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <thread/local.h>
#include <thread/thread.h>
#include <thread/word.h>
#include <vm/vm.h>

void px_thread_free(struct px_thread *t)
{
	if (t->prev)
		t->prev->next = t->next;
	else
		t->process->threads = t->next;
	if (t->next)
		t->next->prev = t->prev;
	px_free(t);
}

/* Inside, as by px_space_enter: nothing is left of it. */
static void forget(struct px_tcb *tcb)
{
	px_thread_free(tcb->thread);
	tcb->thread = NULL; /* for who asks with its number; the stack may be kept */
	if (tcb->stack)
		px_stack_put(tcb->stack);
}

/* Away for good.  Nobody takes the stack before the CPU has left it, because we stay inside. */
static _Noreturn void vanish(struct px_tcb *me)
{
	struct px_thread *t = me->thread;
	struct px_cpu *cpu;
	uint64_t nowhere;

	px_space_enter();
	cpu = px_cpu();
	px_account(cpu);
	t->process->ran += t->ran;
	if (px_signals_thread_end)
		px_signals_thread_end(t);
	t->state = PX_ENDED;
	cpu->current = NULL;
	px_claims_drop(&t->claims);
	if (me->flags & PX_TCB_DETACHED)
		forget(me);
	else
		px_wake(&t->joiners);
	px_leave_cpu(&nowhere);
	__builtin_unreachable();
}

_Noreturn void px_thread_exit(void *result)
{
	struct px_tcb *me = px_self();
	bool last;

	me->result = result;
	px_enter();
	me->flags |= PX_TCB_LEAVING;
	me->thread->attention &= ~PX_ATTEND_CANCEL;
	px_leave();
	while (me->cleanup) {
		struct _pthread_cleanup_context *c = me->cleanup;

		me->cleanup = c->_previous;
		c->_routine(c->_arg);
	}
	if (px_keys_end)
		px_keys_end();
	px_enter();
	last = --px_me->thread_count == 0;
	px_leave();
	if (last)
		exit(0);
	if (px_robust_end)
		px_robust_end(me);
	if (me->stack)
		_reclaim_reent(me->reent);
	vanish(me);
}

void pthread_exit(void *result)
{
	px_thread_exit(result);
}

/* The thread with that number.  Memory that is gone is found so outside of the critical section,
 * where only this process ends for it. */
static struct px_tcb *thread_of(pthread_t number)
{
	struct px_tcb *t = px_tcb_of(number);

	*(volatile uint32_t *)&t->flags;
	return t;
}

/* Inside: wait for its end.  0 or an error. */
static int await(struct px_tcb *t, exo_ns_t deadline)
{
	int r = 0;

	if (!t->thread)
		return ESRCH;
	if (t == px_self())
		return EDEADLK;
	if (t->flags & (PX_TCB_DETACHED | PX_TCB_JOINED))
		return EINVAL;
	t->flags |= PX_TCB_JOINED;
	while (t->thread->state != PX_ENDED && !r)
		r = px_block(&t->thread->joiners, deadline);
	px_space_await();
	t->flags &= ~PX_TCB_JOINED;
	return t->thread->state == PX_ENDED ? 0 : -r;
}

static int join(struct px_tcb *t, void **result, exo_ns_t deadline)
{
	void *ended = NULL;
	int r;

	do {
		px_cancel_point();
		px_enter();
		r = await(t, deadline);
		if (!r) {
			ended = t->result;
			forget(t);
		}
		px_leave();
	} while (r == EINTR && px_interrupted());
	if (!r && result)
		*result = ended;
	return r;
}

int pthread_join(pthread_t thread, void **result)
{
	return join(thread_of(thread), result, 0);
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
			 const struct timespec *until)
{
	exo_ns_t deadline;
	int r = px_until(clock, until, &deadline);

	return r ? r : join(thread_of(thread), result, deadline);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, until);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
	struct px_tcb *t = thread_of(thread);
	bool ended;

	px_enter();
	ended = !t->thread || t->thread->state == PX_ENDED;
	px_leave();
	return ended ? join(t, result, 0) : EBUSY;
}

int pthread_detach(pthread_t thread)
{
	struct px_tcb *t = thread_of(thread);
	int r = 0;

	px_space_enter();
	if (!t->thread)
		r = ESRCH;
	else if (t->flags & PX_TCB_DETACHED)
		r = EINVAL;
	else if (t->flags & PX_TCB_JOINED)
		r = 0; /* who waits for it clears up, as elsewhere */
	else if (t->thread->state == PX_ENDED)
		forget(t);
	else
		t->flags |= PX_TCB_DETACHED;
	px_leave();
	return r;
}
