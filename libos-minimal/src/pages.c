/* pages.c - addresses, mappings and memory made of both.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <libexo/string.h>
#include <mini/cpu.h>
#include <mini/frames.h>
#include <mini/pages.h>
#include <stddef.h>

#define RW (EXO_PROT_READ | EXO_PROT_WRITE)

static exo_pfn_t next(void *context)
{
	(void)context;
	return mini_frame();
}

static void give(void *context, exo_pfn_t pfn)
{
	(void)context;
	mini_frames_give(pfn, 1);
}

const struct xo_space mini_space = {
	.env = EXO_SLOT_NONE,
	.tables = {.next = next, .give = give, .cap = EXO_SLOT_MEMORY},
};

exo_va_t mini_va(uint64_t pages)
{
	static struct mini_lock lock;
	static exo_va_t free_va;
	exo_va_t va;

	mini_lock(&lock);
	if (!free_va)
		free_va = xo_empty_region();
	va = free_va + EXO_PAGE_SIZE; /* the guard */
	if (pages >= EXO_LARGE_FRAMES)
		va = (va | (EXO_LARGE_FRAMES * EXO_PAGE_SIZE - 1)) + 1;
	free_va = va + pages * EXO_PAGE_SIZE;
	mini_unlock(&lock);
	return va;
}

long mini_map_pages(exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot)
{
	return xo_map_run(&mini_space, va, pfn, pages, prot, EXO_SLOT_MEMORY);
}

long mini_unmap(exo_va_t va, uint64_t pages)
{
	return xo_unmap_run(&mini_space, va, pages);
}

long mini_protect(exo_va_t va, uint64_t pages, uint32_t prot)
{
	return xo_protect_run(&mini_space, va, pages, prot, EXO_SLOT_MEMORY);
}

exo_pfn_t mini_frame_at(exo_va_t va)
{
	uint64_t entry = xo_entry(va);
	uint64_t inside = entry & EXO_PTE_LARGE ? va / EXO_PAGE_SIZE % EXO_LARGE_FRAMES : 0;

	return entry ? (entry & EXO_PTE_FRAME) / EXO_PAGE_SIZE + inside : 0;
}

/* Frames as long together as there are, and mapped.  Returns how many. */
static uint64_t fill(exo_va_t va, uint64_t pages)
{
	for (uint64_t n = pages < EXO_RUN_MAX ? pages : EXO_RUN_MAX; n; n /= 2) {
		exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = n});

		if (!pfn)
			continue;
		if (!mini_map_pages(va, pfn, n, RW))
			return n;
		mini_unmap(va, n);
		mini_frames_give(pfn, n);
		return 0;
	}
	return 0;
}

void *mini_alloc(uint64_t pages)
{
	exo_va_t va = mini_va(pages);

	for (uint64_t done = 0, n; done < pages; done += n) {
		n = fill(va + done * EXO_PAGE_SIZE, pages - done);
		if (!n) {
			mini_free((void *)va, done);
			return NULL;
		}
	}
	return memset((void *)va, 0, pages * EXO_PAGE_SIZE);
}

void mini_free(void *memory, uint64_t pages)
{
	exo_va_t va = (exo_va_t)memory;

	for (uint64_t i = 0; i < pages; i++, va += EXO_PAGE_SIZE) {
		exo_pfn_t pfn = mini_frame_at(va);

		if (pfn && !mini_unmap(va, 1))
			mini_frames_give(pfn, 1);
	}
}
