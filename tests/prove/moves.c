/* moves.c - the calls that make sense in a world.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Slots that are filled, the lowest empty slot, ranges that are whole, a half or one frame, rights
 * that are all or some.  Which of several equal empty slots is filled makes no difference to the
 * kernel, so one stands for all.
 */
#include "moves.h"

#include "hw.h"

struct at {
	const struct world *w;
	struct ops *ops;
	const struct menu *m;
	const struct w_env *e;
	int slot; /* the one that is looked at */
	const struct w_cap *c;
};

static bool does(const struct at *t, uint32_t what)
{
	return t->m->what & what;
}

static int target_home(const struct at *t, int slot)
{
	return slot ? home_of(t->e->cap[slot].first) : t->m->env;
}

static void derive(const struct at *t, int to)
{
	int h = target_home(t, to), dst;
	const struct w_cap *c = t->c;

	if (to && (t->e->cap[to].kind != EXO_CAP_ENV || !t->w->env[h].live))
		return;
	dst = empty_slot(t->w, (uint8_t)h, t->m->from, t->m->to);
	if (dst == t->m->to)
		return;
	for (int all = 0; all < 2; all++) {
		int rights = all ? c->rights : c->rights & 0x7f & ~EXO_RIGHT_WRITE;

		add(t->ops, t->m->env, EXO_SYS_cap_derive, t->slot, to, dst, (int)c->first,
		    (int)c->count, rights);
		if ((c->kind == EXO_CAP_FRAMES || c->kind == EXO_CAP_CPU) && c->count > 1)
			add(t->ops, t->m->env, EXO_SYS_cap_derive, t->slot, to, dst,
			    (int)c->first + 1, (int)c->count - 1, rights);
	}
}

static void pass_on(const struct at *t)
{
	if (!(t->c->rights & EXO_RIGHT_DERIVE))
		return;
	if (does(t, M_DERIVE))
		derive(t, 0);
	for (int i = 0; does(t, M_GRANT) && i < 2; i++)
		if (t->m->give[i])
			derive(t, t->m->give[i]);
}

/* The frames of the pool that the slot covers. */
static int first_of(const struct at *t)
{
	return (int)t->c->first > t->m->pool ? (int)t->c->first : t->m->pool;
}

static int end_of(const struct at *t)
{
	int end = (int)(t->c->first + t->c->count), pool_end = t->m->pool + t->m->frames;

	return end < pool_end ? end : pool_end;
}

static void map_frames(const struct at *t)
{
	for (uint32_t p = 0; p < shape.places; p++) {
		if (!(t->m->places >> p & 1))
			continue;
		for (int pfn = first_of(t); pfn < end_of(t); pfn++)
			for (int prot = 1; prot <= 3; prot += 2)
				if ((prot & t->c->rights) == prot)
					add_map(t->ops, t->m->env, t->m->map_env,
						shape.large[p] ? EXO_MAP_LARGE : EXO_MAP_PAGES,
						prot, (int)p, pfn, 1, t->slot);
		if (does(t, M_PROTECT))
			for (int prot = 1; prot <= 3; prot += 2)
				add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_PROTECT, prot,
					(int)p, 0, shape.large[p] ? EXO_LARGE_FRAMES : 1, t->slot);
		if (does(t, M_PROTECT) && p == 1)
			add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_PROTECT,
				1 | EXO_PROT_CLEAR_DIRTY, (int)p, 0, 1, t->slot);
		if (does(t, M_PROTECT) && shape.large[p])
			add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_PROTECT,
				1 | EXO_PROT_CLEAR_ACCESSED, (int)p, 0, EXO_LARGE_FRAMES, t->slot);
	}
}

static void tables(const struct at *t)
{
	for (uint32_t i = 0; i < shape.tables; i++) {
		if (!(t->m->tables >> i & 1))
			continue;
		for (int pfn = first_of(t); pfn < end_of(t); pfn++) {
			add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_TABLE, 0, (int)i, pfn,
				shape.table[i].level, t->slot);
			for (uint32_t p = 1; p < shape.places; p++)
				if (t->m->places >> p & 1 && t->e->map[p].pfn == pfn)
					add(t->ops, t->m->env, OP_MAP_TWO, t->m->map_env, 0, (int)p,
					    pfn, (int)i, t->slot);
		}
	}
}

static void frames_under(const struct at *t)
{
	const struct menu *m = t->m;

	for (int pfn = first_of(t); pfn < end_of(t); pfn++) {
		if (does(t, M_ALLOC)) {
			add(t->ops, m->env, EXO_SYS_frame_alloc, t->slot, pfn, 1, 0, 0, 0);
			if (pfn + 1 < end_of(t))
				add(t->ops, m->env, EXO_SYS_frame_alloc, t->slot, pfn, 2, 0, 0, 0);
		}
		if (does(t, M_FREE))
			add(t->ops, m->env, EXO_SYS_frame_free, t->slot, pfn, 1, 0, 0, 0);
		if (does(t, M_TAKE)) {
			add(t->ops, m->env, EXO_SYS_frame_take, t->slot, pfn, 1, 0, 0, 0);
			if (pfn + 1 < end_of(t))
				add(t->ops, m->env, EXO_SYS_frame_take, t->slot, pfn, 2, 0, 0, 0);
		}
		if (does(t, M_GROW))
			add(t->ops, m->env, EXO_SYS_cap_grow, t->slot, pfn, 0, 0, 0, 0);
		if (does(t, M_COPY) && m->home)
			add(t->ops, m->env, EXO_SYS_object_copy, t->slot, m->home, pfn, 0, 0, 0);
	}
}

/* Accounts made, and spoken of, under a slot of frames. */
static void accounts_under(const struct at *t)
{
	const struct menu *m = t->m;
	int dst = empty_slot(t->w, m->env, m->from, m->to);

	for (int a = 0; dst < m->to && a < m->to; a++) {
		if (t->e->cap[a].kind != EXO_CAP_ACCOUNT)
			continue;
		if (does(t, M_CHARGE))
			add(t->ops, m->env, EXO_SYS_cap_charge, t->slot, a, dst, first_of(t),
			    end_of(t) - first_of(t), t->c->rights);
		for (uint32_t h = 0; does(t, M_ACCOUNT) && h < shape.homes; h++) {
			int pfn = shape.home[h];

			if (pfn < first_of(t) || pfn >= end_of(t))
				continue;
			add(t->ops, m->env, EXO_SYS_account_create, t->slot, pfn, a, dst, OP_MAX,
			    0);
			add(t->ops, m->env, EXO_SYS_account_create, t->slot, pfn, a, dst, 1, 1);
		}
	}
}

static void account(const struct at *t)
{
	const struct menu *m = t->m;
	int dst = empty_slot(t->w, m->env, m->from, m->to);

	if (does(t, M_LIMIT))
		for (int limit = 0; limit < 3; limit++)
			add(t->ops, m->env, EXO_SYS_account_limit, t->slot, limit, 0, 0, 0, 0);
	if (does(t, M_ACCOUNT))
		add(t->ops, m->env, EXO_SYS_account_destroy, t->slot, 0, 0, 0, 0, 0);
	for (uint32_t h = 0; does(t, M_OPEN) && dst < m->to && h < shape.homes; h++)
		if (t->w->env[h].live || t->w->account[h].live)
			add(t->ops, m->env, EXO_SYS_account_open, t->slot, shape.home[h], dst, 0, 0,
			    0);
}

static void env(const struct at *t)
{
	const struct menu *m = t->m;

	if (does(t, M_ENV) && t->c->first != BOOT_ENV) { /* the machine goes off with the first */
		add(t->ops, m->env, EXO_SYS_env_stop, t->slot, 7, 0, 0, 0, 0);
		add(t->ops, m->env, EXO_SYS_env_destroy, t->slot, 0, 0, 0, 0, 0);
	}
	if (does(t, M_STATUS))
		add(t->ops, m->env, EXO_SYS_env_status, t->slot, 0, 0, 0, 0, 0);
	if (does(t, M_ACT)) {
		for (int i = 0; i < W_ACTS; i++)
			add(t->ops, m->env, EXO_SYS_activation_bind, t->slot, i, m->from, m->pool,
			    5, 0);
		add(t->ops, m->env, EXO_SYS_notify, t->slot, 0, 2, 0, 0, 0);
	}
	for (int s = 0; does(t, M_SLICE) && s < m->to; s++)
		if (t->e->cap[s].kind == EXO_CAP_CPU)
			for (int n = 4; n < 8; n++)
				for (int ns = 0; ns <= 30000; ns = ns ? ns + 10000 : 20000)
					add(t->ops, m->env, EXO_SYS_slice_bind, s, n / 2, 1,
					    t->slot, n % 2, ns);
}

static void create(const struct at *t)
{
	const struct menu *m = t->m;
	int dst = empty_slot(t->w, m->env, m->from, m->to);

	if (does(t, M_ENV) && m->home && dst < m->to)
		add(t->ops, m->env, EXO_SYS_env_create, t->slot, m->home, m->home + 1, m->home + 2,
		    dst, 4);
}

/* One slot, and what can be done under it. */
static void under(struct at *t, int slot)
{
	t->slot = slot;
	t->c = &t->e->cap[slot];
	if (!t->c->kind)
		return;
	if (slot >= t->m->from && slot < t->m->to) {
		pass_on(t);
		if (does(t, M_DROP))
			add(t->ops, t->m->env, EXO_SYS_cap_drop, slot, 0, 0, 0, 0, 0);
	}
	if (does(t, M_REVOKE))
		add(t->ops, t->m->env, EXO_SYS_cap_revoke, slot, 0, 0, 0, 0, 0);
	if (t->c->kind == EXO_CAP_FRAMES) {
		if (does(t, M_MAP))
			map_frames(t);
		if (does(t, M_TABLE))
			tables(t);
		frames_under(t);
		accounts_under(t);
		create(t);
	}
	if (t->c->kind == EXO_CAP_ACCOUNT)
		account(t);
	if (t->c->kind == EXO_CAP_ENV)
		env(t);
}

static void take_away(const struct at *t)
{
	int h = target_home(t, t->m->map_env);
	const struct w_env *e = h == NOBODY ? NULL : &t->w->env[h];

	for (uint32_t p = 0; e && does(t, M_MAP) && p < shape.places; p++)
		if (e->map[p].pfn && t->m->places >> p & 1)
			add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_REMOVE, 0, (int)p, 0,
				shape.large[p] ? EXO_LARGE_FRAMES : 1, 0);
	for (uint32_t i = 0; e && does(t, M_TABLE) && i < shape.tables; i++)
		if (e->table[i] && t->m->tables >> i & 1)
			add_map(t->ops, t->m->env, t->m->map_env, EXO_MAP_UNTABLE, 0, (int)i, 0,
				shape.table[i].level, 0);
}

void moves(const struct world *w, struct ops *ops, const struct menu *m)
{
	struct at t = {.w = w, .ops = ops, .m = m, .e = &w->env[m->env]};

	add(ops, m->env, OP_RUN, 0, 0, 0, 0, 0, 0);
	add(ops, m->env, OP_LEAVE, 0, 0, 0, 0, 0, 0);
	if (!t.e->live)
		return;
	for (int i = 0; i < 3; i++)
		if (m->also[i])
			under(&t, m->also[i]);
	for (int s = m->from; s < m->to; s++)
		under(&t, s);
	take_away(&t);
}
