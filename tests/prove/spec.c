/* spec.c - the model: what all calls have in common.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "spec.h"

#include <core/env.h>

struct w_cap *cap_at(struct world *w, uint8_t h, uint64_t number)
{
	uint32_t place = number > UINT32_MAX ? NOBODY : slot_place((uint32_t)number);

	if (!number || number >= (uint64_t)w->env[h].pages * EXO_CAP_SLOTS)
		return NULL;
	return place == NOBODY ? NULL : &w->env[h].cap[place];
}

/* Somebody above takes back what was derived from it. */
static bool taken_back(const struct world *w, const struct w_cap *c)
{
	while (c->parent != NOBODY) {
		c = &w->env[c->parent].cap[c->parent_slot];
		if (c->revoking)
			return true;
	}
	return false;
}

bool cap_usable(const struct world *w, const struct w_cap *c)
{
	return c->kind && !c->ending && !taken_back(w, c);
}

struct w_cap *cap_ask(struct ask *k, uint8_t h, uint64_t number, int kind, unsigned rights)
{
	struct w_cap *c = cap_at(k->w, h, number);
	bool good = c && c->kind == kind && (c->rights & rights) == rights && cap_usable(k->w, c);

	if (good && kind == EXO_CAP_FRAMES && c->account != NOBODY)
		good = k->w->account[c->account].live &&
		       frame_in(k->w, shape.home[c->account])->generation == c->generation;
	WRONG(k, !good, CAP);
	return good ? c : NULL;
}

uint8_t env_ask(struct ask *k, uint64_t number, unsigned rights)
{
	const struct w_cap *c;
	uint8_t h;

	if (!number)
		return k->self;
	c = cap_ask(k, k->self, number, EXO_CAP_ENV, rights);
	if (!c)
		return NOBODY;
	h = home_of(c->first);
	if (k->w->env[h].live && frame_in(k->w, shape.home[h])->generation == c->generation)
		return h;
	WRONG(k, true, STALE);
	return NOBODY;
}

uint8_t account_ask(struct ask *k, uint64_t number, unsigned rights)
{
	const struct w_cap *c = cap_ask(k, k->self, number, EXO_CAP_ACCOUNT, rights);
	uint8_t h = c ? home_of(c->first) : NOBODY;

	if (h != NOBODY && k->w->account[h].live &&
	    frame_in(k->w, shape.home[h])->generation == c->generation)
		return h;
	WRONG(k, true, CAP);
	return NOBODY;
}

bool covers(const struct w_cap *c, uint64_t first, uint64_t count)
{
	unsigned __int128 end = (unsigned __int128)first + count;

	return first >= c->first && end <= (unsigned __int128)c->first + c->count;
}

bool below(const struct world *w, uint8_t account, uint8_t above)
{
	for (; account != NOBODY; account = w->account[account].parent)
		if (account == above)
			return true;
	return false;
}

bool descends(const struct world *w, uint8_t h, uint8_t s, uint8_t above, uint8_t above_slot)
{
	const struct w_cap *c = &w->env[h].cap[s];

	for (; c->parent != NOBODY; c = &w->env[c->parent].cap[c->parent_slot])
		if (c->parent == above && c->parent_slot == above_slot)
			return true;
	return false;
}

bool failed(struct ask *k, const char **wrong)
{
	*wrong = NULL;
	if (k->r < 0 && k->r >= -31 && (k->errors ? k->errors : k->may) & 1u << -k->r)
		return true;
	if (k->errors)
		*wrong = say("it should have failed (errors that would be right: %x)", k->errors);
	else if (k->r < 0)
		*wrong = "it should not have failed";
	return *wrong;
}

void cap_remove(struct world *w, uint8_t h, uint8_t s)
{
	struct w_cap was = w->env[h].cap[s];

	memset(&w->env[h].cap[s], 0, sizeof(was));
	for (uint8_t e = 0; e < shape.homes; e++)
		for (uint32_t i = 0; i < W_SLOTS; i++) {
			struct w_cap *c = &w->env[e].cap[i];

			if (c->kind && c->parent == h && c->parent_slot == s) {
				c->parent = was.parent;
				c->parent_slot = was.parent_slot;
			}
		}
}

void slice_clear(struct w_slice *s)
{
	*s = (struct w_slice){NOBODY, NOBODY, NOBODY, NOBODY, 0, s->most, s->credit};
}

void act_remove(struct world *w, uint8_t h, int index)
{
	for (int n = 0; n < W_CPUS; n++)
		for (int i = 0; i < W_SLICES; i++)
			if (w->slice[n][i].env == h && w->slice[n][i].index == index)
				slice_clear(&w->slice[n][i]);
	memset(&w->env[h].act[index], 0, sizeof(w->env[h].act[index]));
}

void env_end(struct world *w, uint8_t h, uint8_t reason, uint8_t status)
{
	struct w_env *e = &w->env[h], *creator;

	if (e->stopped)
		return;
	e->stopped = reason;
	e->status = status;
	if (e->creator == NOBODY)
		return;
	creator = &w->env[e->creator];
	if (!creator->live || creator->stopped || !creator->act[0].state ||
	    w->frame[shape.home[e->creator]].generation != e->creator_generation)
		return;
	if (e->stop_bits & ~creator->act[0].event)
		creator->act[0].event_due = 1;
	creator->act[0].event |= e->stop_bits;
}

void cap_undo(struct world *w, uint8_t h, uint8_t s)
{
	struct w_env *e = &w->env[h];

	if (e->cap[s].kind == EXO_CAP_FRAMES)
		for (int i = 0; i < W_ACTS; i++)
			if (e->act[i].state && e->act[i].slot == s)
				env_end(w, h, EXO_STOP_REVOKED, 0);
	for (uint32_t p = 0; p < shape.places; p++)
		if (e->map[p].pfn && e->map[p].slot == s)
			memset(&e->map[p], 0, sizeof(e->map[p]));
	for (int n = 0; n < W_CPUS; n++)
		for (int i = 0; i < W_SLICES; i++)
			if (w->slice[n][i].env != NOBODY && w->slice[n][i].cap_env == h &&
			    w->slice[n][i].cap_slot == s)
				slice_clear(&w->slice[n][i]);
}

void become_ask(struct ask *k, const struct w_cap *c, uint64_t pfn)
{
	const struct w_frame *f;

	if (!c || !covers(c, pfn, 1)) {
		WRONG(k, true, CAP);
		return;
	}
	f = frame_at(k->w, pfn);
	WRONG(k, f->account != c->account || f->type == W_FREE, CAP);
	WRONG(k, f->type != W_DATA || f->maps || f->wired || f->going, BUSY);
}

/* What is no call: the environment begins to run, or its CPU leaves it. */
static const char *spec_cpu(struct world *w, const struct op *op)
{
	w->env[op->env].loaded = op->call == OP_RUN ? (uint8_t)(1 << shape.cpu[op->env]) : 0;
	return NULL;
}

static const char *spec_call(struct ask *k, const struct op *op)
{
	static const char *(*const model[])(struct ask *) = {
		[EXO_SYS_cap_derive] = spec_derive,
		[EXO_SYS_cap_charge] = spec_charge,
		[EXO_SYS_cap_drop] = spec_drop,
		[EXO_SYS_cap_revoke] = spec_revoke,
		[EXO_SYS_cap_grow] = spec_grow,
		[EXO_SYS_account_create] = spec_account_create,
		[EXO_SYS_account_open] = spec_account_open,
		[EXO_SYS_account_limit] = spec_account_limit,
		[EXO_SYS_account_destroy] = spec_account_destroy,
		[EXO_SYS_frame_alloc] = spec_alloc,
		[EXO_SYS_frame_free] = spec_free,
		[EXO_SYS_frame_take] = spec_take,
		[EXO_SYS_object_copy] = spec_object_copy,
		[EXO_SYS_env_create] = spec_env_create,
		[EXO_SYS_env_stop] = spec_env_stop,
		[EXO_SYS_env_status] = spec_env_status,
		[EXO_SYS_env_destroy] = spec_env_destroy,
		[EXO_SYS_activation_bind] = spec_activation,
		[EXO_SYS_slice_bind] = spec_slice,
		[EXO_SYS_notify] = spec_notify,
		[EXO_SYS_sleep] = spec_sleep,
		[EXO_SYS_yield] = spec_yield,
		[EXO_SYS_alarm] = spec_alarm,
		[EXO_SYS_call] = spec_transfer,
		[EXO_SYS_reply] = spec_reply,
	};
	struct exo_map_op m[2];

	if (op->call == EXO_SYS_map) {
		m[0] = op_map(op);
		return spec_map(k, m, 1);
	}
	if (op->call == OP_MAP_AT)
		return spec_map_at(k, op_batch(op->a[1]));
	if (op->call == OP_MAP_TWO) {
		op_map_two(op, m);
		return spec_map(k, m, 2);
	}
	if (op->call >= sizeof(model) / sizeof(model[0]) || !model[op->call])
		return "the model does not know this call";
	return model[op->call](k);
}

/* The processor marks what it uses, at once. */
static void touch(struct world *w)
{
	for (uint8_t h = 0; h < shape.homes; h++)
		for (uint32_t p = 0; w->env[h].loaded && p < shape.places; p++)
			if (w->env[h].map[p].pfn)
				w->env[h].map[p].seen |=
					(uint8_t)(1 | (w->env[h].map[p].prot & EXO_PROT_WRITE));
}

const char *spec(struct world *w, const struct op *op, long r, const struct world *seen)
{
	struct ask k = {.w = w, .seen = seen, .self = op->env, .cpu = op->env, .r = r};
	struct world before;
	const char *wrong;

	if (shape.scheduled) {
		before = *w;
		k.self = w->cpu[op->env].env;
	}

	for (int i = 0; i < 6; i++)
		k.a[i] = op_value(op->a[i]);
	if (op->call == OP_TICK || op->call == OP_WAKE)
		wrong = NULL;
	else
		wrong = op->call == OP_RUN || op->call == OP_LEAVE ? spec_cpu(w, op)
								   : spec_call(&k, op);
	if (!wrong && shape.scheduled)
		wrong = spec_happened(&k, op, &before);
	if (wrong)
		return wrong;
	if (!shape.scheduled && w->env[op->env].stopped)
		w->env[op->env].loaded = 0; /* its CPU leaves it at once */
	if (r >= 0 || k.errors == 0 || shape.scheduled) {
		world_count(w);
		touch(w);
	}
	return world_difference(w, seen);
}
