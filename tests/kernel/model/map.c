/* map.c - address spaces: a few pages around the places where page tables meet.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model.h"

#define PAGE  ((uint64_t)EXO_PAGE_SIZE)
#define UNIT  (EXO_LARGE_FRAMES * PAGE)
#define GIB   (512 * UNIT)
#define SPAN  (512 * GIB)  /* of an entry of the root table */
#define PLACE (101 * SPAN) /* where nobody else maps anything */

/* Each where another level's table begins, and the ends of the user's range. */
exo_va_t m_corner(int n)
{
	static const exo_va_t corner[M_CORNERS] = {PLACE, PLACE + GIB, PLACE + GIB + UNIT,
						   EXO_VA_TOP, EXO_VA_MIN};

	return corner[n];
}

static exo_va_t window(int n)
{
	if (n == 3)
		return EXO_VA_TOP - M_WINDOW * PAGE;
	return m_corner(n) - (n == 4 ? 0 : M_BEFORE * PAGE);
}

bool m_place(exo_va_t va, int *corner, int *page)
{
	for (int n = 0; n < M_CORNERS; n++)
		if (va >= window(n) && va < window(n) + M_WINDOW * PAGE) {
			*corner = n;
			*page = (int)((va - window(n)) / PAGE);
			return true;
		}
	return false;
}

/* The tables that the windows lie in: by what they map. */
static const exo_va_t units[M_UNITS] = {
	PLACE - UNIT,      PLACE, PLACE + GIB - UNIT, PLACE + GIB, PLACE + GIB + UNIT,
	EXO_VA_TOP - UNIT, 0};
static const exo_va_t gibs[] = {PLACE - GIB, PLACE, PLACE + GIB, EXO_VA_TOP - GIB, 0};
static const exo_va_t spans[] = {PLACE - SPAN, PLACE, EXO_VA_TOP - SPAN, 0};

static int find(const exo_va_t *list, int n, exo_va_t va)
{
	for (int i = 0; i < n; i++)
		if (list[i] == va)
			return i;
	return -1;
}

int m_unit(exo_va_t va)
{
	return find(units, M_UNITS, va & -UNIT);
}

exo_pfn_t *m_table(int env, exo_va_t va, int level)
{
	int n = level == 1   ? m_unit(va)
		: level == 2 ? find(gibs, sizeof(gibs) / sizeof(gibs[0]), va & -GIB)
			     : find(spans, sizeof(spans) / sizeof(spans[0]), va & -SPAN);

	return n < 0 ? NULL : &m_env[env].table[level - 1][n];
}

static bool has_table(int env, exo_va_t va, int level)
{
	const exo_pfn_t *t = level == 4 ? NULL : m_table(env, va, level);

	return level == 4 || (t && *t);
}

static struct m_leaf *large_at(int env, exo_va_t va)
{
	int u = m_unit(va);

	return u >= 0 && m_env[env].large[u].pfn ? &m_env[env].large[u] : NULL;
}

static struct m_leaf *leaf_at(int env, exo_va_t va)
{
	int corner, page;

	return m_place(va, &corner, &page) ? &m_env[env].leaf[corner][page] : NULL;
}

static uint32_t may_show(const struct m_cap *cap, exo_pfn_t pfn, unsigned prot)
{
	const struct m_frame *f = m_frame_of(pfn);

	if (!cap || !m_covers(cap, pfn, 1) || !f || f->account != cap->account)
		return M_BIT(CAP);
	if (f->type == EXO_FRAME_FREE)
		return M_BIT(CAP);
	if (f->type != EXO_FRAME_DATA && !(f->type == EXO_FRAME_ACCOUNT && prot == EXO_PROT_READ))
		return M_BIT(BUSY);
	return f->going ? M_BIT(BUSY) : 0;
}

static uint32_t may_protect(const struct m_cap *cap, const struct exo_map_op *op)
{
	uint32_t errors = 0;

	if (!(op->prot & EXO_PROT_READ) || op->prot > 7 || op->cap >= EXO_MAP_SLOTS)
		errors |= M_BIT(INVAL);
	if ((op->prot & 6) == 6)
		errors |= M_BIT(WX);
	return errors | (cap ? 0 : M_BIT(CAP));
}

static uint32_t may_pages(int env, const struct exo_map_op *op)
{
	const struct m_cap *cap = m_get(env, op->cap, EXO_CAP_FRAMES, op->prot);
	uint32_t errors = may_protect(cap, op);

	for (uint64_t i = 0; i < op->count; i++) {
		exo_va_t va = op->va + i * PAGE;
		const struct m_leaf *leaf = leaf_at(env, va);
		bool mapped = leaf && leaf->pfn;

		if (large_at(env, va))
			errors |= M_BIT(EXIST);
		else if (!has_table(env, va, 1))
			errors |= M_BIT(NOTABLE);
		if (op->kind == EXO_MAP_PAGES)
			errors |= may_show(cap, op->pfn + i, op->prot);
		else if (!mapped)
			errors |= M_BIT(FAULT);
		else
			errors |= may_show(cap, leaf->pfn, op->prot);
	}
	return errors;
}

static uint32_t may_large(int env, const struct exo_map_op *op)
{
	const struct m_cap *cap = m_get(env, op->cap, EXO_CAP_FRAMES, op->prot);
	uint32_t errors = may_protect(cap, op);

	if (op->count != 1 || op->va % UNIT || op->pfn % EXO_LARGE_FRAMES)
		return errors | M_BIT(INVAL);
	for (uint64_t i = 0; i < EXO_LARGE_FRAMES; i++)
		errors |= may_show(cap, op->pfn + i, op->prot);
	if (!has_table(env, op->va, 2))
		errors |= M_BIT(NOTABLE);
	else if (has_table(env, op->va, 1) || large_at(env, op->va))
		errors |= M_BIT(EXIST);
	return errors;
}

static uint32_t may_protect_large(int env, const struct exo_map_op *op)
{
	const struct m_cap *cap = m_get(env, op->cap, EXO_CAP_FRAMES, op->prot);
	uint32_t errors = may_protect(cap, op);
	const struct m_leaf *large = large_at(env, op->va);

	if (op->va % UNIT || !large)
		return errors | M_BIT(INVAL);
	for (uint64_t i = 0; i < EXO_LARGE_FRAMES; i++)
		errors |= may_show(cap, large->pfn + i, op->prot);
	return errors;
}

static uint32_t may_remove(int env, const struct exo_map_op *op)
{
	if (op->count == EXO_LARGE_FRAMES)
		return op->va % UNIT || !large_at(env, op->va) ? M_BIT(INVAL) : 0;
	if (large_at(env, op->va) || large_at(env, op->va + (op->count - 1) * PAGE))
		return M_BIT(EXIST);
	return 0;
}

static uint32_t may_table(int env, const struct exo_map_op *op)
{
	const struct m_cap *cap = m_get(env, op->cap, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint32_t errors = m_may_become(cap, op->pfn);

	if (!has_table(env, op->va, (int)op->count + 1))
		errors |= M_BIT(NOTABLE);
	else if (has_table(env, op->va, (int)op->count) ||
		 (op->count == 1 && large_at(env, op->va)))
		errors |= M_BIT(EXIST);
	return errors;
}

/* Entries in use of a table: they are in the windows, or tables. */
unsigned m_in_use(int env, exo_va_t va, int level)
{
	unsigned n = 0;

	if (level == 1) {
		for (int c = 0; c < M_CORNERS; c++)
			for (int p = 0; p < M_WINDOW; p++)
				n += m_env[env].leaf[c][p].pfn &&
				     ((window(c) + (exo_va_t)p * PAGE) & -UNIT) == (va & -UNIT);
		return n;
	}
	if (level == 2) {
		for (int u = 0; u < M_UNITS; u++)
			n += (units[u] & -GIB) == (va & -GIB) &&
			     (m_env[env].table[0][u] || m_env[env].large[u].pfn);
		return n;
	}
	for (unsigned g = 0; g < sizeof(gibs) / sizeof(gibs[0]); g++)
		n += (gibs[g] & -SPAN) == (va & -SPAN) && m_env[env].table[1][g];
	return n;
}

static uint32_t may_untable(int env, const struct exo_map_op *op)
{
	if (op->count == 1 && large_at(env, op->va))
		return M_BIT(EXIST);
	if (!has_table(env, op->va, (int)op->count + 1) || !has_table(env, op->va, (int)op->count))
		return M_BIT(NOTABLE);
	return m_in_use(env, op->va, (int)op->count) ? M_BIT(BUSY) : 0;
}

static uint32_t may_op(int env, const struct exo_map_op *op)
{
	bool table = op->kind == EXO_MAP_TABLE || op->kind == EXO_MAP_UNTABLE;
	bool whole = (op->kind == EXO_MAP_REMOVE || op->kind == EXO_MAP_PROTECT) &&
		     op->count == EXO_LARGE_FRAMES;
	bool zero = true;

	for (size_t i = 0; i < sizeof(op->zero); i++)
		zero &= !op->zero[i];
	if (!zero || op->kind < EXO_MAP_PAGES || op->kind > EXO_MAP_UNTABLE || op->va % PAGE ||
	    op->va < EXO_VA_MIN || op->va >= EXO_VA_TOP || !op->count ||
	    (op->count > (table ? 3 : EXO_MAP_MAX) && !whole) ||
	    (!table && op->count * PAGE > EXO_VA_TOP - op->va))
		return M_BIT(INVAL);
	switch (op->kind) {
	case EXO_MAP_PROTECT:
		if (whole)
			return may_protect_large(env, op);
		/* fall through */
	case EXO_MAP_PAGES:
		return may_pages(env, op);
	case EXO_MAP_LARGE:
		return may_large(env, op);
	case EXO_MAP_REMOVE:
		return may_remove(env, op);
	case EXO_MAP_TABLE:
		return may_table(env, op);
	}
	return may_untable(env, op);
}

static void set(struct m_leaf *leaf, exo_pfn_t pfn, exo_cap_t slot, uint8_t prot, uint64_t run)
{
	for (uint64_t i = 0; i < run; i++) {
		if (leaf->pfn)
			m_frame_of(leaf->pfn + i)->maps--;
		if (pfn)
			m_frame_of(pfn + i)->maps++;
	}
	*leaf = (struct m_leaf){pfn, slot, prot};
}

static void do_table(int env, const struct exo_map_op *op)
{
	m_become(op->pfn, EXO_FRAME_TABLE1 + op->count - 1);
	*m_table(env, op->va, (int)op->count) = op->pfn;
}

static void do_untable(int env, const struct exo_map_op *op)
{
	exo_pfn_t *t = m_table(env, op->va, (int)op->count);

	m_release(*t);
	*t = 0;
}

static void do_op(int env, const struct exo_map_op *op)
{
	uint64_t i;

	if (op->kind == EXO_MAP_PAGES || op->kind == EXO_MAP_PROTECT || op->kind == EXO_MAP_LARGE)
		m_slot(env, op->cap)->used = true;
	switch (op->kind) {
	case EXO_MAP_PAGES:
	case EXO_MAP_PROTECT:
		if (op->count == EXO_LARGE_FRAMES)
			set(large_at(env, op->va), large_at(env, op->va)->pfn, op->cap, op->prot,
			    EXO_LARGE_FRAMES);
		for (i = 0; op->count != EXO_LARGE_FRAMES && i < op->count; i++) {
			struct m_leaf *leaf = leaf_at(env, op->va + i * PAGE);
			exo_pfn_t pfn = op->kind == EXO_MAP_PAGES ? op->pfn + i : leaf->pfn;

			set(leaf, pfn, op->cap, op->prot, 1);
		}
		break;
	case EXO_MAP_LARGE:
		set(&m_env[env].large[m_unit(op->va)], op->pfn, op->cap, op->prot,
		    EXO_LARGE_FRAMES);
		break;
	case EXO_MAP_REMOVE:
		if (op->count == EXO_LARGE_FRAMES)
			set(large_at(env, op->va), 0, 0, 0, EXO_LARGE_FRAMES);
		for (i = 0; op->count != EXO_LARGE_FRAMES && i < op->count; i++)
			if (leaf_at(env, op->va + i * PAGE))
				set(leaf_at(env, op->va + i * PAGE), 0, 0, 0, 1);
		break;
	case EXO_MAP_TABLE:
		do_table(env, op);
		break;
	case EXO_MAP_UNTABLE:
		do_untable(env, op);
		break;
	}
}

/* The kernel ends a batch that gets long, by these weights. */
static uint32_t weight(const struct exo_map_op *op)
{
	if (op->kind == EXO_MAP_LARGE)
		return 128;
	return op->kind >= EXO_MAP_TABLE ? 16 : op->count;
}
#define WEIGHT_MAX 80

/* What is predicted of an operation depends on those before it, so they are made on a copy. */
static struct m_env kept_env;
static struct m_frame kept_frame[M_FRAMES];

static void batch(const struct m_call *c, struct m_expect *x, int env, bool apply, long most)
{
	uint32_t sum = 0, i;

	if (!apply && c->ops > 1) {
		kept_env = m_env[env];
		__builtin_memcpy(kept_frame, m_frame, sizeof(kept_frame));
	}
	for (i = 0; i < c->ops && (long)i != most; i++) {
		struct exo_map_op op = c->op[i];
		uint32_t errors;

		if (op.kind == EXO_MAP_PROTECT) /* what the processor noted is not looked at */
			op.prot &= ~(EXO_PROT_CLEAR_ACCESSED | EXO_PROT_CLEAR_DIRTY);
		errors = may_op(env, &op);

		if (i && sum + weight(&c->op[i]) > WEIGHT_MAX)
			break;
		if (errors) {
			if (!i)
				x->errors |= errors;
			break;
		}
		sum += weight(&c->op[i]);
		if (apply || c->ops > 1)
			do_op(env, &op);
	}
	x->value = (long)i;
	if (!apply && c->ops > 1) {
		m_env[env] = kept_env;
		__builtin_memcpy(m_frame, kept_frame, sizeof(kept_frame));
	}
}

bool m_may_map(const struct m_call *c, struct m_expect *x)
{
	int env;

	if (c->nr != EXO_SYS_map)
		return false;
	x->errors |= m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_MAP, &env);
	if (!(uint32_t)c->a[2] || (uint32_t)c->a[2] > EXO_BATCH_MAX)
		x->errors |= M_BIT(INVAL);
	if (!c->op_mapped)
		x->errors |= M_BIT(FAULT);
	if (!x->errors)
		batch(c, x, env, false, -1);
	return true;
}

bool m_do_map(const struct m_call *c, long result)
{
	struct m_expect none = {0};
	int env;

	if (c->nr != EXO_SYS_map)
		return false;
	m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_MAP, &env);
	batch(c, &none, env, true, result);
	return true;
}

static void unmap_if(int env, bool by_slot, exo_cap_t slot, exo_pfn_t first, uint64_t count)
{
	struct m_env *e = &m_env[env];

	for (int c = 0; c < M_CORNERS; c++)
		for (int p = 0; p < M_WINDOW; p++) {
			struct m_leaf *l = &e->leaf[c][p];

			if (l->pfn && (by_slot ? l->slot == slot : l->pfn - first < count))
				set(l, 0, 0, 0, 1);
		}
	for (int u = 0; u < M_UNITS; u++) {
		struct m_leaf *l = &e->large[u];

		if (l->pfn &&
		    (by_slot ? l->slot == slot : l->pfn < first + count && first < l->pfn + 512))
			set(l, 0, 0, 0, EXO_LARGE_FRAMES);
	}
}

void m_unmap_slot(int env, exo_cap_t slot)
{
	unmap_if(env, true, slot, 0, 0);
}

void m_unmap_frames(exo_pfn_t first, uint64_t count)
{
	for (int e = 0; e < M_ENVS; e++)
		if (m_env[e].object)
			unmap_if(e, false, 0, first, count);
}

void m_unmap_all(int env)
{
	struct m_env *e = &m_env[env];

	unmap_if(env, false, 0, m_pool, M_FRAMES);
	for (int level = 0; level < 3; level++)
		for (int i = 0; i < M_UNITS; i++)
			if (e->table[level][i]) {
				m_release(e->table[level][i]);
				e->table[level][i] = 0;
			}
}

bool m_table_at(int env, int level, int n, exo_va_t *va, exo_pfn_t *pfn)
{
	const exo_va_t *list = level == 1 ? units : level == 2 ? gibs : spans;
	int most = level == 1   ? M_UNITS
		   : level == 2 ? (int)(sizeof(gibs) / sizeof(gibs[0]))
				: (int)(sizeof(spans) / sizeof(spans[0]));

	if (n >= most)
		return false;
	*va = list[n];
	*pfn = m_env[env].table[level - 1][n];
	return true;
}

/* What the level 1 table that maps va has there. */
const struct m_leaf *m_leaf_at(int env, exo_va_t va)
{
	static struct m_leaf part;
	const struct m_leaf *l = large_at(env, va);

	if (!l)
		return leaf_at(env, va);
	part = *l;
	part.pfn += va / PAGE % EXO_LARGE_FRAMES;
	return &part;
}
