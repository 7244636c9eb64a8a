/* guest.c - the CPU goes from one process to another.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The host sleeps with a guest: that activation runs in its slices.  A guest hands the CPU on to
 * another one directly if it has it as a peer, in a slot of its own table; else by way of the host,
 * which makes them peers on that occasion.
 *
 * The host is woken by events, also while its guest is in a critical section.  Then it lends the
 * CPU on until the section is left.
 */
#include <env/slots.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/ledger.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <process/process.h>
#include <signal.h>
#include <thread/local.h>
#include <vm/large.h>
#include <vm/owned.h>

bool px_lend_lock(uint32_t number, uint32_t n);
void px_lock_lent(void);

/* env/begin.c: the memory is that of a program that has not begun yet. */
_Noreturn void px_begin(struct px_cpu *cpu) __attribute__((weak, visibility("hidden")));

void px_guest_begin(void *unused)
{
	struct px_cpu *cpu = px_cpu();

	(void)unused;
	if (px_begin && !px_arena)
		px_begin(cpu);
	if (px_me != cpu->current->process) {
		px_owned_fork(); /* before this process makes a table */
		if (px_large_fork)
			px_large_fork();
	}
	px_me = cpu->current->process;
	px_process_number = px_me->number;
	px_guest = 1;
	px_owner = PX_SLOT_HOST;
	px_enter();
	px_events_want(); /* not before this has an address */
	px_dispatch();
}

void px_pass_on(struct px_cpu *cpu)
{
	const struct px_thread *t = cpu->current;
	uint64_t events;

	if (!t || t->process == px_me)
		return;
	events = xo_events_take(px_activation(), PX_TOLD);

	if (events & XO_EVENT_LEDGER)
		px_ledger_look();
	if (events & EXO_EVENT_CONSOLE_IN)
		px_console_input();
	if (events || cpu->armed || cpu->over)
		exo_notify(t->process->slot, cpu->number, PX_EVENT_LOOK);
	cpu->armed = 0;
}

/* There is no memory for an activation of its process here, though it was promised.  Another CPU
 * may have one; else the process cannot go on.  Outside. */
static void elsewhere(struct px_cpu *cpu, struct px_thread *t, uint32_t n)
{
	uint32_t lost = 0;
	uint64_t others;

	px_enter();
	if (cpu->current == t) { /* its process has not ended meanwhile */
		others = t->cpus & t->process->activations & ~(1ull << n);
		if (others) {
			t->cpus = others;
			cpu->current = NULL;
			px_ready(t);
		} else { /* inside, so that none of its threads is */
			lost = t->process->incarnation;
			exo_env_stop(t->process->slot, SIGKILL);
		}
	}
	px_leave();
	if (lost)
		px_host_lost(lost);
}

/* Outside, with p->making raised. */
static int make(struct px_process *p, uint32_t n)
{
	int r = px_host_activation(p, n);

	px_enter();
	px_host_made(p);
	px_leave();
	return r;
}

/* As the owner.  Whoever has the CPU when we wake, the dispatcher sees to it. */
static void lend(struct px_cpu *cpu, uint32_t n, struct px_thread *next)
{
	struct px_process *p = next->process;
	uint32_t incarnation = p->incarnation;
	bool there = p->activations >> n & 1;
	exo_cap_t slot = p->slot; /* it can end before we sleep: then this is nobody's */

	p->making += !there;
	px_leave();
	if (!there && make(p, n) < 0)
		elsewhere(cpu, next, n);
	else if (exo_sleep(PX_TOLD, 0, slot, n) < 0)
		px_host_lost(incarnation);
	if (px_arena->wishes)
		px_host_serve();
	px_enter();
	px_pass_on(cpu);
}

/* The slot of p in our table.  If it has none it will have one the next time: the host is asked. */
static exo_cap_t peer(const struct px_process *p)
{
	struct px_process *me = px_me;
	uint32_t i;

	for (i = 0; i < PX_SLOT_PEERS; i++)
		if (me->peer[i] == p->incarnation)
			return PX_SLOT_PEER + i;
	if (p->slot == EXO_SLOT_NONE || me->wish)
		return EXO_SLOT_NONE;
	i = me->peers++ % PX_SLOT_PEERS;
	if (me->peer[i])
		exo_cap_drop(PX_SLOT_PEER + i);
	me->peer[i] = 0;
	me->answer = (int)p->number;
	px_wish(me, PX_WISH_PEER);
	return EXO_SLOT_NONE;
}

void px_hand_over(struct px_thread *next)
{
	struct px_cpu *cpu = px_cpu();
	uint32_t n = px_cpu_number();
	exo_cap_t slot;

	cpu->armed = 0; /* that alarm is this activation's */
	if (px_hosting()) {
		lend(cpu, n, next);
		return;
	}
	slot = px_arena->wishes ? EXO_SLOT_NONE : peer(next->process);
	px_leave_asleep();
	if (xo_events_take(px_activation(), PX_EVENT_YIELD) || slot == EXO_SLOT_NONE ||
	    exo_yield(slot, n) < 0)
		exo_yield(EXO_SLOT_NONE, 0);
	px_enter_awake();
}

void px_hand_back(void)
{
	px_cpu()->armed = 0;
	px_leave_asleep();
	xo_events_take(px_activation(), PX_EVENT_YIELD);
	exo_yield(EXO_SLOT_NONE, 0);
	px_enter_awake();
}

bool px_lend_lock(uint32_t number, uint32_t n)
{
	const struct px_process *p = px_arena->process;
	exo_cap_t slot;

	if (!px_hosting() || number == px_process_number || n != px_activation()->index)
		return false;
	while (p && p->number != number)
		p = p->next;
	if (!p)
		return false;
	slot = p->unborn && p->parent ? p->parent->slot : p->slot; /* px_execute */
	exo_notify(slot, n, PX_EVENT_YIELD);
	if (exo_sleep(0, 0, slot, n) < 0 && exo_env_status(slot)) {
		px_arena->lock = 0; /* to be able to say so */
		px_die("a process stopped in the middle of what all processes share");
	}
	px_events_look();
	return true;
}

/* A critical section is over that the host waits for the end of.  Where no upcall comes. */
void px_lock_lent(void)
{
	if (xo_events_take(px_activation(), PX_EVENT_YIELD))
		exo_yield(EXO_SLOT_NONE, 0);
}
