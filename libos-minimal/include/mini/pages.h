/* pages.h - the address space: frames at addresses.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Page tables are added as they are needed.  All functions returning long
 * return 0 or -EXO_E_name.
 */
#ifndef MINI_PAGES_H
#define MINI_PAGES_H

#include <exo/map.h>
#include <libexo/map.h>

/* Addresses for `pages` pages that nothing else uses, with an unmapped page
 * before them; on a boundary of 2 MiB from 512 pages on.  Never given back. */
exo_va_t mini_va(uint64_t pages);

/* Map frames pfn .. pfn + pages - 1 at va; what was mapped there is replaced. */
long mini_map_pages(exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot);
long mini_unmap(exo_va_t va, uint64_t pages);
long mini_protect(exo_va_t va, uint64_t pages, uint32_t prot);

/* The frame mapped at va, or 0. */
exo_pfn_t mini_frame_at(exo_va_t va);

/* `pages` pages of zeroed memory, readable and writable, or NULL. */
void *mini_alloc(uint64_t pages);
void mini_free(void *memory, uint64_t pages);

/* What the program was started from, read only, or NULL (util/archive.h finds things in it). */
extern const struct exo_archive *mini_archive;

/* The address space as libexo's functions take it. */
extern const struct xo_space mini_space;

#endif
