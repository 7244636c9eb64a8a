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

/* Text on its way to print. */
struct text {
	print_fn *print;
	size_t n;
	char chars[64];
};

static void put(void *context, char c)
{
	struct text *t = context;

	t->chars[t->n++] = c;
	if (c == '\n' || t->n == sizeof(t->chars)) {
		t->print(t->chars, t->n);
		t->n = 0;
	}
}

static void say(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_vprint(put, t, format, args);
	va_end(args);
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

static void say_what(const struct exo_frame *f, struct text *t)
{
	uint64_t offset;
	const char *name = xo_place(f->rip, &offset);
	unsigned vector = f->kind - EXO_UP_EXCEPTION;

	if (f->kind < EXO_UP_EXCEPTION)
		say(t, "crash: in upcall %u", (unsigned)f->kind);
	else if (vector == PAGE_FAULT)
		say(t, "crash: page fault %s 0x%lx",
		    f->code & 16  ? "executing"
		    : f->code & 2 ? "writing"
				  : "reading",
		    f->addr);
	else
		say(t, "crash: %s, code 0x%lx", xo_exception_name(vector), f->code);
	if (name)
		say(t, " at 0x%lx (%s + 0x%lx)\n", f->rip, name, offset);
	else
		say(t, " at 0x%lx (outside the program)\n", f->rip);
}

static void say_registers(const struct exo_frame *f, struct text *t)
{
	static const char names[] =
		"rax\0rbx\0rcx\0rdx\0rsi\0rdi\0rbp\0r8 \0r9 \0r10\0r11\0r12\0r13\0"
		"r14\0r15";
	const uint64_t *values = &f->rax;

	for (int i = 0; i < REGISTERS; i++)
		say(t, "%s %016lx%s", names + 4 * i, values[i], i % 3 == 2 ? "\n" : "  ");
	say(t, "rip %016lx  rsp %016lx  flags %lx\n", f->rip, f->rsp, f->rflags);
	say(t, "fs  %016lx  gs  %016lx\n", f->fsbase, f->gsbase);
}

static bool readable_words(uint64_t at, uint64_t n)
{
	return !(at % 8) && xo_readable(at, n * 8);
}

static void say_callers(const struct exo_frame *f, struct text *t)
{
	uint64_t pc = f->rip, bp = f->rbp, offset;

	say(t, "backtrace:");
	if (!xo_place(pc, &offset) && readable_words(f->rsp, 1)) /* a call into nowhere */
		pc = *(const uint64_t *)f->rsp - 1;
	for (int i = 0; i < CALLERS_MAX; i++) {
		const uint64_t *frame = (const uint64_t *)bp;

		const char *name = xo_place(pc, &offset);

		if (name)
			say(t, " %s+0x%lx", *name == 'p' ? "" : name, offset);
		if (!bp || !readable_words(bp, 2))
			break;
		pc = frame[1] - 1;
		bp = frame[0] > bp ? frame[0] : 0; /* callers' frames lie higher */
	}
	say(t, "\n");
}

void xo_crash_report(const struct exo_frame *frame, print_fn *print)
{
	struct text t;

	t.print = print;
	t.n = 0;
	if (frame->kind) {
		say_what(frame, &t);
		say_registers(frame, &t);
	}
	say_callers(frame, &t);
}
