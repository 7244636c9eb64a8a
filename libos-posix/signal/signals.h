/* signals.h - sending signals, and taking them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A signal that was sent is pending, in the arena, for a thread or for a process; whoever sends it
 * chooses a thread that does not block it and says PX_ATTEND_SIGNAL to it.  The thread takes it
 *
 *   - when it leaves a critical section (px_leave), as if the handler were called there: so when it
 *     sends one to itself, when it was interrupted while it waited, when it is switched to;
 *   - at the end of an upcall, or before it goes on after it was interrupted: then what was
 * interrupted goes on in the handler, on the thread's stack, and afterwards from where it was.
 *
 * It is not taken while the thread holds a lock of px_lock, has claimed files (fd/claim.h) or has
 * said px_signals_hold: a handler may jump away, or call what it interrupted.
 *
 * Programs that name no function of this part have none of it linked in: what others call of it
 * is weak.
 */
#ifndef PX_SIGNALS_H
#define PX_SIGNALS_H

#include <env/process.h>
#include <env/thread.h>
#include <exo/upcall.h>
#include <signal.h>
#include <signal/again.h>
#include <signal/pending.h>
#include <stdbool.h>
#include <thread/sched.h>
#include <unistd.h>

#define PX_SIGNALS_IF_USED __attribute__((weak, visibility("hidden")))

#define PX_SIG(n) (1ul << ((n)-1))
#define PX_SIG_FAULTS                                                                              \
	(PX_SIG(SIGSEGV) | PX_SIG(SIGBUS) | PX_SIG(SIGFPE) | PX_SIG(SIGILL) | PX_SIG(SIGTRAP) |    \
	 PX_SIG(SIGSYS))
#define PX_SIG_STOPS       (PX_SIG(SIGSTOP) | PX_SIG(SIGTSTP) | PX_SIG(SIGTTIN) | PX_SIG(SIGTTOU))
#define PX_SIG_IGNORED     (PX_SIG(SIGCHLD) | PX_SIG(SIGURG) | PX_SIG(SIGWINCH) | PX_SIG(SIGCONT))
#define PX_SIG_UNBLOCKABLE (PX_SIG(SIGKILL) | PX_SIG(SIGSTOP))
#define PX_SIGNALS_MAX     4096         /* that a process can have pending */
#define PX_SIG_QUEUED      (~0ul << 31) /* real-time ones: as often as they were sent */

/* Two numbers that no program can handle or block. */
#define PX_SIG_PRIVATE (PX_SIG(32) | PX_SIG(33))

static inline bool px_signal_valid(int n)
{
	return n > 0 && n < NSIG;
}

static inline bool px_signal_mentionable(int n)
{
	return px_signal_valid(n) && !(PX_SIG(n) & PX_SIG_PRIVATE);
}

/* Those that nothing would happen at in p, if they are not blocked. */
static inline uint64_t px_signals_ignored(const struct px_process *p)
{
	return p->signals.ignored | (PX_SIG_IGNORED & ~p->signals.caught);
}

/*
 * Sending: send.c.  Inside.
 */

/* Send to thread t of p; NULL: to the process.  0, or -EAGAIN: there is no memory for what must not
 * get lost. */
int px_signal_send(struct px_process *p, struct px_thread *t, const struct px_siginfo *info);

/* The same with an entry of the sender's, which is pending as long as entry->in_use: false if the
 * signal is ignored. */
bool px_signal_post(struct px_process *p, struct px_thread *t, struct px_signal *entry);

/* Threads of p are told of those of `set` once more, which p has pending. */
void px_signals_retell(struct px_process *p, uint64_t set);

/* Nothing of `set` is pending in p any more, or in its threads. */
void px_signals_drop(struct px_process *p, uint64_t set);

static inline uint64_t px_siginfo_sender(void)
{
	return px_process_number | (uint64_t)getuid() << 32;
}

/* From the calling process, as kill() does, or from nobody with another code. */
static inline struct px_siginfo px_siginfo_make(int number, int code, uint64_t value)
{
	return (struct px_siginfo){.number = number,
				   .code = code,
				   .word = {code <= 0 ? px_siginfo_sender() : 0, value}};
}

/* The first process's signal, from the console: when nobody is in the foreground. */
void px_signal_typed(int number) PX_SIGNALS_IF_USED;

/* Is it pending there? */
static inline bool px_pending_has(const struct px_pending *q, int n)
{
	return q->set & PX_SIG(n);
}

/* Those that t and its process have pending. */
static inline uint64_t px_signals_of(const struct px_thread *t)
{
	return t->pending.set | t->process->signals.pending.set;
}

/*
 * Taking.
 */

/* take.c.  Inside: the next of `set` that is pending for t is no longer; the synchronous ones come
 * first, then those for the thread.  Returns its number, or 0. */
int px_signal_take(struct px_thread *t, uint64_t set, struct px_siginfo *info);

/* Inside: nothing of `set` is pending there any more. */
void px_pending_drop(struct px_process *p, struct px_pending *q, uint64_t set);

/* deliver.c.  Inside: the calling thread, t, has something to take. */
void px_signals_say(struct px_thread *t);

/* Inside: has the calling thread, t, something to take?  It does so when it leaves. */
static inline void px_signals_look(struct px_thread *t)
{
	if (__builtin_expect(!(px_signals_of(t) & ~t->masked) && !t->process->stopped, 1))
		t->attention &= ~PX_ATTEND_SIGNAL;
	else
		px_signals_say(t);
}

/* Inside: the calling thread blocks others now; see who is to take what, itself or another. */
static inline void px_mask_set(uint64_t mask)
{
	struct px_thread *t = px_this();
	uint64_t more = mask & ~t->masked & px_me->signals.pending.set;

	t->masked = mask & ~PX_SIG_UNBLOCKABLE;
	if (more)
		px_signals_retell(px_me, more);
	px_signals_look(t);
}

/* deliver.c.  From px_leave: take what can be taken here. */
void px_signals_due(void) PX_SIGNALS_IF_USED;

/* In an upcall, or in its place: let what f interrupted go on with what is pending, if it can. */
void px_signals_divert(struct exo_frame *f) PX_SIGNALS_IF_USED;

/* In an upcall: the same with a signal of the processor's own.  False: nobody handles it. */
bool px_exception(struct exo_frame *f, int number, int code, uint64_t addr) PX_SIGNALS_IF_USED;

/* The actions of this process, for sigaction and who runs handlers; inside. */
extern struct sigaction px_action[NSIG];

/* default.c: the process ends, as most do by default.  In an upcall: what f interrupted goes on
 * with that. */
_Noreturn void px_signal_end(int number);
void px_signal_end_at(int number, struct exo_frame *f);

/* stop.c.  Outside: the process stops, unless it is 0; return when it goes on. */
void px_signal_stop(int number);

/* Inside: the calling thread stops or ends; the last one tells the parent that the process has
 * stopped. */
void px_signal_last(void) PX_SIGNALS_IF_USED;

/* Inside: is nobody left, but for one who ends, to let a process group go on that stops? */
bool px_group_orphaned(uint32_t group, const struct px_process *without);

/* Inside: p goes on, if it has stopped, by SIGCONT or to end. */
void px_signal_continue(struct px_process *p, int number);

/* Inside: p's parent gets SIGCHLD; `status` as wait has it. */
void px_signal_child(struct px_process *p, int status) PX_SIGNALS_IF_USED;

/* raise.c, for abort(): the handler of SIGABRT, if it has one. */
void px_signal_abort(void) PX_SIGNALS_IF_USED;

/*
 * Of a process's life: process/.
 */

/* Inside: what a child begins with. */
void px_signals_fork(struct px_process *child);

/* exec.  Inside: what was caught has its default, timers end.  And in the new program, outside: it
 * knows what is ignored, and takes what is pending. */
void px_signals_exec(struct px_process *p);
void px_signals_begin(void);

/* Inside: the thread, or the process, ends; others take what it has not taken. */
void px_signals_thread_end(struct px_thread *t) PX_SIGNALS_IF_USED;
void px_signals_process_end(struct px_process *p) PX_SIGNALS_IF_USED;

#endif
