/* map.c - runs of pages, with the tables they need.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "libexo.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <stddef.h>

/* So an operation on an aligned run lies within one level-1 table. */
_Static_assert(EXO_LARGE_FRAMES % EXO_MAP_MAX == 0, "run");

long xo_map_one(exo_cap_t env, const struct exo_map_op *op)
{
	long r = exo_map(env, (exo_va_t)op, 1);

	return r < 0 ? r : 0;
}

long xo_add_tables(const struct xo_space *s, exo_va_t va, uint32_t lowest)
{
	const struct xo_frames *f = &s->tables;
	uint32_t level = lowest;

	while (level >= lowest) {
		exo_pfn_t pfn = f->next(f->context);
		long r;

		if (!pfn)
			return -EXO_E_LIMIT;
		do {
			struct exo_map_op op = {.va = va & -(uint64_t)EXO_PAGE_SIZE,
						.pfn = pfn,
						.count = level,
						.cap = f->cap,
						.kind = EXO_MAP_TABLE,
						.prot = EXO_PROT_READ};

			r = xo_map_one(s->env, &op);
		} while (r == -EXO_E_NOTABLE && ++level <= 3);
		if (r) {
			f->give(f->context, pfn);
			if (r != -EXO_E_EXIST) /* another CPU was quicker */
				return r;
		}
		level--;
	}
	return 0;
}

/* Apply `op` to `pages` pages from op.va on, in operations that stay within
 * one level-1 table each. */
static long run(const struct xo_space *s, struct exo_map_op op, uint64_t pages)
{
	while (pages) {
		uint64_t most = EXO_MAP_MAX - op.va / EXO_PAGE_SIZE % EXO_MAP_MAX;
		long r;

		op.count = pages < most ? pages : most;
		r = xo_map_one(s->env, &op);
		if (r == -EXO_E_NOTABLE && op.kind == EXO_MAP_PAGES) {
			r = xo_add_tables(s, op.va, 1);
			op.count = 0; /* now try again */
		}
		if (r)
			return r;
		op.va += (uint64_t)op.count * EXO_PAGE_SIZE;
		op.pfn += op.kind == EXO_MAP_PAGES ? op.count : 0;
		pages -= op.count;
	}
	return 0;
}

long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	struct exo_map_op op = {
		.va = va, .pfn = pfn, .cap = cap, .kind = EXO_MAP_PAGES, .prot = prot};

	return run(s, op, pages);
}

long xo_unmap_run(const struct xo_space *s, exo_va_t va, uint64_t pages)
{
	struct exo_map_op op = {.va = va, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ};

	return run(s, op, pages);
}

long xo_protect_run(const struct xo_space *s, exo_va_t va, uint64_t pages, uint32_t prot,
		    exo_cap_t cap)
{
	struct exo_map_op op = {.va = va, .cap = cap, .kind = EXO_MAP_PROTECT, .prot = prot};

	return run(s, op, pages);
}

const struct exo_archive *xo_archive_map(const struct xo_space *s, exo_va_t va)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;

	if (!pages ||
	    xo_map_run(s, va, xo_start->archive_pfn, pages, EXO_PROT_READ, EXO_SLOT_ARCHIVE))
		return NULL;
	return (const struct exo_archive *)va;
}
