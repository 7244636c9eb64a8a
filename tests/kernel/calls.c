/* calls.c - what the calls on frames, capabilities and page tables promise.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE       EXO_PAGE_SIZE
#define ABOVE      0xffffffffffffffff
#define PAGE_FAULT 14
#define F_PRESENT  1
#define F_WRITE    2
#define F_USER     4
#define F_FETCH    16

static void null_call(void)
{
	KT_EQ(exo_null(), 0);
}

static void unknown_calls(void)
{
	static const uint64_t numbers[] = {
		15,         29,           30,        31,         33,
		39,         40,           41,        63,         64,
		255,        256,          4096,      0x7fffffff, 0x80000000,
		0xffffffff, 1ul << 32,    1ul << 40, 1ul << 63,  (1ul << 32) + 1,
		ABOVE,      ABOVE - 4095,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		KT_ERR(exo_syscall(numbers[i], 1, 2, 3, 4, 5, 6), NOSYS);
}

/* rbx, rbp, r12 .. r15 and the flags survive, and the others hold nothing of the kernel's. */
static void registers(void)
{
	static const uint64_t flags[] = {0x202, 0x602, 0xed7, 0x40202, 0x240ed7};
	uint64_t out[KT_REGISTERS];

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		KT_EQ(kt_null_asm(flags[i], out), 0);
		for (int r = 0; r < 6; r++)
			KT_EQ(out[r], 0x1111111111111111 * (r + 1));
		for (int r = 6; r < 13; r++)
			KT_OK(out[r] < EXO_VA_TOP);
		KT_EQ(out[13], flags[i]);
	}
}

/* What a call leaves in its arguments' registers: nothing, or what was there. */
static void call_leaves(uint64_t nr)
{
	uint64_t out[6], in[6] = {nr ^ 0x1234567,     0x7777000000000001, 3,
				  0x7777000000000005, 0x7777000000000007, 0x7777000000000009};
	uint64_t a = in[0], b = in[1], c = in[2], rax = nr;
	register uint64_t r10 __asm__("r10") = in[3];
	register uint64_t r8 __asm__("r8") = in[4];
	register uint64_t r9 __asm__("r9") = in[5];

	__asm__ volatile("syscall"
			 : "+a"(rax), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8), "+r"(r9)
			 :
			 : "rcx", "r11", "memory", "cc");
	memcpy(out, (uint64_t[]){a, b, c, r10, r8, r9}, sizeof(out));
	for (int i = 0; i < 6; i++)
		if (out[i] && !KT_EQ(out[i], in[i]))
			kt_printf("# call %lu, argument %d\n", nr, i);
}

static void registers_left(void)
{
	for (uint64_t nr = 0; nr < EXO_SYS_END + 2; nr++)
		if (nr != EXO_SYS_reply) /* which waits for a call */
			call_leaves(nr);
	exo_alarm(0);
}

static void frame_alloc(void)
{
	exo_pfn_t pfn = kt_frame();

	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1), TAKEN);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 0), INVAL);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, 0, 1), TAKEN);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, xo_info->pfn_end + 0x1000, 1), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, ABOVE, 1), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, ABOVE, ABOVE), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, 1ul << 63, 1ul << 63), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_NONE, pfn, 1), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_INFO, pfn, 1), CAP);
	KT_ERR(exo_frame_alloc(EXO_SLOT_SELF, pfn, 1), CAP);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1), 1);
}

/* A run stops at the first frame that is not free. */
static void frame_runs(void)
{
	exo_pfn_t pfn = kt_frames(600);

	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 512), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn + 512, 88), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn + 100, 1), 1);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 300), 100);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn + 101, 499), 499);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, pfn + 599, 1), TAKEN);
	for (exo_pfn_t p = pfn; p < pfn + 600; p += 300)
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, p, 300), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 600), EXO_RUN_MAX);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn + EXO_RUN_MAX, 88), 88);
}

static void frame_free(void)
{
	exo_va_t va = kt_va(1);
	exo_pfn_t pfn = kt_frames(2);

	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 0), INVAL);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, EXO_RUN_MAX + 1), INVAL);
	KT_ERR(exo_frame_free(EXO_SLOT_NONE, pfn, 1), CAP);
	KT_ERR(exo_frame_free(EXO_SLOT_INFO, pfn, 1), CAP);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, ABOVE, 2), CAP);
	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), BUSY);
	/* All or nothing: the first of the two is not mapped. */
	KT_EQ(kt_map(va, pfn + 1, 1, KT_RW), 0);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 2), BUSY);
	KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1), TAKEN);
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 2), 0);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), CAP);
}

static void cap_derive(void)
{
	exo_cap_t slot = kt_slot(), next = kt_slot(), third = kt_slot();
	exo_pfn_t pfn = kt_frames(4);
	exo_va_t va = kt_va_tables(1);
	long r;

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, slot, pfn, 2,
			     EXO_RIGHT_READ | EXO_RIGHT_DERIVE),
	      0);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, slot, pfn, 2, EXO_RIGHT_READ), EXIST);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn, 3, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn - 1, 2, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn + 2, 1, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn + 1, ABOVE, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn, 0, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn, 1, EXO_RIGHT_WRITE), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn, 1, 0x100 | EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn, 1, 0xffffffff), CAP);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, 1u << 20, pfn, 1, EXO_RIGHT_READ), INVAL);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, 0xffffffff, pfn, 1, EXO_RIGHT_READ), INVAL);
	KT_ERR(exo_cap_derive(slot, EXO_SLOT_NONE, EXO_SLOT_NONE, pfn, 1, EXO_RIGHT_READ), INVAL);
	KT_ERR(exo_cap_derive(slot, slot, next, pfn, 1, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(next, EXO_SLOT_NONE, third, pfn, 1, EXO_RIGHT_READ), CAP);
	KT_EQ(exo_cap_derive(slot, EXO_SLOT_NONE, next, pfn + 1, 1, EXO_RIGHT_READ), 0);
	KT_ERR(exo_cap_derive(next, EXO_SLOT_NONE, third, pfn + 1, 1, EXO_RIGHT_READ), CAP);
	/* What was derived survives the slot it came from. */
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn + 1, 1, EXO_PROT_READ, next), 0);
	KT_EQ(kt_try_read(va), -1);
	/* What was made under it does not. */
	while ((r = exo_cap_drop(next)) == 1)
		;
	KT_EQ(r, 0);
	KT_EQ(kt_try_read(va), PAGE_FAULT);
}

static void cap_rights(void)
{
	exo_cap_t slot = kt_slot();
	exo_pfn_t pfn = kt_frames(2);
	exo_va_t va = kt_va_tables(2);

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, slot, pfn, 1, EXO_RIGHT_READ), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 1, EXO_PROT_READ, slot), 0);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, slot), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RX, slot), CAP);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RW, slot), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn + 1, 1, EXO_PROT_READ, slot), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 2, EXO_PROT_READ, slot), CAP);
	KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), pfn, 1, EXO_PROT_READ, slot), CAP);
	KT_ERR(exo_frame_free(slot, pfn, 1), CAP);
	KT_ERR(exo_cap_grow(slot, pfn), CAP);
	KT_EQ(kt_try_write(va), PAGE_FAULT);
	KT_EQ(kt_unmap(va, 1), 0);
}

static void cap_drop(void)
{
	KT_ERR(exo_cap_drop(EXO_SLOT_NONE), CAP);
	KT_ERR(exo_cap_drop(kt_slot()), CAP);
	KT_ERR(exo_cap_drop(1u << 20), CAP);
	KT_ERR(exo_cap_drop(0xffffffff), CAP);
}

/* One slot with more children than the kernel moves in a step. */
static void cap_many(void)
{
	exo_cap_t parent = kt_slot(), slots[200];
	exo_pfn_t pfn = kt_frame();

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, parent, pfn, 1,
			     EXO_RIGHT_READ | EXO_RIGHT_DERIVE),
	      0);
	for (int i = 0; i < 200; i++) {
		slots[i] = kt_slot();
		KT_EQ(exo_cap_derive(parent, EXO_SLOT_NONE, slots[i], pfn, 1, EXO_RIGHT_READ), 0);
	}
	while (exo_cap_drop(parent) == 1)
		;
	KT_ERR(exo_cap_drop(parent), CAP);
	for (int i = 199; i >= 0; i -= 2)
		KT_EQ(exo_cap_drop(slots[i]), 0);
	for (int i = 0; i < 200; i += 2)
		KT_EQ(exo_cap_drop(slots[i]), 0);
}

static void cap_grow(void)
{
	exo_pfn_t pfn = kt_frame(), mapped = kt_frame();
	exo_va_t va = kt_va(1);
	long first = exo_cap_grow(EXO_SLOT_MEMORY, pfn);

	KT_OK(first > 0 && first % EXO_CAP_SLOTS == 0);
	KT_ERR(exo_cap_grow(EXO_SLOT_MEMORY, pfn), BUSY);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, first, pfn, 1, EXO_RIGHT_READ), 0);
	KT_EQ(exo_cap_drop(first), 0);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), BUSY);
	KT_ERR(kt_map(va, pfn, 1, EXO_PROT_READ), BUSY);
	KT_EQ(kt_map(va, mapped, 1, EXO_PROT_READ), 0);
	KT_ERR(exo_cap_grow(EXO_SLOT_MEMORY, mapped), BUSY);
	KT_EQ(kt_unmap(va, 1), 0);
}

const struct ktest ktests[] = {
	{"null", null_call, 1},
	{"unknown-calls", unknown_calls, 1},
	{"registers", registers, 1},
	{"registers-left", registers_left, 1},
	{"frame-alloc", frame_alloc, 1},
	{"frame-runs", frame_runs, 1},
	{"frame-free", frame_free, 1},
	{"cap-derive", cap_derive, 1},
	{"cap-rights", cap_rights, 1},
	{"cap-drop", cap_drop, 1},
	{"cap-many", cap_many, 1},
	{"cap-grow", cap_grow, 1},
	{NULL, NULL, 0},
};
