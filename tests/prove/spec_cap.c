/* spec_cap.c - the model: derive, drop, revoke, grow.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "spec.h"

/* Slot `dst` of h's table must be there and empty. */
static struct w_cap *empty_ask(struct ask *k, uint8_t h, uint64_t dst)
{
	struct w_cap *c = h == NOBODY ? NULL : cap_at(k->w, h, dst);

	WRONG(k, h != NOBODY && !c, INVAL);
	WRONG(k, c && c->kind, EXIST);
	return c;
}

void cap_put(struct w_cap *to, const struct w_cap *from, uint8_t parent, uint8_t parent_slot,
	     uint64_t first, uint64_t count, uint64_t rights)
{
	*to = *from;
	to->depth = from->depth + 1;
	to->ending = to->revoking = to->used = to->swept = 0;
	to->parent = parent;
	to->parent_slot = parent_slot;
	to->first = (uint32_t)first;
	to->count = (uint32_t)count;
	to->rights = (uint8_t)rights;
}

/* Into which slot, from `from`: what derive and charge have in common. */
static const char *derive(struct ask *k, struct w_cap *from, uint8_t env, uint8_t account)
{
	struct w_cap *to = empty_ask(k, env, k->a[2]);
	uint64_t first = k->a[3], count = k->a[4];
	uint32_t rights = (uint32_t)k->a[5];
	const char *wrong;

	if (from && from->kind != EXO_CAP_FRAMES && from->kind != EXO_CAP_CPU) {
		first = from->first;
		if (from->kind != EXO_CAP_ENV || from->count)
			count = from->count;
	} else if (from) {
		WRONG(k, !count || !covers(from, first, count), CAP);
	}
	WRONG(k, from && (rights & ~from->rights || !(from->rights & EXO_RIGHT_DERIVE)), CAP);
	WRONG(k, from && from->depth == EXO_CAP_DEPTH, LIMIT);
	if (failed(k, &wrong))
		return wrong;
	cap_put(to, from, k->self, (uint8_t)slot_place((uint32_t)k->a[0]), first, count, rights);
	if (account != NOBODY) {
		to->account = account;
		to->generation = frame_in(k->w, shape.home[account])->generation;
	}
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_derive(struct ask *k)
{
	struct w_cap *from = cap_at(k->w, k->self, k->a[0]);
	uint8_t env = env_ask(k, k->a[1], EXO_RIGHT_GIVE);

	from = from && cap_usable(k->w, from) ? from : NULL; /* its account may be gone */
	WRONG(k, !from, CAP);
	return derive(k, from, env, NOBODY);
}

const char *spec_charge(struct ask *k)
{
	uint8_t account = account_ask(k, k->a[1], EXO_RIGHT_CHARGE);
	struct w_cap *from = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);

	WRONG(k, from && account != NOBODY && !below(k->w, account, from->account), CAP);
	return derive(k, from, k->self, account);
}

/* Slices under slot s that are still filled: change whose that is said to be. */
static void slices_left(struct ask *k, uint8_t h, uint8_t s, uint8_t from, uint8_t to)
{
	for (int n = 0; n < W_CPUS; n++)
		for (int i = 0; i < W_SLICES; i++) {
			struct w_slice *slice = &k->w->slice[n][i];

			if (slice->env != NOBODY && slice->cap_env == from &&
			    slice->cap_slot == s && k->seen->slice[n][i].env != NOBODY &&
			    k->seen->slice[n][i].cap_env == h)
				slice->cap_env = to;
		}
}

/* One step that empties slot s of h and is not done: what was taken away already shows. */
void cap_partly(struct ask *k, uint8_t h, uint8_t s)
{
	struct w_cap *c = &k->w->env[h].cap[s];
	const struct w_env *now = &k->seen->env[h];
	struct w_env *e = &k->w->env[h];
	struct w_map kept[W_PLACES];

	memcpy(kept, e->map, sizeof(kept));
	slices_left(k, h, s, h, NOBODY); /* which are not for this step */
	if (c->used)
		cap_undo(k->w, h, s);
	slices_left(k, h, s, NOBODY, h);
	for (uint32_t p = 0; p < shape.places; p++)
		if (kept[p].slot == s && now->map[p].pfn)
			e->map[p] = kept[p];
	c->ending = 1;
	c->used = now->cap[s].used; /* of no more interest */
	c->swept = now->cap[s].swept;
	for (uint8_t o = 0; o < shape.homes; o++)
		for (uint32_t i = 0; i < W_SLOTS; i++) {
			struct w_cap *child = &k->w->env[o].cap[i];
			const struct w_cap *is = &k->seen->env[o].cap[i];

			if (child->kind && child->parent == h && child->parent_slot == s &&
			    is->parent == c->parent && is->parent_slot == c->parent_slot) {
				child->parent = c->parent;
				child->parent_slot = c->parent_slot;
			}
		}
}

const char *spec_drop(struct ask *k)
{
	struct w_cap *c = cap_at(k->w, k->self, k->a[0]);
	uint8_t s = (uint8_t)slot_place((uint32_t)k->a[0]);
	const char *wrong;

	WRONG(k, !c || !c->kind, CAP);
	if (failed(k, &wrong))
		return wrong;
	if (k->r == 1) {
		cap_partly(k, k->self, s);
		return NULL;
	}
	cap_undo(k->w, k->self, s);
	cap_remove(k->w, k->self, s);
	return k->r ? "it should have returned 0 or 1" : NULL;
}

const char *spec_revoke(struct ask *k)
{
	struct w_cap *c = cap_at(k->w, k->self, k->a[0]);
	uint8_t s = (uint8_t)slot_place((uint32_t)k->a[0]);
	struct world before = *k->w;
	const char *wrong;

	WRONG(k, !c || !c->kind || !cap_usable(k->w, c), CAP);
	if (failed(k, &wrong))
		return wrong;
	c->revoking = k->r == 1;
	for (uint8_t h = 0; h < shape.homes; h++)
		for (uint8_t i = 0; i < W_SLOTS; i++) {
			if (!before.env[h].cap[i].kind || !descends(&before, h, i, k->self, s))
				continue;
			if (k->r == 0 || !k->seen->env[h].cap[i].kind) {
				cap_undo(k->w, h, i);
				cap_remove(k->w, h, i);
			} else if (k->seen->env[h].cap[i].ending) {
				cap_partly(k, h, i);
			}
		}
	return k->r >> 1 ? "it should have returned 0 or 1" : NULL;
}

const char *spec_grow(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	struct w_env *e = &k->w->env[k->self];
	const char *wrong;

	become_ask(k, c, k->a[1]);
	WRONG(k, e->pages == 2, LIMIT);
	if (failed(k, &wrong))
		return wrong;
	frame_in(k->w, k->a[1])->type = W_CAPS;
	e->page[e->pages] = (uint16_t)k->a[1];
	return k->r == e->pages++ * EXO_CAP_SLOTS ? NULL : "it returned another slot";
}
