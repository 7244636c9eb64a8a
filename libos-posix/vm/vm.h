/* vm.h - the process's address space: regions filled when they are touched.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What runs here can run inside the page-fault upcall: general registers only,
 * no C library, no memory that could fault.
 */
#ifndef PX_VM_H
#define PX_VM_H

#include <exo/map.h>
#include <libexo/map.h>
#include <stdbool.h>
#include <stddef.h>

#define PX_REGION_MAX 16

static inline uint64_t px_round_up(uint64_t bytes)
{
	return (bytes + EXO_PAGE_SIZE - 1) & ~(uint64_t)(EXO_PAGE_SIZE - 1);
}

/* Zero-filled memory [start, end); pages come when touched, `around` (a power
 * of two) at a time.  A page below and one above stay unmapped. */
struct px_region {
	exo_va_t start, end;
	exo_va_t limit; /* how far `end` may grow */
	uint32_t prot;
	uint32_t around;
	const char *name;
};

extern struct xo_space px_space;

/* A new region of `bytes` that may grow to `limit` bytes, at a random place.
 * NULL if there is no room. */
struct px_region *px_region_add(const char *name, uint64_t bytes, uint64_t limit, uint32_t around);

/* A random place, page aligned, for `bytes`, apart from everything else. */
exo_va_t px_place(uint64_t bytes);

/* Keep later regions away from [start, start + bytes). */
void px_region_note(const char *name, exo_va_t start, uint64_t bytes);

/* The region that holds va or whose guard page it hits, or NULL. */
const struct px_region *px_region_near(exo_va_t va);

/* Map `pages` zeroed pages at va now.  Returns 0 or -EXO_E_LIMIT, ... */
long px_map_now(exo_va_t va, uint64_t pages);

/* Take away the pages of [va, va + pages) that are there, and free their frames. */
void px_unmap(exo_va_t va, uint64_t pages);

/* A page fault at va: true if the access can be repeated now. */
bool px_fault(exo_va_t va, bool write);

#endif
