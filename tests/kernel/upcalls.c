/* upcalls.c - the activation contract, and what ring 3 cannot do.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE             EXO_PAGE_SIZE
#define DIVIDE           0
#define DEBUG            1
#define BREAKPOINT       3
#define INVALID          6
#define STACK_FAULT      12
#define PROTECTION       13
#define PAGE_FAULT       14
#define EMULATED(vector) ((vector) << 8) /* or this one, where the emulator is imprecise */
#define COUNT(a)         (sizeof(a) / sizeof((a)[0]))
#define FAR_NS           (60000 * KT_NS_PER_MS)

/* Instructions of the kernel's, as functions. */
#define INSTRUCTION(name, text)                                                                    \
	static void name(void *arg)                                                                \
	{                                                                                          \
		(void)arg;                                                                         \
		__asm__ volatile(text : : : "memory", "rax", "rbx", "rcx", "rdx", "cc");           \
	}
INSTRUCTION(do_hlt, "hlt")
INSTRUCTION(do_cli, "cli")
INSTRUCTION(do_sti, "sti")
INSTRUCTION(do_in, "mov $0x3f8, %%edx; in %%dx, %%al")
INSTRUCTION(do_out, "mov $0xe9, %%edx; out %%al, %%dx")
INSTRUCTION(do_out_imm, "out %%al, $0x80")
INSTRUCTION(do_rdmsr, "mov $0xc0000080, %%ecx; rdmsr")
INSTRUCTION(do_wrmsr, "mov $0xc0000082, %%ecx; wrmsr")
INSTRUCTION(do_read_cr0, "mov %%cr0, %%rax")
INSTRUCTION(do_write_cr0, "mov %%rax, %%cr0")
INSTRUCTION(do_read_cr3, "mov %%cr3, %%rax")
INSTRUCTION(do_write_cr3, "mov %%rax, %%cr3")
INSTRUCTION(do_write_cr4, "mov %%rax, %%cr4")
INSTRUCTION(do_write_cr8, "mov %%rax, %%cr8")
INSTRUCTION(do_write_dr7, "mov %%rax, %%db7")
INSTRUCTION(do_invlpg, "invlpg (%%rsp)")
INSTRUCTION(do_wbinvd, "wbinvd")
INSTRUCTION(do_clts, "clts")
INSTRUCTION(do_lgdt, "lgdt (%%rsp)")
INSTRUCTION(do_lidt, "lidt (%%rsp)")
INSTRUCTION(do_ltr, "mov $0x30, %%eax; ltr %%ax")
INSTRUCTION(do_swapgs, "swapgs")
INSTRUCTION(do_sysret, "sysretq")
INSTRUCTION(do_xsetbv, "xor %%ecx, %%ecx; xsetbv")
INSTRUCTION(do_int80, "int $0x80")
INSTRUCTION(do_int_timer, "int $0x40")
INSTRUCTION(do_int_flush, "int $0x42")
INSTRUCTION(do_int2, "int $2")
INSTRUCTION(do_int8, "int $8")
INSTRUCTION(do_int14, "int $14")
INSTRUCTION(do_int255, "int $255")
INSTRUCTION(do_int3, "int3")
INSTRUCTION(do_ud2, "ud2")
INSTRUCTION(do_divide, "xor %%ecx, %%ecx; xor %%edx, %%edx; div %%ecx")
INSTRUCTION(do_ds, "mov $0x10, %%eax; mov %%ax, %%ds")
INSTRUCTION(do_ss, "mov $0x10, %%eax; mov %%ax, %%ss")
INSTRUCTION(do_fs_tss, "mov $0x30, %%eax; mov %%ax, %%fs")
INSTRUCTION(do_far, "push $0x08; lea 1f(%%rip), %%rax; push %%rax; lretq; 1:")

static const struct {
	void (*fn)(void *);
	int vector; /* | EMULATED(another) */
} refused[] = {
	{do_hlt, PROTECTION},       {do_cli, PROTECTION},       {do_sti, PROTECTION},
	{do_in, PROTECTION},        {do_out, PROTECTION},       {do_out_imm, PROTECTION},
	{do_rdmsr, PROTECTION},     {do_wrmsr, PROTECTION},     {do_read_cr0, PROTECTION},
	{do_write_cr0, PROTECTION}, {do_read_cr3, PROTECTION},  {do_write_cr3, PROTECTION},
	{do_write_cr4, PROTECTION}, {do_write_cr8, PROTECTION}, {do_write_dr7, PROTECTION},
	{do_invlpg, PROTECTION},    {do_wbinvd, PROTECTION},    {do_clts, PROTECTION},
	{do_lgdt, PROTECTION},      {do_lidt, PROTECTION},      {do_ltr, PROTECTION},
	{do_swapgs, PROTECTION},    {do_sysret, PROTECTION},    {do_xsetbv, PROTECTION},
	{do_int80, PROTECTION},     {do_int_timer, PROTECTION}, {do_int_flush, PROTECTION},
	{do_int2, PROTECTION},      {do_int8, PROTECTION},      {do_int14, PROTECTION},
	{do_int255, PROTECTION},    {do_int3, BREAKPOINT},      {do_ud2, INVALID},
	{do_divide, DIVIDE},        {do_ds, PROTECTION},        {do_ss, PROTECTION},
	{do_fs_tss, PROTECTION},    {do_far, PROTECTION},
};

static void privileged(void)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		if (!KT_EQ(kt_try(refused[i].fn, NULL), refused[i].vector))
			kt_printf("# instruction %lu of the list\n", i);
}

static void store_tables(void *arg)
{
	uint8_t gdt[10];

	(void)arg;
	__asm__ volatile("sgdt %0" : "=m"(gdt));
}

/* Where the kernel's tables lie is not shown, if the processor can hide it. */
static void umip(void)
{
	if (xo_info->features & EXO_FEATURE_UMIP)
		KT_EQ(kt_try(store_tables, NULL), PROTECTION);
}

/* An exception's frame is complete, can be changed, and is resumed without a call. */
static uint64_t calls_before;

static const struct exo_cpu_info *counters(void)
{
	return (const struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT);
}

static bool skip_ud2(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	KT_EQ(f->kind, kind);
	KT_EQ(addr, f->rip);
	KT_EQ(f->addr, addr);
	KT_EQ(f->cs, EXO_USER_CS);
	KT_EQ(f->ss, EXO_USER_SS);
	KT_EQ(f->gsbase, (uint64_t)xo_self());
	KT_EQ(xo_self()->depth, 1);
	KT_EQ(f->rbx, 0x1111);
	KT_EQ(f->r15, 0x2222);
	f->rbx++;
	f->r15++;
	f->rip += 2;
	f->rflags |= 0x1;
	return true;
}

static void resume(void)
{
	uint64_t rbx = 0x1111, carry = 0;
	register uint64_t r15 __asm__("r15") = 0x2222;

	kt_hook = skip_ud2;
	calls_before = counters()->calls;
	__asm__ volatile("clc; ud2; setc %b1" : "+b"(rbx), "+q"(carry), "+r"(r15) : : "cc");
	KT_EQ(counters()->calls, calls_before);
	KT_EQ(rbx, 0x1112);
	KT_EQ(r15, 0x2223);
	KT_EQ(carry, 1);
	KT_EQ(xo_self()->depth, 0);
}

/* FS and GS base travel in the frame. */
static bool change_bases(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	f->rip += 2;
	__asm__ volatile("wrfsbase %0" : : "r"(0x1234ul));
	f->fsbase = f->fsbase + 1;
	return true;
}

static void bases(void)
{
	uint64_t fs;

	kt_hook = change_bases;
	__asm__ volatile("wrfsbase %1; ud2; rdfsbase %0" : "=r"(fs) : "r"(0x7000ul));
	KT_EQ(fs, 0x7001);
	KT_EQ(exo_null(), 0);
	__asm__ volatile("rdfsbase %0" : "=r"(fs));
	KT_EQ(fs, 0x7001);
	KT_EQ(exo_sleep(0, xo_now() + KT_NS_PER_MS, EXO_SLOT_NONE, 0), 0);
	__asm__ volatile("rdfsbase %0; wrfsbase %1" : "=r"(fs) : "r"(0ul));
	KT_EQ(fs, 0x7001);
}

/* Upcalls within upcalls, each returning to the one below.  Exceptions use all
 * frames but the last. */
static uint32_t deepest;

static bool nest(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	uint32_t depth = xo_self()->depth;

	(void)addr;
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	KT_EQ(f, &xo_self()->frame[depth - 1]);
	KT_EQ((uint64_t)__builtin_frame_address(0) / PAGE,
	      (f->upcall_sp - 1) / PAGE); /* each on its own stack */
	deepest = depth > deepest ? depth : deepest;
	if (depth < EXO_FRAME_DEPTH - 1)
		__asm__ volatile("ud2");
	KT_EQ(xo_self()->depth, depth);
	f->rip += 2;
	return true;
}

static void nested(void)
{
	kt_hook = nest;
	deepest = 0;
	__asm__ volatile("ud2");
	KT_EQ(deepest, EXO_FRAME_DEPTH - 1);
	KT_EQ(xo_self()->depth, 0);
}

/* The last frame is for sleep and the end of a slice; without one sleep says so. */
static bool sleep_deep(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	struct exo_activation *a = xo_self();

	(void)addr;
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	KT_EQ(exo_sleep(0, xo_now() + 1000, EXO_SLOT_NONE, 0), 0);
	if (a->depth < EXO_FRAME_DEPTH - 1) {
		__asm__ volatile("ud2");
	} else {
		a->depth++;
		KT_ERR(exo_sleep(0, xo_now() + FAR_NS, EXO_SLOT_NONE, 0), LIMIT);
		a->depth--;
	}
	f->rip += 2;
	return true;
}

static void limit(void)
{
	kt_hook = sleep_deep;
	__asm__ volatile("ud2");
	KT_EQ(xo_self()->depth, 0);
}

/* Frames that ring 3 made up, resumed: whatever they hold, no more than an
 * exception comes of it, and what the registers may not hold they do not. */
struct evil {
	uint64_t rip, cs, rflags, rsp, ss, fsbase, gsbase;
	int vector; /* | EMULATED(another) */
};

extern const char evil_target[];
__asm__(".text; evil_target: pushfq; pop %rax; mov %cs, %ebx; mov %ss, %ecx; ud2");

static uint64_t evil_stack[64];
static struct exo_frame landed;
static int landed_vector;

static bool land(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	/* GS base may be anything here. */
	struct exo_activation *a = (void *)((uint64_t)f & -(uint64_t)PAGE);

	(void)addr;
	if (kind < EXO_UP_EXCEPTION)
		return false;
	landed = *f;
	landed_vector = kind - EXO_UP_EXCEPTION;
	kt_hook = NULL;
	f->rip = (uint64_t)kt_try_back;
	f->rsp = a->user[0];
	f->rflags = 0x202;
	f->cs = EXO_USER_CS;
	f->ss = EXO_USER_SS;
	f->fsbase = 0;
	f->gsbase = (uint64_t)a;
	return true;
}

/* Hand-made frame 0, as if an upcall had saved it. */
static void jump(void *arg)
{
	const struct evil *e = arg;
	struct exo_activation *a = xo_self();
	struct exo_frame *f = &a->frame[0];

	f->rip = e->rip ? e->rip : (uint64_t)evil_target;
	f->cs = e->cs;
	f->rflags = e->rflags;
	f->rsp = e->rsp ? e->rsp : (uint64_t)(evil_stack + 32);
	f->ss = e->ss;
	f->fsbase = e->fsbase;
	f->gsbase = e->gsbase ? e->gsbase : (uint64_t)a;
	f->rax = f->rbx = f->rcx = 0;
	kt_hook = land;
	a->depth = 1;
	xo_resume(a);
}

static void forged_frames(void)
{
	static struct evil list[] = {
		{0, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0, INVALID},
		{0, EXO_USER_CS, 0x3202, 0, EXO_USER_SS, 0, 0, INVALID},   /* IOPL 3 */
		{0, EXO_USER_CS, 0x2, 0, EXO_USER_SS, 0, 0, INVALID},      /* IF clear */
		{0, EXO_USER_CS, 0x1a3202, 0, EXO_USER_SS, 0, 0, INVALID}, /* VIF VIP VM */
		{0, EXO_USER_CS, 0x4202, 0, EXO_USER_SS, 0, 0, INVALID},   /* NT */
		{0, EXO_USER_CS, 0xffffffffffffefff & ~0x30100ul, 0, EXO_USER_SS, 0, 0, INVALID},
		{0, 0x08, 0x202, 0, 0x10, 0, 0, PROTECTION},
		{0, 0x08, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0, 0x0b, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0, EXO_USER_CS, 0x202, 0, 0x10, 0, 0, PROTECTION},
		{0, EXO_USER_CS, 0x202, 0, 0x13, 0, 0, PROTECTION},
		{0, 0, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0, 0x30, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0, 0x33, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0, 0xffff, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0x8000000000000000, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0x800000000000, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0, PROTECTION},
		{0xffff800000000000, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0, PAGE_FAULT},
		{0xffffffff80000000, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0, PAGE_FAULT},
		{0, EXO_USER_CS, 0x202, 0x900000000000, EXO_USER_SS, 0, 0,
		 STACK_FAULT | EMULATED(PROTECTION)},
		{0, EXO_USER_CS, 0x202, 0xffff800000001000, EXO_USER_SS, 0, 0, PAGE_FAULT},
		{0, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0x800000000000, 0,
		 PROTECTION | EMULATED(INVALID)},
		{0, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0, 0x8000000000000000,
		 PROTECTION | EMULATED(INVALID)},
		{0, EXO_USER_CS, 0x202, 0, EXO_USER_SS, 0xffffffff80000000, 0, INVALID},
	};

	for (size_t i = 0; i < COUNT(list); i++) {
		bool ok;

		landed_vector = -1;
		kt_try(jump, &list[i]);
		ok = landed_vector == list[i].vector >> 8;
		ok = (list[i].vector >> 8 && ok) || KT_EQ(landed_vector, list[i].vector & 0xff);
		if (landed_vector == INVALID) { /* evil_target ran */
			ok &= KT_EQ(landed.rax & 0x3f7200, 0x200 | (list[i].rflags & 0x244000));
			ok &= KT_EQ(landed.rbx & 3, 3) && KT_EQ(landed.rcx & 3, 3);
		}
		if (!ok)
			kt_printf("# frame %lu of the list\n", i);
	}
	KT_EQ(xo_self()->depth, 0);
}

/* The same frames, resumed by the kernel after a sleep. */
static void child_forged(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

/* Flags that its frame holds when the kernel resumes it are no more than its own. */
static volatile uint64_t flags_seen;
static volatile uint32_t flag_turns;

static void child_flags(void *arg)
{
	(void)arg;
	for (;; flag_turns++) {
		exo_yield(EXO_SLOT_NONE, 0);
		flags_seen = __builtin_ia32_readeflags_u64();
	}
}

/* It goes on with these flags in its frame, and tells which it has. */
static bool resumes_with(struct kt_child *c, uint64_t flags)
{
	exo_ns_t end = xo_now() + FAR_NS;
	uint32_t before = flag_turns;

	while ((flag_turns == before || !c->act->depth) && xo_now() < end)
		exo_yield(EXO_SLOT_NONE, 0);
	c->act->frame[0].rflags = flags;
	before = flag_turns;
	while (flag_turns == before && xo_now() < end)
		exo_yield(EXO_SLOT_NONE, 0);
	return flag_turns != before;
}

static void forged_flags(void)
{
	static const uint64_t evil[] = {0,       0x3202,  0x2,    0x1a3202,
					0x20202, 0x10202, 0x7202, ~0ull & ~0x100ul};
	static struct kt_child c;

	KT_OK(kt_child_make(&c, child_flags, NULL));
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	for (size_t i = 0; i < COUNT(evil); i++) {
		uint64_t want = 0x200 | (evil[i] & 0x240000);

		/* Put down in its call, unless its slice has ended elsewhere: then another time. */
		for (int n = 0; n < 5 && (!n || (flags_seen & 0x3f7200) != want); n++)
			KT_OK(resumes_with(&c, evil[i]));
		KT_EQ(flags_seen & 0x3f7200, want);
	}
	kt_child_end(&c);
}

static void forged_sleep(void)
{
	static struct kt_child c;
	static const uint64_t rips[] = {0x8000000000000000, 0x800000000000, 0xffff800000000000,
					0xffffffff80000000, 0x7fffffffffff, ~0ull,
					EXO_VA_TOP};

	for (size_t i = 0; i < COUNT(rips); i++) {
		struct exo_frame *f;

		KT_OK(kt_child_make(&c, child_forged, NULL));
		KT_EQ(kt_child_start(&c, 0, 1), 0);
		for (int n = 0; n < 3 || (n < 5000 && !c.act->depth); n++)
			exo_yield(EXO_SLOT_NONE, 0);
		f = &c.act->frame[0];
		KT_EQ(c.act->depth, 1);
		c.act->entry = EXO_VA_MIN; /* it cannot take the upcall that comes of it */
		f->rip = rips[i];
		f->cs = 8;
		f->ss = 0x10;
		f->rflags = ~0ull & ~0x100ul;
		f->rsp = f->fsbase = f->gsbase = rips[i];
		KT_EQ(EXO_STATUS_REASON(kt_child_wait(&c)), EXO_STOP_UPCALL);
		/* What is no address never reaches the processor: the fault is one at 0. */
		KT_EQ(f->rip, rips[i] >> 47 ? 0 : rips[i]);
		if (rips[i] >> 47 != 0 && rips[i] >> 47 != 0x1ffff)
			KT_EQ(f->fsbase | f->gsbase, 0);
		kt_child_end(&c);
	}
}

/* Single steps through a system call: the kernel does not notice. */
static unsigned steps;

static bool count_steps(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind != EXO_UP_EXCEPTION + DEBUG)
		return false;
	KT_OK(f->rip < EXO_VA_TOP);
	steps++;
	return true;
}

static void single_step(void)
{
	kt_hook = count_steps;
	steps = 0;
	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq\n\t"
			 "nop; xor %%eax, %%eax; syscall; nop; nop\n\t"
			 "pushfq; andl $~0x100, (%%rsp); popfq"
			 :
			 :
			 : "rax", "rcx", "r11", "rdi", "rsi", "rdx", "r8", "r9", "r10", "memory",
			   "cc");
	KT_OK(steps >= 5 && steps < 20);
}

/* Alignment checking, which ring 3 may switch on, ends at the kernel's door. */
static void alignment(void)
{
	long r;

	__asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq\n\t"
			 "xor %%eax, %%eax; syscall\n\t"
			 "pushfq; andl $~0x40000, (%%rsp); popfq"
			 : "=a"(r)
			 :
			 : "rcx", "r11", "rdi", "rsi", "rdx", "r8", "r9", "r10", "memory", "cc");
	KT_EQ(r, 0);
}

/* A system call as the last instruction below EXO_VA_TOP: nothing is mapped
 * where it returns to. */
static void call_at_top(void)
{
	exo_va_t top = EXO_VA_TOP - PAGE;
	exo_pfn_t pfn = kt_frame();

	KT_EQ(kt_map(top, pfn, 1, KT_RW), 0);
	*(uint8_t *)(EXO_VA_TOP - 4) = 0x31; /* xor %eax, %eax; syscall */
	*(uint8_t *)(EXO_VA_TOP - 3) = 0xc0;
	*(uint8_t *)(EXO_VA_TOP - 2) = 0x0f;
	*(uint8_t *)(EXO_VA_TOP - 1) = 0x05;
	KT_EQ(kt_map(top, pfn, 1, KT_RX), 0);
	KT_EQ(kt_try_call(EXO_VA_TOP - 4), PAGE_FAULT);
	KT_EQ(kt_caught_frame()->rip, EXO_VA_TOP);
	KT_EQ(kt_unmap(top, 1), 0);
}

/* Events: the bits are set, the upcall comes only if it is wanted, not inside
 * a critical section. */
static uint32_t events;

static bool count_events(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	(void)addr;
	if (kind != EXO_UP_EVENT)
		return false;
	events++;
	return true;
}

static bool notify_deep(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	uint32_t depth = xo_self()->depth;

	if (count_events(f, kind, addr))
		return true;
	if (kind != EXO_UP_EXCEPTION + INVALID)
		return false;
	xo_events_take(xo_self(), ~0ull);
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 1u << EXO_FRAME_DEPTH), 0);
	if (depth < EXO_FRAME_DEPTH / 2)
		__asm__ volatile("ud2");
	f->rip += 2;
	return true;
}

static void event_upcall(void)
{
	struct exo_activation *a = xo_self();

	kt_hook = count_events;
	events = 0;
	xo_events_take(a, ~0ull);
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 0x100), 0);
	KT_EQ(a->event, 0x100);
	KT_EQ(events, 0);
	a->want = EXO_WANT_EVENT;
	KT_EQ(exo_notify(EXO_SLOT_SELF, 0, 0x200), 0);
	KT_EQ(events, 1);
	KT_EQ(xo_events_take(a, ~0ull), 0x300);
	a->critical = 1;
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 0x400), 0);
	KT_EQ(events, 1);
	KT_EQ(a->pending, EXO_WANT_EVENT);
	KT_EQ(xo_events_take(a, ~0ull), 0x400);
	a->critical = a->pending = 0;
	/* Nor when half of the frames are in use. */
	kt_hook = notify_deep;
	__asm__ volatile("ud2");
	KT_EQ(events, EXO_FRAME_DEPTH / 2);
	KT_EQ(a->pending, EXO_WANT_EVENT);
	KT_EQ(xo_events_take(a, ~0ull), 1u << EXO_FRAME_DEPTH);
	a->pending = a->want = 0;
}

static void sleeps(void)
{
	struct exo_activation *a = xo_self();
	exo_ns_t begin = xo_now();

	xo_events_take(a, ~0ull);
	KT_EQ(exo_sleep(~0ull, begin + 3 * KT_NS_PER_MS, EXO_SLOT_NONE, 0), 0);
	KT_OK(xo_now() >= begin + 3 * KT_NS_PER_MS);
	KT_EQ(exo_sleep(~0ull, begin, EXO_SLOT_NONE, 0), 0);
	KT_EQ(exo_notify(EXO_SLOT_NONE, 0, 4), 0);
	KT_EQ(exo_sleep(3, xo_now() + KT_NS_PER_MS, EXO_SLOT_NONE, 0), 0);
	KT_EQ(exo_sleep(6, 0, EXO_SLOT_NONE, 0), 1);
	KT_EQ(exo_sleep(6, xo_now() + FAR_NS, EXO_SLOT_NONE, 0), 1);
	KT_EQ(xo_events_take(a, ~0ull), 4);
	KT_EQ(exo_yield(EXO_SLOT_NONE, 0), 0);
	KT_EQ(exo_yield(EXO_SLOT_SELF, 0), 0);
	KT_OK(xo_wall_ns() > 1577836800000000000); /* later than 2020 */
}

const struct ktest ktests[] = {
	{"upcall-privileged", privileged, 1},
	{"upcall-umip", umip, 1},
	{"upcall-resume", resume, 1},
	{"upcall-bases", bases, 1},
	{"upcall-nested", nested, 1},
	{"upcall-limit", limit, 1},
	{"upcall-forged", forged_frames, 1},
	{"upcall-forged-flags", forged_flags, 1},
	{"upcall-forged-sleep", forged_sleep, 1},
	{"upcall-single-step", single_step, 1},
	{"upcall-alignment", alignment, 1},
	{"upcall-call-at-top", call_at_top, 1},
	{"upcall-event", event_upcall, 1},
	{"upcall-sleep", sleeps, 1},
	{NULL, NULL, 0},
};
