/* map.c - the map call: look at one operation whole, then make it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What TLBs may still hold is flushed before a frame changes its type, and
 * before the lock is released: nobody can take a frame that is still visible
 * somewhere.
 */
#include <core/calls.h>
#include <core/cap.h>
#include <core/env.h>
#include <core/frame.h>
#include <core/map.h>
#include <exo/archive.h>
#include <exo/error.h>
#include <x86_64/mmu.h>

/* What an operation costs, in pages: a batch ends when it gets long, so that
 * interrupts are never off for long.  A table costs its clearing, or a flush on all CPUs. */
#define COST(op)                                                                                   \
	((op)->kind == EXO_MAP_LARGE ? 128 : (op)->kind >= EXO_MAP_TABLE ? 16 : (op)->count)
#define COST_MAX 80

/* What a step takes away in all, in units of which a leaf is one: to find the next one behind a gap
 * costs some, and a table is looked through once. */
#define STRIP_STEP  800
#define STRIP_GAP   3
#define STRIP_LARGE 450
#define STRIP_TABLE 130

#define UNITS      (EXO_VA_TOP / (EXO_LARGE_FRAMES * EXO_PAGE_SIZE))
#define SELF_INDEX 255 /* entry of a root table that leads back to it: EXO_VA_TABLES */

exo_pfn_t kernel_root, shared_root;

static inline exo_pfn_t pte_pfn(uint64_t e)
{
	return (e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
}

static inline uint64_t pte_leaf(exo_pfn_t pfn, const struct exo_map_op *op)
{
	return pfn << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_USER |
	       (op->prot & EXO_PROT_WRITE ? EXO_PTE_WRITE : 0) |
	       (op->prot & EXO_PROT_EXEC ? 0 : EXO_PTE_NOEXEC) | EXO_PTE_OF_SLOT(op->cap);
}

__attribute__((noinline)) uint64_t *map_entry(exo_pfn_t root, exo_va_t va, int level)
{
	uint64_t *table = direct(root);

	for (int l = 4;; l--) {
		uint64_t *e = &table[va >> (EXO_PAGE_SHIFT + 9 * (l - 1)) & 511];

		if (l == level)
			return e;
		if (!(*e & EXO_PTE_PRESENT) || (l == 2 && *e & EXO_PTE_LARGE))
			return NULL;
		table = direct(pte_pfn(*e));
	}
}

static bool is_large(const struct env *env, exo_va_t va)
{
	const uint64_t *e = map_entry(env->root, va, 2);

	return e && *e & EXO_PTE_PRESENT && *e & EXO_PTE_LARGE;
}

/* Read n bytes at user address va into kernel memory by way of the page
 * tables: 0 or -FAULT.  The lock is held, so what is mapped stays mapped. */
static long map_read(const struct env *env, void *dst, exo_va_t va, uint64_t n)
{
	if (n > EXO_VA_TOP || va > EXO_VA_TOP - n)
		return -EXO_E_FAULT;
	for (uint64_t part; n; n -= part, va += part, dst = (char *)dst + part) {
		uint64_t offset = va % EXO_PAGE_SIZE;
		const uint64_t *e = map_entry(env->root, va, 1);
		exo_pfn_t pfn;

		if (e && *e & EXO_PTE_PRESENT)
			pfn = pte_pfn(*e);
		else if (!e && is_large(env, va))
			pfn = pte_pfn(*map_entry(env->root, va, 2)) + (va >> EXO_PAGE_SHIFT) % 512;
		else
			return -EXO_E_FAULT;
		part = EXO_PAGE_SIZE - offset < n ? EXO_PAGE_SIZE - offset : n;
		__builtin_memcpy(dst, (char *)direct(pfn) + offset, part);
	}
	return 0;
}

/* Write one leaf entry and keep the counts: of the frames, of the table. */
static inline __attribute__((always_inline)) void set_leaf(uint64_t *e, uint64_t value,
							   uint64_t run)
{
	uint64_t old = *e;

	*e = value;
	if (old & EXO_PTE_PRESENT) {
		frames[direct_pfn(e)].maps--;
		for (uint64_t i = 0; i < run; i++)
			frames[pte_pfn(old) + i].maps--;
	}
	if (value & EXO_PTE_PRESENT) {
		frames[direct_pfn(e)].maps++;
		for (uint64_t i = 0; i < run; i++)
			frames[pte_pfn(value) + i].maps++;
	}
}

static inline __attribute__((always_inline)) long may_map(const struct cap *cap, exo_pfn_t pfn,
							  unsigned prot)
{
	const struct exo_frame_state *f;

	if (!cap || !cap_covers(cap, pfn, 1))
		return -EXO_E_CAP;
	f = &frames[pfn];
	if (f->account != cap->account)
		return -EXO_E_CAP;
	if (f->type != EXO_FRAME_DATA &&
	    !((f->type == EXO_FRAME_INFO || f->type == EXO_FRAME_ACCOUNT) && prot == EXO_PROT_READ))
		return f->type == EXO_FRAME_FREE || f->type == EXO_FRAME_INFO ? -EXO_E_CAP
									      : -EXO_E_BUSY;
	if (f->going)
		return -EXO_E_BUSY;
	if (f->maps >> 31)
		return -EXO_E_LIMIT; /* the count must never wrap */
	return 0;
}

#define CLEAR (EXO_PROT_CLEAR_ACCESSED | EXO_PROT_CLEAR_DIRTY)

/* An entry has room for so many slots' numbers. */
static long check_op(const struct env *env, const struct cap *cap, const struct exo_map_op *op)
{
	unsigned prot = op->kind == EXO_MAP_PROTECT ? op->prot & ~CLEAR : op->prot;

	if (!(prot & EXO_PROT_READ) || prot & ~7u || (cap && op->cap >= EXO_MAP_SLOTS))
		return -EXO_E_INVAL;
	if ((prot & 6) == 6 && !(env->program_flags & EXO_PROGRAM_WX))
		return -EXO_E_WX;
	return 0;
}

/* The level 1 entry after e, which is that of the page before va. */
static inline uint64_t *next_entry(const struct env *env, uint64_t *e, exo_va_t va)
{
	if (va % (EXO_LARGE_FRAMES * EXO_PAGE_SIZE) == 0)
		return map_entry(env->root, va, 1);
	return e ? e + 1 : NULL;
}

/* The processor may set accessed and dirty at any moment: lose none that is kept. */
static inline void protect_leaf(uint64_t *e, uint64_t bits, unsigned prot)
{
	uint64_t keep = (prot & EXO_PROT_CLEAR_ACCESSED ? 0 : EXO_PTE_ACCESSED) |
			(prot & EXO_PROT_CLEAR_DIRTY ? 0 : EXO_PTE_DIRTY);
	uint64_t old = __atomic_exchange_n(e, bits | (*e & EXO_PTE_FRAME), __ATOMIC_SEQ_CST);

	__atomic_fetch_or(e, old & keep, __ATOMIC_SEQ_CST);
}

static long protect_large(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush)
{
	struct cap *cap = cap_get(env, op->cap, EXO_CAP_FRAMES, op->prot & ~CLEAR);
	uint64_t *e = map_entry(env->root, op->va, 2);
	long r = check_op(env, cap, op);

	if (r)
		return r;
	if (op->va % (EXO_LARGE_FRAMES * EXO_PAGE_SIZE) || !is_large(env, op->va))
		return -EXO_E_INVAL;
	for (uint64_t i = 0; i < EXO_LARGE_FRAMES; i++)
		if ((r = may_map(cap, pte_pfn(*e) + i, op->prot & ~CLEAR)))
			return r;
	cap->flags |= CAP_USED;
	protect_leaf(e, pte_leaf(0, op) | EXO_PTE_LARGE, op->prot);
	mmu_flush_page(flush, op->va);
	return 0;
}

/* PAGES, and PROTECT, which binds the same frames again. */
static inline __attribute__((always_inline)) long
do_pages(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush, bool protect)
{
	unsigned prot = protect ? op->prot & ~CLEAR : op->prot;
	struct cap *cap = cap_get(env, op->cap, EXO_CAP_FRAMES, prot);
	uint64_t *e = map_entry(env->root, op->va, 1), *first = e, va, i;
	const uint64_t bits = pte_leaf(0, op);
	long r = check_op(env, cap, op);

	if (r)
		return r;
	for (i = 0, va = op->va; i < op->count; e = next_entry(env, e, va += EXO_PAGE_SIZE), i++) {
		if (!e && is_large(env, va))
			return -EXO_E_EXIST;
		if (protect && (!e || !(*e & EXO_PTE_PRESENT)))
			return -EXO_E_FAULT;
		if ((r = may_map(cap, protect ? pte_pfn(*e) : op->pfn + i, prot)))
			return r;
		if (!e)
			return -EXO_E_NOTABLE;
	}
	cap->flags |= CAP_USED;
	for (i = 0, va = op->va, e = first; i < op->count;
	     e = next_entry(env, e, va += EXO_PAGE_SIZE), i++) {
		if (*e & EXO_PTE_PRESENT)
			mmu_flush_page(flush, va);
		if (protect)
			protect_leaf(e, bits, op->prot);
		else
			set_leaf(e, bits | (op->pfn + i) << EXO_PAGE_SHIFT, 1);
	}
	return 0;
}

static long do_large(struct env *env, const struct exo_map_op *op)
{
	struct cap *cap = cap_get(env, op->cap, EXO_CAP_FRAMES, op->prot);
	uint64_t *e = map_entry(env->root, op->va, 2);
	long r = check_op(env, cap, op);

	if (r)
		return r;
	if (op->count != 1 || op->va % (EXO_LARGE_FRAMES * EXO_PAGE_SIZE) ||
	    op->pfn % EXO_LARGE_FRAMES)
		return -EXO_E_INVAL;
	for (uint64_t i = 0; i < EXO_LARGE_FRAMES; i++)
		if ((r = may_map(cap, op->pfn + i, op->prot)))
			return r;
	if (!e)
		return -EXO_E_NOTABLE;
	if (*e & EXO_PTE_PRESENT)
		return -EXO_E_EXIST;
	cap->flags |= CAP_USED;
	set_leaf(e, pte_leaf(op->pfn, op) | EXO_PTE_LARGE, EXO_LARGE_FRAMES);
	return 0;
}

static long do_remove(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush)
{
	uint64_t *e = map_entry(env->root, op->va, 1), i, va;

	if (op->count == EXO_LARGE_FRAMES) {
		if (op->va % (EXO_LARGE_FRAMES * EXO_PAGE_SIZE) || !is_large(env, op->va))
			return -EXO_E_INVAL;
		set_leaf(map_entry(env->root, op->va, 2), 0, EXO_LARGE_FRAMES);
		flush->all = true; /* its first frame was also visible at EXO_VA_TABLES */
		return 0;
	}
	if (is_large(env, op->va) || is_large(env, op->va + (op->count - 1) * EXO_PAGE_SIZE))
		return -EXO_E_EXIST;
	for (i = 0, va = op->va; i < op->count; e = next_entry(env, e, va += EXO_PAGE_SIZE), i++) {
		if (!e || !(*e & EXO_PTE_PRESENT))
			continue;
		set_leaf(e, 0, 1);
		mmu_flush_page(flush, va);
	}
	return 0;
}

static long do_table(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush)
{
	const struct cap *cap = cap_get(env, op->cap, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t *e;
	long r;

	if ((r = frame_may_become(cap, op->pfn)))
		return r;
	e = map_entry(env->root, op->va, op->count + 1);
	if (!e)
		return -EXO_E_NOTABLE;
	if (*e & EXO_PTE_PRESENT)
		return -EXO_E_EXIST;
	mmu_flush_done(env, flush); /* no TLB may still show a frame that becomes a table */
	frame_become(op->pfn, EXO_FRAME_TABLE1 + op->count - 1);
	*e = op->pfn << EXO_PAGE_SHIFT | PTE_BRANCH;
	frames[direct_pfn(e)].maps++;
	return 0;
}

static long do_untable(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush)
{
	uint64_t *e = map_entry(env->root, op->va, op->count + 1);
	exo_pfn_t pfn;

	if (!e || !(*e & EXO_PTE_PRESENT))
		return -EXO_E_NOTABLE;
	if (op->count == 1 && *e & EXO_PTE_LARGE)
		return -EXO_E_EXIST;
	if (frames[pte_pfn(*e)].maps)
		return -EXO_E_BUSY;
	pfn = pte_pfn(*e);
	*e = 0;
	frames[direct_pfn(e)].maps--;
	flush->all = true; /* no CPU may still walk it, or see it at EXO_VA_TABLES */
	mmu_flush_done(env, flush);
	frame_release(pfn);
	return 0;
}

static long do_op(struct env *env, const struct exo_map_op *op, struct mmu_flush *flush)
{
	bool table = op->kind == EXO_MAP_TABLE || op->kind == EXO_MAP_UNTABLE;

	if (*(const uint64_t *)&op->kind >> 16) /* zero[] */
		return -EXO_E_INVAL;
	if (op->va % EXO_PAGE_SIZE || op->va < EXO_VA_MIN || op->va >= EXO_VA_TOP || !op->count ||
	    (op->count > (table ? 3 : EXO_MAP_MAX) &&
	     !((op->kind == EXO_MAP_REMOVE || op->kind == EXO_MAP_PROTECT) &&
	       op->count == EXO_LARGE_FRAMES)) ||
	    (!table && op->count * EXO_PAGE_SIZE > EXO_VA_TOP - op->va))
		return -EXO_E_INVAL;
	switch (op->kind) {
	case EXO_MAP_PAGES:
		return do_pages(env, op, flush, false);
	case EXO_MAP_PROTECT:
		return op->count == EXO_LARGE_FRAMES ? protect_large(env, op, flush)
						     : do_pages(env, op, flush, true);
	case EXO_MAP_LARGE:
		return do_large(env, op);
	case EXO_MAP_REMOVE:
		return do_remove(env, op, flush);
	case EXO_MAP_TABLE:
		return do_table(env, op, flush);
	case EXO_MAP_UNTABLE:
		return do_untable(env, op, flush);
	}
	return -EXO_E_INVAL;
}

long sys_map(struct env *self, exo_cap_t slot, exo_va_t ops, uint32_t count)
{
	struct exo_map_op op[EXO_BATCH_MAX];
	struct mmu_flush flush;
	uint32_t done = 0, cost;
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_MAP, &env);

	if (r)
		return r;
	if (!count || count > EXO_BATCH_MAX)
		return -EXO_E_INVAL;
	if ((r = map_read(self, op, ops, count * sizeof(op[0]))))
		return r;
	flush.all = false; /* what is noted needs no clearing */
	flush.pages = 0;
	for (cost = 0; done < count; cost += COST(&op[done]), done++)
		if ((done && cost + COST(&op[done]) > COST_MAX) ||
		    (r = do_op(env, &op[done], &flush)))
			break;
	mmu_flush_done(env, &flush);
	return done ? (long)done : r;
}

/* Does it show one of the frames that are going?  Others among them stay where they are. */
static bool shows_going(const struct map_sweep *s, uint64_t e, uint64_t run)
{
	exo_pfn_t pfn = pte_pfn(e), end = pfn + run;

	if (pfn < s->first)
		pfn = s->first;
	if (end > s->first + s->count)
		end = s->first + s->count;
	for (; pfn < end; pfn++)
		if (frames[pfn].going)
			return true;
	return false;
}

/* Is this leaf entry one that the sweep is about? */
static bool is_swept(const struct map_sweep *s, uint64_t e, uint64_t run)
{
	if (!(e & EXO_PTE_PRESENT))
		return false;
	return s->slot ? EXO_PTE_SLOT(e) == s->slot : shows_going(s, e, run);
}

/* The leaf entries of one level 1 table (or the one of a large page) that
 * maps va on; false if the budget ended before they did. */
static bool sweep_leaves(uint64_t *e, const struct map_sweep *s, exo_va_t va, int *budget,
			 struct mmu_flush *flush)
{
	bool large = *e & EXO_PTE_LARGE;
	uint64_t run = large ? EXO_LARGE_FRAMES : 1;
	uint64_t *leaf = large ? e : direct(pte_pfn(*e));

	if (!frames[direct_pfn(leaf)].maps)
		return true;
	*budget -= large ? COST_LEAF : COST_TABLE;
	for (int i = 0; i < (large ? 1 : 512); i++) {
		if (!is_swept(s, leaf[i], run))
			continue;
		set_leaf(&leaf[i], 0, run);
		mmu_flush_page(flush, va + (exo_va_t)i * EXO_PAGE_SIZE);
		flush->all |= large;
		*budget -= large ? EXO_LARGE_FRAMES : COST_LEAF;
		if (*budget <= 0)
			return large;
	}
	return true;
}

/* Where nothing can be below this 2 MiB unit, the next one where there can. */
static uint32_t next_unit(const struct env *env, uint32_t unit, uint64_t **e)
{
	exo_va_t va = (exo_va_t)unit * EXO_LARGE_FRAMES * EXO_PAGE_SIZE;

	*e = map_entry(env->root, va, 2);
	if (*e)
		return **e & EXO_PTE_PRESENT ? unit : unit + 1;
	if (map_entry(env->root, va, 3))
		return (unit | 511) + 1;
	return (unit | (512 * 512 - 1)) + 1;
}

bool map_sweep(struct env *env, const struct map_sweep *s, int *budget)
{
	struct mmu_flush flush = {0};
	uint32_t unit = *s->at;

	if (!frames[env->root].maps)
		unit = UNITS;
	while (*budget > 0 && unit < UNITS) {
		uint64_t *e;
		uint32_t next = next_unit(env, unit, &e);

		*budget -= COST_NONE;
		if (next != unit)
			unit = next;
		else if (sweep_leaves(e, s, (exo_va_t)unit * EXO_LARGE_FRAMES * EXO_PAGE_SIZE,
				      budget, &flush))
			unit++;
	}
	*s->at = unit;
	mmu_flush_done(env, &flush);
	return unit >= UNITS;
}

/* The next entry from `e` on that is in use, or `end`: the others are zero, and most are. */
static uint64_t *next_in_use(uint64_t *e, uint64_t *end)
{
	while (e + 8 <= end && !*e && !(e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]))
		e += 8;
	while (e < end && !*e)
		e++;
	return e;
}

/* Take away what hangs below a table, as far as the budget goes; true when nothing is left. */
static bool strip(uint64_t *table, int level, int *budget)
{
	uint64_t *end = table + (level == 4 ? SELF_INDEX : 512), *e = table;
	uint32_t *maps = &frames[direct_pfn(table)].maps;

	while (*maps && (e = next_in_use(e, end)) < end) {
		if (*budget <= 0)
			return false;
		if (level == 1) {
			*budget -= STRIP_GAP;
			for (; e != end && *e && *budget > 0; e++, (*budget)--, (*maps)--) {
				frames[pte_pfn(*e)].maps--;
				*e = 0;
			}
		} else if (*e & EXO_PTE_LARGE) {
			set_leaf(e, 0, EXO_LARGE_FRAMES);
			*budget -= STRIP_LARGE;
		} else if (strip(direct(pte_pfn(*e)), level - 1, budget)) {
			frame_release(pte_pfn(*e));
			*e = 0;
			(*maps)--;
			*budget -= STRIP_TABLE;
		} else {
			return false;
		}
	}
	return true;
}

bool map_unravel(struct env *env)
{
	int budget = STRIP_STEP;

	return !strip(direct(env->root), 4, &budget) || budget < STRIP_STEP;
}

void map_root(exo_pfn_t root)
{
	uint64_t *table = direct(root);

	__builtin_memcpy(&table[256], (uint64_t *)direct(shared_root) + 256, EXO_PAGE_SIZE / 2);
	table[SELF_INDEX] =
		root << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_USER | EXO_PTE_NOEXEC;
}
