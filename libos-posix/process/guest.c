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
#include <vm/owned.h>

bool px_lend_lock(uint32_t number, uint32_t n);
void px_lock_lent(void);

void px_console_pause(void);

#define CONSOLE_PAUSE 1000000 /* ns */

#define TOLD (PX_EVENT_WAKE | PX_EVENT_LOOK | EXO_EVENT_CONSOLE_IN | XO_EVENT_LEDGER)

/* env/begin.c: the memory is that of a program that has not begun yet. */
_Noreturn void px_begin(struct px_cpu *cpu) __attribute__((weak, visibility("hidden")));

void px_guest_begin(void *unused)
{
	struct px_cpu *cpu = px_cpu();

	(void)unused;
	if (px_begin && !px_arena)
		px_begin(cpu);
	if (px_me != cpu->current->process)
		px_owned_fork(); /* before this process makes a table */
	px_me = cpu->current->process;
	px_process_number = px_me->number;
	px_guest = 1;
	px_owner = PX_SLOT_HOST;
	px_enter();
	px_activation()->want = EXO_WANT_EVENT; /* not before this has an address */
	px_dispatch();
}

/* What was told to this CPU's owner is for its guest to look at. */
static void pass_on(const struct px_process *p, uint32_t n)
{
	uint64_t events = xo_events_take(px_activation(), TOLD);

	if (events & XO_EVENT_LEDGER)
		px_ledger_look();
	if (events & EXO_EVENT_CONSOLE_IN)
		px_console_input();
	if (events)
		exo_notify(p->slot, n, PX_EVENT_LOOK);
}

/* There is no memory for an activation of its process here, though it was promised.  Another CPU
 * may have one; else the process cannot go on.  Outside. */
static void elsewhere(struct px_cpu *cpu, struct px_thread *t, uint32_t n)
{
	uint64_t others = t->cpus & t->process->activations & ~(1ull << n);

	if (!others) {
		px_process_lost(t->process, SIGKILL);
		return;
	}
	px_enter();
	t->cpus = others;
	cpu->current = NULL;
	px_ready(t);
	px_leave();
}

/* As the owner.  Whoever has the CPU when we wake, the dispatcher sees to it. */
static void lend(struct px_cpu *cpu, uint32_t n, struct px_thread *next)
{
	struct px_process *p = next->process;
	long r;

	px_leave();
	if (px_host_activation(p, n) < 0)
		elsewhere(cpu, next, n);
	else if ((r = exo_sleep(TOLD, 0, p->slot, n)) < 0)
		px_host_lost(p);
	if (px_arena->wishes)
		px_host_serve();
	px_enter();
	if (cpu->current && cpu->current->process != px_me)
		pass_on(cpu->current->process, n);
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
	px_leave();
	if (slot == EXO_SLOT_NONE || exo_yield(slot, n) < 0)
		exo_yield(EXO_SLOT_NONE, 0);
	px_enter();
}

/* The console is full.  A guest that slept would never be woken: its time is the host's to give. */
void px_console_pause(void)
{
	if (px_hosting())
		exo_sleep(EXO_EVENT_CONSOLE_OUT, xo_now() + CONSOLE_PAUSE, EXO_SLOT_NONE, 0);
	else
		exo_yield(EXO_SLOT_NONE, 0);
}

void px_hand_back(void)
{
	px_cpu()->armed = 0;
	px_leave();
	exo_yield(EXO_SLOT_NONE, 0);
	px_enter();
}

bool px_lend_lock(uint32_t number, uint32_t n)
{
	struct px_process *p = px_arena->process;

	if (!px_hosting() || number == px_process_number || n != px_activation()->index)
		return false;
	while (p && p->number != number)
		p = p->next;
	if (!p)
		return false;
	exo_notify(p->slot, n, PX_EVENT_YIELD);
	if (exo_sleep(0, 0, p->slot, n) < 0 && exo_env_status(p->slot)) {
		px_arena->lock = 0; /* to be able to say so */
		px_die("a process stopped in the middle of what all processes share");
	}
	return true;
}

/* A critical section is over that the host waits for the end of. */
void px_lock_lent(void)
{
	if (xo_events_take(px_activation(), PX_EVENT_YIELD))
		exo_yield(EXO_SLOT_NONE, 0);
}
