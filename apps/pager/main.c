/* main.c - a program that serves its own page faults.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * It uses an address range of 64 GiB and gets a frame wherever it touches it.
 */
#include <mini/mini.h>

#define RANGE 0x1000000000ull
#define STEP  0x12345678ull

static exo_va_t range;
static unsigned served;

static bool serve(struct exo_frame *frame, uint64_t addr)
{
	exo_va_t page = addr & -(uint64_t)EXO_PAGE_SIZE;
	exo_pfn_t pfn = addr - range < RANGE ? mini_frame() : 0;

	(void)frame;
	if (!pfn || mini_map_pages(page, pfn, 1, EXO_PROT_READ | EXO_PROT_WRITE))
		return false;
	memset((void *)page, 0, EXO_PAGE_SIZE);
	served++;
	return true;
}

int main(void)
{
	uint64_t sum = 0;

	range = mini_va(RANGE / EXO_PAGE_SIZE);
	mini_on_fault(serve);
	for (uint64_t at = 0; at < RANGE; at += STEP)
		*(uint64_t *)(range + (at & ~7ull)) = at / STEP;
	for (uint64_t at = 0; at < RANGE; at += STEP)
		sum += *(uint64_t *)(range + (at & ~7ull));
	mini_printf("pager: %u faults served, sum %lu\n", served, sum);
	return 0;
}
