/* cap.c - looking capabilities up, deriving and dropping them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/account.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/env.h>
#include <core/frame.h>
#include <core/map.h>
#include <core/slice.h>
#include <exo/error.h>
#include <x86_64/cpu.h>

static uint64_t ref_of(const struct cap *c)
{
	return ((uint64_t)c - DIRECT_MAP) / sizeof(struct cap);
}

static struct cap *ref_get(uint64_t ref)
{
	return ref ? (struct cap *)(DIRECT_MAP + ref * sizeof(struct cap)) : NULL;
}

inline struct cap *cap_slot(struct env *env, exo_cap_t slot)
{
	uint32_t page = slot / EXO_CAP_SLOTS;

	if (slot == EXO_SLOT_NONE || page >= env->cap_pages)
		return NULL;
	return (struct cap *)direct(env->cap_pfn[page]) + slot % EXO_CAP_SLOTS;
}

/* Capabilities whose descendants are being revoked.  As long as there is none,
 * nobody need look who is above a slot. */
static uint32_t revoking;

static bool is_revoked(const struct cap *c)
{
	if (!revoking)
		return false;
	while ((c = ref_get(c->parent)))
		if (c->flags & CAP_REVOKING)
			return true;
	return false;
}

inline struct cap *cap_get(struct env *env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights)
{
	struct cap *c = cap_slot(env, slot);

	if (!c || c->kind != kind || (c->rights & rights) != rights || c->flags & CAP_ENDING ||
	    is_revoked(c))
		return NULL;
	if (kind == EXO_CAP_FRAMES && frames[c->account].generation != c->generation)
		return NULL;
	return c;
}

static inline __attribute__((always_inline)) long env_of(const struct cap *c, struct env **env)
{
	if (!c)
		return -EXO_E_CAP;
	if (frames[c->first].generation != c->generation || frames[c->first].type != EXO_FRAME_ENV)
		return -EXO_E_STALE;
	*env = direct(c->first);
	return 0;
}

long cap_env(struct env *self, exo_cap_t slot, unsigned rights, struct env **env)
{
	*env = self;
	return slot ? env_of(cap_get(self, slot, EXO_CAP_ENV, rights), env) : 0;
}

long cap_callee(struct env *self, exo_cap_t slot, struct env **env, uint64_t *badge)
{
	const struct cap *c = cap_get(self, slot, EXO_CAP_ENV, EXO_RIGHT_CALL);

	*badge = c ? c->count : 0;
	return env_of(c, env);
}

void cap_fill(struct cap *c, struct cap *parent, const struct cap *value)
{
	*c = *value;
	c->flags = c->depth = 0;
	c->swept = 0;
	c->parent = c->child = c->next = c->prev = 0;
	if (!parent)
		return;
	c->depth = parent->depth + 1;
	c->parent = ref_of(parent);
	c->next = parent->child;
	if (c->next)
		ref_get(c->next)->prev = ref_of(c);
	parent->child = ref_of(c);
}

static void unlink_cap(struct cap *c)
{
	struct cap *parent = ref_get(c->parent), *next = ref_get(c->next), *prev = ref_get(c->prev);

	if (next)
		next->prev = c->prev;
	if (prev)
		prev->next = c->next;
	else if (parent)
		parent->child = c->next;
}

/* Hang a capability, with all below it, under another one. */
static void move(struct cap *c, struct cap *parent)
{
	unlink_cap(c);
	c->parent = parent ? ref_of(parent) : 0;
	c->prev = 0;
	c->next = parent ? parent->child : 0;
	if (c->next)
		ref_get(c->next)->prev = ref_of(c);
	if (parent)
		parent->child = ref_of(c);
}

/* The environment in whose table a slot lies, and the slot's number there. */
static struct env *holder_of(const struct cap *c, exo_cap_t *slot)
{
	exo_pfn_t pfn = direct_pfn(c);
	struct env *env = direct(frames[pfn].maps);
	uint32_t page = 0;

	while (env->cap_pfn[page] != pfn)
		page++;
	*slot = page * EXO_CAP_SLOTS + (uint32_t)(c - (struct cap *)direct(pfn));
	return env;
}

/* Undo what was made under a capability; true while there is more to do. */
static bool undo(struct cap *c, int *budget)
{
	struct env *env;
	exo_cap_t slot;

	if (!(c->flags & CAP_USED))
		return false;
	env = holder_of(c, &slot);
	if (c->kind == EXO_CAP_CPU) {
		for (; c->swept < cpu_count; c->swept++) {
			if (*budget <= 0)
				return true;
			slice_unbind(c, c->swept, budget);
		}
		c->flags &= ~CAP_USED; /* or each step would do it again, and nothing else */
	}
	if (c->kind != EXO_CAP_FRAMES)
		return false;
	env_lose(env, slot);
	return !map_sweep(env, &(struct map_sweep){.slot = slot, .at = &c->swept}, budget);
}

bool cap_empty(struct cap *c, int *budget)
{
	struct cap *parent = ref_get(c->parent), *child;

	c->flags |= CAP_ENDING;
	if (undo(c, budget))
		return true;
	for (; (child = ref_get(c->child)); *budget -= COST_CAP) {
		if (*budget <= 0)
			return true;
		move(child, parent);
	}
	if (c->flags & CAP_REVOKING)
		revoking--;
	unlink_cap(c);
	*c = (struct cap){0};
	return false;
}

/* `account`: whose frames the new one speaks of, NULL: as the old one. */
static long derive(struct cap *from, const struct cap *account, struct env *env, uint32_t dst,
		   uint64_t first, uint64_t count, uint32_t rights)
{
	struct cap *c, value;

	if (!from || !from->kind || !(from->rights & EXO_RIGHT_DERIVE) ||
	    from->flags & CAP_ENDING || is_revoked(from))
		return -EXO_E_CAP;
	if (from->kind != EXO_CAP_FRAMES && from->kind != EXO_CAP_CPU) {
		first = from->first; /* these name one thing, not a range */
		if (from->kind != EXO_CAP_ENV || from->count)
			count = from->count; /* of an environment: the badge */
	}
	if (rights & ~(uint32_t)from->rights)
		return -EXO_E_CAP;
	if (from->kind != EXO_CAP_ENV && (!count || !cap_covers(from, first, count)))
		return -EXO_E_CAP;
	c = cap_slot(env, dst);
	if (!c)
		return -EXO_E_INVAL;
	if (c->kind)
		return -EXO_E_EXIST;
	if (from->depth == EXO_CAP_DEPTH)
		return -EXO_E_LIMIT;
	value = *from;
	value.first = first;
	value.count = count;
	value.rights = rights;
	if (account) {
		value.account = (uint32_t)account->first;
		value.generation = account->generation;
	}
	cap_fill(c, from, &value);
	return 0;
}

long sys_cap_derive(struct env *self, exo_cap_t src, exo_cap_t to, uint32_t dst, uint64_t first,
		    uint64_t count, uint32_t rights)
{
	struct env *env;
	long r = cap_env(self, to, EXO_RIGHT_GIVE, &env);

	return r ? r : derive(cap_slot(self, src), NULL, env, dst, first, count, rights);
}

long sys_cap_charge(struct env *self, exo_cap_t src, exo_cap_t to, uint32_t dst, uint64_t first,
		    uint64_t count, uint32_t rights)
{
	const struct cap *account = account_cap(self, to, EXO_RIGHT_CHARGE);
	struct cap *from = cap_get(self, src, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);

	if (!account || !from || !account_within(account->first, from->account))
		return -EXO_E_CAP;
	return derive(from, account, self, dst, first, count, rights);
}

long sys_cap_drop(struct env *self, exo_cap_t slot)
{
	struct cap *c = cap_slot(self, slot);
	int budget = CAP_STEP;

	if (!c || !c->kind)
		return -EXO_E_CAP;
	return cap_empty(c, &budget);
}

/* The lowest first: whoever has descendants waits for them.  From the first
 * step on nothing below can be used, so nothing is added there. */
long sys_cap_revoke(struct env *self, exo_cap_t slot)
{
	struct cap *c = cap_slot(self, slot), *victim;
	int budget = CAP_STEP;

	if (!c || !c->kind || c->flags & CAP_ENDING || is_revoked(c))
		return -EXO_E_CAP;
	if (!(c->flags & CAP_REVOKING)) {
		c->flags |= CAP_REVOKING;
		revoking++;
	}
	for (; c->child; budget -= COST_CAP) {
		if (budget <= 0)
			return 1;
		for (victim = c; victim->child;)
			victim = ref_get(victim->child);
		if (cap_empty(victim, &budget))
			return 1;
	}
	c->flags &= ~CAP_REVOKING;
	revoking--;
	return 0;
}

long cap_pass(struct env *from, exo_cap_t src, struct env *to, exo_cap_t dst)
{
	struct cap *c = cap_slot(from, src);

	return c ? derive(c, NULL, to, dst, c->first, c->count, c->rights) : -EXO_E_CAP;
}

long sys_cap_grow(struct env *self, exo_cap_t slot, exo_pfn_t pfn)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	long r = frame_may_become(cap, pfn);

	if (r)
		return r;
	if (self->cap_pages == ENV_CAP_PAGES)
		return -EXO_E_LIMIT;
	frame_become(pfn, EXO_FRAME_CAPS);
	frames[pfn].maps = (uint32_t)direct_pfn(self);
	self->cap_pfn[self->cap_pages] = pfn;
	return (long)self->cap_pages++ * EXO_CAP_SLOTS;
}
