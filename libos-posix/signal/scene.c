/* scene.c - what was interrupted goes on in a handler.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * In upcalls.  They leave a scene on the stack of the thread, and what they return to is
 * px_signal_perform: no longer in an upcall, so a handler may do anything, also never return.
 */
#include <env/arena.h>
#include <env/thread.h>
#include <libexo/crash.h>
#include <libexo/upcall.h>
#include <signal/scene.h>
#include <string.h>
#include <thread/local.h>
#include <vm/copy.h>

#define RED_ZONE 128 /* below the stack pointer, but in use (x86-64 psABI) */

uint64_t px_scene_place(const struct px_scene *s, uint64_t sp)
{
	const struct px_tcb *me = px_self();
	bool alternative = px_on_alternative(sp);
	uint64_t at;

	if (s->handler && s->flags & SA_ONSTACK && me->alt_bytes && !alternative) {
		alternative = true;
		sp = me->alt_stack + me->alt_bytes;
	} else {
		sp -= RED_ZONE;
	}
	at = (sp - PX_SCENE_ROOM) & ~63ul;
	if ((alternative && !px_on_alternative(at)) || at > sp ||
	    px_copy_to((void *)at, s, offsetof(struct px_scene, uc.__fpregs_mem)))
		return 0;
	return at;
}

static void show(ucontext_t *u, const struct exo_frame *f)
{
	greg_t *r = u->uc_mcontext.gregs;

	memcpy(&r[REG_R8], &f->r8, 8 * sizeof(greg_t));
	r[REG_RDI] = (greg_t)f->rdi;
	r[REG_RSI] = (greg_t)f->rsi;
	r[REG_RBP] = (greg_t)f->rbp;
	r[REG_RBX] = (greg_t)f->rbx;
	r[REG_RDX] = (greg_t)f->rdx;
	r[REG_RAX] = (greg_t)f->rax;
	r[REG_RCX] = (greg_t)f->rcx;
	r[REG_RSP] = (greg_t)f->rsp;
	r[REG_RIP] = (greg_t)f->rip;
	r[REG_EFL] = (greg_t)f->rflags;
	r[REG_CSGSFS] = (greg_t)(f->cs | f->ss << 48);
	r[REG_ERR] = r[REG_TRAPNO] = r[REG_OLDMASK] = r[REG_CR2] = 0;
	if (f->kind >= EXO_UP_EXCEPTION) {
		r[REG_ERR] = (greg_t)f->code;
		r[REG_TRAPNO] = (greg_t)(f->kind - EXO_UP_EXCEPTION);
		r[REG_CR2] = (greg_t)f->addr;
	}
}

/* What f interrupted goes on with s. */
static bool put(struct px_scene *s, struct exo_frame *f)
{
	uint64_t at;

	show(&s->uc, f);
	at = px_scene_place(s, f->rsp);
	if (!at)
		return false;
	f->rip = (uintptr_t)px_scene_begin;
	f->rdi = at;
	f->rsp = at;
	f->rbp = 0;
	f->rflags &= ~(1ul << 8 | 1ul << 10); /* no single steps; strings go up */
	return true;
}

void px_signals_divert(struct exo_frame *f)
{
	struct px_thread *t = px_this();
	struct px_scene s;
	enum px_what what;

	if (!t || !(t->attention & PX_ATTEND_SIGNAL))
		return;
	if (!px_signals_open(t, 1)) {
		px_activation()->pending |= PX_PENDING_SIGNAL;
		return;
	}
	what = px_scene_next(&s);
	if (what == PX_NOTHING)
		return;
	if (what == PX_STOP)
		s.handler = NULL;
	if (what == PX_END)
		px_signal_end_at(s.number, f);
	else if (!put(&s, f))
		px_signal_end_at(SIGSEGV, f);
}

/* One that is blocked or ignored is not handled. */
bool px_exception(struct exo_frame *f, int number, int code, uint64_t addr)
{
	struct px_thread *t = px_this();
	struct px_siginfo info = {.number = number, .code = code, .word = {addr}};
	struct px_scene s;
	bool handled;

	if (!t || !px_arena || !px_signals_open(t, 1))
		return false;
	px_enter();
	handled = px_scene_handle(&s, number);
	px_leave();
	if (!handled)
		return false;
	px_scene_info(&s, &info);
	return put(&s, f);
}
