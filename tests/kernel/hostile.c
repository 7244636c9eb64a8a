/* hostile.c - arguments that try to take what is not theirs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE       EXO_PAGE_SIZE
#define ABOVE      0xffffffffffffffff
#define PAGE_FAULT 14
#define KERNEL_PFN 0x100 /* the kernel is loaded at 1 MiB */
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

static exo_pfn_t frame_at(const void *p)
{
	return (xo_entry((exo_va_t)p) & EXO_PTE_FRAME) / PAGE;
}

/* The one call that reads memory, pointed at everything it must not read. */
static void pointers(void)
{
	static const exo_va_t bad[] = {
		0,
		8,
		0xffff,
		EXO_VA_TOP - 8,
		EXO_VA_TOP - 1,
		EXO_VA_TOP,
		EXO_VA_TABLES,
		EXO_VA_TABLES + 0x1000,
		0x7fffffffffff,
		0x800000000000,
		0x8000000000000000,
		0xffff7fffffffffff,
		0xffff800000000000,
		0xffff800000100000,
		0xffffffff80000000,
		0xffffffff80100000,
		0xffffffffc0000000,
		0xffffffffc0200000,
		ABOVE - 4095,
		ABOVE - 31,
		ABOVE - 1,
		ABOVE,
	};
	exo_va_t va = kt_va_tables(2), end;
	exo_pfn_t pfn = kt_frame();

	for (size_t i = 0; i < COUNT(bad); i++)
		for (uint32_t n = 1; n <= EXO_BATCH_MAX; n += EXO_BATCH_MAX - 1)
			KT_ERR(exo_map(EXO_SLOT_NONE, bad[i], n), FAULT);
	KT_ERR(exo_map(EXO_SLOT_NONE, va, 1), FAULT);
	/* Half of it mapped, at either end; read-only is enough to be read. */
	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	memset((void *)va, 0, PAGE);
	end = va + PAGE;
	for (uint64_t n = 1; n < sizeof(struct exo_map_op); n++) {
		KT_ERR(exo_map(EXO_SLOT_NONE, end - n, 1), FAULT);
		KT_ERR(exo_map(EXO_SLOT_NONE, va - n, 1), FAULT);
	}
	KT_EQ(kt_map(va, pfn, 1, EXO_PROT_READ), 0);
	KT_ERR(exo_map(EXO_SLOT_NONE, end - sizeof(struct exo_map_op), 1), INVAL);
	KT_ERR(exo_map(EXO_SLOT_NONE, va + 3, 1), INVAL);
	KT_EQ(kt_unmap(va, 1), 0);
}

static const exo_va_t bad_va[] = {
	0,
	PAGE,
	EXO_VA_MIN - PAGE,
	EXO_VA_MIN + 1,
	EXO_VA_TOP,
	EXO_VA_TABLES,
	0x7ffffffff000,
	0x800000000000,
	0x8000000000000000,
	0xffff800000000000,
	0xffff800000100000,
	0xffffffff80000000,
	ABOVE - 4095,
	ABOVE,
	EXO_VA_TOP - PAGE / 2,
	EXO_VA_TABLES + 0x1000,
};

static void addresses(void)
{
	exo_pfn_t pfn = kt_frame();

	for (size_t i = 0; i < COUNT(bad_va); i++)
		for (uint8_t kind = EXO_MAP_PAGES; kind <= EXO_MAP_UNTABLE; kind++)
			for (uint32_t n = 1; n <= 3; n++)
				KT_ERR(kt_op(kind, bad_va[i], pfn, n, EXO_PROT_READ,
					     EXO_SLOT_MEMORY),
				       INVAL);
}

static void operations(void)
{
	static const uint32_t counts[] = {0,        EXO_MAP_MAX + 1, 513,        0x1000,
					  0x100000, 0x80000000,      0xfffff000, 0xffffffff};
	exo_va_t va = kt_va_tables(1024);
	exo_pfn_t pfn = kt_frame();

	for (size_t i = 0; i < COUNT(counts); i++)
		for (uint8_t kind = EXO_MAP_PAGES; kind <= EXO_MAP_UNTABLE; kind++)
			KT_ERR(kt_op(kind, va, pfn, counts[i], EXO_PROT_READ, EXO_SLOT_MEMORY),
			       INVAL);
	for (unsigned kind = 0; kind < 256; kind++)
		if (kind < EXO_MAP_PAGES || kind > EXO_MAP_UNTABLE)
			KT_ERR(kt_op(kind, va, pfn, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), INVAL);
	for (unsigned prot = 0; prot < 256; prot++) {
		if (!(prot & EXO_PROT_READ) || prot > 7)
			KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, prot, EXO_SLOT_MEMORY), INVAL);
	}
	KT_EQ(xo_entry(va), 0);
}

/* Where the window shows the entry that maps va, and the frame an entry names. */
static exo_va_t entry_of(exo_va_t va)
{
	return EXO_VA_TABLES + va / PAGE * 8;
}

static exo_pfn_t shown(exo_va_t entry)
{
	return (*(const uint64_t *)entry & EXO_PTE_FRAME) / PAGE;
}

/* Frames that are somebody's: the kernel's, objects of ours. */
static void foreign_frames(void)
{
	exo_pfn_t info = frame_at(xo_info), caps = kt_frame();
	exo_va_t va = kt_va_tables(1), in_root = EXO_VA_TABLES;
	exo_pfn_t table = shown(entry_of(entry_of(va) & -8ul)), root;

	for (int level = 0; level < 4; level++)
		in_root = entry_of(in_root);
	root = shown(in_root);
	KT_OK(exo_cap_grow(EXO_SLOT_MEMORY, caps) > 0);
	const exo_pfn_t kernels[] = {0,    KERNEL_PFN, KERNEL_PFN + 1, 0xa0,
				     0xb8, 0xf0,       0xfee00,        0xfec00,
				     info, 1ul << 40,  1ul << 52,      ABOVE};
	const exo_pfn_t objects[] = {table, caps, root};

	for (size_t i = 0; i < COUNT(kernels); i++) {
		exo_pfn_t pfn = kernels[i];

		for (uint32_t prot = 1; prot < 7; prot += 2)
			KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, prot, EXO_SLOT_MEMORY), CAP);
		KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), pfn, 1, 0, EXO_SLOT_MEMORY), CAP);
		KT_OK(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1) < 0);
		KT_OK(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1) < 0);
		KT_OK(exo_cap_grow(EXO_SLOT_MEMORY, pfn) < 0);
		KT_OK(exo_activation_bind(EXO_SLOT_NONE, 9, EXO_SLOT_MEMORY, pfn, 0) < 0);
		KT_OK(exo_env_create(EXO_SLOT_MEMORY, pfn, table, caps, kt_slot(), 0) < 0);
	}
	for (size_t i = 0; i < COUNT(objects); i++) {
		exo_pfn_t pfn = objects[i];

		for (uint32_t prot = 1; prot < 7; prot += 2)
			KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, prot, EXO_SLOT_MEMORY), BUSY);
		KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), pfn, 1, 0, EXO_SLOT_MEMORY), BUSY);
		KT_ERR(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1), TAKEN);
		KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), BUSY);
		KT_ERR(exo_cap_grow(EXO_SLOT_MEMORY, pfn), BUSY);
		KT_OK(exo_activation_bind(EXO_SLOT_NONE, 9, EXO_SLOT_MEMORY, pfn, 0) < 0);
	}
	KT_EQ(xo_entry(va), 0);
}

/* The information pages: to be read, by their own slot, by nothing else. */
static void info_frames(void)
{
	exo_pfn_t info = frame_at(xo_info);
	exo_va_t va = kt_va_tables(1);

	KT_EQ(kt_op(EXO_MAP_PAGES, va, info, 1, EXO_PROT_READ, EXO_SLOT_INFO), 0);
	KT_EQ(((struct exo_info *)va)->magic, EXO_INFO_MAGIC);
	KT_EQ(kt_try_write(va), PAGE_FAULT);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, info, 1, KT_RW, EXO_SLOT_INFO), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, info, 1, KT_RX, EXO_SLOT_INFO), CAP);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RW, EXO_SLOT_MEMORY), CAP);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RW, EXO_SLOT_INFO), CAP);
	KT_ERR(exo_frame_free(EXO_SLOT_INFO, info, 1), CAP);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, info, 1), CAP);
	KT_EQ(kt_try_write((exo_va_t)xo_info), PAGE_FAULT);
	KT_EQ(kt_unmap(va, 1), 0);
}

/* Every argument that is a slot, with slots that are empty, of another kind,
 * or not there. */
static void slots(void)
{
	const exo_cap_t bad[] = {EXO_SLOT_FREE + 40, EXO_CAP_SLOTS * 32, 0x7fffffff,
				 0x80000000,         0xffffffff,         0x04000001};
	const exo_cap_t no_frames[] = {EXO_SLOT_NONE,    EXO_SLOT_SELF,    EXO_SLOT_CPU,
				       EXO_SLOT_CONSOLE, EXO_SLOT_MACHINE, EXO_SLOT_ACCOUNT};
	exo_pfn_t pfn = kt_frames(3);
	exo_va_t va = kt_va_tables(1);

	for (size_t i = 0; i < COUNT(no_frames) + COUNT(bad); i++) {
		exo_cap_t s = i < COUNT(bad) ? bad[i] : no_frames[i - COUNT(bad)];

		KT_ERR(exo_frame_alloc(s, pfn, 1), CAP);
		KT_ERR(exo_frame_free(s, pfn, 1), CAP);
		KT_ERR(exo_cap_grow(s, pfn), CAP);
		KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, s), CAP);
		KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), pfn, 1, 0, s), CAP);
		KT_ERR(exo_env_create(s, pfn, pfn + 1, pfn + 2, kt_slot(), 0), CAP);
		KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 9, s, pfn, 0), CAP);
		if (s == EXO_SLOT_NONE || s == EXO_SLOT_SELF)
			continue;
		KT_ERR(exo_map(s, 0, 1), CAP);
		KT_ERR(exo_env_stop(s, 0), CAP);
		KT_ERR(exo_env_status(s), CAP);
		KT_ERR(exo_env_destroy(s), CAP);
		KT_ERR(exo_yield(s, 0), CAP);
		KT_ERR(exo_notify(s, 0, 1), CAP);
		KT_ERR(exo_activation_bind(s, 9, EXO_SLOT_MEMORY, pfn, 0), CAP);
		KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 9, s, 0, 1000000), CAP);
		KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, s, 20, 0, 1, 1), CAP);
		if (s != EXO_SLOT_CPU)
			KT_ERR(exo_slice_bind(s, 0, 9, EXO_SLOT_NONE, 0, 1000000), CAP);
		if (s != EXO_SLOT_CONSOLE)
			KT_ERR(exo_console_kick(s), CAP);
		if (s != EXO_SLOT_MACHINE)
			KT_ERR(exo_machine(s, 0, 0), CAP);
	}
	KT_ERR(exo_machine(EXO_SLOT_MACHINE, 2, 0), INVAL);
	KT_ERR(exo_machine(EXO_SLOT_MACHINE, 0xffffffff, 0), INVAL);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 3), 0);
}

static void slices(void)
{
	const uint32_t big[] = {EXO_CPU_MAX, 1000, 0x80000000, 0xffffffff};
	const exo_ns_t ns[] = {1, 9999, 1000000001, 1ul << 63, ABOVE};

	for (size_t i = 0; i < COUNT(big); i++) {
		KT_OK(exo_slice_bind(EXO_SLOT_CPU, big[i], 9, 0, 0, 1000000) < 0);
		KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, big[i] | EXO_SLICE_MAX, 0, 0, 1000000),
		       INVAL);
		KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 9, 0, big[i], 1000000), INVAL);
		KT_ERR(exo_notify(EXO_SLOT_NONE, big[i], 1), INVAL);
		KT_ERR(exo_activation_bind(EXO_SLOT_NONE, big[i], EXO_SLOT_MEMORY, kt_frames(2), 0),
		       INVAL);
	}
	KT_OK(exo_slice_bind(EXO_SLOT_CPU, kt_cpus(), 9, 0, 0, 1000000) < 0);
	for (size_t i = 0; i < COUNT(ns); i++)
		KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 9, 0, 0, ns[i]), INVAL);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 9, 0, 9, 1000000), STATE);
	KT_ERR(exo_notify(EXO_SLOT_NONE, 9, 1), STATE);
	KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 0, EXO_SLOT_MEMORY, kt_frames(2), 0), EXIST);
	KT_ERR(exo_env_destroy(EXO_SLOT_NONE), INVAL);
	KT_ERR(exo_env_destroy(EXO_SLOT_SELF), INVAL);
}

/* Memory the kernel has wired stays as it is. */
static void wired(void)
{
	exo_pfn_t act = frame_at(xo_self());

	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, act, 1), BUSY);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, act + 1, 1), BUSY);
	KT_ERR(exo_cap_grow(EXO_SLOT_MEMORY, act), BUSY);
	KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 9, EXO_SLOT_MEMORY, act, 0), BUSY);
	KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 9, EXO_SLOT_MEMORY, act - 1, 0), BUSY);
	KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), act, 1, 0, EXO_SLOT_MEMORY), BUSY);
}

/* Random calls with random arguments: whatever they return, we go on.  What
 * would end the test itself is left out. */
static uint64_t seed = 88172645463325252;

static uint64_t random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

static uint64_t argument(void)
{
	static const uint64_t edges[] = {0,
					 1,
					 2,
					 3,
					 7,
					 16,
					 63,
					 64,
					 0xfff,
					 0x1000,
					 EXO_VA_MIN,
					 EXO_VA_TOP,
					 0x800000000000,
					 0xffff800000000000,
					 0xffffffff80000000,
					 ABOVE,
					 ABOVE - 1,
					 1ul << 63};
	uint64_t r = random();

	switch (r % 4) {
	case 0:
		return edges[r / 4 % COUNT(edges)];
	case 1:
		return r / 4 % 70;
	case 2:
		return random() & -4096ul;
	}
	return random() >> r / 4 % 64;
}

static void random_calls(void)
{
	for (int i = 0; i < 20000; i++) {
		uint64_t nr = random() % 48;

		switch (nr) {
		case EXO_SYS_env_stop:
		case EXO_SYS_machine:
		case EXO_SYS_sleep:
		case EXO_SYS_reply:
		case EXO_SYS_cap_drop:
		case EXO_SYS_slice_bind:
		case EXO_SYS_frame_free:
			continue;
		}
		exo_syscall(nr, argument(), argument(), argument(), argument(), argument(),
			    argument());
	}
}

/* Frames on loan, without ALLOC, become nothing that keeps them from being taken back. */
static void lent(void)
{
	exo_cap_t loan = kt_slot();
	exo_pfn_t pfn = kt_frames(3);
	exo_va_t va = kt_va_tables(1);

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, loan, pfn, 3,
			     EXO_RIGHT_READ | EXO_RIGHT_WRITE),
	      0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, loan), 0);
	*(volatile uint32_t *)va = xo_self()->version;
	KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 9, loan, pfn, 0), CAP);
	KT_EQ(kt_unmap(va, 1), 0);
	KT_ERR(exo_cap_grow(loan, pfn), CAP);
	KT_ERR(kt_op(EXO_MAP_TABLE, kt_va(1), pfn, 1, 0, loan), CAP);
	KT_ERR(exo_env_create(loan, pfn, pfn + 1, pfn + 2, kt_slot(), 0), CAP);
	while (exo_cap_drop(loan) == 1)
		;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 3), 0);
}

const struct ktest ktests[] = {
	{"hostile-pointers", pointers, 1},
	{"hostile-addresses", addresses, 1},
	{"hostile-operations", operations, 1},
	{"hostile-frames", foreign_frames, 1},
	{"hostile-lent", lent, 1},
	{"hostile-info", info_frames, 1},
	{"hostile-slots", slots, 1},
	{"hostile-slices", slices, 1},
	{"hostile-wired", wired, 1},
	{"hostile-random", random_calls, 1},
	{NULL, NULL, 0},
};
