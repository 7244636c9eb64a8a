/* fork.c - fork and vfork.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The child's thread is the calling one as it stood in split(): its registers are kept in a
 * variable there, which the child has a copy of like of all other memory.
 */
#include <env/arena.h>
#include <env/random.h>
#include <env/slots.h>
#include <env/thread.h>
#include <errno.h>
#include <exo/stubs.h>
#include <fd/file.h>
#include <process/host.h>
#include <process/process.h>
#include <signal/again.h>
#include <string.h>
#include <thread/fork.h>
#include <thread/lock.h>
#include <unistd.h>
#include <vm/frames.h>
#include <vm/loan.h>
#include <vm/vm.h>

#define OBJECTS 40 /* frames of a new environment besides memory: about */

static uint8_t seed[32]; /* of the child's random numbers */

/* In the child, inside: it becomes itself. */
static void become(void)
{
	struct px_tcb *me = px_self();
	struct px_thread *t = px_me->threads;

	me->thread = t;
	me->id = t->id;
	px_leave();
	px_random_fork(seed);
}

/* This thread can be ended between any two critical sections: what is promised stands in the record
 * at once.  It is for the regions as they are now, and until they are copied; what is used of them
 * meanwhile px_space_copy adds. */
static bool promise(struct px_process *p)
{
	uint64_t pages;
	bool fits;

	px_enter();
	px_me->frozen = 1;
	pages = px_me->promised - px_me->objects + OBJECTS;
	fits = px_commit(pages);
	if (fits) {
		p->promised = pages;
		p->used.most = pages;
		p->objects = OBJECTS;
	}
	px_leave();
	return fits;
}

/* Its environment, and what is in it.  0 or -ENOMEM. */
static int fill(struct px_process *p)
{
	exo_cap_t slot = px_hosting() ? p->slot : PX_SLOT_CHILD;
	int r = px_space_copy(p, slot);

	if (!px_hosting())
		exo_cap_drop(PX_SLOT_CHILD);
	return r;
}

/* Regions may change again. */
static void thaw(void)
{
	px_enter();
	px_me->frozen = 0;
	px_wake(&px_me->maker.waiters);
	px_leave();
}

/* Returns the child's number in the parent, 0 in the child, or a negative error. */
static pid_t make(void)
{
	struct px_process *p = px_process_new();
	struct px_thread *t;
	uint64_t context[PX_CONTEXT];
	pid_t number;
	bool good;

	if (!p)
		return -EAGAIN;
	t = p->threads;
	t->tcb = px_self();
	px_random_bytes(seed, sizeof(seed));
	t->sp = (uint64_t)context;
	t->depth = 1;
	if (px_context_save(context)) {
		become();
		return 0;
	}
	good = (!px_loan_settle || px_loan_settle()) && promise(p) &&
	       px_ask(p, PX_WISH_MAKE) >= 0 && fill(p) >= 0;
	thaw();
	if (!good) {
		px_process_undo(p);
		return -ENOMEM;
	}
	explicit_bzero(seed, sizeof(seed));
	px_enter();
	number = (pid_t)p->number;
	p->unborn = 0;
	px_ready(t);
	px_leave();
	return number;
}

/* One at a time. */
static pid_t split(void)
{
	pid_t pid;

	if (px_sched_start() < 0)
		return -ENOMEM;
	px_lock(&px_me->maker);
	pid = px_host_start() < 0 ? -ENOMEM : make();
	if (pid)
		px_unlock(&px_me->maker); /* the parent's, which has the lock */
	return pid;
}

/* Whoever has too little stack for all this hears of it before it holds anything. */
static __attribute__((noinline)) void look_ahead(void)
{
	volatile char room[2560];

	__asm__ volatile("" : : "r"(room));
	px_enter();
	px_leave();
}

pid_t fork(void)
{
	pid_t pid;

	look_ahead();
	px_threads_fork();
	pid = split();
	px_threads_forked(pid == 0);
	return (pid_t)px_result(pid);
}

/* Memory is copied, not lent; but the parent waits as it would if it were lent. */
pid_t vfork(void)
{
	pid_t pid;

	look_ahead();
	px_signals_hold();
	px_locks_fork();
	pid = split();
	px_locks_forked(pid == 0);
	px_signals_release();
	px_enter();
	for (;;) {
		const struct px_process *p = pid > 0 ? px_process_find(pid) : NULL;

		if (!p || p->parent != px_me || p->executed || p->state != PX_ALIVE)
			break;
		px_block_firmly(&px_me->family);
	}
	px_leave();
	return (pid_t)px_result(pid);
}
