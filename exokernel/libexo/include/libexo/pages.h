/* pages.h - pages of 2 MiB, and what the processor notes about pages.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The processor sets EXO_PTE_ACCESSED in the entry of a page that was used and EXO_PTE_DIRTY in
 * that of one that was written to.  The environment reads them in its own page tables without a
 * call (xo_entry) and has them cleared, each by itself, by EXO_MAP_PROTECT.
 */
#ifndef LIBEXO_PAGES_H
#define LIBEXO_PAGES_H

#include <libexo/map.h>

#define XO_LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)

/* Bind frames pfn .. pfn + 511 at va as one page, both on a boundary of 2 MiB, adding missing
 * tables; nothing may be mapped there.  A table that once held pages there and is empty now is
 * taken away, if the space is the caller's own.  Returns 0 or an error; LIMIT: no frame was left
 * for a table. */
long xo_map_large(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint32_t prot,
		  exo_cap_t cap);
long xo_unmap_large(const struct xo_space *s, exo_va_t va);

/* Change its protection; what the processor noted stays. */
long xo_protect_large(const struct xo_space *s, exo_va_t va, uint32_t prot, exo_cap_t cap);

/* EXO_PTE_ACCESSED and EXO_PTE_DIRTY of the page at va, in the caller's own tables; 0 also where
 * nothing is mapped.  No call. */
static inline uint64_t xo_page_bits(exo_va_t va)
{
	return xo_entry(va) & (EXO_PTE_ACCESSED | EXO_PTE_DIRTY);
}

/* Clear these bits (EXO_PTE_ACCESSED, EXO_PTE_DIRTY; xo_page_clear: both) of `pages` mapped pages
 * of 4 KiB from va on, of which one of 2 MiB counts for 512, in the caller's own tables: the next
 * use sets them again, on all CPUs.  Returns 0, or the first error, FAULT where nothing is mapped,
 * EXIST where a page of 2 MiB goes beyond the last, INVAL where va is within one.
 *
 * A bit that another CPU set after the caller looked and before this call is lost.  Of ACCESSED
 * that matters little.  Who must not miss a write, looks at a page that cannot be written to:
 * xo_protect_run without EXO_PROT_WRITE (which keeps both bits), look, clear, xo_protect_run with
 * it; what writes in between faults and tries again. */
long xo_page_clear_bits(exo_va_t va, uint64_t pages, uint64_t bits);
long xo_page_clear(exo_va_t va, uint64_t pages);

#endif
