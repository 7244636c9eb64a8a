/* mmu.h - keeping the TLBs true to the page tables.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_MMU_H
#define X86_64_MMU_H

#include <exo/types.h>
#include <stdbool.h>

struct env;

#define MMU_FLUSH_PAGES 24 /* above this many single pages, everything */

struct mmu_flush {
	bool all;
	uint32_t pages;
	exo_va_t va[MMU_FLUSH_PAGES];
};

/* Note that the translation of va changed. */
void mmu_flush_page(struct mmu_flush *f, exo_va_t va);

/* Flush what was noted, here and on every CPU that has env's tables loaded;
 * returns when all have done it.  Nothing is noted any more then. */
void mmu_flush_done(struct env *env, struct mmu_flush *f);

/* Do what another CPU asked this one to flush, if anything. */
void mmu_flush_requested(void);

/* Make env's page tables (NULL: the kernel's own) the current ones. */
void mmu_load(struct env *env);

#endif
