/* ktest.c - run tests, count failures, catch exceptions.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/console.h>
#include <libexo/crash.h>
#include <util/fmt.h>

#define PATIENCE_NS (100000 * KT_NS_PER_MS)

bool (*kt_hook)(struct exo_frame *frame, uint64_t kind, uint64_t addr);

static unsigned failures;
static struct exo_frame caught[EXO_CPU_MAX];

void kt_printf(const char *format, ...)
{
	char text[200];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(text, sizeof(text), format, args);
	va_end(args);
	xo_console_write(text, n < sizeof(text) ? n : sizeof(text) - 1);
}

bool kt_check(bool ok, const char *text, const char *where, int line)
{
	if (!ok) {
		kt_printf("# %s:%d: not so: %s\n", where, line, text);
		failures++;
	}
	return ok;
}

bool kt_check_equal(long got, long want, const char *text, const char *where, int line)
{
	if (got != want) {
		kt_printf("# %s:%d: %s is %ld (0x%lx), not %ld\n", where, line, text, got, got,
			  want);
		failures++;
	}
	return got == want;
}

/* user[0] of an activation: stack pointer of the kt_try that is under way, or 0. */
int kt_try(void (*fn)(void *), void *arg)
{
	struct exo_activation *a = xo_self();
	uint64_t before = a->user[0];
	int r = kt_try_asm(fn, arg, &a->user[0]);

	a->user[0] = before;
	return r;
}

struct exo_frame *kt_caught_frame(void)
{
	return &caught[xo_self()->index];
}

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	/* Not by GS base, which a test may have changed: frames lie in the
	 * activation's first page. */
	struct exo_activation *a = (void *)((uint64_t)f & -(uint64_t)EXO_PAGE_SIZE);

	if (kt_hook && kt_hook(f, kind, addr))
		return;
	if (kind >= EXO_UP_EXCEPTION && a->user[0]) {
		caught[a->index] = *f;
		f->rip = (uint64_t)kt_try_back;
		f->rsp = a->user[0];
		f->rax = kind - EXO_UP_EXCEPTION;
		f->rflags = 0x202;
		f->gsbase = (uint64_t)a;
		return;
	}
	if (kind < EXO_UP_EXCEPTION)
		return;
	kt_printf("# not expected:\n");
	xo_crash_report(f, xo_console_write);
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, 1);
}

static void read_byte(void *p)
{
	(void)*(const volatile uint8_t *)p;
}

static void write_byte(void *p)
{
	*(volatile uint8_t *)p = 0xc3;
}

static void call_there(void *p)
{
	((void (*)(void))(uint64_t)p)();
}

int kt_try_read(exo_va_t va)
{
	return kt_try(read_byte, (void *)va);
}

int kt_try_write(exo_va_t va)
{
	return kt_try(write_byte, (void *)va);
}

int kt_try_call(exo_va_t va)
{
	return kt_try(call_there, (void *)va);
}

bool kt_reaches(const uint32_t *word, uint32_t value)
{
	exo_ns_t end = xo_now() + PATIENCE_NS;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) < value) {
		if (xo_now() > end)
			return false;
		kt_pause();
	}
	return true;
}

void kt_exit(uint32_t status)
{
	exo_env_stop(EXO_SLOT_NONE, status);
	__builtin_trap();
}

void exo_main(struct exo_start *start)
{
	unsigned bad = 0;

	(void)start;
	for (const struct ktest *t = ktests; t->name; t++) {
		if (kt_cpus() < t->cpus)
			continue;
		failures = 0;
		kt_hook = NULL;
		t->run();
		if (!kt_audit())
			failures++;
		kt_printf("%s %s\n", failures ? "not ok" : "ok", t->name);
		bad += failures != 0;
	}
	kt_printf("done\n");
	xo_console_flush();
	kt_exit(bad != 0);
}
