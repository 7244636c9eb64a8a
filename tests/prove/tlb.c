/* tlb.c - what TLBs may hold at the worst.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Hardware's rules (SDM vol. 3, 4.5 and 4.10): any translation may be held that the tables have
 * given since it was last flushed.  A call is one step, so what they gave before it is enough.
 */
#include "tlb.h"
#include "hw.h"

#include <core/map.h>
#include <string.h>

#define ENTRIES 256
#define RIGHTS  (EXO_PTE_WRITE | EXO_PTE_NOEXEC)

struct translation {
	exo_va_t va;
	exo_pfn_t pfn;
	uint64_t rights;
	bool large, held;
};

static struct {
	struct env *env;
	uint32_t count;
	bool dropped; /* all of them */
	struct translation entry[ENTRIES];
} tlb[EXO_CPU_MAX];

void *__wrap_frame_become(exo_pfn_t pfn, enum exo_frame_type type);
void *__real_frame_become(exo_pfn_t pfn, enum exo_frame_type type);

/* One level deeper: entry e of a table at `level`, reached with `rights`. */
static uint64_t rights_below(uint64_t rights, uint64_t e)
{
	return (rights & e & EXO_PTE_WRITE) | ((rights | e) & EXO_PTE_NOEXEC);
}

static void fill(uint32_t cpu, exo_pfn_t table, int level, exo_va_t va, uint64_t rights)
{
	const uint64_t *e = direct(table);

	for (uint64_t i = 0, n = level == 4 ? 256 : 512; (i = table_next(e, i, n)) < n; i++) {
		exo_va_t at = va | i << (12 + 9 * (level - 1));
		uint64_t now;

		if (!(e[i] & EXO_PTE_PRESENT) || !(e[i] & EXO_PTE_USER))
			continue;
		now = rights_below(rights, e[i]);
		if (level > 1 && !(level == 2 && e[i] & EXO_PTE_LARGE)) {
			fill(cpu, (e[i] & EXO_PTE_FRAME) >> 12, level - 1, at, now);
			continue;
		}
		if (tlb[cpu].count == ENTRIES) {
			hw_blame("more translations than the checker has room for");
			return;
		}
		tlb[cpu].entry[tlb[cpu].count++] = (struct translation){
			at, (e[i] & EXO_PTE_FRAME) >> 12, now, level == 2, true};
	}
}

void tlb_fill(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++) {
		tlb[n].count = 0;
		tlb[n].dropped = false;
		tlb[n].env = hw_cpu[n].loaded;
		if (tlb[n].env)
			fill(n, tlb[n].env->root, 4, 0, EXO_PTE_WRITE);
	}
}

void tlb_none(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		tlb[n].count = 0;
}

void tlb_again(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++) {
		tlb[n].dropped = false;
		for (uint32_t i = 0; i < tlb[n].count; i++)
			tlb[n].entry[i].held = true;
	}
}

void tlb_drop(uint32_t n, exo_va_t va)
{
	for (uint32_t i = 0; i < tlb[n].count; i++) {
		struct translation *t = &tlb[n].entry[i];
		uint64_t size = t->large ? EXO_LARGE_FRAMES * EXO_PAGE_SIZE : EXO_PAGE_SIZE;

		if (va >= t->va && va - t->va < size)
			t->held = false;
	}
}

void tlb_drop_all(uint32_t n)
{
	tlb[n].dropped = true;
}

/* Do the page tables still say so, with at least these rights? */
static bool still(const struct env *env, const struct translation *t)
{
	uint64_t rights = EXO_PTE_WRITE;
	exo_pfn_t table = env->root;

	for (int level = 4;; level--) {
		uint64_t e =
			((const uint64_t *)direct(table))[t->va >> (12 + 9 * (level - 1)) & 511];

		if (!(e & EXO_PTE_PRESENT))
			return false;
		rights = rights_below(rights, e);
		table = (e & EXO_PTE_FRAME) >> 12;
		if (level == 1 || (level == 2 && e & EXO_PTE_LARGE))
			return (level == 2) == t->large && table == t->pfn &&
			       !(t->rights & ~rights & EXO_PTE_WRITE) &&
			       !(rights & ~t->rights & EXO_PTE_NOEXEC);
	}
}

const char *tlb_check(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		for (uint32_t i = 0; !tlb[n].dropped && i < tlb[n].count; i++)
			if (tlb[n].entry[i].held && !still(tlb[n].env, &tlb[n].entry[i]))
				return "a TLB may still hold what the page tables no longer say";
	return NULL;
}

/* The moment in which a frame becomes an object, in the middle of a call. */
void *__wrap_frame_become(exo_pfn_t pfn, enum exo_frame_type type)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		for (uint32_t i = 0; !tlb[n].dropped && i < tlb[n].count; i++) {
			const struct translation *t = &tlb[n].entry[i];

			if (t->held && pfn >= t->pfn &&
			    pfn - t->pfn < (t->large ? EXO_LARGE_FRAMES : 1))
				hw_blame("a frame becomes an object while a TLB may show it");
		}
	return __real_frame_become(pfn, type);
}

static void use(exo_pfn_t table, int level)
{
	uint64_t *e = direct(table);

	for (uint64_t i = 0, n = level == 4 ? 255 : 512; (i = table_next(e, i, n)) < n; i++) {
		if (level > 1 && !(level == 2 && e[i] & EXO_PTE_LARGE))
			use((e[i] & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT, level - 1);
		else
			e[i] |= EXO_PTE_ACCESSED | (e[i] & EXO_PTE_WRITE ? EXO_PTE_DIRTY : 0);
	}
}

void tlb_use(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		if (hw_cpu[n].loaded)
			use(hw_cpu[n].loaded->root, 4);
}
