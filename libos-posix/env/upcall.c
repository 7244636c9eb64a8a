/* upcall.c - page faults are served, every other exception ends the process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <exo/upcall.h>
#include <libexo/crash.h>
#include <libexo/upcall.h>
#include <signal.h>
#include <vm/copy.h>
#include <vm/vm.h>

#define PROTECTION 13 /* also: an address that is none */
#define PAGE_FAULT 14
#define CODE_WRITE 2
#define CODE_FETCH 16

/* Which signal Linux would send. */
static int signal_of(uint64_t vector)
{
	switch (vector) {
	case 0:
	case 16:
	case 19:
		return SIGFPE;
	case 1:
	case 3:
		return SIGTRAP;
	case 6:
		return SIGILL;
	case 11:
	case 12:
	case 17:
		return SIGBUS;
	}
	return SIGSEGV;
}

static void explain(const struct exo_frame *f)
{
	static const char over[] = "stack overflow: below the lowest page of the stack\n";
	static const char data[] =
		"data cannot be executed: no page is both writable and executable\n";
	static const char none[] = "out of memory: no frame is left for this page\n";
	const struct px_region *r = px_region_near(f->addr);

	if (r && f->addr < r->start && r->name[0] == 's')
		px_print(over, sizeof(over) - 1);
	else if (f->code & CODE_FETCH && xo_entry(f->addr))
		px_print(data, sizeof(data) - 1);
	else if (r && f->addr >= r->start && f->addr < r->end && !xo_entry(f->addr))
		px_print(none, sizeof(none) - 1);
}

/* A copy from or to memory a program named goes on after the fault. */
static bool recover(struct exo_frame *f, uint64_t vector)
{
	uintptr_t pc = vector == PAGE_FAULT || vector == PROTECTION ? px_copy_recover(f->rip) : 0;

	if (pc)
		f->rip = pc;
	return pc != 0;
}

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	uint64_t vector = kind - EXO_UP_EXCEPTION;

	if (kind < EXO_UP_EXCEPTION)
		return;
	if (vector == PAGE_FAULT && !(f->code & CODE_FETCH) && px_fault(addr, f->code & CODE_WRITE))
		return;
	if (recover(f, vector))
		return;
	if (vector == PAGE_FAULT)
		explain(f);
	xo_crash_report(f, px_print);
	px_stop(128 + signal_of(vector));
}
