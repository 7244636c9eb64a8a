/* region.c - regions of the address space: where they lie, and filling them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/random.h>
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <vm/frames.h>
#include <vm/vm.h>

static struct px_region region[PX_REGION_MAX];
static uint32_t regions;

static exo_pfn_t table_next(void *context)
{
	exo_pfn_t pfn;

	(void)context;
	return px_frames_take(1, &pfn) ? pfn : 0;
}

static void table_give(void *context, exo_pfn_t pfn)
{
	(void)context;
	px_frames_give(pfn, 1);
}

struct xo_space px_space = {
	.env = EXO_SLOT_NONE,
	.tables = {.next = table_next, .give = table_give, .cap = EXO_SLOT_MEMORY},
};

static void zero_pages(exo_va_t va, uint64_t pages)
{
	uint64_t n = pages * (EXO_PAGE_SIZE / 8);

	__asm__ volatile("rep stosq" : "+D"(va), "+c"(n) : "a"(0) : "memory");
}

long px_map_now(exo_va_t va, uint64_t pages)
{
	while (pages) {
		exo_pfn_t pfn;
		uint64_t n = px_frames_take(pages, &pfn);
		long r;

		if (!n)
			return -EXO_E_LIMIT;
		r = xo_map_run(&px_space, va, pfn, n, EXO_PROT_READ | EXO_PROT_WRITE,
			       EXO_SLOT_MEMORY);
		if (r < 0)
			return r;
		zero_pages(va, n);
		va += n * EXO_PAGE_SIZE;
		pages -= n;
	}
	return 0;
}

/* Frames that follow one another go back in one piece. */
void px_unmap(exo_va_t va, uint64_t pages)
{
	while (pages) {
		exo_pfn_t first = (xo_entry(va) & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
		uint64_t n = 1;

		if (first) {
			while (n < pages && n < EXO_RUN_MAX &&
			       (xo_entry(va + n * EXO_PAGE_SIZE) & EXO_PTE_FRAME) >>
					       EXO_PAGE_SHIFT ==
				       first + n)
				n++;
			if (xo_unmap_run(&px_space, va, n) == 0)
				px_frames_give(first, n);
		}
		va += n * EXO_PAGE_SIZE;
		pages -= n;
	}
}

static bool clear_of_all(exo_va_t start, exo_va_t end)
{
	const exo_va_t gap = 16 * EXO_PAGE_SIZE;

	for (uint32_t i = 0; i < regions; i++)
		if (start < region[i].limit + gap && region[i].start < end + gap)
			return false;
	return true;
}

/* The upper half of the user range, so that a small integer taken for a
 * pointer never hits anything. */
exo_va_t px_place(uint64_t bytes)
{
	const exo_va_t low = EXO_VA_TOP / 2;

	for (int i = 0; i < 64; i++) {
		exo_va_t va = low + px_random64() % (EXO_VA_TOP - low - bytes);

		va &= ~(exo_va_t)(EXO_PAGE_SIZE - 1);
		if (clear_of_all(va, va + bytes))
			return va;
	}
	return 0;
}

void px_region_note(const char *name, exo_va_t start, uint64_t bytes)
{
	struct px_region *r = &region[regions++];

	*r = (struct px_region){.start = start, .end = start, .limit = start + bytes, .name = name};
}

struct px_region *px_region_add(const char *name, uint64_t bytes, uint64_t limit, uint32_t around)
{
	struct px_region *r = &region[regions];
	exo_va_t va = regions < PX_REGION_MAX ? px_place(limit) : 0;

	if (!va)
		return NULL;
	*r = (struct px_region){
		.start = va,
		.end = va + bytes,
		.limit = va + limit,
		.prot = EXO_PROT_READ | EXO_PROT_WRITE,
		.around = around,
		.name = name,
	};
	regions++;
	return r;
}

const struct px_region *px_region_near(exo_va_t va)
{
	for (uint32_t i = 0; i < regions; i++)
		if (va >= region[i].start - EXO_PAGE_SIZE && va < region[i].limit + EXO_PAGE_SIZE)
			return &region[i];
	return NULL;
}

/* Fill the pages around va that are empty, run by run; that of va itself must
 * succeed. */
bool px_fault(exo_va_t va, bool write)
{
	const struct px_region *r = px_region_near(va);

	va &= ~(exo_va_t)(EXO_PAGE_SIZE - 1);
	if (!r || va < r->start || va >= r->end || xo_entry(va) ||
	    (write && !(r->prot & EXO_PROT_WRITE)))
		return false;
	exo_va_t window = (exo_va_t)r->around * EXO_PAGE_SIZE;
	exo_va_t from = va & ~(window - 1), to = from + window;

	if (from < r->start)
		from = r->start;
	if (to > r->end)
		to = r->end;
	while (from < to) {
		uint64_t n = 0;

		while (from + n * EXO_PAGE_SIZE < to && !xo_entry(from + n * EXO_PAGE_SIZE))
			n++;
		if (n && px_map_now(from, n) < 0)
			break;
		from += (n + 1) * EXO_PAGE_SIZE;
	}
	return xo_entry(va) != 0;
}
