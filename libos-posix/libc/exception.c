/* exception.c - a processor exception as a signal: its handler runs on the process's stack.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The upcall leaves what was interrupted below the stack pointer and goes on in perform(), no
 * longer inside an upcall: a handler may do anything, also never return.  If it returns, the
 * process goes on with the registers as the handler left them in its context.
 */
#include <env/arena.h>
#include <env/process.h>
#include <libc/exception.h>
#include <libexo/upcall.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <vm/copy.h>

#define RED_ZONE 128 /* below the stack pointer, but in use (x86-64 psABI) */

struct scene {
	struct exo_frame frame;
	int number;
	int code;
	uint64_t addr;
};

/* libos-posix/libc/resume.S: go on with the general registers of a frame. */
_Noreturn void px_resume(const struct exo_frame *f);

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
	r[REG_CSGSFS] = (greg_t)f->cs;
	r[REG_ERR] = (greg_t)f->code;
	r[REG_TRAPNO] = (greg_t)(f->kind - EXO_UP_EXCEPTION);
	r[REG_CR2] = (greg_t)f->addr;
}

static void take_back(struct exo_frame *f, const ucontext_t *u)
{
	const greg_t *r = u->uc_mcontext.gregs;

	memcpy(&f->r8, &r[REG_R8], 8 * sizeof(greg_t));
	f->rdi = (uint64_t)r[REG_RDI];
	f->rsi = (uint64_t)r[REG_RSI];
	f->rbp = (uint64_t)r[REG_RBP];
	f->rbx = (uint64_t)r[REG_RBX];
	f->rdx = (uint64_t)r[REG_RDX];
	f->rax = (uint64_t)r[REG_RAX];
	f->rcx = (uint64_t)r[REG_RCX];
	f->rsp = (uint64_t)r[REG_RSP];
	f->rip = (uint64_t)r[REG_RIP];
	f->rflags = (uint64_t)r[REG_EFL];
}

static long handle(void *arg)
{
	struct scene *s = arg;
	siginfo_t info = {.si_signo = s->number, .si_code = s->code};
	ucontext_t context;

	memset(&context, 0, sizeof(context));
	info.si_addr = (void *)s->addr;
	show(&context, &s->frame);
	px_signal_handle(s->number, &info, &context);
	take_back(&s->frame, &context);
	return 0;
}

static _Noreturn void perform(struct scene *s)
{
	xo_vector_call(handle, s);
	px_resume(&s->frame);
}

/* Is there room for the handler to begin?  A stack that is gone has none. */
bool px_exception(struct exo_frame *f, int number, int code, uint64_t addr)
{
	struct scene s = {.frame = *f, .number = number, .code = code, .addr = addr};
	uint64_t at = (f->rsp - RED_ZONE - sizeof(s)) & ~63ul;

	if (!px_signal_handled(number) || !px_arena || px_arena->lock ||
	    px_copy_to((void *)at, &s, sizeof(s)) || px_clear_to((void *)(at - 8), 8))
		return false;
	f->rip = (uintptr_t)perform;
	f->rdi = at;
	f->rsp = at - 8;
	f->rbp = 0;
	f->rflags &= ~(1ul << 8 | 1ul << 10); /* no single steps; strings go up */
	return true;
}
