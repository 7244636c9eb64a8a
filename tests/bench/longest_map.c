/* longest_map.c - the longest batches of the map call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "longest.h"

#define LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)
#define EDGE        (BENCH_VA + LARGE_BYTES) /* from one level 1 table to the next */
#define BIG_VA      (BENCH_VA + 8 * LARGE_BYTES)

static struct exo_map_op ops[EXO_BATCH_MAX];
static exo_pfn_t pages, tables, large;
static exo_va_t tables_va = BENCH_VA + 16 * LARGE_BYTES;

static void fill(unsigned from, unsigned n, uint8_t kind, exo_va_t va, exo_pfn_t pfn,
		 uint32_t count)
{
	for (unsigned i = from; i < from + n; i++)
		ops[i] = (struct exo_map_op){.va = va,
					     .pfn = pfn,
					     .count = count,
					     .cap = EXO_SLOT_MEMORY,
					     .kind = kind,
					     .prot = EXO_PROT_READ | EXO_PROT_WRITE};
}

/* As many as the kernel takes of n operations; then the others, until all are done. */
static void batch(const char *name, unsigned n)
{
	for (unsigned done = 0; done < n;) {
		long r = TIMED(name, exo_map(EXO_SLOT_NONE, (exo_va_t)(ops + done), n - done));

		if (r <= 0)
			bench_fail(name, r);
		done += (unsigned)r;
	}
}

static void one(const char *name, uint8_t kind, exo_va_t va, exo_pfn_t pfn, uint32_t count)
{
	fill(0, 1, kind, va, pfn, count);
	batch(name, 1);
}

/* Few large operations and many small ones, each across the edge of a table: the batch ends by
 * the number of pages or by the number of operations. */
static void runs(const char *name, uint8_t kind)
{
	static const uint32_t sizes[] = {1, 2, 3, 4, 5, 8, 16, 32, EXO_MAP_MAX};

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fill(0, EXO_BATCH_MAX, kind, EDGE - (sizes[i] + 1) / 2 * EXO_PAGE_SIZE, pages,
		     sizes[i]);
		batch(name, EXO_BATCH_MAX);
	}
}

static void page_runs(void)
{
	bench_map(EDGE - EXO_MAP_MAX * EXO_PAGE_SIZE, pages, EXO_MAP_MAX);
	bench_map(EDGE, pages, EXO_MAP_MAX);
	runs("map_replace", EXO_MAP_PAGES);
	runs("map_protect", EXO_MAP_PROTECT);
	one("map_remove", EXO_MAP_REMOVE, EDGE - 64 * EXO_PAGE_SIZE, 0, EXO_MAP_MAX);
	runs("map_remove", EXO_MAP_REMOVE);
	one("map_fresh", EXO_MAP_PAGES, EDGE - 64 * EXO_PAGE_SIZE, pages, EXO_MAP_MAX);
	for (uint32_t count = 1; count <= EXO_MAP_MAX; count *= 2) {
		/* take away and bind again */
		for (unsigned i = 0; i < EXO_BATCH_MAX; i++)
			fill(i, 1, i % 2 ? EXO_MAP_PAGES : EXO_MAP_REMOVE,
			     EDGE - (count + 1) / 2 * EXO_PAGE_SIZE, pages, count);
		batch("map_remove_replace", EXO_BATCH_MAX);
	}
}

/* A 2 MiB page, with as many 4 KiB pages as go into the batch, before or after it. */
static void large_pages(void)
{
	for (unsigned before = 0; before < EXO_BATCH_MAX; before += EXO_BATCH_MAX - 1) {
		fill(0, EXO_BATCH_MAX, EXO_MAP_PAGES, EDGE, pages, 1);
		fill(before, 1, EXO_MAP_LARGE, BIG_VA, large, 1);
		batch("map_large", EXO_BATCH_MAX);
		fill(0, EXO_BATCH_MAX, EXO_MAP_PAGES, EDGE, pages, 1);
		fill(before, 1, EXO_MAP_REMOVE, BIG_VA, 0, EXO_LARGE_FRAMES);
		batch("map_remove_large", EXO_BATCH_MAX);
	}
}

/* Tables made and taken away, alone and with a page replaced between any two, so that each has
 * something to flush. */
static void make_tables(void)
{
	for (unsigned i = 0; i < EXO_BATCH_MAX; i++)
		fill(i, 1, EXO_MAP_TABLE, tables_va + i * LARGE_BYTES, tables + i, 1);
	batch("map_table", EXO_BATCH_MAX);
	for (unsigned i = 0; i < EXO_BATCH_MAX; i++)
		fill(i, 1, EXO_MAP_UNTABLE, tables_va + i * LARGE_BYTES, 0, 1);
	batch("map_untable", EXO_BATCH_MAX);
	for (unsigned i = 0; i < EXO_BATCH_MAX; i++)
		if (i % 2)
			fill(i, 1, EXO_MAP_TABLE, tables_va + i * LARGE_BYTES, tables + i, 1);
		else
			fill(i, 1, EXO_MAP_PAGES, EDGE, pages, 1);
	batch("map_table", EXO_BATCH_MAX);
	for (unsigned i = 1; i < EXO_BATCH_MAX; i += 2)
		one("map_untable", EXO_MAP_UNTABLE, tables_va + i * LARGE_BYTES, 0, 1);
	for (unsigned i = 0; i < EXO_BATCH_MAX; i++)
		fill(i, 1, i % 2 ? EXO_MAP_UNTABLE : EXO_MAP_TABLE, tables_va, tables, 1);
	batch("map_table_untable", EXO_BATCH_MAX);
}

void longest_maps(void)
{
	exo_pfn_t first = bench_frames(2 * EXO_LARGE_FRAMES);

	large = (first + EXO_LARGE_FRAMES - 1) & -(uint64_t)EXO_LARGE_FRAMES;
	pages = bench_frames(EXO_MAP_MAX);
	tables = bench_frames(EXO_BATCH_MAX);
	/* the upper tables of what follows, but no level 1 table of it */
	bench_map(tables_va - LARGE_BYTES, pages, 1);
	page_runs();
	large_pages();
	make_tables();
}
