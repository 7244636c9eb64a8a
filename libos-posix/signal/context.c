/* context.c - contexts that a program makes for itself (POSIX.1-2004, getcontext, makecontext).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal/context.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#define IN_REGISTERS 6

int px_context_left(ucontext_t *u)
{
	return sigprocmask(SIG_BLOCK, NULL, &u->uc_sigmask);
}

void px_context_taken(const ucontext_t *u)
{
	sigprocmask(SIG_SETMASK, &u->uc_sigmask, NULL);
}

void px_context_swapped(ucontext_t *left, const ucontext_t *u)
{
	sigprocmask(SIG_SETMASK, &u->uc_sigmask, &left->uc_sigmask);
}

void px_context_over(const ucontext_t *link)
{
	if (link)
		setcontext(link);
	exit(0);
}

void makecontext(ucontext_t *u, void (*function)(void), int arguments, ...)
{
	static const uint8_t reg[IN_REGISTERS] = {REG_RDI, REG_RSI, REG_RDX,
						  REG_RCX, REG_R8,  REG_R9};
	greg_t *r = u->uc_mcontext.gregs;
	int n = arguments < 0 ? 0 : arguments, beyond = n > IN_REGISTERS ? n - IN_REGISTERS : 0;
	uint64_t top = (uint64_t)u->uc_stack.ss_sp + u->uc_stack.ss_size;
	/* as after a call, below arguments on a boundary of 16 bytes */
	uint64_t *sp = (uint64_t *)((top - 8 * (uint64_t)beyond) & ~15ull) - 1;
	va_list list;

	*sp = (uint64_t)px_context_return;
	va_start(list, arguments);
	for (int i = 0; i < n; i++) {
		greg_t value = va_arg(list, greg_t); /* pointers, too, as on Linux */

		if (i < IN_REGISTERS)
			r[reg[i]] = value;
		else
			sp[1 + i - IN_REGISTERS] = (uint64_t)value;
	}
	va_end(list);
	r[REG_RSP] = (greg_t)sp;
	r[REG_RIP] = (greg_t)function;
	r[REG_RBX] = (greg_t)u->uc_link;
}
