/* frames.c - libexo's frames by number and its pages, on the real kernel.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What is claimed is looked up in the kernel's own frame table and in our own page tables.
 */
#include "ktest.h"

#include <libexo/frames.h>
#include <libexo/pages.h>

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define BITS       (EXO_PTE_ACCESSED | EXO_PTE_DIRTY)
/* Where the entry lies that maps va; of an entry's own address: the one above it. */
#define ENTRY(va) (EXO_VA_TABLES + (exo_va_t)(va) / PAGE * 8)
#define SOME      64 /* frames that a test plays with */

static struct exo_extent run;
static struct xo_runs blind = {.run = &run, .count = 1, .cap = EXO_SLOT_MEMORY};
static struct xo_runs seeing;

/* The second half of the largest run: the kit takes its frames from the first. */
static void begin(void)
{
	for (uint32_t i = 0; i < xo_start->ram_count; i++)
		if (xo_start->ram[i].count > run.count)
			run = xo_start->ram[i];
	run.first += run.count / 2;
	run.count -= run.count / 2;
	seeing = blind;
	seeing.table = xo_frame_table(&kt_space, kt_va(xo_frame_table_pages()));
	KT_OK(seeing.table);
}

static exo_pfn_t frame_at(exo_va_t va)
{
	return (xo_entry(va) & EXO_PTE_FRAME) / PAGE;
}

static bool are(exo_pfn_t pfn, uint64_t count, uint8_t type)
{
	for (uint64_t i = 0; i < count; i++)
		if (seeing.table[pfn + i].type != type)
			return false;
	return true;
}

/* Both ways of looking lead to the same frames; take and give them back. */
static exo_pfn_t both(struct xo_want want)
{
	long first = xo_frames_take(&seeing, &want), second;
	uint64_t count = want.count ? want.count : 1;

	if (first > 0) {
		KT_OK(are((exo_pfn_t)first, count, EXO_FRAME_DATA));
		KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)first, count), 0);
		KT_OK(are((exo_pfn_t)first, count, EXO_FRAME_FREE));
	}
	second = xo_frames_take(&blind, &want);
	KT_EQ(second, first);
	if (second > 0)
		KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)second, count), 0);
	return first > 0 ? (exo_pfn_t)first : 0;
}

static void any(void)
{
	exo_pfn_t pfn = both((struct xo_want){0});

	KT_EQ(pfn, run.first);
	KT_EQ(xo_frames_find(&seeing, &(struct xo_want){0}), pfn);
	KT_EQ(both((struct xo_want){.from = run.first + 9}), run.first + 9);
	KT_EQ(both((struct xo_want){.count = EXO_RUN_MAX + 3}), run.first); /* more than one call */
	KT_EQ(both((struct xo_want){.count = run.count + 1}), 0);
	KT_EQ(both((struct xo_want){.from = run.first + run.count}), 0);
	KT_EQ(both((struct xo_want){.from = -1ull}), 0);
	KT_EQ(both((struct xo_want){.count = -1ull}), 0);
}

static void these(void)
{
	exo_pfn_t pfn = run.first + 5;

	KT_EQ(xo_frames_these(EXO_SLOT_MEMORY, pfn, SOME), 0);
	KT_OK(are(pfn, SOME, EXO_FRAME_DATA));
	KT_ERR(xo_frames_these(EXO_SLOT_MEMORY, pfn + SOME - 1, 1), TAKEN);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, pfn, SOME / 2), 0);
	/* All or none: the second half is in the way. */
	KT_ERR(xo_frames_these(EXO_SLOT_MEMORY, pfn, SOME), TAKEN);
	KT_OK(are(pfn, SOME / 2, EXO_FRAME_FREE));
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, pfn + SOME / 2, SOME / 2), 0);
	KT_ERR(xo_frames_these(EXO_SLOT_MEMORY, pfn, 0), INVAL);
	KT_ERR(xo_frames_these(EXO_SLOT_CPU, pfn, 1), CAP);
	KT_ERR(xo_frames_give(EXO_SLOT_MEMORY, pfn, 1), CAP); /* not ours */
}

static void alignment(void)
{
	static const uint64_t aligns[] = {1, 2, 3, 7, 16, 100, 512};

	for (uint32_t i = 0; i < sizeof(aligns) / sizeof(aligns[0]); i++)
		for (uint64_t phase = 0; phase < aligns[i]; phase += aligns[i] / 3 + 1) {
			exo_pfn_t pfn = both(
				(struct xo_want){.count = 3, .align = aligns[i], .phase = phase});

			KT_EQ(pfn % aligns[i], phase);
			KT_OK(pfn >= run.first && pfn < run.first + aligns[i]);
		}
	KT_ERR(xo_frames_take(&seeing, &(struct xo_want){.align = 4, .phase = 4}), INVAL);
	KT_EQ(xo_frames_find(&seeing, &(struct xo_want){.align = 4, .phase = 4}), 0);
	KT_EQ(both((struct xo_want){.align = 1ull << 63, .phase = 5}), 0);
}

/* Between walls 8 frames apart there is room for 7, not for 8. */
static void contiguous(void)
{
	exo_pfn_t from = run.first + 8, below = from + SOME;
	struct xo_want want = {.from = from, .below = below};

	for (exo_pfn_t pfn = from; pfn < below; pfn += 8)
		KT_EQ(xo_frames_these(EXO_SLOT_MEMORY, pfn, 1), 0);
	for (want.count = 1; want.count < 8; want.count++)
		KT_EQ(both(want), from + 1);
	KT_EQ(both(want), 0);
	want = (struct xo_want){.count = 4, .align = 4, .from = from, .below = below};
	KT_EQ(both(want) % 4, 0);
	want.below = 0; /* behind the last wall */
	want.count = SOME;
	KT_EQ(both(want), (below - 8 + 1 + 3) / 4 * 4);
	for (exo_pfn_t pfn = from; pfn < below; pfn += 8)
		KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, pfn, 1), 0);
}

static void below(void)
{
	struct xo_runs all = {.run = xo_start->ram,
			      .count = xo_start->ram_count,
			      .cap = EXO_SLOT_MEMORY,
			      .table = seeing.table};
	struct xo_want want = {.below = XO_BELOW_4G, .from = XO_BELOW_4G - SOME};
	long pfn;

	KT_EQ(both((struct xo_want){.count = 8, .below = run.first + 8}), run.first);
	KT_EQ(both((struct xo_want){.count = 8, .below = run.first + 7}), 0);
	KT_EQ(both((struct xo_want){.below = run.first}), 0);
	/* Whoever has memory on both sides of 4 GiB gets it from the side asked for. */
	want.from = 0;
	pfn = xo_frames_take(&all, &want);
	KT_OK(pfn > 0 && pfn < (long)XO_BELOW_4G);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)pfn, 1), 0);
	want = (struct xo_want){.from = XO_BELOW_4G};
	pfn = xo_frames_take(&all, &want);
	if (xo_info->pfn_end <= XO_BELOW_4G) {
		KT_ERR(pfn, TAKEN);
		return;
	}
	KT_OK(pfn >= (long)XO_BELOW_4G);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)pfn, 1), 0);
	kt_printf("# a frame above 4 GiB\n");
}

/* Pages of one colour only, as the own page tables have them. */
static void coloured(uint64_t colours, uint64_t colour)
{
	struct xo_want want = {.align = colours, .phase = colour};
	uint64_t n = run.count / 2 / colours < 16 ? run.count / 2 / colours : 16;
	exo_va_t va = kt_va(n);

	for (uint64_t i = 0; i < n; i++) {
		long pfn = xo_frames_take(&seeing, &want);

		KT_OK(pfn > 0);
		KT_EQ(kt_map(va + i * PAGE, (exo_pfn_t)pfn, 1, KT_RW), 0);
		*(volatile uint64_t *)(va + i * PAGE) = i;
		want.from = (exo_pfn_t)pfn + 1;
	}
	for (uint64_t i = 0; i < n; i++) {
		exo_pfn_t pfn = frame_at(va + i * PAGE);

		KT_EQ(pfn % colours, colour);
		KT_OK(!i || pfn != frame_at(va + (i - 1) * PAGE));
		KT_EQ(*(volatile uint64_t *)(va + i * PAGE), i);
		KT_EQ(kt_unmap(va + i * PAGE, 1), 0);
		KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, pfn, 1), 0);
	}
}

static void colours(void)
{
	uint64_t level[4];

	for (uint32_t i = 0; i < 4; i++) {
		level[i] = xo_cache_colours(i);
		KT_OK(level[i] >= 1);
	}
	kt_printf("# page colours: level 1 %lu, level 2 %lu, level 3 %lu, last %lu\n", level[1],
		  level[2], level[3], level[0]);
	/* The last level is one of them, or there is none that the processor tells of. */
	KT_OK(level[0] == level[3] || level[0] == level[2] || level[0] == level[1]);
	KT_EQ(xo_cache_colours(7), 1);
	for (uint64_t n = 2; n <= 64; n *= 2)
		for (uint64_t c = 0; c < n; c += n / 2)
			coloured(n, c);
	coloured(48, 47);
	coloured(level[0], level[0] - 1);
}

static void limit(void)
{
	struct xo_want want = {.count = 4};

	KT_EQ(exo_account_limit(EXO_SLOT_ACCOUNT, 0), 0);
	KT_ERR(xo_frames_take(&seeing, &want), LIMIT);
	KT_ERR(xo_frames_these(EXO_SLOT_MEMORY, run.first, 4), LIMIT);
	KT_EQ(exo_account_limit(EXO_SLOT_ACCOUNT, -1ull), 0);
	KT_EQ(both(want), run.first);
	want.from = xo_info->pfn_end;
	KT_ERR(xo_frames_take(&(struct xo_runs){.run = &(struct exo_extent){xo_info->pfn_end, 8},
						.count = 1,
						.cap = EXO_SLOT_MEMORY},
			      &want),
	       CAP);
}

/* One entry in the own tables stands for 512 pages, and no table lies below it. */
static void large(void)
{
	exo_va_t va = kt_va(2 * EXO_LARGE_FRAMES);
	long pfn = xo_frames_take(&seeing, &(struct xo_want){.count = 512, .align = 512});
	exo_pfn_t table;
	uint32_t entries;

	KT_EQ(kt_map(va + XO_LARGE_BYTES, (exo_pfn_t)pfn, 1, KT_RW), 0); /* the tables above */
	table = (*(volatile uint64_t *)(ENTRY(ENTRY(ENTRY(va))) & ~7ull) & EXO_PTE_FRAME) / PAGE;
	KT_EQ(seeing.table[table].type, EXO_FRAME_TABLE2);
	entries = seeing.table[table].maps;
	KT_EQ(kt_unmap(va + XO_LARGE_BYTES, 1), 0);
	KT_EQ(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_EQ(seeing.table[table].maps, entries + 1);
	for (uint64_t i = 0; i < EXO_LARGE_FRAMES; i++) {
		KT_EQ(xo_entry(va + i * PAGE) & ~BITS, xo_entry(va) & ~BITS);
		KT_EQ(seeing.table[pfn + i].maps, 1);
		*(volatile uint64_t *)(va + i * PAGE) = i;
	}
	KT_OK(xo_entry(va) & EXO_PTE_LARGE);
	KT_EQ(frame_at(va), pfn);
	KT_EQ(xo_page_bits(va + 7 * PAGE), BITS);
	/* What would be its table is the page itself: the window shows its first bytes. */
	KT_EQ(((volatile uint64_t *)ENTRY(va))[0], 0);
	KT_ERR(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), EXIST);
	KT_EQ(xo_unmap_large(&kt_space, va), 0);
	KT_EQ(seeing.table[table].maps, entries);
	KT_EQ(seeing.table[pfn].maps, 0);
	/* It goes where pages were, once they are away. */
	KT_EQ(kt_map(va, (exo_pfn_t)pfn, 3, KT_RW), 0);
	KT_EQ(*(volatile uint64_t *)(va + 2 * PAGE), 2);
	KT_ERR(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), EXIST);
	KT_EQ(kt_unmap(va, 3), 0);
	KT_EQ(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_EQ(*(volatile uint64_t *)(va + 511 * PAGE), 511);
	KT_EQ(xo_unmap_large(&kt_space, va), 0);
	KT_EQ(kt_map(va, (exo_pfn_t)pfn, 1, KT_RW), 0); /* and pages where it was */
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)pfn, 512), 0);
}

/* A large page with tables of all levels still missing, and one that is not aligned. */
static void large_alone(void)
{
	exo_va_t va = xo_empty_region();
	long pfn = xo_frames_take(&seeing, &(struct xo_want){.count = 512, .align = 512});

	KT_EQ(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_read(va + 511 * PAGE), -1);
	KT_EQ(kt_try_write(va + 511 * PAGE), PAGE_FAULT);
	KT_EQ(xo_page_bits(va), EXO_PTE_ACCESSED);
	KT_EQ(xo_unmap_large(&kt_space, va), 0);
	KT_EQ(xo_page_bits(va), 0);
	KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 2, 0, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 3, 0, EXO_SLOT_MEMORY), 0);
	KT_ERR(xo_map_large(&kt_space, va + PAGE, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(xo_map_large(&kt_space, va, (exo_pfn_t)pfn + 1, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)pfn, 512), 0);
}

static void bits(void)
{
	exo_va_t va = kt_va(SOME);
	exo_pfn_t pfn = kt_frames(SOME);

	KT_EQ(xo_page_bits(va), 0);
	KT_ERR(xo_page_clear(va, 1), FAULT);
	KT_EQ(kt_map(va, pfn, SOME, KT_RW), 0);
	for (int again = 0; again < 3; again++) {
		for (uint64_t i = 0; i < SOME; i++)
			KT_EQ(xo_page_bits(va + i * PAGE), 0);
		for (uint64_t i = 0; i < SOME; i++)
			if (i % 3 == 1)
				KT_EQ(kt_try_read(va + i * PAGE), -1);
			else if (i % 3 == 2)
				KT_EQ(kt_try_write(va + i * PAGE), -1);
		for (uint64_t i = 0; i < SOME; i++)
			KT_EQ(xo_page_bits(va + i * PAGE), i % 3 == 0   ? 0
							   : i % 3 == 1 ? EXO_PTE_ACCESSED
									: BITS);
		KT_EQ(xo_page_clear(va, SOME), 0);
	}
	for (uint64_t i = 0; i < SOME; i++) { /* but for the bits nothing has changed */
		KT_EQ(frame_at(va + i * PAGE), pfn + i);
		KT_EQ(EXO_PTE_SLOT(xo_entry(va + i * PAGE)), EXO_SLOT_MEMORY);
		KT_EQ(seeing.table[pfn + i].maps, 1);
	}
	KT_EQ(kt_unmap(va + 40 * PAGE, 1), 0);
	KT_EQ(kt_try_read(va), -1);
	KT_ERR(xo_page_clear(va, SOME), FAULT);
	KT_EQ(xo_page_bits(va), 0); /* those before the hole are done */
	KT_EQ(kt_unmap(va, SOME), 0);
}

/* Each bit is cleared by itself, and nothing else changes. */
static void bits_one_by_one(void)
{
	exo_va_t va = kt_va_tables(1);
	exo_pfn_t pfn = kt_frames(1);

	KT_EQ(kt_map(va, pfn, 1, KT_RW), 0);
	for (int i = 0; i < 3; i++) {
		KT_EQ(kt_try_write(va), -1);
		KT_EQ(xo_page_bits(va), BITS);
		KT_EQ(xo_page_clear_bits(va, 1, 0), 0);
		KT_EQ(xo_page_bits(va), BITS);
		KT_EQ(xo_page_clear_bits(va, 1, EXO_PTE_ACCESSED), 0);
		KT_EQ(xo_page_bits(va), EXO_PTE_DIRTY);
		KT_EQ(kt_try_read(va), -1);
		KT_EQ(xo_page_bits(va), BITS);
		KT_EQ(xo_page_clear_bits(va, 1, EXO_PTE_DIRTY), 0);
		KT_EQ(xo_page_bits(va), EXO_PTE_ACCESSED);
		KT_EQ(kt_try_read(va), -1);
		KT_EQ(xo_page_bits(va), EXO_PTE_ACCESSED);
	}
	KT_EQ(frame_at(va), pfn);
	KT_EQ(EXO_PTE_SLOT(xo_entry(va)), EXO_SLOT_MEMORY);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW | EXO_PROT_CLEAR_DIRTY, EXO_SLOT_MEMORY),
	       INVAL);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, KT_RW | 0x40, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(kt_op(EXO_MAP_PROTECT, va, 0, 1, EXO_PROT_CLEAR_DIRTY, EXO_SLOT_MEMORY), INVAL);
	KT_EQ(kt_unmap(va, 1), 0);
}

/* A page of 2 MiB keeps frames, slot and bits when its protection changes, and loses those asked.
 */
static void large_protected(void)
{
	exo_va_t va = xo_empty_region();
	long pfn = xo_frames_take(&seeing, &(struct xo_want){.count = 512, .align = 512});

	KT_ERR(xo_protect_large(&kt_space, va, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_EQ(xo_map_large(&kt_space, va, (exo_pfn_t)pfn, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_write(va + 300 * PAGE), -1);
	KT_EQ(xo_protect_large(&kt_space, va, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(xo_page_bits(va), BITS);
	KT_EQ(kt_try_write(va + 300 * PAGE), PAGE_FAULT);
	KT_EQ(kt_try_read(va + 300 * PAGE), -1);
	KT_EQ(xo_page_clear_bits(va, EXO_LARGE_FRAMES, EXO_PTE_DIRTY), 0);
	KT_EQ(xo_page_bits(va), EXO_PTE_ACCESSED);
	KT_EQ(xo_page_clear(va, EXO_LARGE_FRAMES), 0);
	KT_EQ(xo_page_bits(va), 0);
	KT_EQ(xo_protect_large(&kt_space, va, KT_RW, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_try_write(va + 511 * PAGE), -1);
	KT_EQ(xo_page_bits(va), BITS);
	KT_EQ(frame_at(va), (uint64_t)pfn);
	KT_ERR(xo_protect_large(&kt_space, va + PAGE, KT_RW, EXO_SLOT_MEMORY), INVAL);
	KT_ERR(xo_protect_large(&kt_space, va, KT_RW | EXO_PROT_EXEC, EXO_SLOT_MEMORY), WX);
	KT_ERR(xo_protect_large(&kt_space, va, KT_RW, EXO_SLOT_INFO), CAP);
	KT_ERR(xo_page_clear(va, 1), EXIST);
	KT_EQ(kt_try_read(va), -1);
	KT_EQ(xo_unmap_large(&kt_space, va), 0);
	KT_EQ(kt_try_read(va), PAGE_FAULT);
	KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 2, 0, EXO_SLOT_MEMORY), 0);
	KT_EQ(kt_op(EXO_MAP_UNTABLE, va, 0, 3, 0, EXO_SLOT_MEMORY), 0);
	KT_EQ(xo_frames_give(EXO_SLOT_MEMORY, (exo_pfn_t)pfn, 512), 0);
}

/* Read-only and executable pages keep their protection; the kernel's own reading leaves no trace.
 */
static void bits_kept(void)
{
	exo_va_t va = kt_va_tables(2);
	struct exo_map_op *op = (struct exo_map_op *)va;
	exo_pfn_t pfn = kt_frames(2);

	KT_EQ(kt_map(va, pfn, 2, KT_RW), 0);
	KT_EQ(kt_try_write(va + PAGE), -1); /* a return instruction */
	*op = (struct exo_map_op){.va = va + PAGE,
				  .count = 1,
				  .cap = EXO_SLOT_MEMORY,
				  .kind = EXO_MAP_PROTECT,
				  .prot = KT_RX};
	KT_EQ(xo_page_clear(va, 1), 0);
	KT_EQ(exo_map(EXO_SLOT_NONE, va, 1), 1);
	KT_EQ(xo_page_bits(va), 0);
	KT_EQ(xo_page_bits(va + PAGE), BITS); /* PROTECT keeps them */
	KT_EQ(xo_page_clear(va + PAGE, 1), 0);
	KT_EQ(kt_try_write(va + PAGE), PAGE_FAULT);
	KT_EQ(xo_page_bits(va + PAGE), 0);
	KT_EQ(kt_try_call(va + PAGE), -1);
	KT_EQ(xo_page_bits(va + PAGE), EXO_PTE_ACCESSED);
	KT_EQ(kt_unmap(va, 2), 0);
}

/* Another CPU writes without pause; no write is missed by who looks as the header says. */
static volatile uint64_t *counted;
static volatile uint32_t counts, tries;

static bool try_again(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	if (kind != EXO_UP_EXCEPTION + PAGE_FAULT || addr / PAGE != (uint64_t)counted / PAGE)
		return false;
	tries++;
	return true;
}

static void count(void *arg)
{
	(void)arg;
	for (counts = 1; counts; *counted += 1)
		if (*counted % 4 == 0)
			for (int i = 0; i < 20000; i++)
				kt_pause();
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

static void bits_smp(void)
{
	exo_va_t va = kt_va_tables(1);
	uint64_t seen = 0, now, dirty, looks = 0, clean = 0;

	counted = (volatile uint64_t *)va;
	KT_EQ(kt_map(va, kt_frame(), 1, KT_RW), 0);
	*counted = 0;
	kt_hook = try_again;
	KT_EQ(kt_start_cpu(1, count, NULL), 0);
	KT_OK(kt_reaches((const uint32_t *)&counts, 1));
	for (exo_ns_t begun = xo_now(); (xo_now() - begun < 1000 * KT_NS_PER_MS && looks < 2000) ||
					(!seen && xo_now() - begun < 60000 * KT_NS_PER_MS);
	     looks++) {
		KT_EQ(xo_protect_run(&kt_space, va, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
		now = *counted;
		dirty = xo_page_bits(va) & EXO_PTE_DIRTY;
		KT_EQ(xo_page_clear(va, 1), 0);
		KT_EQ(*counted, now);
		KT_EQ(xo_protect_run(&kt_space, va, 1, KT_RW, EXO_SLOT_MEMORY), 0);
		if (looks)
			KT_EQ(dirty != 0, now != seen);
		clean += !dirty;
		seen = now;
	}
	counts = 0;
	kt_printf("# %lu looks, %lu found it clean; %lu writes, %u tried again\n", looks, clean,
		  seen, tries);
	KT_OK(seen);
}

/* The tables lie open to who has a capability over them, and to nobody else. */
static void child(void *arg)
{
	(void)arg;
	kt_exit(!xo_frame_table(&kt_space, kt_va(xo_frame_table_pages())) &&
				!xo_slice_table(&kt_space, kt_va(1), 0)
			? 5
			: 6);
}

static void open_tables(void)
{
	const volatile struct exo_slice *s = xo_slice_table(&kt_space, kt_va(1), 0);
	uint64_t end;

	KT_OK(s && s[0].env && s[0].ns);
	KT_EQ(seeing.table[s[0].env].type, EXO_FRAME_ENV);
	KT_EQ(kt_try_write((exo_va_t)s), PAGE_FAULT);
	KT_EQ(kt_try_write((exo_va_t)seeing.table), PAGE_FAULT);
	KT_OK(!xo_slice_table(&kt_space, kt_va(1), xo_info->cpus));
	KT_OK(!xo_slice_table(&kt_space, kt_va(1), EXO_CPU_MAX));
	end = kt_child_run(child, NULL);
	KT_EQ(EXO_STATUS_CODE(end), 5);
}

const struct ktest ktests[] = {
	{"frames-open", begin, 1},
	{"frames-any", any, 1},
	{"frames-these", these, 1},
	{"frames-aligned", alignment, 1},
	{"frames-contiguous", contiguous, 1},
	{"frames-below", below, 1},
	{"frames-colours", colours, 1},
	{"frames-limit", limit, 1},
	{"frames-tables", open_tables, 1},
	{"pages-large", large, 1},
	{"pages-large-alone", large_alone, 1},
	{"pages-bits", bits, 1},
	{"pages-bits-kept", bits_kept, 1},
	{"pages-bits-one-by-one", bits_one_by_one, 1},
	{"pages-large-protected", large_protected, 1},
	{"pages-bits-smp", bits_smp, 2},
	{NULL, NULL, 0},
};
