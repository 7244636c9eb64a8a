/* crash.c - what, where, registers and callers of an interrupted program.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/crash.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <util/fmt.h>

#define CALLERS_MAX 32
#define PAGE_FAULT  14
#define REGISTERS   15 /* rax .. r15, without rsp, in the frame's order */

typedef void print_fn(const void *text, size_t n);

static void say(print_fn *print, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(print_fn *print, const char *format, ...)
{
	char line[128];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(line, sizeof(line), format, args);
	va_end(args);
	print(line, n < sizeof(line) ? n : sizeof(line) - 1);
}

const char *xo_exception_name(unsigned vector)
{
	/* One string, so that no table of pointers needs relocation. */
	static const char names[] =
		"divide error\0debug\0non-maskable interrupt\0breakpoint\0overflow\0bound "
		"exceeded\0"
		"invalid opcode\0no vector unit\0double fault\0reserved\0invalid task state\0"
		"segment not present\0stack fault\0general protection\0page fault\0reserved\0"
		"x87 error\0alignment check\0machine check\0vector arithmetic error\0";
	const char *p = names;

	for (; vector; vector--) {
		while (*p)
			p++;
		if (!*++p)
			return "exception";
	}
	return p;
}

static bool in_text(uint64_t pc)
{
	return pc >= (uint64_t)__text_start && pc < (uint64_t)__text_end;
}

static void say_what(const struct exo_frame *f, print_fn *print)
{
	uint64_t offset = f->rip - (uint64_t)__image_start;
	unsigned vector = f->kind - EXO_UP_EXCEPTION;

	if (f->kind < EXO_UP_EXCEPTION)
		say(print, "crash: in upcall %u", (unsigned)f->kind);
	else if (vector == PAGE_FAULT)
		say(print, "crash: page fault %s 0x%lx",
		    f->code & 16  ? "executing"
		    : f->code & 2 ? "writing"
				  : "reading",
		    f->addr);
	else
		say(print, "crash: %s, code 0x%lx", xo_exception_name(vector), f->code);
	if (in_text(f->rip))
		say(print, " at 0x%lx (program + 0x%lx)\n", f->rip, offset);
	else
		say(print, " at 0x%lx (outside the program)\n", f->rip);
}

static void say_registers(const struct exo_frame *f, print_fn *print)
{
	static const char names[] =
		"rax\0rbx\0rcx\0rdx\0rsi\0rdi\0rbp\0r8 \0r9 \0r10\0r11\0r12\0r13\0"
		"r14\0r15";
	const uint64_t *values = &f->rax;

	for (int i = 0; i < REGISTERS; i++)
		say(print, "%s %016lx%s", names + 4 * i, values[i], i % 3 == 2 ? "\n" : "  ");
	say(print, "rip %016lx  rsp %016lx  flags %lx\n", f->rip, f->rsp, f->rflags);
	say(print, "fs  %016lx  gs  %016lx\n", f->fsbase, f->gsbase);
}

static void say_caller(uint64_t ret, print_fn *print)
{
	if (in_text(ret - 1))
		say(print, " +0x%lx", ret - 1 - (uint64_t)__image_start);
}

static void say_callers(const struct exo_frame *f, print_fn *print)
{
	uint64_t bp = f->rbp;

	print("backtrace:", 10);
	if (in_text(f->rip))
		say(print, " +0x%lx", f->rip - (uint64_t)__image_start);
	else if (!(f->rsp & 7) && xo_readable(f->rsp, 8)) /* a call into nowhere */
		say_caller(*(const uint64_t *)f->rsp, print);
	for (int i = 0; i < CALLERS_MAX && bp && !(bp & 7) && xo_readable(bp, 16); i++) {
		uint64_t up = ((const uint64_t *)bp)[0];

		say_caller(((const uint64_t *)bp)[1], print);
		if (up <= bp)
			break;
		bp = up;
	}
	print("\n", 1);
}

void xo_crash_report(const struct exo_frame *frame, print_fn *print)
{
	say_what(frame, print);
	say_registers(frame, print);
	say_callers(frame, print);
}
