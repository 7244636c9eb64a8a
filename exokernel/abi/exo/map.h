/* map.h - operations on an address space, proposed in batches.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The environment reads its own page tables at EXO_VA_TABLES and proposes
 * changes; the kernel checks each operation whole, then makes it.
 */
#ifndef EXO_MAP_H
#define EXO_MAP_H

#include <exo/types.h>

#define EXO_PROT_READ		1
#define EXO_PROT_WRITE		2
#define EXO_PROT_EXEC		4
#define EXO_PROT_CLEAR_ACCESSED	0x10	/* PROTECT alone: clears that bit, too; else it keeps both */
#define EXO_PROT_CLEAR_DIRTY	0x20

enum exo_map_kind {
	EXO_MAP_PAGES = 1,	/* bind frames pfn.. at va.., `count` pages of 4 KiB; replaces what was there */
	EXO_MAP_LARGE = 2,	/* the same for `count` pages of 2 MiB; nothing may be mapped there */
	EXO_MAP_REMOVE = 3,	/* take away `count` pages of 4 KiB, or a whole 2 MiB page: exactly 512 from its start */
	EXO_MAP_PROTECT = 4,	/* change the protection of `count` mapped pages of 4 KiB, or as REMOVE */
	EXO_MAP_TABLE = 5,	/* make frame pfn the page table of level `count` (1: of 4 KiB pages, 2, 3) that holds va */
	EXO_MAP_UNTABLE = 6,	/* take away the empty table of level `count`; its frame is the account's again */
};

/* One operation.  All addresses and counts are in the address space of the
 * environment named in the call, and `cap` is a slot of *its* table: a mapping
 * is always made under a capability of whoever owns the address space. */
struct exo_map_op {
	exo_va_t va;		/* page aligned, EXO_VA_MIN .. EXO_VA_TOP */
	exo_pfn_t pfn;		/* PAGES, LARGE, TABLE */
	uint32_t count;		/* 1 .. EXO_MAP_MAX pages (LARGE: 1), or a level */
	exo_cap_t cap;		/* PAGES, LARGE, PROTECT: FRAMES with the rights, below EXO_MAP_SLOTS; TABLE: with ALLOC */
	uint8_t kind;		/* enum exo_map_kind */
	uint8_t prot;		/* EXO_PROT_*; READ must be set */
	uint8_t zero[6];
};

/* Bits of a page-table entry as an environment reads them (Intel SDM vol. 3,
 * section 4.5). */
#define EXO_PTE_PRESENT		0x001
#define EXO_PTE_WRITE		0x002
#define EXO_PTE_USER		0x004
#define EXO_PTE_ACCESSED	0x020
#define EXO_PTE_DIRTY		0x040
#define EXO_PTE_LARGE		0x080
#define EXO_PTE_NOEXEC		0x8000000000000000
#define EXO_PTE_FRAME		0x000ffffffffff000

/* The processor leaves ten bits alone: the slot that the mapping was made
 * under, so that it goes when the slot loses what it names. */
#define EXO_MAP_SLOTS		1024
#define EXO_PTE_OF_SLOT(s)	((((uint64_t)(s) & 7) << 9) | ((uint64_t)(s) >> 3) << 52)
#define EXO_PTE_SLOT(e)		((exo_cap_t)(((e) >> 9 & 7) | ((e) >> 52 & 127) << 3))

#endif
