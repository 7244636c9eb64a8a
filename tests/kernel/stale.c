/* stale.c - frames that change hands while something still leads to them: TLBs of
 * other CPUs, the window onto the page tables, the kernel's own console.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/ring.h>
#include <exo/types.h>

#define LARGE   0x200000ul
#define ROUNDS  (kt_cpus() > 2 ? 100 : 400) /* two are enough for it to happen */
#define FORGED  0x100067ul                  /* an entry for the frame at 1 MiB, writable by all */
#define FILLERS 30

static volatile uint64_t *table_word(exo_va_t va)
{
	return (volatile uint64_t *)(EXO_VA_TABLES + va / EXO_PAGE_SIZE * 8);
}

/* In the window the entry of a large page looks like that of its first frame. */
static void large_page_leaves_the_window(void)
{
	exo_va_t va = kt_va_tables(1) + LARGE;
	exo_pfn_t f = kt_frames(1024), large = (f + 511) & ~511ul;
	volatile uint64_t *word = table_word(va);

	KT_OK(f != 0);
	KT_EQ(kt_op(EXO_MAP_LARGE, va, large, 1, KT_RW, EXO_SLOT_MEMORY), 0);
	*(volatile uint64_t *)va = 0x1111;
	KT_EQ(*word, 0x1111);
	KT_EQ(kt_op(EXO_MAP_REMOVE, va, 0, EXO_LARGE_FRAMES, 0, 0), 0);
	KT_EQ(kt_try_read((exo_va_t)word), 14);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 512), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f + 512, 512), 0);
}

static volatile exo_va_t target;
static volatile uint32_t stop;

static void storm(void *arg)
{
	(void)arg;
	while (!stop)
		*(volatile uint64_t *)target = FORGED;
}

static void writer(void *arg)
{
	(void)arg;
	while (!stop)
		kt_try(storm, 0);
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

/* One batch takes a page away and makes a table of its frame while another CPU
 * keeps writing to it: no entry of the table may be the other's. */
static void frame_becomes_table_unseen(void)
{
	exo_va_t filler = kt_va_tables(8), va;
	exo_pfn_t p = kt_frame(), q = kt_frames(8);
	unsigned forged = 0;

	target = kt_va_tables(1);
	va = target + LARGE;
	KT_EQ(kt_map(target, p, 1, KT_RW), 0);
	KT_EQ(kt_start_cpu(1, writer, 0), 0);
	for (int n = 0; n < ROUNDS && !forged; n++) {
		struct exo_map_op op[2 + FILLERS] = {
			{.va = target, .count = 1, .kind = EXO_MAP_REMOVE},
			{.va = va,
			 .pfn = p,
			 .count = 1,
			 .kind = EXO_MAP_TABLE,
			 .cap = EXO_SLOT_MEMORY},
		};

		for (int i = 2; i < 2 + FILLERS; i++)
			op[i] = (struct exo_map_op){.va = filler,
						    .pfn = q,
						    .count = 2,
						    .kind = EXO_MAP_PAGES,
						    .prot = KT_RW,
						    .cap = EXO_SLOT_MEMORY};
		kt_map(target, p, 1, KT_RW);
		*(volatile uint64_t *)target = 1;
		while (*(volatile uint64_t *)target == 1)
			kt_pause(); /* it writes again */
		KT_OK(exo_map(EXO_SLOT_NONE, (exo_va_t)op, 2 + FILLERS) >= 2);
		forged += *table_word(va) != 0;
		KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 1, 0, 0), 0);
	}
	stop = 1;
	KT_EQ(forged, 0);
}

/* The kernel writes to the console's frames whenever it is kicked. */
static void console_frames_stay(void)
{
	exo_va_t console = xo_start->console, va = kt_va_tables(1) + LARGE;
	exo_pfn_t pfn = (*table_word(console) & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
	long unmapped = kt_unmap(console, EXO_CONSOLE_FRAMES);
	long table = kt_op(EXO_MAP_TABLE, va, pfn, 1, 0, EXO_SLOT_MEMORY);
	long freed = exo_frame_free(EXO_SLOT_MEMORY, pfn, EXO_CONSOLE_FRAMES);
	long grown = exo_cap_grow(EXO_SLOT_MEMORY, pfn + 1);

	kt_map(console, pfn, EXO_CONSOLE_FRAMES, KT_RW); /* before a word is said */
	KT_EQ(unmapped, 0);
	KT_ERR(table, BUSY);
	KT_ERR(freed, BUSY);
	KT_ERR(grown, BUSY);
}

const struct ktest ktests[] = {
	{"large-page-window", large_page_leaves_the_window, 1},
	{"table-unseen", frame_becomes_table_unseen, 2},
	{"console-frames", console_frames_stay, 1},
	{0},
};
