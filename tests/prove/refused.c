/* refused.c - what clients must not get away with.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The model says what each must return: most are refused, and then nothing may have changed.
 */
#include "moves.h"

#include "hw.h"

static const int numbers[] = {1, OP_PAST, OP_HALF, OP_MAX_1, OP_MAX};

#define NUMBERS (int)(sizeof(numbers) / sizeof(numbers[0]))

struct at {
	struct ops *ops;
	const struct menu *m;
	uint8_t env;
	int slot;
	const struct w_cap *c;
	int empty; /* a slot that is empty, if there is one */
};

static void ranges(const struct at *t)
{
	int first = (int)t->c->first, count = (int)t->c->count;

	for (int i = 0; i < NUMBERS; i++)
		for (int n = 0; n < NUMBERS; n++) {
			add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, numbers[i],
			    numbers[n], 1);
			add(t->ops, t->env, EXO_SYS_frame_alloc, t->slot, numbers[i], numbers[n], 0,
			    0, 0);
			add(t->ops, t->env, EXO_SYS_frame_free, t->slot, numbers[i], numbers[n], 0,
			    0, 0);
			add(t->ops, t->env, EXO_SYS_frame_take, t->slot, numbers[i], numbers[n], 0,
			    0, 0);
		}
	for (int n = 0; n < NUMBERS; n++) {
		int r = t->c->rights;

		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first, numbers[n], 1);
		add(t->ops, t->env, EXO_SYS_frame_free, t->slot, first, numbers[n], 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_frame_take, t->slot, first, numbers[n], 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_cap_grow, t->slot, numbers[n], 0, 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first - 1, count, r);
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first, count + 1, r);
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first + count, 1, r);
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first, 0, r);
	}
}

static void slots(const struct at *t)
{
	int first = (int)t->c->first, count = (int)t->c->count, r = t->c->rights;
	const int bad[] = {0, t->slot, EXO_SLOT_SELF, EXO_CAP_SLOTS, 2 * EXO_CAP_SLOTS, OP_MAX};

	for (int i = 0; i < 6; i++) {
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, bad[i], first, count, r);
		add(t->ops, t->env, EXO_SYS_cap_charge, t->slot, t->slot, bad[i], first, count, r);
	}
	for (int bit = 0; bit < 8; bit++)
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first, count,
		    1 << bit);
	add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, 0, t->empty, first, count, 0x100);
	for (int env = EXO_SLOT_FREE; env < EXO_SLOT_FREE + 2; env++) /* some may not be given to */
		add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, env, t->empty, first, count, r);
	/* as if it were of another kind */
	add(t->ops, t->env, EXO_SYS_cap_derive, t->slot, t->slot, t->empty, first, count, r);
	add(t->ops, t->env, EXO_SYS_account_limit, t->slot, 0, 0, 0, 0, 0);
	add(t->ops, t->env, EXO_SYS_account_destroy, t->slot, 0, 0, 0, 0, 0);
	add(t->ops, t->env, EXO_SYS_env_status, t->slot, 0, 0, 0, 0, 0);
	add(t->ops, t->env, EXO_SYS_notify, t->slot, 0, 0, 0, 0, 0);
	add(t->ops, t->env, EXO_SYS_slice_bind, t->slot, 3, 2, t->slot, 0, 20000);
}

static void objects(const struct at *t)
{
	int pfn = t->m->pool, s = t->slot, dst = t->empty;

	for (uint32_t h = 0; h < shape.homes; h++) {
		add(t->ops, t->env, EXO_SYS_account_open, s, shape.home[h], dst, 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_account_open, s, shape.home[h], 0, 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_account_create, s, shape.home[h], s, dst, 1, 0);
		add(t->ops, t->env, EXO_SYS_object_copy, s, shape.home[h], pfn, 0, 0, 0);
		add(t->ops, t->env, EXO_SYS_object_copy, s, pfn, shape.home[h], 0, 0, 0);
		for (int other = pfn; other < pfn + 2; other++) {
			int home = shape.home[h];

			add(t->ops, t->env, EXO_SYS_env_create, s, home, other, other, dst, 0);
			add(t->ops, t->env, EXO_SYS_env_create, s, home, home, other, dst, 0);
			add(t->ops, t->env, EXO_SYS_env_create, s, home, other, home, dst, 0);
		}
	}
	add(t->ops, t->env, EXO_SYS_account_open, s, OP_MAX, dst, 0, 0, 0);
	for (int i = 0; i < NUMBERS; i++) {
		if (i && numbers[i] != OP_HALF) /* of which the low half counts */
			add(t->ops, t->env, EXO_SYS_slice_bind, s, numbers[i], 1, 0, 0, 20000);
		add(t->ops, t->env, EXO_SYS_slice_bind, s, 3, 1, 0, 0, numbers[i]);
	}
}

/* The first environment may not stop itself by what it does with its frames: the machine would. */
static void activations(const struct at *t)
{
	for (int i = 0; i < NUMBERS; i++) {
		add(t->ops, t->env, EXO_SYS_activation_bind, 0, numbers[i], t->slot, t->m->pool, 0,
		    0);
		add(t->ops, t->env, EXO_SYS_activation_bind, t->slot, 1, t->m->from, numbers[i], 0,
		    0);
	}
}

static void maps(const struct at *t)
{
	const struct menu *m = t->m;

	for (int a = OP_WILD; a < OP_WILD_SHIFTED; a++)
		for (int kind = 0; kind <= 7; kind++)
			add_map(t->ops, t->env, m->map_env, kind, 1, a, m->pool, 1, t->slot);
	for (int prot = 0; prot <= 8; prot++) {
		add_map(t->ops, t->env, m->map_env, EXO_MAP_PAGES, prot, 1, (int)t->c->first, 1,
			t->slot);
		add_map(t->ops, t->env, m->map_env, EXO_MAP_PROTECT, prot, 1, 0, 1, t->slot);
	}
	/* every frame there is: page tables, slots, objects, what others have, what is free */
	for (int pfn = 1; pfn < (int)shape.frames; pfn++) {
		add_map(t->ops, t->env, m->map_env, EXO_MAP_PAGES, 1, 1, pfn, 1, t->slot);
		add_map(t->ops, t->env, m->map_env, EXO_MAP_PAGES, 3, 1, pfn, 1, t->slot);
		add_map(t->ops, t->env, m->map_env, EXO_MAP_TABLE, 0, 0, pfn, 3, t->slot);
		if (shape.tables > 3)
			add_map(t->ops, t->env, m->map_env, EXO_MAP_TABLE, 0, 3, pfn, 1, t->slot);
	}
	for (int i = 0; i < NUMBERS; i++) {
		add_map(t->ops, t->env, m->map_env, EXO_MAP_PAGES, 1, 1, numbers[i], 1, t->slot);
		add_map(t->ops, t->env, m->map_env, EXO_MAP_LARGE, 1, 1, numbers[i], 1, t->slot);
		add_map(t->ops, t->env, m->map_env, EXO_MAP_LARGE, 1, OP_WILD_SHIFTED, m->pool, 1,
			t->slot);
		if (numbers[i] != 1)
			add_map(t->ops, t->env, m->map_env, EXO_MAP_PAGES, 1, 1, m->pool,
				numbers[i], t->slot);
	}
}

void refused(const struct world *w, struct ops *ops, const struct menu *m)
{
	struct at t = {.ops = ops, .m = m, .env = m->env};

	if (!w->env[m->env].live)
		return;
	t.empty = empty_slot(w, m->env, m->from, m->to);
	for (int s = 0; s < W_SLOTS; s++) {
		bool also = s == m->also[0] || s == m->also[1] || s == m->also[2];

		t.slot = s;
		t.c = &w->env[m->env].cap[s];
		if (!t.c->kind || !(also || (s >= m->from && s < m->to)))
			continue;
		slots(&t);
		if (m->pool < EXO_LARGE_FRAMES && m->env != HOME_FIRST)
			activations(&t);
		objects(&t);
		if (t.c->kind != EXO_CAP_FRAMES)
			continue;
		ranges(&t);
		maps(&t);
	}
}
