/* ending.c - threads that end because their process does, and those canceled wherever they are.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <libexo/time.h>
#include <thread/local.h>
#include <thread/thread.h>

#define MOMENT  50000 /* ns until a CPU that was told is looked at again */
#define REDZONE 128

/* Inside: it never runs again.  What it holds is in its record for who clears up. */
static void end_one(struct px_thread *t)
{
	if (t->state == PX_READY)
		px_dequeue(&px_arena->sched.cpu[t->cpu], t);
	px_timer_clear(&t->timer);
	px_wait_part(&t->waiter);
	if (t->state != PX_ENDED)
		t->process->ran += t->ran;
	t->state = PX_ENDED;
}

/* Those that run on other CPUs are told, and end when they can be interrupted. */
static bool end_others(void)
{
	bool busy = false;

	for (struct px_thread *t = px_me->threads; t; t = t->next) {
		if (t == px_this())
			continue;
		if (t->state == PX_RUNNING) {
			t->attention |= PX_ATTEND_END;
			px_cpu_tell(&px_arena->sched.cpu[t->cpu], PX_EVENT_LOOK);
			busy = true;
		} else {
			end_one(t);
		}
	}
	return busy;
}

/* Inside: does another thread end the process?  Then it ends this one, too, and not the other way
 * round: what it ends for, a signal say, would be forgotten. */
static bool is_ending(void)
{
	return px_me->ender && px_me->ender != px_this()->id;
}

void px_ends(struct px_thread *t)
{
	if (px_me->ender)
		return;
	px_me->ender = t->id;
	t->attention &= ~PX_ATTEND_END;
}

/* From here on neither a signal's handler nor a cancellation leads this thread elsewhere. */
static void begin_end(void)
{
	struct px_tcb *me = px_self();

	me->hold++;
	me->flags |= PX_TCB_LEAVING;
	px_ends(me->thread);
}

void px_threads_end(bool ends)
{
	px_enter();
	if (ends)
		begin_end();
	while (is_ending())
		px_block_firmly(NULL);
	while (end_others()) {
		px_block_for(NULL, xo_now() + MOMENT, 0);
		while (is_ending())
			px_block_firmly(NULL);
	}
	px_me->thread_count = 1;
	px_me->frozen = px_me->copying = 0;
	px_leave();
	for (struct px_thread *t = px_me->threads; px_robust_end && t; t = t->next)
		if (t != px_this() && t->tcb)
			px_robust_end(t->tcb);
}

/* On its own CPU, which goes to somebody else. */
_Noreturn void px_thread_gone(struct px_cpu *cpu, struct px_thread *t)
{
	uint64_t nowhere;

	px_account(cpu);
	end_one(t);
	cpu->current = NULL;
	*(volatile uint32_t *)&px_activation()->depth = 0; /* nothing is gone on with */
	px_leave_cpu(&nowhere);
	__builtin_unreachable();
}

static void cancel_here(void)
{
	px_canceled();
	__builtin_trap(); /* whoever sent it here has looked before */
}

bool px_cancel_wanted(const struct px_thread *t)
{
	const struct px_tcb *tcb = t->tcb;

	return t->attention & PX_ATTEND_CANCEL && tcb->cancel_type && !tcb->cancel_state &&
	       !(tcb->flags & PX_TCB_LEAVING) && t->process->ender != t->id;
}

/* What it holds, of the libOS, it gives back first. */
bool px_cancel_frame(const struct px_thread *t, struct exo_frame *f)
{
	if (!px_cancel_wanted(t) || t->held[0] || t->held[1] || t->claims.file[0] || t->claims.page)
		return false;
	f->rip = (uint64_t)cancel_here;
	f->rsp = ((f->rsp - REDZONE) & ~15ull) - 8;
	f->rbp = 0;
	f->rflags &= ~(1ull << 8 | 1ull << 10); /* no single steps; strings go up */
	return true;
}
