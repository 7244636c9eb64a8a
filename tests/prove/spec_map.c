/* spec_map.c - the model: operations on an address space.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "spec.h"

static uint32_t place_of(exo_va_t va, bool large)
{
	for (uint32_t p = 0; p < shape.places; p++)
		if (shape.large[p] == large && shape.place[p] == va)
			return p;
	return NOBODY;
}

/* The large page that holds va, if one is mapped there. */
static uint32_t large_over(const struct w_env *e, exo_va_t va)
{
	for (uint32_t p = 0; p < shape.places; p++)
		if (shape.large[p] && e->map[p].pfn && shape.place[p] >> 21 == va >> 21)
			return p;
	return NOBODY;
}

/* Is there a table of that level for va? */
static bool has_table(const struct w_env *e, exo_va_t va, int level)
{
	uint8_t t = home_table(va, level);

	return level == 4 || (t != NOBODY && e->table[t]);
}

static void frame_ask(struct ask *k, const struct w_cap *c, uint64_t pfn, unsigned prot)
{
	const struct w_frame *f;

	if (!c || !covers(c, pfn, 1)) {
		WRONG(k, true, CAP);
		return;
	}
	f = frame_at(k->w, pfn);
	WRONG(k, f->account != c->account || f->type <= W_FREE, CAP);
	WRONG(k, f->type == W_INFO && prot != EXO_PROT_READ, CAP);
	WRONG(k, f->type > W_INFO && !(f->type == W_ACCOUNT && prot == EXO_PROT_READ), BUSY);
	WRONG(k, f->going, BUSY);
}

#define CLEAR (EXO_PROT_CLEAR_ACCESSED | EXO_PROT_CLEAR_DIRTY)

static uint8_t rights(const struct exo_map_op *op)
{
	return op->kind == EXO_MAP_PROTECT ? op->prot & ~CLEAR : op->prot;
}

/* What PROTECT leaves of what the processor noted. */
static uint8_t noted(const struct w_map *m, const struct exo_map_op *op)
{
	return m->seen & ~((op->prot & EXO_PROT_CLEAR_ACCESSED ? 1 : 0) |
			   (op->prot & EXO_PROT_CLEAR_DIRTY ? 2 : 0));
}

static void prot_ask(struct ask *k, const struct w_env *e, const struct exo_map_op *op)
{
	WRONG(k, !(op->prot & EXO_PROT_READ) || (rights(op) & ~7) || op->cap >= EXO_MAP_SLOTS,
	      INVAL);
	WRONG(k, (op->prot & 6) == 6 && !e->wx, WX);
}

static void pages(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_cap *c = cap_ask(k, h, op->cap, EXO_CAP_FRAMES, rights(op));
	struct w_env *e = &k->w->env[h];
	bool protect = op->kind == EXO_MAP_PROTECT;

	prot_ask(k, e, op);
	for (uint32_t i = 0; i < op->count; i++) {
		exo_va_t va = op->va + i * EXO_PAGE_SIZE;
		uint32_t p = place_of(va, false);
		bool there = p != NOBODY && e->map[p].pfn;

		WRONG(k, large_over(e, va) != NOBODY, EXIST);
		WRONG(k, protect && !there, FAULT);
		WRONG(k, !has_table(e, va, 1), NOTABLE);
		if (!protect || there)
			frame_ask(k, c, protect ? e->map[p].pfn : op->pfn + i, rights(op));
	}
	for (uint32_t i = 0; !k->errors && i < op->count; i++) {
		struct w_map *m = &e->map[place_of(op->va + i * EXO_PAGE_SIZE, false)];

		m->pfn = protect ? m->pfn : (uint16_t)(op->pfn + i);
		m->seen = protect ? noted(m, op) : 0;
		m->prot = rights(op);
		m->slot = (uint8_t)slot_place(op->cap);
		c->used = 1;
	}
}

static void protect_large(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_cap *c = cap_ask(k, h, op->cap, EXO_CAP_FRAMES, rights(op));
	struct w_env *e = &k->w->env[h];
	uint32_t p = place_of(op->va, true);
	struct w_map *m = p == NOBODY ? NULL : &e->map[p];

	prot_ask(k, e, op);
	WRONG(k, !m || !m->pfn, INVAL);
	for (uint32_t i = 0; m && m->pfn && i < EXO_LARGE_FRAMES; i++)
		frame_ask(k, c, m->pfn + i, rights(op));
	if (k->errors)
		return;
	m->prot = rights(op);
	m->slot = (uint8_t)slot_place(op->cap);
	m->seen = noted(m, op);
	c->used = 1;
}

static void large(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_cap *c = cap_ask(k, h, op->cap, EXO_CAP_FRAMES, op->prot);
	struct w_env *e = &k->w->env[h];
	uint32_t p = place_of(op->va, true);

	prot_ask(k, e, op);
	WRONG(k, op->count != 1 || op->va % (1 << 21) || op->pfn % EXO_LARGE_FRAMES, INVAL);
	for (uint32_t i = 0; i < EXO_LARGE_FRAMES; i++)
		frame_ask(k, c, op->pfn + i, op->prot);
	WRONG(k, !has_table(e, op->va, 2), NOTABLE);
	WRONG(k, has_table(e, op->va, 1) || large_over(e, op->va) != NOBODY, EXIST);
	if (k->errors)
		return;
	e->map[p] = (struct w_map){
		.pfn = (uint16_t)op->pfn, .prot = op->prot, .slot = (uint8_t)slot_place(op->cap)};
	c->used = 1;
}

static void take_away(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_env *e = &k->w->env[h];
	uint32_t p = place_of(op->va, true);

	if (op->count == EXO_LARGE_FRAMES) {
		WRONG(k, p == NOBODY || !e->map[p].pfn, INVAL);
		if (!k->errors)
			memset(&e->map[p], 0, sizeof(e->map[p]));
		return;
	}
	for (uint32_t i = 0; i < op->count; i++)
		WRONG(k, large_over(e, op->va + i * EXO_PAGE_SIZE) != NOBODY, EXIST);
	for (uint32_t i = 0; !k->errors && i < op->count; i++)
		if ((p = place_of(op->va + i * EXO_PAGE_SIZE, false)) != NOBODY)
			memset(&e->map[p], 0, sizeof(e->map[p]));
}

static void table(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_env *e = &k->w->env[h];
	int level = (int)op->count;
	uint8_t t = home_table(op->va, level);

	become_ask(k, cap_ask(k, h, op->cap, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC), op->pfn);
	WRONG(k, !has_table(e, op->va, level + 1), NOTABLE);
	WRONG(k, has_table(e, op->va, level), EXIST);
	WRONG(k, level == 1 && large_over(e, op->va) != NOBODY, EXIST);
	if (k->errors)
		return;
	e->table[t] = (uint16_t)op->pfn;
	frame_in(k->w, op->pfn)->type = (uint8_t)(W_TABLE1 + level - 1);
}

static void untable(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	struct w_env *e = &k->w->env[h];
	int level = (int)op->count;
	uint8_t t = home_table(op->va, level);
	bool under_large = level == 1 && large_over(e, op->va) != NOBODY;

	WRONG(k, !has_table(e, op->va, level) && !under_large, NOTABLE);
	WRONG(k, under_large, EXIST);
	WRONG(k, has_table(e, op->va, level) && frame_in(k->w, e->table[t])->maps, BUSY);
	if (k->errors)
		return;
	frame_in(k->w, e->table[t])->type = W_DATA;
	e->table[t] = 0;
}

static void one(struct ask *k, uint8_t h, const struct exo_map_op *op)
{
	bool tables = op->kind == EXO_MAP_TABLE || op->kind == EXO_MAP_UNTABLE;
	uint64_t most = tables ? 3 : EXO_MAP_MAX;

	if ((op->kind == EXO_MAP_REMOVE || op->kind == EXO_MAP_PROTECT) &&
	    op->count == EXO_LARGE_FRAMES)
		most = EXO_LARGE_FRAMES;
	if (op->kind < EXO_MAP_PAGES || op->kind > EXO_MAP_UNTABLE || op->va % EXO_PAGE_SIZE ||
	    op->va < EXO_VA_MIN || op->va >= EXO_VA_TOP || !op->count || op->count > most ||
	    (!tables && op->va + op->count * EXO_PAGE_SIZE > EXO_VA_TOP)) {
		WRONG(k, true, INVAL);
		return;
	}
	switch (op->kind) {
	case EXO_MAP_PROTECT:
		if (op->count == EXO_LARGE_FRAMES) {
			protect_large(k, h, op);
			break;
		}
		/* fall through */
	case EXO_MAP_PAGES:
		pages(k, h, op);
		break;
	case EXO_MAP_LARGE:
		large(k, h, op);
		break;
	case EXO_MAP_REMOVE:
		take_away(k, h, op);
		break;
	case EXO_MAP_TABLE:
		table(k, h, op);
		break;
	case EXO_MAP_UNTABLE:
		untable(k, h, op);
		break;
	}
}

const char *spec_map(struct ask *k, const struct exo_map_op *op, int count)
{
	uint8_t h = env_ask(k, k->a[0], EXO_RIGHT_MAP);
	const char *wrong;
	int done = 0;

	WRONG(k, !k->w->env[k->self].map[0].pfn, FAULT); /* where the operations lie */
	while (!k->errors && done < count) {
		one(k, h, &op[done]);
		done += !k->errors;
		world_count(k->w);
	}
	if (done) { /* the first failure ends the batch and is not told */
		k->errors = 0;
		return k->r == done ? NULL : say("it should have done %d operations", done);
	}
	if (failed(k, &wrong))
		return wrong;
	return NULL;
}

/* Operations of zeros, wherever they are said to lie: none is one. */
const char *spec_map_at(struct ask *k, exo_va_t at)
{
	uint64_t bytes = (uint32_t)k->a[2] * sizeof(struct exo_map_op);
	exo_va_t page = shape.place[0];
	const char *wrong;

	env_ask(k, k->a[0], EXO_RIGHT_MAP);
	WRONG(k, !(uint32_t)k->a[2] || (uint32_t)k->a[2] > EXO_BATCH_MAX, INVAL);
	if (!k->w->env[k->self].map[0].pfn || at < page || at - page > EXO_PAGE_SIZE ||
	    bytes > EXO_PAGE_SIZE - (at - page))
		WRONG(k, true, FAULT); /* the next page is not mapped, or holds other zeros */
	else
		WRONG(k, true, INVAL);
	if (k->errors == 1u << EXO_E_FAULT && k->w->env[k->self].map[1].pfn)
		k->errors |= 1u << EXO_E_INVAL;
	failed(k, &wrong);
	return wrong;
}
