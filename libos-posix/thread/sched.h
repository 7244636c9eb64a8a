/* sched.h - the threads of all processes of the image, and which of them runs on which CPU.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A struct px_thread in the arena, one for each thread of each process, is what is scheduled.
 * Everything here is called inside a critical section, and struct px_sched touched only there,
 * unless it says otherwise.
 *
 * Activation n of the first process is bound to slices of CPU n: it is the owner of that CPU.
 * Activation n of any other process has no slices; it runs as a guest of the owner.  cpu->current
 * is the thread whose turn it is on a CPU.  A thread's registers lie in its own process: on its
 * stack (`sp`) if it went away by itself, in its tcb's `saved` if it was interrupted.  So going on
 * with a thread of the same process is a matter of registers; a thread of another process needs
 * that process's activation, which finds it in cpu->current when it has the CPU.
 *
 * Each activation has a dispatch stack, with nothing on it that must be kept: px_dispatch starts at
 * its top whenever there is no thread to go on with in this process.
 *
 * Until px_sched_start all this is not in use: the one thread sleeps by itself (env/wait.c), and a
 * program that makes neither threads nor processes has none of it linked in.
 */
#ifndef PX_SCHED_H
#define PX_SCHED_H

#include <env/process.h>
#include <env/wait.h>
#include <exo/types.h>
#include <fd/claim.h>
#include <sched.h>
#include <signal/pending.h>
#include <stdbool.h>
#include <stdint.h>

#define PX_WORD_QUEUES 64
/* Of exo_activation.pending, beside the kernel's: the thread that runs has a signal to take. */
#define PX_PENDING_SIGNAL 0x100u

#define PX_EVENT_LOOK (1ull << 10) /* look at current->attention, at the queue, at the timers */

struct px_process;
struct px_tcb;

/* Not there in programs that make neither threads nor processes, where it is called from. */
#define PX_WITH_THREADS __attribute__((weak, visibility("hidden")))

enum px_thread_state {
	PX_NEW,     /* made, in no queue */
	PX_READY,   /* in the run queue of thread->cpu */
	PX_RUNNING, /* current on thread->cpu */
	PX_WAITING, /* for px_wake, a timer, or attention */
	PX_STOPPED, /* until px_ready; wake-ups are remembered in `woken` */
	PX_ENDED,   /* never again; its stack can go */
};

/* What a thread has to look at before it waits, and when it leaves a critical section: more than
 * px_wake can tell.  A wait that may be interrupted ends with -EINTR. */
#define PX_ATTEND_CANCEL 1u /* pthread_cancel */
#define PX_ATTEND_SIGNAL 2u /* a signal that it does not block is pending */
#define PX_ATTEND_END    4u /* the process ends */
#define PX_ATTEND_ALL    (~0u)
#define PX_ATTEND_FORK   8u /* of who waits for the end of a fork (px_sched_held) */

/* Something that happens at a time: one of the first kinds, without code pointers. */
enum px_timer_kind {
	PX_TIMER_NONE,
	PX_TIMER_WAIT,  /* the thread that it is part of has waited long enough */
	PX_TIMER_ALARM, /* it sends a signal (time/alarm.h) */
	PX_TIMER_KINDS
};

struct px_timer {
	struct px_timer *child, *next, **link; /* a pairing heap of the CPU's */
	exo_ns_t at;
	uint32_t kind;
	uint32_t cpu; /* in whose heap, while link is set */
};

struct px_thread {
	struct px_process *process;
	struct px_thread *next, *prev; /* process->threads */
	struct px_thread *after;       /* in the run queue */
	uint32_t id;        /* one number space with processes: the first has its process's */
	uint8_t state;      /* enum px_thread_state */
	uint8_t policy;     /* SCHED_OTHER, SCHED_FIFO, SCHED_RR */
	uint8_t priority;   /* of the latter two, 1 .. 99; else 0 */
	uint8_t attend;     /* PX_ATTEND_* that end its wait */
	uint32_t cpu;       /* where it runs or ran last */
	uint32_t depth;     /* of the critical section it went away in */
	uint64_t cpus;      /* which it may run on, a bit each */
	struct px_tcb *tcb; /* in its process's memory */
	uint64_t sp;        /* where its registers are in its process, or 0: in tcb->saved */
	uint64_t ran;       /* TSC ticks so far, without what it has run since it was switched to */
	uint64_t turn;      /* `ran` when its turn began (thread/turn.h) */
	uint64_t word;      /* that it waits for (thread/word.h) */
	const struct px_process *word_of;
	struct px_waitq joiners; /* of its end */
	struct px_waiter waiter; /* for px_block */
	struct px_timer timer;   /* PX_TIMER_WAIT */
	uint32_t woken;          /* since it began to wait */
	uint32_t lap;            /* of the CPU's, in which it was queued for its turn */
	uint32_t attention;      /* PX_ATTEND_* */
	uint32_t to_end;         /* of its queue when it makes room: its priority was set */
	struct px_lock *held[PX_LOCKS_HELD];
	struct px_claims claims;    /* of the call it is in */
	struct px_startup *startup; /* of the program it is about to begin, or NULL */
	uint64_t masked;            /* signals that are blocked */
	uint64_t wanted;            /* those it waits for */
	struct px_pending pending;  /* sent to this thread alone */
	struct px_signal signal;    /* room for one of them */
};

/* Only root lets a thread go before others that want to run. */
static inline bool px_priority_may(const struct px_thread *t, int policy, int priority)
{
	return !px_me->user.effective || (policy != SCHED_FIFO && policy != SCHED_RR) ||
	       (policy == t->policy && priority <= t->priority);
}

struct px_cpu {
	struct px_thread *current;      /* NULL: none */
	struct px_thread *first, *last; /* ready, in the order in which they run; last: if any */
	struct px_thread *ahead;        /* the last of those that go on with their turn, or NULL */
	struct px_timer *timers;        /* the earliest */
	uint64_t since;                 /* TSC when current began */
	exo_ns_t turn;  /* when to look whether current's turn is over; 0: nobody waits for it */
	exo_ns_t soon;  /* when it makes room for who is ahead; 0: nobody is */
	exo_ns_t armed; /* the alarm of the activation that runs, 0: none */
	uint32_t lap;   /* how often all that waited have had a turn */
	uint32_t number;
	uint8_t over; /* somebody with more priority than current is in the queue */
	uint8_t zero[7];
};

struct px_sched {
	uint32_t on;      /* px_sched_start was called by the first process */
	uint32_t cpus;    /* 1 + the highest CPU of the image */
	uint64_t present; /* CPUs whose owners have been started, a bit each */
	uint64_t idle;    /* those of them whose owners sleep: wake them by notify */
	uint64_t turn;    /* TSC ticks of one */
	uint32_t last_id;
	uint32_t zeroed_count; /* frames of zeroes from `zeroed` on (thread/zeroed.c) */
	exo_pfn_t zeroed;
	struct px_cpu cpu[EXO_CPU_MAX];
	struct px_waitq word[PX_WORD_QUEUES]; /* thread/word.h */
};

/* Wait for px_wake, the deadline (0: none) or something of `attend`; `woken` is 0.
 * Returns as px_block.  It takes the place of the one thread's sleep when the scheduler is on. */
int px_sched_sleep(exo_ns_t deadline, uint32_t attend) PX_WITH_THREADS;

/* Outside: before the second thread or process of the image is made, and at the start of a process
 * that was made; again does nothing.  Returns 0 or -ENOMEM. */
int px_sched_start(void);

/* A record for a thread of `p`, PX_NEW, with a number; NULL: no memory.  It leaves the process's
 * list when it is freed. */
struct px_thread *px_thread_new(struct px_process *p);
void px_thread_free(struct px_thread *t);

/* Into the run queue of a CPU that it may run on: it is PX_READY.  A CPU that idles is told.  One
 * that waited goes on with the turn in which it began to, before those that wait for theirs. */
void px_ready(struct px_thread *t) PX_WITH_THREADS;

/* Wake one, which has joined a queue; it is made ready once. */
static inline void px_wake_thread(struct px_thread *t)
{
	if (!t->woken && t->state == PX_WAITING)
		px_ready(t);
	t->woken = 1;
}

/* Give the CPU to the next one.  The caller's state says what becomes of it: PX_RUNNING: it goes to
 * the end of the queue; PX_WAITING, PX_STOPPED: it returns after px_ready; PX_ENDED: never.  The
 * depth of the critical section is kept. */
void px_schedule(void);

/* Save the registers of the calling thread in buf (a variable of its own) for a thread of a process
 * that is a copy of this one, whose `sp` is buf and whose `depth` is 1: returns 0 now, and 1 in the
 * copy, when that thread is switched to, inside. */
#define PX_CONTEXT 10
int px_context_save(uint64_t buf[PX_CONTEXT]) __attribute__((returns_twice));

/* With the CPU's turn, depth 1, on the dispatch stack, and cpu->current, if it is set, of this
 * process: go on with that one, or look for one.  What an activation calls when it is new or comes
 * back. */
_Noreturn void px_dispatch(void);

/* Say that t has something to attend to: it is made ready if it waits interruptibly, interrupted if
 * it runs on another CPU. */
void px_attend(struct px_thread *t, uint32_t what);

/* Has the calling thread, t, something of these to attend to, and does not hold it off? */
bool px_attends(const struct px_thread *t, uint32_t attend);

/* Outside: all threads of this process but the calling one end, wherever they are; what they hold
 * is in their records still.  If several want that, it is the first that `ends` the process. */
void px_threads_end(bool ends) PX_WITH_THREADS;

/* Inside: t ends its process, if no other thread does already, and no other ends t before. */
void px_ends(struct px_thread *t) PX_WITH_THREADS;

/* Timers of this CPU.  px_timer_set also moves one that is set, on whatever CPU it is. */
void px_timer_set(struct px_timer *timer, exo_ns_t at);
void px_timer_clear(struct px_timer *timer);

/* The first process's environment in this one's table, to notify it; EXO_SLOT_NONE in itself. */
extern exo_cap_t px_owner;

/* The CPU that runs this; inside only. */
struct px_cpu *px_cpu(void);
uint32_t px_cpu_number(void);

/*
 * What other processes need (env/guest.c, linked in by what makes processes; weak here).
 */

/* cpu->current has become `next`, of another process: let its activation have the CPU, as guest or
 * by handing the loan on.  Called on the dispatch stack at depth 1; returns, at depth 1, when this
 * activation has the CPU again. */
void px_hand_over(struct px_thread *next) __attribute__((weak, visibility("hidden")));

/* There is nobody to run on this CPU, and we are a guest: give the CPU back to the owner. The same
 * otherwise. */
void px_hand_back(void) __attribute__((weak, visibility("hidden")));

#endif
