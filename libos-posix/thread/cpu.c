/* cpu.c - the image's CPUs: started, told, asleep.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/cpu.h>
#include <libexo/ledger.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <sched.h>
#include <string.h>
#include <thread/local.h>
#include <thread/ran.h>
#include <thread/sched.h>
#include <thread/thread.h>
#include <thread/turn.h>
#include <vm/frames.h>
#include <vm/loan.h>
#include <vm/vm.h>

#define SOON 500000 /* ns until what cannot be interrupted now is interrupted at the latest */

#define CONSOLE_PAUSE 1000000 /* ns */

#define DISPATCH_BYTES 16384
#define UPCALL_BYTES   4096

static const char *const with_zeroed __attribute__((used)) = &px_zeroed_there;

exo_cap_t px_owner = EXO_SLOT_NONE;

void px_console_pause(void);

/* What an activation needs beside its two pages, in one region: stacks of its upcalls, the dispatch
 * stack, and its struct px_local at the end. */
#define AROUND_BYTES (EXO_FRAME_DEPTH * UPCALL_BYTES + DISPATCH_BYTES)

/* What is left of current's turn, or a new one, now that somebody waits for its end. */
static exo_ns_t rest_of_turn(struct px_cpu *cpu)
{
	struct px_thread *t = cpu->current;

	if (!t)
		return PX_TURN;
	px_account(cpu);
	if (px_turn_over(t))
		t->turn = t->ran;
	return (exo_ns_t)px_ns_of(t->process->turn - (t->ran - t->turn));
}

static void begin_turn(struct px_cpu *cpu)
{
	exo_ns_t now = xo_now();

	if (!cpu->turn)
		cpu->turn = now + rest_of_turn(cpu);
	if (cpu->ahead && !cpu->soon)
		cpu->soon = now + PX_SOON;
}

void px_arm_anew(struct px_cpu *cpu)
{
	exo_ns_t at = 0;

	if (cpu->first) {
		if (!cpu->turn || (cpu->ahead && !cpu->soon))
			begin_turn(cpu);
		at = cpu->soon && cpu->soon < cpu->turn ? cpu->soon : cpu->turn;
	}
	if (cpu->timers && (!at || cpu->timers->at < at))
		at = cpu->timers->at;
	if (at && (!cpu->armed || at < cpu->armed)) {
		cpu->armed = at;
		exo_alarm(at);
	}
}

/* Is it time for current to make room for the first of the queue? */
static bool turn_ends(struct px_cpu *cpu, exo_ns_t now)
{
	const struct px_thread *t = cpu->current, *first = cpu->first;
	bool over = false;

	if (t && first && t->priority != first->priority) {
		over = t->priority < first->priority;
	} else if (t && first && t->policy != SCHED_FIFO) {
		px_account(cpu);
		over = (!t->priority && cpu->soon && now >= cpu->soon && px_must_make_room(cpu)) ||
		       (cpu->turn && now >= cpu->turn && px_turn_over(t));
	}
	if (now >= cpu->soon)
		cpu->soon = 0;
	if (now >= cpu->turn)
		cpu->turn = 0;
	return over;
}

bool px_events(struct px_cpu *cpu)
{
	bool over = cpu->over;
	uint64_t events;

	px_activation()->pending &= ~(uint32_t)EXO_WANT_EVENT;
	if (cpu->current && cpu->current->process != px_me)
		return false; /* for whom we are about to lend the CPU to: they end that at once */
	events = xo_events_take(px_activation(), PX_TOLD | EXO_EVENT_ALARM);
	if (px_activation()->event & PX_EVENT_YIELD)
		px_activation()->pending |= EXO_WANT_EVENT; /* whoever leaves sees to that */
	if (events & XO_EVENT_LEDGER)
		px_ledger_look();
	if (events & EXO_EVENT_CONSOLE_IN)
		px_console_input();
	if (events & EXO_EVENT_ALARM) {
		exo_ns_t now = xo_now();

		cpu->armed = 0;
		px_timers_run(cpu, now);
		over |= turn_ends(cpu, now);
	}
	over |= cpu->over;
	cpu->over = 0;
	return over || (cpu->current && cpu->current->attention & PX_ATTEND_END);
}

/* The thread cannot be switched away now: when its upcall is over, or soon.  It must not be so soon
 * that nothing else is done in between, however slow the machine. */
static void later(struct px_cpu *cpu)
{
	cpu->over = 1;
	cpu->armed = cpu->turn = xo_now() + SOON;
	exo_alarm(cpu->armed);
}

/* t runs here and has something to attend to that only an interruption of its own code can see to.
 * What disturbed it did so too deep for that, in an upcall or in the libOS, and nothing else may
 * ever come: look again soon, and not later because this is called again. */
static void look_again(struct px_cpu *cpu, const struct px_thread *t)
{
	bool nested = px_activation()->depth > 1;

	if (!(nested && t->attention & PX_ATTEND_SIGNAL) && !px_cancel_wanted(t))
		return;
	if (cpu->armed && cpu->armed < xo_now() + SOON)
		cpu->over = 1;
	else
		later(cpu);
}

/* An event held back by a critical section that is over. */
void px_sched_pending(void)
{
	struct px_cpu *cpu;

	px_enter();
	cpu = px_cpu();
	if (px_events(cpu)) {
		if (px_activation()->depth || !px_this())
			later(cpu);
		else if (px_this()->attention & PX_ATTEND_END)
			px_thread_gone(cpu, px_this());
		else
			px_make_room();
	} else if (cpu->current && cpu->current->process == px_me) {
		px_arm(cpu);
	}
	if (px_this()) {
		if (px_this()->attention & PX_ATTEND_SIGNAL)
			px_activation()->pending |= PX_PENDING_SIGNAL; /* sent from another CPU */
		look_again(px_cpu(), px_this());
	}
	px_leave_quietly();
}

/* Its registers are kept; its state says what becomes of it. */
static void put_down(struct px_cpu *cpu, struct px_thread *t, const struct exo_frame *f)
{
	struct px_saved *saved = t->tcb->saved;

	memcpy(&saved->frame, f, sizeof(*f));
	xo_vector_save(saved->vector);
	__asm__ volatile("fninit");
	px_account(cpu);
	t->process->used.turns++;
	t->sp = 0;
}

/* To somebody else.  What is touched from here on has been before: the frame is free again. */
static void give_away(struct px_cpu *cpu)
{
	uint64_t nowhere;

	cpu->current = NULL;
	*(volatile uint32_t *)&px_activation()->depth = 0;
	px_leave_cpu(&nowhere);
}

/* The EVENT upcall: in the middle of a thread it can end its turn. */
void px_sched_event(struct exo_frame *f)
{
	struct px_cpu *cpu;
	struct px_thread *t;

	px_enter();
	cpu = px_cpu();
	t = cpu->current;
	if (!px_events(cpu)) {
		if (t && t->process == px_me)
			px_arm(cpu);
		if (t && px_this() == t && (px_activation()->depth > 1 || !px_cancel_frame(t, f)))
			look_again(cpu, t);
	} else if (px_activation()->depth > 1 || px_this() != t) {
		later(cpu); /* or not the thread was interrupted, but the dispatcher */
	} else if (t) {
		if (t->attention & PX_ATTEND_END)
			px_thread_gone(cpu, t);
		put_down(cpu, t, f);
		px_queue_rest(cpu, t);
		give_away(cpu);
	}
	px_leave();
}

/* As on Linux: what is written after something that the child does not see, it does not see.  Who
 * is interrupted in the libOS's own code goes on, as ever. */
void px_sched_held(struct exo_frame *f)
{
	struct px_cpu *cpu;
	struct px_thread *t;

	if (!f->fsbase || !px_interruptible_at(1) || !px_me->copying)
		return;
	px_enter();
	cpu = px_cpu();
	t = px_this();
	if (px_me->copying && px_me->thread_count > 1 && t && t == cpu->current &&
	    t->id != px_me->maker.holder) {
		if (t->attention & PX_ATTEND_END)
			px_thread_gone(cpu, t);
		put_down(cpu, t, f);
		t->state = PX_WAITING;
		t->attend = PX_ATTEND_FORK;
		give_away(cpu);
	}
	px_leave();
}

void px_sched_served(struct exo_frame *f)
{
	const struct exo_activation *a = px_activation();

	if (f->fsbase && px_arena->sched.on && px_here()->over && a->depth == 1 && !a->critical)
		px_sched_event(f);
}

/* An alarm is gone when one has slept. */
void px_idle(struct px_cpu *cpu)
{
	exo_ns_t deadline = cpu->timers ? cpu->timers->at : 0;

	cpu->turn = cpu->soon = cpu->armed = 0;
	px_arena->sched.idle |= 1ull << cpu->number;
	px_leave_asleep();
	exo_sleep(PX_TOLD, deadline, EXO_SLOT_NONE, 0);
	px_enter_awake();
	px_arena->sched.idle &= ~(1ull << cpu->number);
	px_account(cpu); /* nobody ran */
	px_events(cpu);
	px_timers_run(cpu, xo_now());
}

void px_nap(uint64_t mask, exo_ns_t ns)
{
	struct px_cpu *cpu;
	bool alone;

	px_enter();
	alone = px_arena->depth == 1;
	if (alone)
		px_leave_asleep();
	exo_sleep(mask, xo_now() + ns, EXO_SLOT_NONE, 0);
	if (alone)
		px_enter_awake();
	cpu = px_here();
	if (!cpu->current || cpu->current->process == px_me)
		cpu->armed = 0;
	px_activation()->pending |= EXO_WANT_EVENT;
	px_leave();
}

/* The console is full.  A guest that slept would never be woken: its time is the host's to give. */
void px_console_pause(void)
{
	if (px_guest)
		exo_yield(EXO_SLOT_NONE, 0);
	else
		px_nap(EXO_EVENT_CONSOLE_OUT, CONSOLE_PAUSE);
}

void px_local_init(struct exo_activation *a, uint64_t end)
{
	struct px_local *local = (struct px_local *)((end - sizeof(*local)) & ~63ull);

	memset(local, 0, sizeof(*local));
	local->stack = (uint64_t)local;
	local->idle.self = &local->idle;
	a->user[PX_A_LOCAL] = (uint64_t)local;
	px_activation_note(a, px_process_number);
}

static _Noreturn void cpu_main(void *unused)
{
	(void)unused;
	px_enter();
	px_events_want(); /* not before this has an address */
	px_dispatch();
}

/* Inside: those two frames and what surrounds its stacks, at an address of their own; 0: no memory.
 */
static exo_va_t map_activation(exo_pfn_t pfn)
{
	exo_va_t va = px_place(2 * EXO_PAGE_SIZE + AROUND_BYTES);

	if (!va)
		return 0;
	if (xo_map_run(&px_space, va, pfn, 2, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) <
		    0 ||
	    px_map_now(va + 2 * EXO_PAGE_SIZE, AROUND_BYTES >> EXO_PAGE_SHIFT) < 0) {
		xo_unmap_run(&px_space, va, 2); /* as far as it went */
		return 0;
	}
	px_region_note_as("activation", va, 2 * EXO_PAGE_SIZE + AROUND_BYTES, PX_R_FRESH);
	return va;
}

/* Pages for one more activation of this process. */
static struct exo_activation *make_activation(uint32_t n, exo_pfn_t *pfn)
{
	exo_va_t va = 0;
	struct exo_activation *a;
	char *stacks;

	px_enter();
	if (px_commit(2)) {
		*pfn = px_frames_pair();
		va = *pfn ? map_activation(*pfn) : 0;
		if (*pfn && !va)
			px_frames_give(*pfn, 2);
		if (!va)
			px_uncommit(2);
	}
	px_leave();
	if (!va)
		return NULL;
	a = (struct exo_activation *)va;
	stacks = (char *)va + 2 * EXO_PAGE_SIZE;
	memset(a, 0, 2 * EXO_PAGE_SIZE);
	xo_activation_init(a, n, stacks, UPCALL_BYTES);
	px_local_init(a, (uint64_t)stacks + AROUND_BYTES);
	return a;
}

/* Without memory for it the image stays without that CPU. */
static void start_cpu(uint32_t n)
{
	exo_pfn_t pfn;
	struct exo_activation *a = make_activation(n, &pfn);
	struct px_local *local;

	if (!a)
		return;
	local = (struct px_local *)a->user[PX_A_LOCAL];
	local->begin = (struct xo_begin){.sp = local->stack, .activation = a, .fn = cpu_main};
	if (exo_activation_bind(EXO_SLOT_NONE, n, EXO_SLOT_MEMORY, pfn, (uint64_t)&local->begin) <
		    0 ||
	    xo_cpu_bind(n, EXO_SLOT_NONE, n) < 0)
		return;
	px_enter();
	px_arena->sched.present |= 1ull << n; /* what is queued there it finds when it begins */
	px_leave();
}

/* What this activation and the thread that runs on it need to be switched away from one another. */
static int start_here(struct px_thread *t)
{
	struct exo_activation *a = px_activation();
	struct px_region *r = NULL;

	t->tcb->saved = px_saved_new();
	if (t->tcb->saved && a->user[0])
		return 0; /* whoever made the process has seen to it */
	if (t->tcb->saved && px_commit(DISPATCH_BYTES >> EXO_PAGE_SHIFT))
		r = px_region_add("dispatch", DISPATCH_BYTES, DISPATCH_BYTES, 1);
	if (!r || px_map_now(r->start, DISPATCH_BYTES >> EXO_PAGE_SHIFT) < 0)
		return -ENOMEM;
	r->flags = PX_R_OWN | PX_R_FRESH;
	px_local_init(a, r->end);
	a->want |= EXO_WANT_EVENT;
	return 0;
}

static void first_turn(struct px_thread *t)
{
	struct px_sched *s = &px_arena->sched;
	struct px_cpu *cpu = px_cpu();

	px_enter();
	s->on = 1;
	s->cpus = xo_cpus();
	s->turn = px_ticks_of(PX_TURN);
	px_turn_set(px_me);
	s->present |= 1ull << cpu->number;
	cpu->current = t;
	cpu->since = px_ticks();
	t->ran = px_ticks_of(xo_now() - px_waited());
	px_leave();
}

int px_sched_start(void)
{
	static bool started;
	struct px_thread *t = px_this();

	if (started)
		return 0;
	if (start_here(t) < 0)
		return -ENOMEM;
	started = true;
	if (px_guest)
		return 0; /* the host has done the rest */
	px_loan_begin();
	first_turn(t);
	for (uint32_t n = 1; n < xo_cpus(); n++)
		start_cpu(n);
	return 0;
}
