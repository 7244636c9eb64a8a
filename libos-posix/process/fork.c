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

/* Nobody changes the regions of this process meanwhile. */
static void hold_regions(bool on)
{
	px_enter();
	while (on && px_me->forking)
		px_block_firmly(&px_me->forked);
	px_me->forking = on;
	if (!on)
		px_wake(&px_me->forked);
	px_leave();
}

static bool promise(struct px_process *p)
{
	uint64_t pages = px_me->promised - px_me->objects + OBJECTS;

	if (!px_commit(pages))
		return false;
	p->promised = pages;
	p->objects = OBJECTS;
	return true;
}

/* Its environment, and what is in it.  0 or -ENOMEM. */
static int fill(struct px_process *p)
{
	exo_cap_t slot = px_hosting() ? p->slot : PX_SLOT_CHILD;
	exo_va_t sp;
	int r;

	__asm__("mov %%rsp, %0" : "=r"(sp));
	hold_regions(true);
	r = px_space_copy(p, slot, sp);
	hold_regions(false);
	if (!px_hosting())
		exo_cap_drop(PX_SLOT_CHILD);
	return r;
}

/* Returns the child's number in the parent, 0 in the child, or a negative error. */
static pid_t split(void)
{
	struct px_process *p;
	struct px_thread *t;
	uint64_t context[PX_CONTEXT];
	pid_t number;

	if (px_sched_start() < 0 || px_host_start() < 0)
		return -ENOMEM;
	p = px_process_new();
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
	if (!promise(p) || px_ask(p, PX_WISH_MAKE) < 0 || fill(p) < 0) {
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

pid_t fork(void)
{
	pid_t pid;

	px_threads_fork();
	pid = split();
	px_threads_forked(pid == 0);
	return (pid_t)px_result(pid);
}

/* Memory is copied, not lent; but the parent waits as it would if it were lent. */
pid_t vfork(void)
{
	pid_t pid;

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
