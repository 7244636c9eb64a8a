/* tables.c - read the caller's own page tables at EXO_VA_TABLES.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/types.h>
#include <libexo/map.h>

#define LEVELS 4
#define REGION 0x8000000000ull /* what one entry of the root table covers */

/* Address of the leaf entry that maps va.  Applied to an entry's own address
 * it gives the entry one level up, since the tables are part of what they map. */
static exo_va_t entry_of(exo_va_t va)
{
	return EXO_VA_TABLES + (va / EXO_PAGE_SIZE) * sizeof(uint64_t);
}

uint64_t xo_entry(exo_va_t va)
{
	exo_va_t at[LEVELS];

	if (va >= EXO_VA_TOP)
		return 0;
	at[0] = entry_of(va);
	for (int i = 1; i < LEVELS; i++)
		at[i] = entry_of(at[i - 1]) & ~7ull;
	for (int i = LEVELS - 1; i >= 0; i--) {
		uint64_t e = *(const volatile uint64_t *)at[i];

		if (!(e & EXO_PTE_PRESENT))
			return 0;
		if (i == 0 || (e & EXO_PTE_LARGE))
			return e;
	}
	return 0;
}

exo_va_t xo_next_mapped(exo_va_t va, uint64_t *entry)
{
	while (va < EXO_VA_TOP) {
		exo_va_t at[LEVELS];
		int i;

		at[0] = entry_of(va);
		for (i = 1; i < LEVELS; i++)
			at[i] = entry_of(at[i - 1]) & ~7ull;
		for (i = LEVELS - 1; i >= 0; i--) {
			*entry = *(const volatile uint64_t *)at[i];
			if (!(*entry & EXO_PTE_PRESENT))
				break;
			if (i == 0 || (*entry & EXO_PTE_LARGE))
				return va;
		}
		va = (va | (((exo_va_t)EXO_PAGE_SIZE << 9 * i) - 1)) + 1; /* nothing there */
	}
	return 0;
}

bool xo_readable(exo_va_t va, uint64_t bytes)
{
	exo_va_t end = va + bytes;

	if (end < va || end > EXO_VA_TOP)
		return false;
	for (va &= -(uint64_t)EXO_PAGE_SIZE; va < end; va += EXO_PAGE_SIZE)
		if (!(xo_entry(va) & EXO_PTE_USER))
			return false;
	return true;
}

exo_va_t xo_empty_region(void)
{
	exo_va_t root = entry_of(entry_of(entry_of(entry_of(0))));

	for (exo_va_t va = REGION; va < EXO_VA_TOP; va += REGION)
		if (!(((const volatile uint64_t *)root)[va / REGION] & EXO_PTE_PRESENT))
			return va;
	return 0;
}
