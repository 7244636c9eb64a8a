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
#include <string.h>
#include <thread/local.h>
#include <thread/ran.h>
#include <thread/sched.h>
#include <thread/thread.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define SOON 500000 /* ns until what cannot be interrupted now is interrupted at the latest */
#define TOLD (PX_EVENT_WAKE | PX_EVENT_LOOK | EXO_EVENT_CONSOLE_IN | XO_EVENT_LEDGER)

#define DISPATCH_BYTES 16384
#define UPCALL_BYTES   4096

exo_cap_t px_owner = EXO_SLOT_NONE;

/* What an activation needs beside its two pages, in one region: stacks of its upcalls, the dispatch
 * stack, and its struct px_local at the end. */
#define AROUND_BYTES (EXO_FRAME_DEPTH * UPCALL_BYTES + DISPATCH_BYTES)

/* The longer, the less nice its process is. */
static exo_ns_t turn_of(const struct px_thread *t)
{
	return t ? (exo_ns_t)PX_TURN * (uint64_t)(20 - t->process->nice) / 20 : PX_TURN;
}

void px_arm_anew(struct px_cpu *cpu)
{
	exo_ns_t at = 0;

	if (cpu->first) {
		if (!cpu->turn)
			cpu->turn = xo_now() + turn_of(cpu->current);
		at = cpu->turn;
	}
	if (cpu->timers && (!at || cpu->timers->at < at))
		at = cpu->timers->at;
	if (at && (!cpu->armed || at < cpu->armed)) {
		cpu->armed = at;
		exo_alarm(at);
	}
}

bool px_events(struct px_cpu *cpu)
{
	bool over = cpu->over;
	uint64_t events;

	px_activation()->pending &= ~(uint32_t)EXO_WANT_EVENT;
	if (cpu->current && cpu->current->process != px_me)
		return false; /* for whom we are about to lend the CPU to: they end that at once */
	events = xo_events_take(px_activation(), TOLD | EXO_EVENT_ALARM);
	if (events & XO_EVENT_LEDGER)
		px_ledger_look();
	if (events & EXO_EVENT_CONSOLE_IN)
		px_console_input();
	if (events & EXO_EVENT_ALARM) {
		exo_ns_t now = xo_now();

		cpu->armed = 0;
		px_timers_run(cpu, now);
		if (cpu->turn && now >= cpu->turn) {
			cpu->turn = 0;
			over |= cpu->first != NULL;
		}
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
			px_schedule();
	} else if (cpu->current && cpu->current->process == px_me) {
		px_arm(cpu);
	}
	if (px_this() && px_this()->attention & PX_ATTEND_SIGNAL)
		px_activation()->pending |= PX_PENDING_SIGNAL; /* sent from another CPU */
	px_leave_quietly();
}

static void put_down(struct px_cpu *cpu, struct px_thread *t, const struct exo_frame *f)
{
	struct px_saved *saved = t->tcb->saved;

	memcpy(&saved->frame, f, sizeof(*f));
	xo_vector_save(saved->vector);
	__asm__ volatile("fninit");
	px_account(cpu);
	t->sp = 0;
	px_queue(cpu, t);
	cpu->current = NULL;
	*(volatile uint32_t *)&px_activation()->depth = 0; /* the frame is free again */
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
		if (t && px_activation()->depth == 1 && px_this() == t)
			px_cancel_frame(t, f);
	} else if (px_activation()->depth > 1 || px_this() != t) {
		later(cpu); /* or not the thread was interrupted, but the dispatcher */
	} else if (t) {
		uint64_t nowhere;

		if (t->attention & PX_ATTEND_END)
			px_thread_gone(cpu, t);
		put_down(cpu, t, f);
		px_leave_cpu(&nowhere);
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

	cpu->turn = cpu->armed = 0;
	px_arena->sched.idle |= 1ull << cpu->number;
	px_leave_asleep();
	exo_sleep(TOLD, deadline, EXO_SLOT_NONE, 0);
	px_enter_awake();
	px_arena->sched.idle &= ~(1ull << cpu->number);
	px_events(cpu);
	px_timers_run(cpu, xo_now());
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
	px_activation()->want = EXO_WANT_EVENT; /* not before this has an address */
	px_arena->sched.present |= 1ull << px_cpu_number();
	px_dispatch();
}

/* Pages for one more activation of this process. */
static struct exo_activation *make_activation(uint32_t n, exo_pfn_t *pfn)
{
	exo_va_t va = 0;
	struct exo_activation *a;
	char *stacks;

	px_enter();
	if (px_commit(2) && px_frames_take(2, pfn) == 2)
		va = px_place(2 * EXO_PAGE_SIZE + AROUND_BYTES);
	if (va && (xo_map_run(&px_space, va, *pfn, 2, EXO_PROT_READ | EXO_PROT_WRITE,
			      EXO_SLOT_MEMORY) < 0 ||
		   px_map_now(va + 2 * EXO_PAGE_SIZE, AROUND_BYTES >> EXO_PAGE_SHIFT) < 0))
		va = 0;
	if (va)
		px_region_note_as("activation", va, 2 * EXO_PAGE_SIZE + AROUND_BYTES, PX_R_FRESH);
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
	if (exo_activation_bind(EXO_SLOT_NONE, n, EXO_SLOT_MEMORY, pfn, (uint64_t)&local->begin) ==
	    0)
		xo_cpu_bind(n, EXO_SLOT_NONE, n);
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
	first_turn(t);
	for (uint32_t n = 1; n < xo_cpus(); n++)
		start_cpu(n);
	return 0;
}
