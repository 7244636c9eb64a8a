/* exit.c - the end of a process.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A process gives up by itself what it has in common with others and notes which frames it has;
 * then it leaves the CPU for good, and the host takes its environment apart.  Of one that cannot do
 * that any more, because it stopped in the middle of its own code, the host does the first part
 * too.
 */
#include <env/arena.h>
#include <env/slots.h>
#include <env/thread.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/upcall.h>
#include <fd/table.h>
#include <ipc/ipc.h>
#include <process/host.h>
#include <process/process.h>
#include <process/session.h>
#include <process/startup.h>
#include <signal.h>
#include <signal/signals.h>
#include <sys/wait.h>
#include <thread/local.h>
#include <thread/sched.h>
#include <thread/thread.h>
#include <vm/owned.h>
#include <vm/vm.h>

static void death_signal(struct px_process *p)
{
	struct px_siginfo info = px_siginfo_make(p->death_signal, SI_USER, 0);

	px_signal_send(p, NULL, &info);
}

/* Whoever was making it has ended in the middle of that: what there is of it goes. */
static void abandon(struct px_process *p)
{
	px_process_adopt(p, NULL);
	p->unborn = 0;
	p->husk = 1;
	if (p->state == PX_ALIVE)
		px_process_leave(p);
	px_wish(p, PX_WISH_END);
}

/* Those who were waited for by nobody now are so by nobody. */
static void orphan(struct px_process *p)
{
	struct px_process *first = px_process_find(PX_FIRST_PROCESS), *child;

	while (p != first && (child = p->child)) {
		if (child->unborn) {
			abandon(child);
			continue;
		}
		child->adopted = 1;
		if (child->death_signal)
			death_signal(child);
		px_process_adopt(child, first);
		if (child->state == PX_ZOMBIE)
			px_process_free(child);
	}
}

/* Held by threads that do not come to give them back. */
void px_process_unlock(struct px_process *p)
{
	p->frozen = p->copying = 0;
	for (struct px_thread *t = p->threads; t; t = t->next) {
		for (int i = 0; i < PX_LOCKS_HELD; i++) {
			struct px_lock *lock = t->held[i];

			t->held[i] = NULL;
			if (lock) {
				lock->holder = 0;
				px_wake(&lock->waiters);
			}
		}
		if (t->startup && t->startup != p->startup)
			px_startup_free(t->startup);
		t->startup = NULL;
		px_claims_drop(&t->claims);
	}
}

void px_process_leave(struct px_process *p)
{
	px_enter();
	p->state = PX_ENDING;
	px_process_unlock(p);
	px_session_end(p);
	px_files_exit(p);
	if (p->startup)
		px_startup_free(p->startup);
	p->startup = NULL;
	px_mapped_clear(p);
	if (px_signals_process_end)
		px_signals_process_end(p);
	if (px_sem_process_end)
		px_sem_process_end(p);
	orphan(p);
	px_leave();
}

/* The thread is gone, the CPU free for others: the host looks first.  It can be another CPU's,
 * which stops this environment at any instruction: none is inside a critical section from here on.
 */
static _Noreturn void vanish(void)
{
	struct px_cpu *cpu;

	px_me->noted = px_space_note();
	px_enter();
	cpu = px_cpu();
	px_account(cpu);
	px_me->ran += cpu->current->ran;
	cpu->current->state = PX_ENDED;
	cpu->current = NULL;
	cpu->armed = cpu->turn = cpu->soon = 0;
	px_me->state = PX_GONE;
	px_wish(px_me, PX_WISH_END);
	px_leave_quietly();
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

/* What of the stack is still to be used. */
static __attribute__((noinline)) void touch_stack(void)
{
	volatile char room[1024];

	room[0] = 0;
	(void)room[0];
}

/* From here on no page may be copied, or the notes would not be true: what is written to has been
 * written to already, nobody interrupts, and the dispatch stack is nobody else's. */
void px_process_vanish(void)
{
	uint64_t nowhere;

	touch_stack();
	px_owned_touch();
	px_enter();
	px_activation()->critical++;
	px_fs_set(&px_local()->idle);
	px_leave();
	px_switch_call(&nowhere, px_local()->stack, vanish);
	__builtin_unreachable();
}

void px_process_end(int status)
{
	while (!px_this()) /* a program that could not begin: the host sees to the rest */
		exo_env_stop(EXO_SLOT_NONE, SIGKILL);
	if (px_threads_end)
		px_threads_end(true);
	if (px_robust_end)
		px_robust_end(px_self());
	px_me->status = status;
	px_process_leave(px_me);
	px_process_vanish();
}

/* Of the first of its threads to crash.  All others have ended by the time it is in use. */
static char crash_stack[4 * EXO_PAGE_SIZE] __attribute__((aligned(16)));
static uint32_t crashed;

static _Noreturn void end_crashed(int signal)
{
	px_process_end(signal);
}

bool px_process_crash(struct exo_frame *f, int signal)
{
	if (!px_guest)
		return false;
	if (!px_this()) /* in the middle of the libOS: the host sees to the rest */
		exo_env_stop(EXO_SLOT_NONE, (uint32_t)signal);
	f->rip = (uint64_t)end_crashed;
	f->rdi = (uint64_t)signal;
	f->rbp = 0;
	f->rflags &= ~(1ull << 8 | 1ull << 10); /* no single steps; strings go up */
	if (!__atomic_exchange_n(&crashed, 1, __ATOMIC_ACQ_REL))
		f->rsp = (uint64_t)crash_stack + sizeof(crash_stack) - 8;
	return true;
}

void px_process_tell(struct px_process *p)
{
	if (!p->parent)
		return;
	px_wake(&p->parent->family);
	px_signal_child(p, p->status);
}

void px_process_gone(struct px_process *p)
{
	px_enter();
	p->wish = PX_WISH_NONE;
	p->state = PX_ZOMBIE;
	if (!p->husk && !p->adopted) /* its parent would have been init */
		px_process_tell(p);
	if (p->adopted || p->husk || p->parent->signals.no_zombies)
		px_process_free(p);
	px_leave();
}

/* Its threads wait for nothing any more. */
static void drop_threads(struct px_process *p)
{
	for (struct px_thread *t = p->threads; t; t = t->next) {
		struct px_cpu *cpu = &px_arena->sched.cpu[t->cpu];

		px_wait_part(&t->waiter);
		px_timer_clear(&t->timer);
		if (cpu->current == t)
			cpu->current = NULL;
		else if (t->state == PX_READY)
			px_dequeue(cpu, t);
		t->state = PX_ENDED;
	}
}

void px_process_lost(struct px_process *p, int signal)
{
	px_enter();
	drop_threads(p);
	p->status = signal;
	px_leave();
	px_process_leave(p);
	px_enter();
	px_wish(p, PX_WISH_END);
	px_leave();
}
