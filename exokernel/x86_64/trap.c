/* trap.c - exceptions and interrupts.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An exception of ring 3 becomes an upcall; the kernel has no opinion about
 * any of them.  In ring 0 all but two are the kernel's own fault.
 */
#include <core/console.h>
#include <core/lock.h>
#include <core/log.h>
#include <core/slice.h>
#include <core/trap.h>
#include <core/upcall.h>
#include <x86_64/apic.h>
#include <x86_64/mmu.h>

enum { DEBUG = 1, NMI = 2, DOUBLE_FAULT = 8, PROTECTION = 13, PAGE_FAULT = 14, MACHINE_CHECK = 18 };

extern const char vector_fault[], vector_fault_fx[], vector_fixup[];
extern const char idle_halt[]; /* core/slice.c */

static void kernel_exception(struct trap *t)
{
	if (t->kind == PROTECTION &&
	    (t->rip == (uint64_t)vector_fault || t->rip == (uint64_t)vector_fault_fx)) {
		t->rip = (uint64_t)vector_fixup;
		return;
	}
	if (t->kind == DEBUG)
		return; /* a single step that the user began and SYSCALL ended */
	panic(t, "exception %lu in the kernel", t->kind);
}

static void user_exception(struct trap *t)
{
	struct cpu *cpu = this_cpu();
	uint64_t addr = t->kind == PAGE_FAULT ? read_cr2() : t->rip;
	uint64_t kind = t->kind;

	if (upcall_deliver(cpu->act, t, EXO_UP_EXCEPTION + kind, addr))
		return;
	lock();
	if (!cpu->env->creator) /* nobody else is there to say it */
		log_line("log",
			 "the program cannot take exception %lu: address %lx rip %lx rsp %lx", kind,
			 addr, t->rip, t->rsp);
	env_stop(cpu->env, EXO_STOP_UPCALL, kind);
	slice_run();
}

static void interrupt(struct trap *t)
{
	struct cpu *cpu = this_cpu();

	if (t->kind == VECTOR_SPURIOUS)
		return;
	cpu->info->interrupts++;
	apic_set(EOI, 0);
	/* An NMI came between sti and hlt, and this after it: there is something to look at now. */
	if (t->rip == (uint64_t)idle_halt)
		t->rip++;
	if (t->kind == VECTOR_FLUSH) {
		mmu_flush_requested();
		return;
	}
	lock();
	if (t->kind == VECTOR_TIMER)
		cpu->timer = 0;
	if (t->kind == VECTOR_SERIAL)
		console_interrupt();
	if (cpu->act) /* else the idle loop looks for itself */
		slice_check(t);
	unlock();
}

void trap(struct trap *t)
{
	if (t->kind >= 32)
		interrupt(t);
	else if (t->kind == NMI)
		return;
	else if (t->kind == MACHINE_CHECK || t->kind == DOUBLE_FAULT)
		panic(t, "exception %lu", t->kind);
	else if (t->cs & 3)
		user_exception(t);
	else
		kernel_exception(t);
}
