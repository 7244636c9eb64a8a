/* local.h - what an activation has in its own process, and how a thread's registers are kept there.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_LOCAL_H
#define PX_LOCAL_H

#include <env/arena.h>
#include <env/thread.h>
#include <exo/ring.h>
#include <exo/upcall.h>
#include <libexo/ledger.h>
#include <libexo/upcall.h>
#include <stdint.h>
#include <thread/sched.h>

/* Registers of a thread that was interrupted. */
struct px_saved {
	struct exo_frame frame;
	void *vector; /* xo_vector_bytes, 64-byte aligned */
};

/* One for each activation of the process: exo_activation.user[PX_A_LOCAL] leads to it. */
struct px_local {
	uint64_t stack; /* top of the dispatch stack */
	struct xo_begin begin;
	struct px_tcb idle; /* FS base while no thread has the CPU */
};

/* The running activation, which changes whenever a thread can be switched away: inside only, or
 * where it does not matter. */
static inline struct exo_activation *px_activation(void)
{
	struct exo_activation *a;

	__asm__ volatile("mov %%gs:%c1, %0"
			 : "=r"(a)
			 : "i"(__builtin_offsetof(struct exo_activation, self)));
	return a;
}

static inline uint64_t px_activation_word(size_t which)
{
	uint64_t word;

	__asm__ volatile("mov %%gs:%c1, %0"
			 : "=r"(word)
			 : "i"(__builtin_offsetof(struct exo_activation, user) + 8 * which));
	return word;
}

static inline struct px_local *px_local(void)
{
	return (struct px_local *)px_activation_word(PX_A_LOCAL);
}

/* For who can be switched to another CPU at any time: what belongs to whichever activation runs it,
 * by one instruction each. */
#define PX_ACTIVATION_FIELD(name) "i"(__builtin_offsetof(struct exo_activation, name))

static inline bool px_interruptible_at(uint32_t depth)
{
	uint32_t d, c;

	__asm__ volatile("movl %%gs:%c1, %0" : "=r"(d) : PX_ACTIVATION_FIELD(depth));
	__asm__ volatile("movl %%gs:%c1, %0" : "=r"(c) : PX_ACTIVATION_FIELD(critical));
	return d == depth && !c;
}

static inline void px_signal_pending_set(void)
{
	__asm__ volatile("orl %0, %%gs:%c1"
			 :
			 : "i"(PX_PENDING_SIGNAL), PX_ACTIVATION_FIELD(pending)
			 : "memory", "cc");
}

static inline void px_signal_pending_clear(void)
{
	__asm__ volatile("andl %0, %%gs:%c1"
			 :
			 : "i"(~PX_PENDING_SIGNAL), PX_ACTIVATION_FIELD(pending)
			 : "memory", "cc");
}

/* As px_cpu. */
static inline struct px_cpu *px_here(void)
{
	return (struct px_cpu *)px_activation_word(PX_A_CPU);
}

static inline void px_fs_set(const struct px_tcb *tcb)
{
	__asm__ volatile("wrfsbase %0" : : "r"(tcb) : "memory");
}

static inline uint64_t px_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* switch.S. */
void px_switch(uint64_t *from, uint64_t to);
_Noreturn void px_switch_in(uint64_t to);
void px_switch_call(uint64_t *from, uint64_t stack, void (*fn)(void));
extern const char px_switch_begin[];

/* sched.c.  Take the next thread that this CPU should run out of a queue, or NULL. */
struct px_thread *px_next_thread(struct px_cpu *cpu);

/* Events of a CPU's owner. */
#define PX_TOLD (PX_EVENT_WAKE | PX_EVENT_LOOK | EXO_EVENT_CONSOLE_IN | XO_EVENT_LEDGER)

/* Inside: what came while nobody was told, before this activation wanted events or while it slept
 * for others, is looked after as what a critical section held back.  A bit that stays set unseen
 * would be the last: who sets it again disturbs nobody. */
static inline void px_events_look(void)
{
	struct exo_activation *a = px_activation();

	if (__atomic_load_n(&a->event, __ATOMIC_RELAXED) & ~EXO_EVENT_CONSOLE_OUT)
		a->pending |= EXO_WANT_EVENT;
}

/* Inside: from now on this activation wants events. */
static inline void px_events_want(void)
{
	px_activation()->want |= EXO_WANT_EVENT;
	__asm__ volatile("" : : : "memory");
	px_events_look();
}

/* Into the queue, for one that ran and must make room: behind those that are ahead, or to the end
 * if its turn is over. */
void px_queue_rest(struct px_cpu *cpu, struct px_thread *t);

/* Is somebody ahead for whom current is to make room, of no priority as they are? */
bool px_must_make_room(struct px_cpu *cpu);

/* As px_schedule, for the same. */
void px_make_room(void);

/* Out of its queue. */
void px_dequeue(struct px_cpu *cpu, struct px_thread *t);

/* The calling thread goes on on another CPU, since it may not run on this one. */
void px_emigrate(void);

/* The CPU goes to its dispatch stack; registers are saved as px_switch does, for who comes back. */
void px_leave_cpu(uint64_t *sp);

/* Make a->user[PX_A_LOCAL] lead to a struct px_local at the end of the memory that ends at `end`;
 * the dispatch stack lies below it. */
void px_local_init(struct exo_activation *a, uint64_t end);

/* Notify a CPU's owner. */
void px_cpu_tell(struct px_cpu *cpu, uint64_t event);

/* Go on with t on the activation that runs this, on the dispatch stack or an upcall's. */
_Noreturn void px_go(struct px_thread *t);

/* ending.c.  Inside: the current thread, t, ends where it is; for who has PX_ATTEND_END. */
_Noreturn void px_thread_gone(struct px_cpu *cpu, struct px_thread *t);

/* Is t, of this process, to be canceled wherever it is? */
bool px_cancel_wanted(const struct px_thread *t);

/* If that is so, and can be now: let its registers f go there, and return true. */
bool px_cancel_frame(const struct px_thread *t, struct exo_frame *f);

/* cpu.c.  Take the events of this activation and act on them; true if the current thread's turn is
 * over. */
bool px_events(struct px_cpu *cpu);

/* Set the activation's alarm, if there is something to wake up for before the one that is set. */
void px_arm_anew(struct px_cpu *cpu);
static inline void px_arm(struct px_cpu *cpu)
{
	if ((cpu->first &&
	     (!cpu->turn || cpu->turn < cpu->armed - 1 || (cpu->ahead && !cpu->soon))) ||
	    (cpu->timers && cpu->timers->at < cpu->armed - 1))
		px_arm_anew(cpu);
}

/* Note what the current thread has run so far. */
static inline void px_account(struct px_cpu *cpu)
{
	uint64_t now = px_ticks();

	if (cpu->current)
		cpu->current->ran += now - cpu->since;
	cpu->since = now;
}

/* t, of this process, has the CPU from now on. */
static inline void px_take_turn(struct px_cpu *cpu, struct px_thread *t)
{
	uint32_t depth = t->sp ? t->depth : 1;

	t->state = PX_RUNNING;
	t->cpu = cpu->number;
	cpu->current = t;
	px_arena->depth = depth;
	px_activation()->critical = depth;
	if (t->attention & (PX_ATTEND_SIGNAL | PX_ATTEND_END | PX_ATTEND_CANCEL))
		px_activation()->pending |=
			(t->attention & PX_ATTEND_SIGNAL ? PX_PENDING_SIGNAL : 0) |
			(t->attention & (PX_ATTEND_END | PX_ATTEND_CANCEL) ? EXO_WANT_EVENT : 0);
	px_fs_set(t->tcb);
	px_arm(cpu);
}

/* For who has the CPU as its owner: sleep, all of it, until one of the events or so long.  It stays
 * on this CPU until the alarm, which is gone, is set anew and what came meanwhile looked at. */
void px_nap(uint64_t mask, exo_ns_t ns);

/* Nobody runs on this CPU: sleep until something happens. */
void px_idle(struct px_cpu *cpu);

/* The EVENT upcall, and an event that a critical section held back: weak where they are called, for
 * programs that make neither threads nor processes want no events. */
void px_sched_event(struct exo_frame *f);
void px_sched_pending(void);

/* At the end of an exception's upcall: what came in the middle of it and was put off. */
void px_sched_served(struct exo_frame *f);

/* At the beginning of a page fault's upcall: while another thread copies the process, this one
 * waits, and has the fault again. */
void px_sched_held(struct exo_frame *f);

/* timer.c.  What is due. */
void px_timers_run(struct px_cpu *cpu, exo_ns_t now);

#endif
