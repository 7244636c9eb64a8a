/* pages.c - pages of 2 MiB; accessed and dirty bits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "libexo.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/pages.h>
#include <stddef.h>

#define BATCH 16

/* Where the leaf entry lies that maps va; of an entry's own address: the entry one level up. */
static exo_va_t entry_of(exo_va_t va)
{
	return EXO_VA_TABLES + (va / EXO_PAGE_SIZE) * sizeof(uint64_t);
}

/* A level 1 table is in the way: take it out if no page is below it.  Those above it are there, or
 * the kernel would have missed them first. */
static long remove_table(const struct xo_space *s, exo_va_t va)
{
	struct exo_map_op op = {
		.va = va, .count = 1, .kind = EXO_MAP_UNTABLE, .prot = EXO_PROT_READ};
	uint64_t e;

	if (s->env != EXO_SLOT_NONE)
		return -EXO_E_EXIST;
	e = *(const volatile uint64_t *)(entry_of(entry_of(va)) & ~7ull);
	if (e & EXO_PTE_LARGE || xo_map_one(s->env, &op))
		return -EXO_E_EXIST;
	s->tables.give(s->tables.context, (e & EXO_PTE_FRAME) / EXO_PAGE_SIZE);
	return 0;
}

long xo_map_large(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint32_t prot,
		  exo_cap_t cap)
{
	struct exo_map_op op = {.va = va,
				.pfn = pfn,
				.count = 1,
				.cap = cap,
				.kind = EXO_MAP_LARGE,
				.prot = (uint8_t)prot};
	long r = xo_map_one(s->env, &op);

	if (r == -EXO_E_NOTABLE)
		r = xo_add_tables(s, va, 2);
	else if (r == -EXO_E_EXIST)
		r = remove_table(s, va);
	else
		return r;
	return r ? r : xo_map_one(s->env, &op);
}

long xo_unmap_large(const struct xo_space *s, exo_va_t va)
{
	struct exo_map_op op = {
		.va = va, .count = EXO_LARGE_FRAMES, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ};

	return xo_map_one(s->env, &op);
}

/* The operation that makes the page's entry what it is, but for these bits. */
static struct exo_map_op again(exo_va_t va, uint64_t e, uint64_t bits)
{
	return (struct exo_map_op){.va = va,
				   .count = e & EXO_PTE_LARGE ? EXO_LARGE_FRAMES : 1,
				   .cap = EXO_PTE_SLOT(e),
				   .kind = EXO_MAP_PROTECT,
				   .prot = EXO_PROT_READ |
					   (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
					   (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC) |
					   (bits & EXO_PTE_ACCESSED ? EXO_PROT_CLEAR_ACCESSED : 0) |
					   (bits & EXO_PTE_DIRTY ? EXO_PROT_CLEAR_DIRTY : 0)};
}

long xo_page_clear_bits(exo_va_t va, uint64_t pages, uint64_t bits)
{
	struct exo_map_op ops[BATCH];

	while (pages) {
		uint32_t n = 0;
		long r = 0;

		for (uint64_t at = 0; n < BATCH && at < pages; at += ops[n++].count) {
			uint64_t e = xo_entry(va + at * EXO_PAGE_SIZE);

			ops[n] = again(va + at * EXO_PAGE_SIZE, e, bits);
			r = !e ? -EXO_E_FAULT : ops[n].count > pages - at ? -EXO_E_EXIST : 0;
			if (r)
				break;
		}
		if (n)
			r = exo_map(EXO_SLOT_NONE, (exo_va_t)ops, n);
		if (r < 0)
			return r;
		for (long i = 0; i < r; i++) {
			va += ops[i].count * (uint64_t)EXO_PAGE_SIZE;
			pages -= ops[i].count;
		}
	}
	return 0;
}

long xo_page_clear(exo_va_t va, uint64_t pages)
{
	return xo_page_clear_bits(va, pages, EXO_PTE_ACCESSED | EXO_PTE_DIRTY);
}

long xo_protect_large(const struct xo_space *s, exo_va_t va, uint32_t prot, exo_cap_t cap)
{
	struct exo_map_op op = {.va = va,
				.count = EXO_LARGE_FRAMES,
				.cap = cap,
				.kind = EXO_MAP_PROTECT,
				.prot = (uint8_t)prot};

	return xo_map_one(s->env, &op);
}
