/* upcall.c - page faults are served, other exceptions become signals or end the process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <exo/upcall.h>
#include <libexo/crash.h>
#include <libexo/upcall.h>
#include <signal.h>
#include <signal/signals.h>
#include <signal/vector.h>
#include <string.h>
#include <thread/local.h>
#include <thread/thread.h>
#include <vm/copy.h>
#include <vm/vm.h>

#define PROTECTION 13 /* also: an address that is none */
#define PAGE_FAULT 14
#define ALIGNMENT  17
#define CODE_WRITE 2
#define CODE_FETCH 16
#define OVERFLOW   (256ull << 20) /* how far a single frame may reach below its stack */

/* Of the exceptions that are not masked: bits as in the x87 status word and in MXCSR. */
static int float_code(uint64_t vector)
{
	uint16_t control, status;
	uint32_t mxcsr, raised;

	__asm__ volatile("fnstcw %0; fnstsw %1; stmxcsr %2"
			 : "=m"(control), "=m"(status), "=m"(mxcsr));
	raised = vector == 16 ? status & ~(uint32_t)control : mxcsr & ~(mxcsr >> 7);
	return raised & 0x01   ? FPE_FLTINV
	       : raised & 0x04 ? FPE_FLTDIV
	       : raised & 0x08 ? FPE_FLTOVF
	       : raised & 0x12 ? FPE_FLTUND
	       : raised & 0x20 ? FPE_FLTRES
			       : SI_KERNEL;
}

/* More about it, as Linux says. */
static int code_of(uint64_t vector, enum px_fault why)
{
	switch (vector) {
	case 0:
		return FPE_INTDIV;
	case 1:
		return TRAP_TRACE;
	case 16:
	case 19:
		return float_code(vector);
	case ALIGNMENT:
		return BUS_ADRALN;
	case 6:
		return ILL_ILLOPN;
	case PAGE_FAULT:
		if (why == PX_FAULT_PAST)
			return BUS_ADRERR;
		return why == PX_FAULT_DENIED ? SEGV_ACCERR : SEGV_MAPERR;
	}
	return SI_KERNEL;
}

/* What the kernel enters on, pages of their own: each process has others. */
const uint32_t xo_upcall_stack_bytes = EXO_PAGE_SIZE;
char xo_upcall_stacks[EXO_FRAME_DEPTH * EXO_PAGE_SIZE] __attribute__((aligned(EXO_PAGE_SIZE)));

/* Only there if the program makes processes: let f go on with the end of this one, on another
 * stack. False as the host. */
extern bool px_process_crash(struct exo_frame *f, int signal)
	__attribute__((weak, visibility("hidden")));

/* Not there in programs that make neither threads nor processes: those want no events. */
extern void px_sched_event(struct exo_frame *f) __attribute__((weak, visibility("hidden")));
extern void px_sched_served(struct exo_frame *f) __attribute__((weak, visibility("hidden")));
extern void px_sched_held(struct exo_frame *f) __attribute__((weak, visibility("hidden")));

static void say(const char *why)
{
	px_print(why, strlen(why));
	px_print("\n", 1);
}

/* The stack that sp is on, or has left downwards by less than a stack's size. */
static bool overflown(uint64_t sp, exo_va_t addr)
{
	const struct px_region *r = px_tree_find(&px_regions, sp);

	if (r && r->flags & PX_R_GUARD)
		r = px_tree_find(&px_regions, r->end);
	return r && r->flags & PX_R_STACK && addr < r->start && r->start - addr < OVERFLOW &&
	       (sp < r->start || sp - addr < OVERFLOW);
}

/* One line more than registers tell. */
static void explain(const struct exo_frame *f, enum px_fault why)
{
	const struct px_region *r = px_region_at(f->addr);

	if (why == PX_FAULT_PAST)
		say(r && r->vnode ? "past the end of a mapped file"
				  : "it was on loan, and has been taken back");
	else if ((!r || r->flags & PX_R_GUARD) && overflown(f->rsp, f->addr))
		say("stack overflow: below the lowest page of the stack");
	else if (why == PX_FAULT_MEMORY)
		say("out of memory: no frame is left for this page");
	else if (f->code & CODE_FETCH && xo_entry(f->addr))
		say("data cannot be executed: no page is both writable and executable");
	else if (f->addr < EXO_PAGE_SIZE)
		say("a null pointer was used");
	else if (why == PX_FAULT_DENIED && f->code & CODE_WRITE && xo_entry(f->addr) && r)
		say("memory that is read only was written");
}

static uint32_t access_of(uint64_t code)
{
	if (code & CODE_FETCH)
		return EXO_PROT_EXEC;
	return code & CODE_WRITE ? EXO_PROT_WRITE : EXO_PROT_READ;
}

/* A copy from or to memory a program named goes on after the fault. */
static bool recover(struct exo_frame *f, uint64_t vector)
{
	uintptr_t pc = vector == PAGE_FAULT || vector == PROTECTION ? px_copy_recover(f->rip) : 0;

	if (pc)
		f->rip = pc;
	return pc != 0;
}

/* Of stacks that a program makes somewhere for itself nobody knows where they end. */
static bool stack_known(const struct exo_frame *f)
{
	const struct px_region *r;
	bool is;

	px_enter();
	r = px_region_at(f->rsp);
	is = r && r->flags & PX_R_STACK;
	px_leave();
	return is || (px_stack_mine && f->fsbase && px_stack_mine(f->rsp));
}

/* Has whoever is interrupted looked already, for what it is in the middle of? */
static bool inside(void)
{
	return px_activation()->critical || px_activation()->depth > 1;
}

/* Go on behind px_enter's look at its stack, if it may be in vain. */
static bool pass(struct exo_frame *f, bool may)
{
	if (may)
		f->rip += PX_ENTER_LOOKS_BYTES;
	return may;
}

static void exception(struct exo_frame *f, uint64_t vector, uint64_t addr)
{
	bool looks = f->rip == (uint64_t)px_enter_looks, idly = looks && inside();
	enum px_fault why = PX_FAULT_NONE;
	int number, code;

	if (vector == PAGE_FAULT && !idly) {
		if (px_sched_held)
			px_sched_held(f);
		why = px_fault(addr, access_of(f->code));
	}
	if (why == PX_FAULT_SERVED || recover(f, vector) ||
	    pass(f, idly || (looks && !stack_known(f))))
		return;
	number = why == PX_FAULT_PAST ? SIGBUS : px_signal_of(vector);
	code = code_of(vector, why);
	if (vector != PAGE_FAULT)
		addr = code == SI_KERNEL || vector == ALIGNMENT ? 0 : f->rip;
	if (px_exception && f->fsbase && px_exception(f, number, code, addr))
		return;
	/* Nobody can be told in the middle of a call that holds something. */
	if (pass(f, looks && px_fault(f->rsp - PX_ENTER_NEED, EXO_PROT_READ) == PX_FAULT_SERVED))
		return;
	if (vector == PAGE_FAULT)
		explain(f, why);
	xo_crash_report(f, px_print);
	if (px_process_crash && px_process_crash(f, number))
		return;
	px_stop_by(number);
}

static void event(struct exo_frame *f)
{
	if (px_sched_event && px_arena->sched.on)
		px_sched_event(f);
	else
		px_event_alone();
}

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	const struct px_tcb *me = (const struct px_tcb *)f->fsbase;

	if (kind >= EXO_UP_EXCEPTION) {
		exception(f, kind - EXO_UP_EXCEPTION, addr);
		if (px_sched_served)
			px_sched_served(f);
	} else if (kind == EXO_UP_EVENT) {
		event(f);
	}
	if (!px_signals_divert || !me || !me->thread)
		return;
	/* Inside nothing is diverted; and who comes from a fork still has its parent's thread
	 * there, which can be gone. */
	if (px_activation()->critical)
		px_activation()->pending |= PX_PENDING_SIGNAL;
	else if (me->thread->attention & PX_ATTEND_SIGNAL)
		px_signals_divert(f);
}
