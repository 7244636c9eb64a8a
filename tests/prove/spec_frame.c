/* spec_frame.c - the model: accounts and frames.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "spec.h"

const char *spec_account_create(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint8_t above = account_ask(k, k->a[2], EXO_RIGHT_CHARGE), h = home_of(k->a[1]);
	struct w_cap *to = cap_at(k->w, k->self, k->a[3]);
	const char *wrong;

	become_ask(k, c, k->a[1]);
	WRONG(k, c && c->account != above, CAP);
	WRONG(k, !to || k->a[5] > k->a[4], INVAL);
	WRONG(k, to && to->kind, EXIST);
	WRONG(k, above != NOBODY && k->w->account[above].depth == EXO_ACCOUNT_DEPTH, LIMIT);
	if (failed(k, &wrong))
		return wrong;
	frame_in(k->w, k->a[1])->type = W_ACCOUNT;
	k->w->account[h] = (struct w_account){.live = 1,
					      .parent = above,
					      .depth = k->w->account[above].depth + 1,
					      .limit = k->a[4],
					      .guaranteed = k->a[5]};
	*to = (struct w_cap){.kind = EXO_CAP_ACCOUNT,
			     .rights = W_ACCOUNT_RIGHTS,
			     .account = NOBODY,
			     .parent = NOBODY,
			     .parent_slot = NOBODY,
			     .generation = frame_in(k->w, k->a[1])->generation,
			     .first = (uint32_t)k->a[1],
			     .count = 1};
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_account_limit(struct ask *k)
{
	uint8_t h = account_ask(k, k->a[0], EXO_RIGHT_LIMIT);
	const char *wrong;

	WRONG(k, h != NOBODY && k->a[1] < k->w->account[h].guaranteed, INVAL);
	if (failed(k, &wrong))
		return wrong;
	k->w->account[h].limit = k->a[1];
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_account_destroy(struct ask *k)
{
	uint8_t h = account_ask(k, k->a[0], EXO_RIGHT_LIMIT);
	const struct w_account *a = h == NOBODY ? NULL : &k->w->account[h];
	struct w_frame *f;
	const char *wrong;

	WRONG(k, a && a->parent == NOBODY, CAP);
	WRONG(k, a && (a->used || a->left || a->children || frame_in(k->w, shape.home[h])->maps),
	      BUSY);
	if (failed(k, &wrong))
		return wrong;
	memset(&k->w->account[h], 0, sizeof(*a));
	f = frame_in(k->w, shape.home[h]);
	f->type = W_DATA;
	f->generation++;
	return k->r ? "it should have returned 0" : NULL;
}

static uint64_t room(const struct world *w, uint8_t h, uint64_t n)
{
	for (; h != NOBODY; h = w->account[h].parent) {
		const struct w_account *a = &w->account[h];

		if (a->limit <= a->used)
			return 0;
		if (a->limit - a->used < n)
			n = a->limit - a->used;
	}
	return n;
}

const char *spec_alloc(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t first = k->a[1], n = k->a[2] < EXO_RUN_MAX ? k->a[2] : EXO_RUN_MAX, i = 0;
	int clear = EXO_ZERO_MAX;
	const char *wrong;

	WRONG(k, !n, INVAL);
	if (c && n && covers(c, first, n)) {
		n = room(k->w, c->account, n);
		WRONG(k, !n, LIMIT);
		WRONG(k, frame_at(k->w, first)->type != W_FREE, TAKEN);
	} else {
		WRONG(k, n, CAP);
	}
	if (failed(k, &wrong))
		return wrong;
	for (; i < n; i++) {
		struct w_frame *f = frame_in(k->w, first + i);

		if (f->type != W_FREE)
			break;
		if (f->account != c->account &&
		    (f->account != NOBODY || k->w->account[c->account].parent != NOBODY) &&
		    !clear--)
			break;
		f->type = W_DATA;
		f->account = c->account;
	}
	return k->r == (long)i ? NULL : say("%lu frames should have been taken", i);
}

const char *spec_free(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t first = k->a[1], n = k->a[2];
	const char *wrong;

	WRONG(k, !n || n > EXO_RUN_MAX, INVAL);
	WRONG(k, c && !covers(c, first, n), CAP);
	for (uint64_t i = 0; c && covers(c, first, n) && i < n; i++)
		become_ask(k, c, first + i);
	if (failed(k, &wrong))
		return wrong;
	for (uint64_t i = 0; i < n; i++)
		frame_in(k->w, first + i)->type = W_FREE;
	return k->r ? "it should have returned 0" : NULL;
}

/* Which frames of a range are to be taken; errors are noted. */
static uint32_t victims(struct ask *k, const struct w_cap *c, uint8_t *from, bool take[W_FRAMES])
{
	uint32_t n = 0;

	*from = NOBODY;
	for (uint64_t pfn = k->a[1]; pfn < k->a[1] + k->a[2]; pfn++) {
		const struct w_frame *f = frame_at(k->w, pfn);

		if (f->type == W_ABSENT || f->type == W_FREE || f->account == c->account)
			continue;
		WRONG(k, f->type == W_INFO || !below(k->w, f->account, c->account), CAP);
		WRONG(k, *from != NOBODY && *from != f->account, INVAL);
		WRONG(k, f->type != W_DATA || f->wired, BUSY);
		*from = f->account;
		take[frame_place(pfn)] = true;
		n++;
	}
	return n;
}

/* The account right below that of the taker which the frames count for. */
static void guarantee_ask(struct ask *k, uint8_t from, uint8_t taker, uint32_t n)
{
	const struct w_account *a;

	if (!n)
		return;
	while (k->w->account[from].parent != taker)
		from = k->w->account[from].parent;
	a = &k->w->account[from];
	WRONG(k, a->used < n + a->guaranteed, LIMIT);
}

/* Of two who take it the one further above stays known: the other does not undo what that began. */
static void mark_taken(struct w_frame *f, unsigned mark, bool more)
{
	if (f->going && f->going < mark)
		return;
	f->going = more ? (uint8_t)mark : 0;
}

const char *spec_take(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	bool good = k->a[2] && k->a[2] <= EXO_TAKE_MAX, take[W_FRAMES] = {0};
	struct w_env *e = &k->w->env[k->self];
	bool mapped = false;
	uint8_t from = NOBODY;
	uint32_t n = 0;
	const char *wrong;

	WRONG(k, !good, INVAL);
	WRONG(k, c && !covers(c, k->a[1], k->a[2]), CAP);
	if (!k->errors)
		n = victims(k, c, &from, take);
	if (!k->errors)
		guarantee_ask(k, from, c->account, n);
	if (failed(k, &wrong)) {
		for (uint32_t i = 0; k->r == -EXO_E_LIMIT && i < W_FRAMES; i++)
			if (take[i] && k->w->frame[i].going > k->w->account[c->account].depth)
				k->w->frame[i].going = 0; /* their owner's to use again */
		return wrong;
	}
	for (uint8_t h = 0; h < shape.homes; h++)
		for (uint32_t p = 0; k->w->env[h].live && p < shape.places; p++) {
			struct w_map *m = &k->w->env[h].map[p];

			if (!m->pfn || shape.large[p] || !take[frame_place(m->pfn)])
				continue;
			mapped = true;
			if (!k->r || !k->seen->env[h].map[p].pfn)
				memset(m, 0, sizeof(*m));
		}
	for (uint32_t i = 0; i < W_FRAMES; i++)
		if (take[i]) {
			mark_taken(&k->w->frame[i], k->w->account[c->account].depth + 1, k->r == 1);
			k->w->frame[i].account = k->r ? k->w->frame[i].account : c->account;
		}
	e->take = k->seen->env[k->self].take;
	if (k->r == 1 && !mapped)
		return "it said that there is more to do, and nothing was mapped";
	return k->r >> 1 ? "it should have returned 0 or 1" : NULL;
}

const char *spec_account_open(struct ask *k)
{
	uint8_t above = account_ask(k, k->a[0], EXO_RIGHT_LIMIT), s = (uint8_t)k->a[0];
	const struct w_frame *f = frame_at(k->w, k->a[1]);
	struct w_cap *to = cap_at(k->w, k->self, k->a[2]), *from = cap_at(k->w, k->self, s);
	bool env = f->type == W_ENV;
	const char *wrong;

	WRONG(k, !env && f->type != W_ACCOUNT, CAP);
	WRONG(k, above != NOBODY && k->a[1] == shape.home[above], CAP); /* was not made in itself */
	WRONG(k, above != NOBODY && !below(k->w, f->account, above), CAP);
	WRONG(k, !to, INVAL);
	WRONG(k, to && to->kind, EXIST);
	WRONG(k, from && from->depth == EXO_CAP_DEPTH, LIMIT);
	if (failed(k, &wrong))
		return wrong;
	*to = (struct w_cap){.kind = env ? EXO_CAP_ENV : EXO_CAP_ACCOUNT,
			     .rights = env ? W_ENV_RIGHTS : W_ACCOUNT_RIGHTS,
			     .depth = from->depth + 1,
			     .account = NOBODY,
			     .parent = k->self,
			     .parent_slot = (uint8_t)slot_place(s),
			     .generation = f->generation,
			     .first = (uint32_t)k->a[1],
			     .count = !env};
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_object_copy(struct ask *k)
{
	const struct w_cap *c =
		cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC | EXO_RIGHT_WRITE);
	const struct w_frame *f = frame_at(k->w, k->a[1]), *t = frame_at(k->w, k->a[2]);
	const char *wrong;

	WRONG(k, c && (!covers(c, k->a[1], 1) || !covers(c, k->a[2], 1)), CAP);
	WRONG(k, c && (t->account != c->account || t->type <= W_FREE), CAP);
	WRONG(k, f->type < W_TABLE1, INVAL);
	WRONG(k, c && f->type > W_INFO && !below(k->w, f->account, c->account), CAP);
	WRONG(k, t->type != W_DATA || t->wired || t->going, BUSY);
	if (failed(k, &wrong))
		return wrong;
	return k->r ? "it should have returned 0" : NULL;
}
