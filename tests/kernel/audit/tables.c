/* tables.c - is every entry of every page table justified by the slot that it names?
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "audit.h"

#include <exo/archive.h>
#include <exo/map.h>

#define SELF_INDEX 255 /* of a root table: EXO_VA_TABLES */
#define KERNEL     256 /* from here on the kernel's half */
#define BRANCH     (EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_USER)
/* What the processor sets by itself. */
#define TOUCHED   (EXO_PTE_ACCESSED | EXO_PTE_DIRTY)
#define SLOT_BITS EXO_PTE_OF_SLOT(EXO_MAP_SLOTS - 1)

struct walk {
	struct audit *a;
	const struct env *env;
	exo_pfn_t object;
	const uint64_t *kernel; /* half of the first root table that was seen */
};

static exo_pfn_t frame_of(uint64_t e)
{
	return (e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
}

static bool may_be_mapped(const struct audit *a, exo_pfn_t pfn, uint64_t e)
{
	const struct exo_frame_state *f = &a->frame[pfn];

	if (f->type == EXO_FRAME_DATA)
		return true;
	return (f->type == EXO_FRAME_INFO || f->type == EXO_FRAME_ACCOUNT) &&
	       !(e & EXO_PTE_WRITE) && e & EXO_PTE_NOEXEC;
}

static void leaf(struct walk *w, uint64_t e, exo_va_t va, uint64_t run)
{
	const struct cap *c = audit_slot(w->a, w->env, EXO_PTE_SLOT(e));
	unsigned need = EXO_RIGHT_READ | (e & EXO_PTE_WRITE ? EXO_RIGHT_WRITE : 0) |
			(e & EXO_PTE_NOEXEC ? 0 : EXO_RIGHT_EXEC);
	exo_pfn_t pfn = frame_of(e);
	uint64_t known = BRANCH | EXO_PTE_NOEXEC | EXO_PTE_FRAME | TOUCHED | SLOT_BITS |
			 (run > 1 ? EXO_PTE_LARGE : 0);
	bool good = c && c->kind == EXO_CAP_FRAMES;

	AUDIT(w->a, e & EXO_PTE_USER && !(e & ~known), "an entry with bits it may not have", va, e);
	AUDIT(w->a, va >= EXO_VA_MIN && va < EXO_VA_TOP, "a mapping outside the user range", va, e);
	AUDIT(w->a,
	      !(e & EXO_PTE_WRITE) || e & EXO_PTE_NOEXEC || w->env->program_flags & EXO_PROGRAM_WX,
	      "a mapping to write and execute", va, e);
	AUDIT(w->a, good, "a mapping under no slot", va, EXO_PTE_SLOT(e));
	AUDIT(w->a, !good || c->flags & CAP_USED, "a mapping under a slot that is not used", va,
	      EXO_PTE_SLOT(e));
	AUDIT(w->a, !good || (c->rights & need) == need, "a mapping with rights its slot has not",
	      va, EXO_PTE_SLOT(e));
	AUDIT(w->a, !good || cap_covers(c, pfn, run), "a mapping of frames its slot has not", va,
	      pfn);
	if (pfn >= w->a->pfn_end || run > w->a->pfn_end - pfn) {
		audit_note(w->a, "a mapping beyond all frames", va, pfn);
		return;
	}
	for (uint64_t i = 0; i < run; i++) {
		AUDIT(w->a, may_be_mapped(w->a, pfn + i, e), "a mapping of an object", va, pfn + i);
		AUDIT(w->a, !good || w->a->frame[pfn + i].account == c->account,
		      "a mapping of another account's frame", va, pfn + i);
		w->a->maps[pfn + i]++;
	}
}

static void table(struct walk *w, exo_pfn_t pfn, int level, exo_va_t base);

static void branch(struct walk *w, uint64_t e, exo_va_t va, int level)
{
	exo_pfn_t pfn = frame_of(e);

	AUDIT(w->a, !(e & ~(BRANCH | EXO_PTE_FRAME | TOUCHED)) && (e & BRANCH) == BRANCH,
	      "a branch with bits it may not have", va, e);
	if (pfn >= w->a->pfn_end || w->a->frame[pfn].type != EXO_FRAME_TABLE1 + level - 2) {
		audit_note(w->a, "a branch that leads to no table", va, pfn);
		return;
	}
	AUDIT(w->a, !w->a->maps[pfn]++, "a page table in two places", va, pfn);
	table(w, pfn, level - 1, va);
}

static void table(struct walk *w, exo_pfn_t pfn, int level, exo_va_t base)
{
	const uint64_t *t = audit_object(w->a, pfn, EXO_FRAME_TABLE1 + level - 1);
	uint64_t step = 1ull << (EXO_PAGE_SHIFT + 9 * (level - 1)), in_use = 0;

	if (!t)
		return;
	for (uint64_t i = 0; i < (level == 4 ? SELF_INDEX : 512); i++) {
		exo_va_t va = base + i * step;

		if (!t[i])
			continue;
		in_use++;
		if (!(t[i] & EXO_PTE_PRESENT))
			audit_note(w->a, "an entry that is not empty and not present", va, t[i]);
		else if (level == 1)
			leaf(w, t[i], va, 1);
		else if (level == 2 && t[i] & EXO_PTE_LARGE)
			leaf(w, t[i], va, EXO_LARGE_FRAMES);
		else
			branch(w, t[i], va, level);
	}
	AUDIT(w->a, w->a->frame[pfn].maps == in_use, "a page table with other entries than counted",
	      pfn, w->a->frame[pfn].maps);
}

static void root(struct walk *w)
{
	const uint64_t *t = audit_object(w->a, w->env->root, EXO_FRAME_TABLE4);

	if (!t) {
		audit_note(w->a, "an environment without a root table", w->object, w->env->root);
		return;
	}
	AUDIT(w->a, !w->a->maps[w->env->root]++, "a root table of two", w->object, w->env->root);
	AUDIT(w->a,
	      frame_of(t[SELF_INDEX]) == w->env->root &&
		      (t[SELF_INDEX] & ~(EXO_PTE_FRAME | TOUCHED)) ==
			      (EXO_PTE_PRESENT | EXO_PTE_USER | EXO_PTE_NOEXEC),
	      "a root table that does not show itself, read only", w->object, t[SELF_INDEX]);
	for (int i = KERNEL; i < 512; i++) {
		AUDIT(w->a, !(t[i] & EXO_PTE_USER), "the kernel's half shown to ring 3", w->object,
		      t[i]);
		AUDIT(w->a, !w->kernel || (t[i] & ~TOUCHED) == (w->kernel[i] & ~TOUCHED),
		      "two kernels' halves", w->object, t[i]);
	}
	w->kernel = t;
	table(w, w->env->root, 4, 0);
}

void audit_tables(struct audit *a)
{
	struct walk w = {.a = a};

	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++)
		if ((w.env = audit_object(a, pfn, EXO_FRAME_ENV))) {
			w.object = pfn;
			root(&w);
		}
	/* All tables there are were met: nobody's account pays for one that is nobody's. */
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++)
		if (a->frame[pfn].type >= EXO_FRAME_TABLE1 &&
		    a->frame[pfn].type <= EXO_FRAME_TABLE4)
			AUDIT(a, a->maps[pfn] == 1, "a page table that is nowhere", pfn,
			      a->maps[pfn]);
}
