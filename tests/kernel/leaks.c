/* leaks.c - what one environment leaves in the processor and in memory is not seen by the next.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE     EXO_PAGE_SIZE
#define AREA     4096 /* of vector state: what an activation has room for */
#define FCW      0x37f
#define MXCSR    0x1f80
#define LEGACY   160 /* where the SSE registers begin (SDM vol. 1, table 10-2) */
#define HEADER   512
#define FIRST    2 /* component that has a place of its own, after x87 and SSE */
#define PATTERN  0x5a
#define FULL     (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define SLICE_NS 1000000

/* Where component i lies in the area, and its size (SDM vol. 1, 13.2). */
static void component(uint32_t i, uint32_t *offset, uint32_t *size)
{
	uint32_t a = 0xd, b, c = i, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	*size = a;
	*offset = b;
}

static void store_state(void *area)
{
	if (xo_info->features & EXO_FEATURE_XSAVE)
		__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

static void load_state(const void *area)
{
	if (xo_info->features & EXO_FEATURE_XSAVE)
		__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

static uint8_t *mine, *seen;

/* Every component that is switched on, full of a pattern; x87 and MXCSR too. */
static void fill_state(void)
{
	uint32_t offset, size;

	memset(mine, 0, AREA);
	*(uint16_t *)mine = 0x27f;         /* double precision */
	*(uint32_t *)(mine + 24) = 0x3f80; /* round down */
	memset(mine + 32, PATTERN, 128);
	for (int i = 0; i < 8; i++) /* the upper six bytes of each are reserved */
		memset(mine + 32 + 16 * i + 10, 0, 6);
	memset(mine + LEGACY, PATTERN, 256);
	if (!(xo_info->features & EXO_FEATURE_XSAVE)) {
		load_state(mine);
		return;
	}
	*(uint64_t *)(mine + HEADER) = xo_info->xcr0;
	for (uint32_t i = FIRST; i < 63; i++) {
		if (!(xo_info->xcr0 >> i & 1))
			continue;
		component(i, &offset, &size);
		memset(mine + offset, PATTERN, size);
	}
	load_state(mine);
}

/* How many bytes of the pattern there are in a state. */
static uint32_t patterns(const uint8_t *area)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < xo_info->vector_bytes; i++)
		n += area[i] == PATTERN;
	return n;
}

static bool is_initial(const uint8_t *area)
{
	return *(const uint16_t *)area == FCW && *(const uint32_t *)(area + 24) == MXCSR &&
	       !patterns(area);
}

static void child_stores(void *arg)
{
	(void)arg;
	store_state(seen);
	kt_exit(0);
}

/* The child shares our image, not our other memory. */
static uint8_t seen_bytes[AREA] __attribute__((aligned(64)));
static uint8_t mine_bytes[AREA] __attribute__((aligned(64)));

static void prepare(void)
{
	mine = mine_bytes;
	seen = seen_bytes;
	memset(seen, 0, AREA);
}

static void vector_state(void)
{
	static struct kt_child c;

	prepare();
	fill_state();
	store_state(seen);
	KT_OK(patterns(seen) >= 336); /* it is there to be seen */
	kt_printf("# components %lx, %u bytes, %u of them a pattern\n", xo_info->xcr0,
		  xo_info->vector_bytes, patterns(seen));
	for (uint32_t cpu = 0; cpu < kt_cpus(); cpu++) {
		memset(seen, 0, AREA);
		KT_OK(kt_child_make(&c, child_stores, NULL));
		fill_state();
		KT_EQ(kt_child_start(&c, cpu, 1), 0);
		KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
		KT_OK(is_initial(seen));
		store_state(seen); /* and ours is still ours */
		KT_OK(patterns(seen) >= 336);
		kt_child_end(&c);
	}
	memset(mine, 0, AREA);
	*(uint16_t *)mine = FCW;
	*(uint32_t *)(mine + 24) = MXCSR;
	load_state(mine);
}

/* One that was stopped in the midst of its pattern on a CPU leaves nothing to the next there. */
static volatile uint32_t filled;

static void child_fills(void *arg)
{
	(void)arg;
	fill_state();
	filled = 1;
	for (;;)
		kt_pause();
}

static void state_of_the_stopped(void)
{
	static struct kt_child c;
	uint32_t cpu = kt_cpus() - 1;

	for (int i = 0; i < 5; i++) {
		prepare();
		filled = 0;
		KT_OK(kt_child_make(&c, child_fills, NULL));
		KT_EQ(kt_child_start(&c, cpu, 1), 0);
		while (!filled)
			exo_yield(EXO_SLOT_NONE, 0);
		kt_child_end(&c);
		KT_OK(kt_child_make(&c, child_stores, NULL));
		KT_EQ(kt_child_start(&c, cpu, 1), 0);
		KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
		KT_OK(is_initial(seen));
		kt_child_end(&c);
	}
}

/* General registers, bases, selectors and protection keys at an activation's first instruction. */
struct first {
	uint64_t reg[16]; /* rax rbx rcx rdx rsi rdi rbp rsp r8 .. r15 */
	uint64_t flags, fsbase, gsbase;
	uint16_t ds, es, fs, gs;
	uint32_t pkru;
};

static struct first first;
extern const char first_entry[];
__asm__(".text; first_entry:\n\t"
	"mov %rax, first+0(%rip); mov %rbx, first+8(%rip); mov %rcx, first+16(%rip)\n\t"
	"mov %rdx, first+24(%rip); mov %rsi, first+32(%rip); mov %rdi, first+40(%rip)\n\t"
	"mov %rbp, first+48(%rip); mov %rsp, first+56(%rip); mov %r8, first+64(%rip)\n\t"
	"mov %r9, first+72(%rip); mov %r10, first+80(%rip); mov %r11, first+88(%rip)\n\t"
	"mov %r12, first+96(%rip); mov %r13, first+104(%rip); mov %r14, first+112(%rip)\n\t"
	"mov %r15, first+120(%rip)\n\t"
	"pushfq; popq first+128(%rip)\n\t"
	"rdfsbase %rax; mov %rax, first+136(%rip); rdgsbase %rax; mov %rax, first+144(%rip)\n\t"
	"mov %ds, %eax; mov %ax, first+152(%rip); mov %es, %eax; mov %ax, first+154(%rip)\n\t"
	"mov %fs, %eax; mov %ax, first+156(%rip); mov %gs, %eax; mov %ax, first+158(%rip)\n\t"
	"cmpl $0, first_pku(%rip); je 1f; xor %ecx, %ecx; rdpkru; mov %eax, first+160(%rip)\n\t"
	"1: xor %edi, %edi; xor %esi, %esi; mov $17, %eax; syscall; ud2");
static uint32_t first_pku __attribute__((used));

static void set_everything(void)
{
	__asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"(EXO_USER_SS));
	__asm__ volatile("wrfsbase %0" : : "r"(0x123456789000ul));
	if (first_pku)
		__asm__ volatile("wrpkru" : : "a"(0xfffffff0), "c"(0), "d"(0));
}

static void unset_everything(void)
{
	__asm__ volatile("mov %0, %%ds; mov %0, %%es; wrfsbase %1" : : "r"(0), "r"(0ul));
	if (first_pku)
		__asm__ volatile("wrpkru" : : "a"(0), "c"(0), "d"(0));
}

static void registers(void)
{
	static struct kt_child c;

	first_pku = !!(xo_info->features & EXO_FEATURE_PKU);
	KT_OK(kt_child_make(&c, NULL, NULL));
	c.act->entry = (uint64_t)first_entry;
	c.act->frame[0].upcall_sp = (uint64_t)c.act + 3 * PAGE;
	memset(&first, 0xff, sizeof(first));
	set_everything();
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 1), 0);
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
	unset_everything();
	for (int i = 0; i < 16; i++)
		if (i == 3)
			KT_EQ(first.reg[i], &c.begin);
		else if (i == 4)
			KT_EQ(first.reg[i], EXO_UP_START);
		else if (i == 5)
			KT_EQ(first.reg[i], &c.act->frame[0]);
		else if (i == 7)
			KT_EQ(first.reg[i], c.act->frame[0].upcall_sp);
		else
			KT_EQ(first.reg[i], 0);
	KT_EQ(first.flags, 0x202);
	KT_EQ(first.fsbase | first.gsbase, 0);
	KT_EQ(first.ds | first.es | first.fs | first.gs, 0);
	KT_EQ(first_pku ? first.pkru : 0, 0);
	kt_child_end(&c);
}

/* Frames that go from account to account by every way there is: freed and taken, taken as part
 * of a run, made objects and back.  What one wrote no other reads. */
static uint64_t word_of(exo_pfn_t f, exo_cap_t slot)
{
	exo_va_t va = kt_va_tables(1);
	uint64_t sum = 0;

	KT_EQ(kt_op(EXO_MAP_PAGES, va, f, 1, EXO_PROT_READ, slot), 0);
	for (int i = 0; i < 512; i++)
		sum |= ((const volatile uint64_t *)va)[i];
	KT_EQ(kt_unmap(va, 1), 0);
	return sum;
}

static void write_to(exo_pfn_t f, exo_cap_t slot)
{
	exo_va_t va = kt_va_tables(1);

	KT_EQ(kt_op(EXO_MAP_PAGES, va, f, 1, KT_RW, slot), 0);
	memset((void *)va, PATTERN, PAGE);
	KT_EQ(kt_unmap(va, 1), 0);
}

static void memory(void)
{
	enum { RUN = 3 * EXO_ZERO_MAX };
	exo_pfn_t object = kt_frames(2), f = kt_frames(RUN);
	exo_cap_t account[2] = {kt_slot(), kt_slot()}, frames[2] = {kt_slot(), kt_slot()};

	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, RUN), 0);
	for (int i = 0; i < 2; i++) {
		KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object + i, EXO_SLOT_ACCOUNT, account[i],
					 ~0ull, 0),
		      0);
		KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account[i], frames[i], f, RUN, FULL), 0);
	}
	for (int round = 0; round < 4; round++) {
		exo_cap_t me = frames[round % 2];

		for (exo_pfn_t p = f; p < f + RUN;) {
			long n = exo_frame_alloc(me, p, f + RUN - p);

			if (!KT_OK(n > 0 && n <= EXO_ZERO_MAX))
				break;
			p += (exo_pfn_t)n;
		}
		for (exo_pfn_t p = f; p < f + RUN; p++) {
			KT_EQ(word_of(p, me), 0);
			write_to(p, me);
		}
		KT_EQ(exo_frame_free(me, f, RUN), 0);
	}
	for (int i = 0; i < 2; i++) {
		kt_account_empty(account[i], object + (exo_pfn_t)i);
		KT_EQ(exo_account_destroy(account[i]), 0);
		while (exo_cap_drop(frames[i]) == 1)
			;
		KT_EQ(exo_cap_drop(account[i]), 0);
	}
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, object, 2), 0);
}

/* What boot left in RAM - the loader's and firmware's bytes, the kernel's own start - is only
 * the first account's to see. */
static void left_by_boot(void)
{
	exo_pfn_t object = kt_frame();
	exo_cap_t account = kt_slot(), frames = kt_slot();
	uint64_t looked = 0;

	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, ~0ull, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, 0, xo_info->pfn_end, FULL), 0);
	for (exo_pfn_t f = 0; f < xo_info->pfn_end && looked < 64; f++) {
		if (kt_state(f)->type != EXO_FRAME_FREE || kt_state(f)->account)
			continue;
		KT_EQ(exo_frame_alloc(frames, f, 1), 1);
		KT_EQ(word_of(f, frames), 0);
		looked++;
	}
	KT_OK(looked > 0);
	kt_account_empty(account, object);
	while (exo_cap_drop(frames) == 1)
		;
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_cap_drop(account), 0);
}

const struct ktest ktests[] = {
	{"vector-state-of-all-components", vector_state, 1},
	{"vector-state-of-the-stopped", state_of_the_stopped, 1},
	{"registers-at-the-start", registers, 1},
	{"memory-of-other-accounts", memory, 1},
	{"memory-left-by-boot", left_by_boot, 1},
	{NULL, NULL, 0},
};
