/* kmem.c - the kit's frames, addresses and slots.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)

static struct exo_extent pool;

exo_pfn_t kt_frames(uint64_t count)
{
	exo_pfn_t first;

	if (!pool.first)
		for (uint32_t i = 0; i < xo_start->ram_count; i++)
			if (xo_start->ram[i].count > pool.count)
				pool = xo_start->ram[i];
	if (pool.count < count)
		return 0;
	first = pool.first;
	pool.first += count;
	pool.count -= count;
	for (uint64_t done = 0; done < count;) {
		long n = exo_frame_alloc(EXO_SLOT_MEMORY, first + done, count - done);

		if (n <= 0)
			return 0;
		done += n;
	}
	return first;
}

exo_pfn_t kt_frame(void)
{
	return kt_frames(1);
}

static exo_pfn_t next(void *context)
{
	(void)context;
	return kt_frame();
}

static void give(void *context, exo_pfn_t pfn)
{
	(void)context;
	exo_frame_free(EXO_SLOT_MEMORY, pfn, 1);
}

const struct xo_space kt_space = {.tables = {.next = next, .give = give, .cap = EXO_SLOT_MEMORY}};

exo_va_t kt_va(uint64_t pages)
{
	static exo_va_t free_va;
	exo_va_t va;

	if (!free_va)
		free_va = xo_empty_region();
	va = free_va;
	free_va += (pages * EXO_PAGE_SIZE + 2 * LARGE_BYTES - 1) / LARGE_BYTES * LARGE_BYTES;
	return va;
}

exo_va_t kt_va_tables(uint64_t pages)
{
	exo_va_t va = kt_va(pages);
	exo_pfn_t pfn = kt_frame();

	for (uint64_t at = 0; at < pages; at += EXO_LARGE_FRAMES) {
		kt_map(va + at * EXO_PAGE_SIZE, pfn, 1, KT_RW);
		kt_unmap(va + at * EXO_PAGE_SIZE, 1);
	}
	return va;
}

void *kt_pages(uint64_t pages)
{
	exo_va_t va = kt_va(pages);
	exo_pfn_t pfn = kt_frames(pages);

	if (!pfn || xo_map_run(&kt_space, va, pfn, pages, KT_RW, EXO_SLOT_MEMORY))
		return NULL;
	return memset((void *)va, 0, pages * EXO_PAGE_SIZE);
}

long kt_map(exo_va_t va, exo_pfn_t pfn, uint32_t pages, uint32_t prot)
{
	return xo_map_run(&kt_space, va, pfn, pages, prot, EXO_SLOT_MEMORY);
}

long kt_unmap(exo_va_t va, uint32_t pages)
{
	return xo_unmap_run(&kt_space, va, pages);
}

long kt_op(uint8_t kind, exo_va_t va, exo_pfn_t pfn, uint32_t count, uint32_t prot, exo_cap_t cap)
{
	struct exo_map_op op = {
		.va = va, .pfn = pfn, .count = count, .cap = cap, .kind = kind, .prot = prot};

	return xo_map_one(EXO_SLOT_NONE, &op);
}

exo_cap_t kt_slot(void)
{
	static exo_cap_t slot = EXO_SLOT_FREE;

	/* The first page's are few: more pages as they are needed. */
	if (slot % EXO_CAP_SLOTS == 0)
		slot = exo_cap_grow(EXO_SLOT_MEMORY, kt_frame());
	return slot++;
}
