/* deliver.c - handlers run.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <errno.h>
#include <libexo/upcall.h>
#include <signal/again.h>
#include <signal/scene.h>
#include <thread/local.h>
#include <vm/copy.h>

/* Of px_tcb.handled: a handler has run since the thread began to wait; one without SA_RESTART. */
#define HANDLED 1
#define ENDS    2

bool px_signals_open(const struct px_thread *t, uint32_t depth)
{
	const struct px_claims *c = &t->claims;

	return !px_self()->hold && px_interruptible_at(depth) && !t->held[0] && !t->held[1] &&
	       !c->file[0] && !c->file[1] && !c->file[2] && !c->places && !c->message && !c->page;
}
_Static_assert(PX_LOCKS_HELD == 2 && PX_CLAIMS_FILES == 3, "all of them are looked at");

bool px_scene_handle(struct px_scene *s, int number)
{
	struct sigaction *a = &px_action[number];
	struct px_thread *t = px_this();
	struct px_tcb *me = px_self();
	uint64_t bit = PX_SIG(number);

	if (!(px_me->signals.caught & bit) || t->masked & bit)
		return false;
	s->number = number;
	s->handler = a->sa_sigaction;
	s->flags = (uint32_t)a->sa_flags;
	s->uc.uc_sigmask = me->mask_due ? me->mask_after : t->masked;
	me->mask_due = 0;
	px_mask_set(t->masked | a->sa_mask | (s->flags & SA_NODEFER ? 0 : bit));
	if (s->flags & SA_RESETHAND) {
		a->sa_handler = SIG_DFL;
		px_me->signals.caught &= ~bit;
	}
	return true;
}

static enum px_what what_of(int number)
{
	const struct sigaction *a = &px_action[number];

	if (a->sa_handler != SIG_DFL)
		return a->sa_handler == SIG_IGN ? PX_NOTHING : PX_HANDLE;
	if (PX_SIG(number) & PX_SIG_IGNORED)
		return PX_NOTHING;
	return PX_SIG(number) & PX_SIG_STOPS ? PX_STOP : PX_END;
}

enum px_what px_scene_next(struct px_scene *s)
{
	struct px_thread *t = px_this();
	enum px_what what = PX_NOTHING;
	struct px_siginfo info;

	px_enter();
	if (px_me->stopped) {
		what = PX_STOP;
		info.number = 0;
	}
	while (what == PX_NOTHING && px_signal_take(t, ~t->masked, &info))
		what = what_of(info.number);
	if (what == PX_HANDLE)
		px_scene_handle(s, info.number);
	else
		px_signals_look(t);
	if (what == PX_STOP)
		px_me->signals.stopping = 1;
	if (what == PX_END && px_ends)
		px_ends(t); /* if another thread ended this one now the signal would be forgotten */
	px_leave();
	s->number = info.number;
	if (what == PX_HANDLE)
		px_scene_info(s, &info);
	return what;
}

static uint64_t interrupted_sp(const struct px_scene *s)
{
	return (uint64_t)s->uc.uc_mcontext.gregs[REG_RSP];
}

/* As on Linux it does not say whether it is in use. */
static void show_stack(stack_t *stack)
{
	const struct px_tcb *me = px_self();

	stack->ss_sp = (void *)me->alt_stack;
	stack->ss_size = me->alt_bytes;
	stack->ss_flags = me->alt_bytes ? 0 : SS_DISABLE;
}

/* As on Linux: one that the handler has set is forgotten, unless it is in use. */
static void take_stack(const stack_t *stack, uint64_t sp)
{
	struct px_tcb *me = px_self();

	if ((!me->alt_bytes && stack->ss_flags & SS_DISABLE) || px_on_alternative(sp))
		return;
	me->alt_stack = (uint64_t)stack->ss_sp;
	me->alt_bytes = stack->ss_flags & SS_DISABLE ? 0 : stack->ss_size;
}

/* Others that are pending interrupt the handler before its first instruction, as on Linux.  What
 * the last handler did to the floating-point unit is not for this one. */
static void run(struct px_scene *s)
{
	const uint32_t clean = 0x1f80; /* as after reset: all exceptions masked */
	struct px_tcb *me = px_self();
	uint64_t sp = interrupted_sp(s);
	uint8_t before = me->handled;
	int error = me->reent->_errno;

	s->uc.uc_flags = 0;
	s->uc.uc_link = NULL;
	show_stack(&s->uc.uc_stack);
	px_signals_release();
	__asm__ volatile("fninit; ldmxcsr %0" : : "m"(clean));
	s->handler(s->number, &s->info, &s->uc);
	px_signals_hold();
	me->reent->_errno = error;
	me->handled = before ? before : HANDLED | (s->flags & SA_RESTART ? 0 : ENDS);
	take_stack(&s->uc.uc_stack, sp);
	px_enter();
	px_mask_set(s->uc.uc_sigmask);
	px_leave();
}

/* Does the signal belong on the stack that s lies on? */
static bool is_here(const struct px_scene *s)
{
	if (!px_self()->alt_bytes)
		return true;
	return px_on_alternative((uint64_t)s) ==
	       (s->flags & SA_ONSTACK || px_on_alternative(interrupted_sp(s)));
}

/* Do `what`, and what is pending else.  False: a handler waits that wants another stack. */
static bool run_all(struct px_scene *s, enum px_what what)
{
	struct px_tcb *me = px_self();

	me->hold++;
	for (;;) {
		if (what == PX_HANDLE) {
			if (!is_here(s))
				break;
			run(s);
		} else if (what == PX_STOP) {
			px_signal_stop(s->number);
		} else if (what == PX_END) {
			px_signal_end(s->number);
		}
		me->hold--;
		if (!(me->thread->attention & PX_ATTEND_SIGNAL))
			return true;
		me->hold++;
		what = px_scene_next(s);
	}
	me->hold--;
	return false;
}

static void show_frame(struct px_scene *s)
{
	const greg_t *r = s->uc.uc_mcontext.gregs;
	uint16_t cs, ss;

	__asm__("mov %%cs, %0" : "=r"(cs));
	__asm__("mov %%ss, %0" : "=r"(ss));
	s->rip = (uint64_t)r[REG_RIP];
	s->cs = cs;
	s->rflags = (uint64_t)r[REG_EFL];
	s->rsp = (uint64_t)r[REG_RSP];
	s->ss = ss;
}

/* Nothing of this one's stack is needed any more. */
static _Noreturn void move(struct px_scene *s)
{
	uint64_t at = px_scene_place(s, interrupted_sp(s));

	if (!at)
		px_signal_end(SIGSEGV);
	px_scene_begin((struct px_scene *)at);
}

/* One that nobody handles any more is sent as any other. */
static enum px_what handle(struct px_scene *s, int number)
{
	bool handled;

	px_scene_blank(s);
	s->known.number = number;
	s->known.code = SI_TKILL;
	s->known.word[0] = px_siginfo_sender();
	px_enter();
	handled = px_scene_handle(s, number);
	if (!handled)
		px_signal_send(px_me, px_this(), &s->known);
	px_leave();
	return handled ? PX_HANDLE : PX_NOTHING;
}

void px_signals_here(int number, struct px_scene *s)
{
	struct _libc_fpstate *fp = (void *)((char *)s + PX_SCENE_ROOM);

	s->uc.uc_mcontext.fpregs = fp;
	if (!run_all(s, number ? handle(s, number) : PX_NOTHING)) {
		__asm__ volatile("fxrstor64 %0" : : "m"(*fp));
		move(s);
	}
	show_frame(s);
}

void px_signal_perform(struct px_scene *s, void *vector)
{
	bool all;

	xo_vector_save(vector);
	s->uc.uc_mcontext.fpregs = vector;
	all = run_all(s, s->handler ? PX_HANDLE : PX_STOP);
	xo_vector_restore(vector);
	if (!all)
		move(s);
	show_frame(s);
	px_scene_resume(s);
}

void px_signals_say(struct px_thread *t)
{
	t->attention |= PX_ATTEND_SIGNAL;
	px_activation()->pending |= PX_PENDING_SIGNAL;
}

/* From px_leave. */
void px_signals_due(void)
{
	struct px_thread *t = px_this();

	px_signal_pending_clear();
	if (!t || !(t->attention & PX_ATTEND_SIGNAL))
		return;
	if (px_signals_open(t, 0))
		px_signal_here(0);
	else
		px_signal_pending_set();
}

bool px_again(enum px_again how)
{
	struct px_tcb *me = px_self();
	uint8_t handled;

	px_signals_due();
	handled = me->handled;
	me->handled = 0;
	return how == PX_AGAIN_RESTART ? !(handled & ENDS) : !handled;
}
