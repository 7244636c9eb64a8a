/* spec_env.c - the model: environments, activations, slices.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "spec.h"

#include <core/env.h>

static struct w_cap env_cap(const struct world *w, uint8_t h)
{
	return (struct w_cap){.kind = EXO_CAP_ENV,
			      .rights = W_ENV_RIGHTS,
			      .account = NOBODY,
			      .parent = NOBODY,
			      .parent_slot = NOBODY,
			      .generation = w->frame[shape.home[h]].generation,
			      .first = shape.home[h]};
}

const char *spec_env_create(struct ask *k)
{
	const struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	struct w_cap *to = cap_at(k->w, k->self, k->a[4]), *itself;
	uint64_t object = k->a[1], slots = k->a[2], root = k->a[3];
	uint8_t h = home_of(object);
	struct w_env *e;
	const char *wrong;

	WRONG(k, !to || object == slots || object == root || slots == root, INVAL);
	WRONG(k, to && to->kind, EXIST);
	become_ask(k, c, object);
	become_ask(k, c, slots);
	become_ask(k, c, root);
	if (failed(k, &wrong))
		return wrong;
	e = &k->w->env[h];
	*e = (struct w_env){.live = 1,
			    .wx = k->w->env[k->self].wx && c->rights & EXO_RIGHT_WX,
			    .creator = k->self,
			    .creator_generation = frame_in(k->w, shape.home[k->self])->generation,
			    .stop_bits = (uint8_t)k->a[5],
			    .pages = 1,
			    .page = {(uint16_t)slots},
			    .root = (uint16_t)root};
	frame_in(k->w, object)->type = W_ENV;
	frame_in(k->w, slots)->type = W_CAPS;
	frame_in(k->w, root)->type = W_TABLE4;
	*to = env_cap(k->w, h);
	itself = &e->cap[EXO_SLOT_SELF];
	*itself = *to;
	itself->depth = 1;
	itself->parent = k->self;
	itself->parent_slot = (uint8_t)slot_place((uint32_t)k->a[4]);
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_env_stop(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[0], EXO_RIGHT_CONTROL);
	const char *wrong;

	WRONG(k, h != NOBODY && k->w->env[h].stopped, STATE);
	if (failed(k, &wrong))
		return wrong;
	env_end(k->w, h, h == k->self ? EXO_STOP_SELF : EXO_STOP_OTHER, (uint8_t)k->a[1]);
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_env_status(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[0], 0);
	const struct w_env *e = &k->w->env[h == NOBODY ? 0 : h];
	const char *wrong;
	long status = 0;

	if (failed(k, &wrong))
		return wrong;
	if (e->stopped)
		status = (long)(EXO_STATUS_STOPPED | (uint64_t)e->stopped << 32 | e->status);
	return k->r == status ? NULL : say("the status should have been %lx", status);
}

/* What a step took away already shows; at the end all is gone. */
static void take_apart(struct ask *k, uint8_t h)
{
	const struct w_env *now = &k->seen->env[h];
	struct w_env *e = &k->w->env[h];
	bool all = k->r == 0;
	int pages = all ? 0 : now->pages;

	for (int i = 0; i < W_ACTS; i++)
		if (all || !now->act[i].state)
			act_remove(k->w, h, i);
	for (uint32_t p = 0; p < shape.places; p++)
		if (all || !now->map[p].pfn)
			memset(&e->map[p], 0, sizeof(e->map[p]));
	for (uint32_t t = 0; t < shape.tables; t++)
		if (e->table[t] && (all || !now->table[t])) {
			frame_in(k->w, e->table[t])->type = W_DATA;
			e->table[t] = 0;
		}
	for (uint8_t s = 0; s < W_SLOTS; s++)
		if (e->cap[s].kind && (all || !now->cap[s].kind)) {
			cap_undo(k->w, h, s);
			cap_remove(k->w, h, s);
		} else if (e->cap[s].kind && now->cap[s].ending) {
			cap_partly(k, h, s);
		}
	for (; e->pages > pages; e->page[e->pages] = 0)
		frame_in(k->w, e->page[--e->pages])->type = W_DATA;
}

const char *spec_env_destroy(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[0], EXO_RIGHT_CONTROL);
	struct w_env *e = &k->w->env[h == NOBODY ? 0 : h];
	const char *wrong;

	WRONG(k, h == k->self, INVAL);
	WRONG(k, h != NOBODY && !e->stopped, STATE);
	if (failed(k, &wrong))
		return wrong;
	if (k->r == 0 && e->loaded)
		return "it was destroyed while a CPU has its page tables";
	take_apart(k, h);
	if (k->r == 1)
		return NULL;
	frame_in(k->w, e->root)->type = W_DATA;
	frame_in(k->w, shape.home[h])->type = W_DATA;
	frame_in(k->w, shape.home[h])->generation++;
	memset(e, 0, sizeof(*e));
	return k->r ? "it should have returned 0 or 1" : NULL;
}

const char *spec_activation(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[0], EXO_RIGHT_CONTROL);
	uint32_t index = (uint32_t)k->a[1];
	uint64_t pfn = k->a[3];
	struct w_cap *c;
	const char *wrong;

	if (h == NOBODY) {
		failed(k, &wrong);
		return wrong;
	}
	c = cap_ask(k, h, k->a[2], EXO_CAP_FRAMES,
		    EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC);
	WRONG(k, c && !covers(c, pfn, 2), CAP);
	for (uint64_t i = pfn; c && covers(c, pfn, 2) && i < pfn + 2; i++) {
		const struct w_frame *f = frame_at(k->w, i);

		WRONG(k, f->account != c->account, CAP);
		WRONG(k, f->type != W_DATA || f->wired || f->going, BUSY);
	}
	WRONG(k, index >= EXO_CPU_MAX, INVAL);
	WRONG(k, index < W_ACTS && k->w->env[h].act[index].state, EXIST);
	WRONG(k, k->w->env[h].stopped, STATE);
	if (failed(k, &wrong))
		return wrong;
	c->used = 1;
	k->w->env[h].act[index] = (struct w_act){.state = ACT_NEW,
						 .slot = (uint8_t)slot_place((uint32_t)k->a[2]),
						 .pfn = (uint16_t)pfn,
						 .callee = NOBODY,
						 .callee_index = NOBODY,
						 .caller = NOBODY,
						 .caller_index = NOBODY,
						 .argument = (int32_t)k->a[4]};
	return k->r ? "it should have returned 0" : NULL;
}

bool slice_covered(const struct w_cap *c, uint32_t cpu, uint32_t slice)
{
	return covers(c, EXO_SLICE_OF(cpu, slice), 1);
}

const char *spec_slice(struct ask *k)
{
	struct w_cap *c = cap_ask(k, k->self, k->a[0], EXO_CAP_CPU, EXO_RIGHT_BIND);
	uint8_t h = env_ask(k, k->a[3], EXO_RIGHT_CONTROL);
	uint32_t n = (uint32_t)k->a[1], at = (uint32_t)k->a[2], index = (uint32_t)k->a[4];
	uint64_t ns = k->a[5];
	bool there = n < W_CPUS && at < W_SLICES && index < W_ACTS;
	struct w_slice *s = there ? &k->w->slice[n][at] : NULL;
	struct w_act *act = there && h != NOBODY ? &k->w->env[h].act[index] : NULL;
	const char *wrong;

	WRONG(k, c && !slice_covered(c, n, at), CAP);
	WRONG(k, n >= EXO_CPU_MAX || at >= EXO_SLICE_MAX || index >= EXO_CPU_MAX, INVAL);
	WRONG(k, ns && (ns < 10000 || ns > 1000000000), INVAL);
	WRONG(k, c && s && ns > s->most && !(c->rights & EXO_RIGHT_LENGTH), LIMIT);
	WRONG(k, there && s->env != NOBODY && (s->env != h || s->index != index), EXIST);
	if (act && ns && shape.scheduled && act->cpu != n) /* has not left the other CPU yet */
		WRONG(k,
		      act->state == ACT_RUNNING || (k->w->cpu[act->cpu].vector == h &&
						    k->w->cpu[act->cpu].vector_index == index),
		      STATE);
	if (act && ns)
		WRONG(k, !act->state || k->w->env[h].stopped || (act->bound && act->cpu != n),
		      STATE);
	if (failed(k, &wrong))
		return wrong;
	if (!ns) {
		slice_clear(s);
	} else {
		*s = (struct w_slice){h,
				      (uint8_t)index,
				      k->self,
				      (uint8_t)slot_place((uint32_t)k->a[0]),
				      (uint32_t)ns,
				      c->rights & EXO_RIGHT_LENGTH ? (uint32_t)ns : s->most,
				      s->credit};
		act->cpu = (uint8_t)n;
		c->used = 1;
	}
	return k->r ? "it should have returned 0" : NULL;
}

const char *spec_notify(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[0], EXO_RIGHT_NOTIFY);
	uint32_t index = (uint32_t)k->a[1];
	struct w_act *act = h != NOBODY && index < W_ACTS ? &k->w->env[h].act[index] : NULL;
	const char *wrong;

	WRONG(k, index >= EXO_CPU_MAX, INVAL);
	WRONG(k, h != NOBODY && (k->w->env[h].stopped || !act || !act->state), STATE);
	if (failed(k, &wrong))
		return wrong;
	if (k->a[2] & ~(uint64_t)act->event)
		act->event_due = 1;
	act->event |= (uint16_t)k->a[2];
	return k->r ? "it should have returned 0" : NULL;
}
