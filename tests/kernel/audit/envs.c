/* envs.c - environments: their list, pages of slots, activations, calls, slices.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "audit.h"

#define NS_MIN 10000
#define NS_MAX 1000000000

/* The activation that a kernel address leads to, or NULL. */
static const struct act *act_at(const struct audit *a, const struct act *kernel, exo_pfn_t *object)
{
	uint64_t at = (uint64_t)kernel - DIRECT_MAP;
	uint64_t offset = at % EXO_PAGE_SIZE - offsetof(struct env, act);
	const struct env *env = audit_object(a, at >> EXO_PAGE_SHIFT, EXO_FRAME_ENV);

	*object = at >> EXO_PAGE_SHIFT;
	if (!env || at % EXO_PAGE_SIZE < offsetof(struct env, act) || offset % sizeof(struct act) ||
	    offset / sizeof(struct act) >= EXO_CPU_MAX)
		return NULL;
	return &env->act[offset / sizeof(struct act)];
}

static const struct act *kernel_address(exo_pfn_t object, uint32_t index)
{
	return (const struct act *)(DIRECT_MAP + (object << EXO_PAGE_SHIFT) +
				    offsetof(struct env, act) + index * sizeof(struct act));
}

/* It lies in frames that its slot gives, which nobody changes meanwhile. */
static void memory(struct audit *a, exo_pfn_t pfn, const struct env *env, const struct act *act)
{
	const struct cap *c = audit_slot(a, env, act->slot);

	for (exo_pfn_t p = act->pfn; p < act->pfn + 2; p++) {
		if (p >= a->pfn_end) {
			audit_note(a, "an activation beyond all frames", pfn, p);
			return;
		}
		a->wired[p]++;
	}
	if (env->stopped)
		return; /* perhaps because it lost that slot */
	AUDIT(a,
	      c && c->kind == EXO_CAP_FRAMES && (c->rights & 3) == 3 && c->flags & CAP_USED &&
		      cap_covers(c, act->pfn, 2),
	      "an activation in frames that its slot does not give", pfn, act->slot);
	AUDIT(a,
	      !c || c->kind != EXO_CAP_FRAMES ||
		      (a->frame[act->pfn].account == c->account &&
		       a->frame[act->pfn + 1].account == c->account),
	      "an activation in another account's frames", pfn, act->pfn);
}

/* Who waits for another is known to it, and the other way round. */
static void transfer(struct audit *a, exo_pfn_t pfn, const struct env *env, uint32_t index)
{
	const struct act *act = &env->act[index], *self = kernel_address(pfn, index), *other;
	exo_pfn_t object;
	unsigned depth;

	if (act->state >= ACT_CALLING) {
		other = act_at(a, act->callee, &object);
		AUDIT(a, other && other->caller == self, "a callee that does not know its caller",
		      pfn, index);
		AUDIT(a, !env->stopped, "a call by one that has stopped", pfn, index);
	}
	if (!act->caller)
		return;
	other = act_at(a, act->caller, &object);
	AUDIT(a, other && other->state >= ACT_CALLING && other->callee == self,
	      "a caller that does not wait", pfn, index);
	AUDIT(a, !env->stopped, "one that has stopped serves", pfn, index);
	for (depth = 1; other && other->caller && depth <= EXO_CALL_DEPTH; depth++)
		other = act_at(a, other->caller, &object);
	AUDIT(a, depth <= EXO_CALL_DEPTH, "calls too deep", pfn, depth);
}

static uint32_t slices_of(const struct audit *a, exo_pfn_t pfn, uint32_t index, uint32_t cpu)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < EXO_SLICE_MAX; i++)
		n += a->slice[cpu][i].env == pfn && a->slice[cpu][i].index == index;
	return n;
}

static void activation(struct audit *a, exo_pfn_t pfn, const struct env *env, uint32_t index)
{
	const struct act *act = &env->act[index];

	AUDIT(a, act->state <= ACT_LENDING, "an activation in no state", pfn, act->state);
	if (act->state == ACT_NONE) {
		AUDIT(a, !act->bound && !act->caller, "no activation, but bound", pfn, index);
		return;
	}
	memory(a, pfn, env, act);
	transfer(a, pfn, env, index);
	AUDIT(a, act->cpu < a->cpus, "an activation on no CPU", pfn, act->cpu);
	AUDIT(a, act->cpu >= a->cpus || slices_of(a, pfn, index, act->cpu) == act->bound,
	      "an activation with other slices than counted", pfn, act->bound);
}

static void slots(struct audit *a, exo_pfn_t pfn, const struct env *env)
{
	AUDIT(a, env->cap_pages <= ENV_CAP_PAGES, "too many pages of slots", pfn, env->cap_pages);
	for (uint32_t i = 0; i < env->cap_pages && i < ENV_CAP_PAGES; i++) {
		exo_pfn_t page = env->cap_pfn[i];

		if (!audit_object(a, page, EXO_FRAME_CAPS)) {
			audit_note(a, "a page of slots that is none", pfn, page);
			continue;
		}
		AUDIT(a, a->frame[page].maps == pfn, "a page of slots of another", pfn, page);
		AUDIT(a, !a->maps[page]++, "a page of slots twice", pfn, page);
	}
}

/* The list of all: whoever is in it knows its neighbours, and all are. */
static void list(struct audit *a)
{
	uint64_t all = 0, heads = 0, met = 0;
	const struct env *env;

	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct env *n, *p;

		if (!(env = audit_object(a, pfn, EXO_FRAME_ENV)))
			continue;
		all++;
		heads += !env->prev;
		n = audit_object(a, env->next, EXO_FRAME_ENV);
		p = audit_object(a, env->prev, EXO_FRAME_ENV);
		AUDIT(a, !env->next || (n && n->prev == pfn), "a next environment that is not", pfn,
		      env->next);
		AUDIT(a, !env->prev || (p && p->next == pfn), "a last environment that is not", pfn,
		      env->prev);
		if (!env->prev)
			for (; env && met <= a->pfn_end; met++)
				env = audit_object(a, env->next, EXO_FRAME_ENV);
	}
	AUDIT(a, heads == 1 && met == all, "environments that are not in the list", all, met);
}

void audit_envs(struct audit *a)
{
	list(a);
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct env *env = audit_object(a, pfn, EXO_FRAME_ENV);

		if (!env)
			continue;
		slots(a, pfn, env);
		AUDIT(a, !(env->on_cpus >> 1 >> (a->cpus - 1)), "an environment on no CPU", pfn,
		      env->on_cpus);
		AUDIT(a, !env->stopped || env->stopped & EXO_STATUS_STOPPED,
		      "an environment stopped for no reason", pfn, env->stopped);
		for (uint32_t i = 0; i < EXO_CPU_MAX; i++)
			activation(a, pfn, env, i);
	}
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++)
		if (a->frame[pfn].type == EXO_FRAME_CAPS)
			AUDIT(a, a->maps[pfn] == 1, "a page of slots that is nobody's", pfn,
			      a->frame[pfn].maps);
	for (exo_pfn_t p = a->console; a->console && p < a->console + 2; p++)
		a->wired[p]++;
}

/* Whoever is in a slice vector is there, and was put there by right. */
static void slice(struct audit *a, uint32_t cpu, uint32_t at)
{
	const struct exo_slice *s = &a->slice[cpu][at];
	const struct env *env = audit_object(a, s->env, EXO_FRAME_ENV);
	uint64_t name = EXO_SLICE_OF(cpu, at);
	const struct cap *c;

	if (!s->env)
		return;
	AUDIT(a, env && s->index < EXO_CPU_MAX && env->act[s->index].state != ACT_NONE,
	      "a slice for nobody", name, s->env);
	AUDIT(a, !env || s->index >= EXO_CPU_MAX || env->act[s->index].cpu == cpu,
	      "a slice for somebody elsewhere", name, s->env);
	AUDIT(a, s->ns >= NS_MIN && s->ns <= NS_MAX && s->ns <= s->most,
	      "a slice of another length", name, s->ns);
	if (!s->cap_frame)
		return; /* the kernel's own, for the first environment */
	c = s->cap_slot < EXO_CAP_SLOTS
		    ? audit_ref(a, (uint64_t)s->cap_frame * EXO_CAP_SLOTS + s->cap_slot)
		    : NULL;
	AUDIT(a,
	      c && c->kind == EXO_CAP_CPU && c->rights & EXO_RIGHT_BIND && c->flags & CAP_USED &&
		      cap_covers(c, name, 1),
	      "a slice under no capability", name, s->cap_frame);
}

void audit_slices(struct audit *a)
{
	for (uint32_t cpu = 0; cpu < a->cpus; cpu++)
		for (uint32_t i = 0; i < EXO_SLICE_MAX; i++)
			slice(a, cpu, i);
}
