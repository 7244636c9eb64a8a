/* maps.c - what the map call promises.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define F_PRESENT  1
#define F_WRITE    2
#define F_USER     4
#define F_FETCH    16

static uint64_t fault_code(void)
{
	return kt_caught_frame()->code;
}

static void pages(void)
{
	exo_va_t va = kt_va_tables(4);
	exo_pfn_t pfn = kt_frames(4);

	KT_EQ(kt_try_read(va), PAGE_FAULT);
	KT_EQ(fault_code(), F_USER);
	KT_EQ(kt_caught_frame()->addr, va);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 4, KT_RW, EXO_SLOT_MEMORY), 0);
	for (uint64_t i = 0; i < 4; i++)
		*(uint64_t *)(va + i * PAGE) = i + 7;
	/* The same frames elsewhere show the same bytes. */
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn + 2, 2, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(*(uint64_t *)va, 9);
	KT_EQ(*(uint64_t *)(va + PAGE), 10);
	KT_EQ(*(uint64_t *)(va + 2 * PAGE), 9);
	KT_EQ(kt_try_write(va), PAGE_FAULT);
	KT_EQ(fault_code(), F_USER | F_WRITE | F_PRESENT);
	KT_EQ(kt_unmap(va, 4), 0);
	for (uint64_t i = 0; i < 4; i++)
		KT_EQ(kt_try_read(va + i * PAGE), PAGE_FAULT);
	KT_EQ(kt_unmap(va, 4), 0); /* nothing there is no error */
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 4), 0);
}

static void protect(void)
{
	exo_va_t va = kt_va_tables(2);
	exo_pfn_t pfn = kt_frames(1);

	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	KT_EQ(kt_try_write(va), -1); /* a return instruction */
	KT_EQ(kt_try_call(va), PAGE_FAULT);
	KT_EQ(fault_code(), F_USER | F_PRESENT | F_FETCH);
	KT_EQ(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RX, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_call(va), -1);
	KT_EQ(kt_try_write(va), PAGE_FAULT);
	KT_EQ(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_write(va), -1);
	KT_EQ(kt_try_call(va), PAGE_FAULT);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 2, EXO_PROT_READ, EXO_SLOT_MEMORY), FAULT);
	KT_EQ(kt_try_write(va), -1); /* all or nothing */
	KT_ERR(kt_op(EXO_MAP_PROTECT, kt_va(1), 0, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), FAULT);
	KT_EQ(kt_unmap(va, 1), 0);
}

static void write_and_execute(void)
{
	exo_va_t va = kt_va_tables(1);
	exo_pfn_t pfn = kt_frames(1);

	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, 7, EXO_SLOT_MEMORY), WX);
	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, 7, EXO_SLOT_MEMORY), WX);
	KT_EQ(kt_unmap(va, 1), 0);
}

static void tables(void)
{
	exo_va_t va = kt_va(1);
	exo_pfn_t pfn = kt_frames(3), page = kt_frame();
	exo_va_t other = va + (1ul << 30);

	KT_ERR(kt_op(EXO_MAP_PAGES, va, page, 1, KT_RW, EXO_SLOT_MEMORY), NOTABLE);
	/* Level 2 and 3 are there: the kit's first page made them. */
	kt_map(kt_va(1), kt_frame(), 1, KT_RW);
	KT_ERR(kt_op(EXO_MAP_TABLE, va, pfn, 2, 0, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_TABLE, va, pfn, 3, 0, EXO_SLOT_MEMORY), EXIST);
	KT_EQ(kt_op(EXO_MAP_TABLE, va, pfn, 1, 0, EXO_SLOT_MEMORY), 0);
	KT_ERR(kt_op(EXO_MAP_TABLE, va, pfn + 1, 1, 0, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_TABLE, other, pfn, 1, 0, EXO_SLOT_MEMORY), BUSY);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), BUSY);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), BUSY);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, page, 1, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_ERR(kt_op(EXO_MAP_UNTABLE, va, 0, 1, 0, EXO_SLOT_MEMORY), BUSY);
	KT_ERR(kt_op(EXO_MAP_UNTABLE, va, 0, 2, 0, EXO_SLOT_MEMORY), BUSY);
	KT_ERR(kt_op(EXO_MAP_UNTABLE, va, 0, 3, 0, EXO_SLOT_MEMORY), BUSY);
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 1, 0, EXO_SLOT_MEMORY), 0);
	KT_ERR(kt_op(EXO_MAP_UNTABLE, va, 0, 1, 0, EXO_SLOT_MEMORY), NOTABLE);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
	KT_EQ(kt_try_read(va), PAGE_FAULT);
	for (uint32_t level = 0; level < 9; level += 4)
		KT_ERR(kt_op(EXO_MAP_TABLE, va, pfn + 1, level, 0, EXO_SLOT_MEMORY), INVAL);
	/* The whole way down in an empty region, then up again. */
	va = xo_empty_region();
	KT_ERR(kt_op(EXO_MAP_TABLE, va, pfn + 1, 2, 0, EXO_SLOT_MEMORY), NOTABLE);
	KT_EQ(kt_map(va, page, 1, KT_RW), 0);
	KT_EQ(kt_unmap(va, 1), 0);
	for (uint32_t level = 1; level <= 3; level++)
		KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, level, 0, EXO_SLOT_MEMORY), 0);
	KT_EQ(xo_empty_region(), va);
}

/* The topmost page, and what lies around it. */
static void edges(void)
{
	exo_va_t top = EXO_VA_TOP - PAGE;
	exo_pfn_t pfn = kt_frames(2);

	KT_EQ(kt_map(top, pfn, 1, KT_RW), 0);
	KT_EQ(kt_try_write(top), -1);
	KT_ERR(kt_op(EXO_MAP_PAGES, top, pfn, 2, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_PAGES, EXO_VA_TOP, pfn, 1, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_REMOVE, top, 0, 2, EXO_PROT_READ, EXO_SLOT_MEMORY), INVAL);
	KT_EQ(kt_unmap(top, 1), 0);
	KT_EQ(kt_map(EXO_VA_MIN, pfn, 1, KT_RW), 0);
	KT_EQ(kt_try_write(EXO_VA_MIN), -1);
	KT_EQ(kt_unmap(EXO_VA_MIN, 1), 0);
	KT_ERR(kt_op(EXO_MAP_PAGES, EXO_VA_MIN - PAGE, pfn, 2, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_PAGES, 0, pfn, 1, KT_RW, EXO_SLOT_MEMORY), INVAL);
}

static void large(void)
{
	exo_va_t va = kt_va(1024);
	exo_pfn_t pool = kt_frames(1023), pfn = (pool + 511) & -512ul;
	exo_pfn_t table = kt_frame();

	kt_map(kt_va(1), table, 1, KT_RW); /* tables of the higher levels */
	KT_EQ(kt_op(EXO_MAP_LARGE, va, pfn, 1, KT_RW, EXO_SLOT_MEMORY), 0);
	memset((void *)va, 0xc3, 512 * PAGE);
	KT_ERR(kt_op(EXO_MAP_LARGE, va, pfn, 1, KT_RW, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_TABLE, va, kt_frame(), 1, 0, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_UNTABLE, va, 0, 1, 0, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_REMOVE, va, 0, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), EXIST);
	KT_ERR(kt_op(EXO_MAP_REMOVE, va + PAGE, 0, 512, EXO_PROT_READ, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_LARGE, va + PAGE, pfn, 1, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_LARGE, va, pfn + 1, 1, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_LARGE, va, pfn, 2, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_LARGE, va + 512 * PAGE, pfn, 1, 7, EXO_SLOT_MEMORY), WX);
	for (int i = 0; i < 512; i += 73)
		KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, pfn + i, 1), BUSY);
	KT_OK(xo_entry(va + 5 * PAGE) & EXO_PTE_LARGE);
	KT_EQ(kt_op(EXO_MAP_REMOVE, va, 0, 512, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_read(va + 300 * PAGE), PAGE_FAULT);
	KT_EQ(kt_op(EXO_MAP_LARGE, va, pfn, 1, KT_RX, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_call(va + 511 * PAGE), -1);
	KT_EQ(kt_try_write(va + 511 * PAGE), PAGE_FAULT);
	KT_EQ(kt_op(EXO_MAP_REMOVE, va, 0, 512, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pool, 512), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pool + 512, 511), 0);
}

/* A batch: in order, up to the first that fails. */
static void batch(void)
{
	struct exo_map_op ops[EXO_BATCH_MAX + 1];
	exo_va_t va = kt_va_tables(64);
	exo_pfn_t pfn = kt_frames(EXO_BATCH_MAX);

	for (uint32_t i = 0; i <= EXO_BATCH_MAX; i++)
		ops[i] = (struct exo_map_op){.va = va + i * PAGE,
					     .pfn = pfn + i,
					     .count = 1,
					     .cap = EXO_SLOT_MEMORY,
					     .kind = EXO_MAP_PAGES,
					     .prot = KT_RW};
	KT_ERR(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, 0), INVAL);
	KT_ERR(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, EXO_BATCH_MAX + 1), INVAL);
	KT_ERR(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, 0xffffffff), INVAL);
	KT_EQ(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, EXO_BATCH_MAX), EXO_BATCH_MAX);
	ops[20].va = va + 1;
	for (uint32_t i = 0; i < EXO_BATCH_MAX; i++)
		ops[i].pfn = pfn + EXO_BATCH_MAX - 1 - i;
	KT_EQ(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, EXO_BATCH_MAX), 20);
	KT_EQ((xo_entry(va + 19 * PAGE) & EXO_PTE_FRAME) / PAGE, pfn + 12);
	KT_EQ((xo_entry(va + 21 * PAGE) & EXO_PTE_FRAME) / PAGE, pfn + 21);
	ops[0].kind = 0;
	KT_ERR(exo_map(EXO_SLOT_NONE, (exo_va_t)ops, EXO_BATCH_MAX), INVAL);
	KT_EQ(kt_unmap(va, EXO_BATCH_MAX), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, EXO_BATCH_MAX), 0);
}

/* The environment reads its own tables, and nothing else there. */
static void own_tables(void)
{
	exo_va_t va = kt_va_tables(1), window = EXO_VA_TABLES;
	exo_pfn_t pfn = kt_frame();
	uint64_t e;

	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	e = xo_entry(va);
	KT_EQ((e & EXO_PTE_FRAME) / PAGE, pfn);
	KT_OK(e & EXO_PTE_WRITE && e & EXO_PTE_NOEXEC && e & EXO_PTE_USER);
	KT_EQ(e & EXO_PTE_DIRTY, 0);
	KT_EQ(kt_try_write(va), -1);
	KT_EQ(xo_entry(va) & (EXO_PTE_DIRTY | EXO_PTE_ACCESSED), EXO_PTE_DIRTY | EXO_PTE_ACCESSED);
	KT_EQ(kt_try_write(window + va / PAGE * 8), PAGE_FAULT);
	KT_EQ(fault_code(), F_USER | F_WRITE | F_PRESENT);
	KT_EQ(kt_try_call(window + va / PAGE * 8), PAGE_FAULT);
	/* Through the window's own entries to the kernel's tables: not for ring 3. */
	for (uint64_t i = 256; i < 512; i += 51)
		KT_EQ(kt_try_read(window + (i << 30)), PAGE_FAULT);
	KT_EQ(kt_try_read(window + (511ul << 30) + (510ul << 21)), PAGE_FAULT);
	KT_EQ(kt_unmap(va, 1), 0);
}

const struct ktest ktests[] = {
	{"map-pages", pages, 1},   {"map-protect", protect, 1}, {"map-wx", write_and_execute, 1},
	{"map-tables", tables, 1}, {"map-edges", edges, 1},     {"map-large", large, 1},
	{"map-batch", batch, 1},   {"map-own", own_tables, 1},  {NULL, NULL, 0},
};
