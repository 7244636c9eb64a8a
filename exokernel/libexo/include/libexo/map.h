/* map.h - runs of pages, page-table frames and the archive.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_MAP_H
#define LIBEXO_MAP_H

#include <exo/archive.h>
#include <exo/map.h>
#include <stdbool.h>

/* Where frames for page tables come from: next(context) returns the number of
 * a frame of the account, neither mapped nor in use, or 0 if there is none.
 * give(context, pfn) takes back one that was not needed after all. */
struct xo_frames {
	exo_pfn_t (*next)(void *context);
	void (*give)(void *context, exo_pfn_t pfn);
	void *context;
	exo_cap_t cap;		/* FRAMES with ALLOC over what next returns, in the table of `env` */
};

/* An address space: slot `env` of the caller (EXO_SLOT_NONE: its own). */
struct xo_space {
	exo_cap_t env;
	struct xo_frames tables;
};

/* Bind frames pfn .. pfn + pages - 1 (under `cap`, a slot of the address
 * space's owner) at va with prot, adding missing page tables.  Returns 0 or
 * the first error; the pages before it stay mapped.  LIMIT: no frame was left
 * for a table. */
long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages,
		uint32_t prot, exo_cap_t cap);

/* Take away, or change the protection of, `pages` pages from va on.  Returns 0
 * or the first error. */
long xo_unmap_run(const struct xo_space *s, exo_va_t va, uint64_t pages);
long xo_protect_run(const struct xo_space *s, exo_va_t va, uint64_t pages, uint32_t prot,
		    exo_cap_t cap);

/* One operation on an address space.  Returns 0 or its error. */
long xo_map_one(exo_cap_t env, const struct exo_map_op *op);

/* The caller's page-table entry that maps va (of a 2 MiB page: the level-2
 * entry, EXO_PTE_LARGE set), or 0 if nothing is mapped there.  Reads
 * EXO_VA_TABLES only where tables are present, so it never faults. */
uint64_t xo_entry(exo_va_t va);

/* The lowest address from va (page aligned) on at which the caller has a page, with its entry as xo_entry
 * gives it; 0 if there is none.  Of a 2 MiB page any address in it may be given. */
exo_va_t xo_next_mapped(exo_va_t va, uint64_t *entry);

/* Are all bytes of [va, va + bytes) readable by the caller? */
bool xo_readable(exo_va_t va, uint64_t bytes);

/* First address of 512 GiB in which the caller has nothing mapped, or 0. */
exo_va_t xo_empty_region(void);

/* Map the start block's archive, read only, at va.  Returns it, or NULL if
 * there is none or an error occurred. */
const struct exo_archive *xo_archive_map(const struct xo_space *s, exo_va_t va);

#endif
