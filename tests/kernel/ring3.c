/* ring3.c - what a program tries with the processor itself: flags, selectors, ports, model-specific
 * and debug registers, stack pointers, frames to return by.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE        EXO_PAGE_SIZE
#define DEBUG       1
#define INVALID     6
#define NOT_PRESENT 11
#define STACK_FAULT 12
#define PROTECTION  13
#define PAGE_FAULT  14
#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))

#define F_TF 0x100ul
#define F_NT 0x4000ul
#define F_AC 0x40000ul
#define F_DF 0x400ul

/* All that POPF lets ring 3 change: CF PF AF ZF SF TF DF OF NT AC ID. */
static const uint64_t settable[] = {0x1,  0x4,   0x10, 0x40, 0x80,    F_TF,
				    F_DF, 0x800, F_NT, F_AC, 0x200000};

static unsigned steps;

static bool count_steps(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind != EXO_UP_EXCEPTION + DEBUG)
		return false;
	KT_OK(f->rip < EXO_VA_TOP);
	f->rflags &= ~F_NT; /* with it IRETQ faults, in ring 3 */
	steps++;
	return true;
}

static uint64_t flags_of(uint32_t set)
{
	uint64_t flags = 0x202;

	for (size_t i = 0; i < COUNT(settable); i++)
		flags |= set >> i & 1 ? settable[i] : 0;
	return flags;
}

/* The null call with every set of flags there is: none of them reaches the kernel, all come
 * back. */
static void every_flag(void)
{
	uint64_t out[KT_REGISTERS], wrong = 0;

	kt_hook = count_steps;
	for (uint32_t set = 0; set < 1u << COUNT(settable); set++) {
		uint64_t flags = flags_of(set), kept = flags & F_TF ? ~(F_TF | F_NT) : ~0ul;

		steps = 0;
		wrong += kt_null_asm(flags, out) != 0;
		wrong += (out[13] & kept) != (flags & kept);
		wrong += !!(flags & F_TF) != !!steps;
	}
	KT_EQ(wrong, 0);
}

/* The same flags when an exception comes, a sleep ends, or another CPU's interrupt. */
static uint64_t seen_flags;

static bool skip_ud2(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return count_steps(f, kind, addr);
	seen_flags = f->rflags;
	f->rip += 2;
	f->rflags &= ~F_NT;
	return true;
}

static void flags_in_exceptions(void)
{
	uint64_t inside, wrong = 0;

	kt_hook = skip_ud2;
	for (uint32_t set = 0; set < 1u << COUNT(settable); set++) {
		uint64_t flags = flags_of(set);

		__asm__ volatile("push %1; popfq; ud2; pushfq; pop %0; pushq $0x202; popfq; cld"
				 : "=r"(inside)
				 : "r"(flags)
				 : "memory", "cc");
		wrong += (seen_flags & ~0x10000ul) != flags;
		wrong += ((inside ^ flags) & ~(F_NT | 0x10000ul)) != 0;
	}
	KT_EQ(wrong, 0);
}

static void sleep_with(uint64_t flags)
{
	long r;

	__asm__ volatile("push %1; popfq; syscall; pushq $0x202; popfq; cld"
			 : "=a"(r)
			 : "r"(flags), "0"(EXO_SYS_sleep), "D"(0), "S"(xo_now() + 20000)
			 : "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc");
	KT_EQ(r, 0);
}

/* Put down and resumed by the kernel with each of them set. */
static void flags_in_sleep(void)
{
	kt_hook = count_steps;
	for (size_t i = 0; i < COUNT(settable); i++)
		if (settable[i] != F_NT)
			sleep_with(0x202 | settable[i]);
	/* NT does not come back: the kernel's own IRETQ is none of those that fault. */
	sleep_with(0x202 | F_NT);
}

/* Every selector there could be, in every segment register that ring 3 may load. */
static void load_ds(void *s)
{
	__asm__ volatile("mov %w0, %%ds" : : "r"(s));
}

static void load_es(void *s)
{
	__asm__ volatile("mov %w0, %%es" : : "r"(s));
}

static void load_fs(void *s)
{
	__asm__ volatile("mov %w0, %%fs" : : "r"(s));
}

static void load_gs(void *s)
{
	uint64_t base;

	__asm__ volatile("rdgsbase %0; mov %w1, %%gs; wrgsbase %0" : "=&r"(base) : "r"(s));
}

static void load_ss(void *s)
{
	__asm__ volatile("mov %w0, %%ss; mov %w1, %%ss" : : "r"(s), "r"(EXO_USER_SS));
}

/* Ring 3's own two, and nothing. */
static bool may_load(uint64_t s, bool stack)
{
	if (stack)
		return s == EXO_USER_SS;
	return s < 4 || (s & ~3ul) == (EXO_USER_SS & ~3) || (s & ~3ul) == (EXO_USER_CS & ~3);
}

static void selectors(void)
{
	static void (*const load[])(void *) = {load_ds, load_es, load_fs, load_gs, load_ss};
	uint64_t wrong = 0;

	for (size_t r = 0; r < COUNT(load); r++)
		for (uint64_t s = 0; s < 0x10000; s += s < 0x100 ? 1 : 0x3f) {
			int got = kt_try(load[r], (void *)s);

			wrong += (got < 0) != may_load(s, load[r] == load_ss);
			wrong += got >= 0 && got != PROTECTION && got != NOT_PRESENT;
			kt_try(load[r], (void *)(uint64_t)(load[r] == load_ss ? EXO_USER_SS : 0));
		}
	KT_EQ(wrong, 0);
	__asm__ volatile("wrfsbase %0" : : "r"(0ul));
}

/* Far jumps and returns into each selector: only ring 3's code does not fault. */
static void go_far(void *selector)
{
	__asm__ volatile("push %0; lea 1f(%%rip), %%rax; push %%rax; lretq; 1:"
			 :
			 : "r"(selector)
			 : "rax", "memory");
}

static void far_returns(void)
{
	uint64_t wrong = 0;

	for (uint64_t s = 0; s < 0x200; s++) {
		int got = kt_try(go_far, (void *)s);

		wrong += (got < 0) != (s == EXO_USER_CS);
		wrong += got >= 0 && got != PROTECTION && got != NOT_PRESENT;
	}
	KT_EQ(wrong, 0);
}

static void read_port(void *port)
{
	__asm__ volatile("in %%dx, %%al" : : "d"(port) : "rax");
}

static void write_port(void *port)
{
	__asm__ volatile("outl %%eax, %%dx" : : "d"(port), "a"(0));
}

static void ports(void)
{
	uint64_t open = 0;

	for (uint64_t port = 0; port < 0x10000; port++)
		open += kt_try(read_port, (void *)port) != PROTECTION;
	for (uint64_t port = 0; port < 0x10000; port += port < 0x1000 ? 1 : 0x101)
		open += kt_try(write_port, (void *)port) != PROTECTION;
	KT_EQ(open, 0);
}

static void read_msr(void *n)
{
	__asm__ volatile("rdmsr" : : "c"(n) : "rax", "rdx");
}

static void write_msr(void *n)
{
	__asm__ volatile("wrmsr" : : "c"(n), "a"(0), "d"(0));
}

static void model_specific(void)
{
	static const uint32_t first[] = {0,          0x170,      0x1a0,      0x800,
					 0xc0000080, 0xc0000100, 0xc0010000, 0xfffffff0};
	uint64_t open = 0;

	for (size_t i = 0; i < COUNT(first); i++)
		for (uint64_t n = first[i]; n < first[i] + 0x10ul; n++) {
			open += kt_try(read_msr, (void *)n) != PROTECTION;
			open += kt_try(write_msr, (void *)n) != PROTECTION;
		}
	KT_EQ(open, 0);
}

#define DEBUG_REGISTER(n)                                                                          \
	static void read_dr##n(void *arg)                                                          \
	{                                                                                          \
		(void)arg;                                                                         \
		__asm__ volatile("mov %%db" #n ", %%rax" : : : "rax");                             \
	}                                                                                          \
	static void write_dr##n(void *arg)                                                         \
	{                                                                                          \
		__asm__ volatile("mov %0, %%db" #n : : "r"(arg));                                  \
	}
DEBUG_REGISTER(0)
DEBUG_REGISTER(1)
DEBUG_REGISTER(2)
DEBUG_REGISTER(3)
DEBUG_REGISTER(6)
DEBUG_REGISTER(7)

static void debug_registers(void)
{
	static void (*const tries[])(void *) = {read_dr0, write_dr0, read_dr1, write_dr1,
						read_dr2, write_dr2, read_dr3, write_dr3,
						read_dr6, write_dr6, read_dr7, write_dr7};

	for (size_t i = 0; i < COUNT(tries); i++)
		KT_EQ(kt_try(tries[i], (void *)0x403), PROTECTION);
}

/* A call with the stack pointer anywhere: the kernel neither reads nor writes there. */
static long call_with_stack(uint64_t sp)
{
	long r;

	__asm__ volatile("mov %%rsp, %%rbx; mov %1, %%rsp; syscall; mov %%rbx, %%rsp"
			 : "=a"(r)
			 : "r"(sp), "0"(EXO_SYS_frame_alloc), "D"(EXO_SLOT_NONE), "S"(1), "d"(1)
			 : "rbx", "rcx", "r8", "r9", "r10", "r11", "memory", "cc");
	return r;
}

static void stack_pointers(void)
{
	static const uint64_t sp[] = {0,
				      8,
				      0x7fffffffffff,
				      0x800000000000,
				      0x8000000000000000,
				      0xffff7fffffffffff,
				      0xffff800000100000,
				      0xffffffff80000000,
				      0xffffffff80101000,
				      0xffffffffc0208000,
				      EXO_VA_TABLES + 8,
				      ~0ul,
				      ~0ul - 7};

	for (size_t i = 0; i < COUNT(sp); i++)
		KT_ERR(call_with_stack(sp[i]), CAP);
}

/* A range of "resume" code that is all of memory, ends before it begins, or lies in the kernel:
 * what was interrupted is then not saved, which hurts nobody else. */
static void child_range(void *arg)
{
	const uint64_t *range = arg;
	struct exo_activation *a = xo_self();

	a->user[0] = 0;
	a->want = EXO_WANT_EVENT;
	a->resume_begin = range[0];
	a->resume_commit = range[1];
	a->resume_end = range[2];
	for (int i = 0; i < 200; i++) {
		a->event = 0;
		exo_notify(EXO_SLOT_NONE, 0, 1);
		exo_yield(EXO_SLOT_NONE, 0);
	}
	__asm__ volatile("ud2");
	kt_exit(1);
}

static void resume_ranges(void)
{
	static uint64_t ranges[][3] = {
		{0, ~0ul, ~0ul},
		{0, 0, ~0ul},
		{~0ul, 0, 0},
		{0, EXO_VA_TOP, EXO_VA_TOP},
		{0xffffffff80000000, 0xffffffff90000000, ~0ul},
		{0x8000000000000000, 0x8000000000000000, 0x9000000000000000},
	};

	static struct kt_child c;

	for (size_t i = 0; i < COUNT(ranges); i++) {
		KT_OK(kt_child_make(&c, child_range, ranges[i]));
		KT_EQ(kt_child_start(&c, kt_cpus() - 1, 1), 0);
		KT_EQ(exo_sleep(0, xo_now() + 5 * KT_NS_PER_MS, EXO_SLOT_NONE, 0), 0);
		kt_child_end(&c); /* it may fault for ever, but not outlive this */
	}
}

/* The stack of an upcall is gone when it comes: unmapped, read only, the entry's own page. */
static void child_without_stack(void *arg)
{
	struct exo_activation *a = xo_self();
	exo_va_t stack = (exo_va_t)arg;

	a->user[0] = 0;
	for (int i = 0; i < EXO_FRAME_DEPTH; i++)
		a->frame[i].upcall_sp = stack;
	a->want = EXO_WANT_EVENT;
	exo_notify(EXO_SLOT_NONE, 0, 1);
	kt_exit(1);
}

static void stack_is_gone(void)
{
	exo_va_t gone = kt_va_tables(2), text = (exo_va_t)__text_start + 64;

	KT_EQ(EXO_STATUS_REASON(kt_child_run(child_without_stack, (void *)(gone + PAGE))),
	      EXO_STOP_UPCALL);
	KT_EQ(EXO_STATUS_REASON(kt_child_run(child_without_stack, (void *)text)), EXO_STOP_UPCALL);
}

const struct ktest ktests[] = {
	{"syscall-with-every-flag", every_flag, 1},
	{"exception-with-every-flag", flags_in_exceptions, 1},
	{"sleep-with-every-flag", flags_in_sleep, 1},
	{"every-selector", selectors, 1},
	{"far-return-to-every-selector", far_returns, 1},
	{"every-port", ports, 1},
	{"model-specific-registers", model_specific, 1},
	{"debug-registers", debug_registers, 1},
	{"stack-pointer-anywhere", stack_pointers, 1},
	{"resume-range-anywhere", resume_ranges, 1},
	{"upcall-stack-unmapped", stack_is_gone, 1},
	{NULL, NULL, 0},
};
