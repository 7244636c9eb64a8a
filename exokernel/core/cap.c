/* cap.c - looking capabilities up, deriving and dropping them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/calls.h>
#include <core/cap.h>
#include <core/env.h>
#include <core/frame.h>
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

struct cap *cap_slot(struct env *env, exo_cap_t slot)
{
	uint32_t page = slot / EXO_CAP_SLOTS;

	if (slot == EXO_SLOT_NONE || page >= env->cap_pages)
		return NULL;
	return (struct cap *)direct(env->cap_pfn[page]) + slot % EXO_CAP_SLOTS;
}

struct cap *cap_get(struct env *env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights)
{
	struct cap *c = cap_slot(env, slot);

	if (!c || c->kind != kind || (c->rights & rights) != rights)
		return NULL;
	return c;
}

long cap_env(struct env *self, exo_cap_t slot, unsigned rights, struct env **env)
{
	const struct cap *c;

	*env = self;
	if (slot == EXO_SLOT_NONE)
		return 0;
	c = cap_get(self, slot, EXO_CAP_ENV, rights);
	if (!c)
		return -EXO_E_CAP;
	if (frames[c->first].generation != c->generation || frames[c->first].type != FRAME_ENV)
		return -EXO_E_STALE;
	*env = direct(c->first);
	return 0;
}

void cap_fill(struct cap *c, struct cap *parent, const struct cap *value)
{
	*c = *value;
	c->parent = c->child = c->next = c->prev = 0;
	if (!parent)
		return;
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

bool cap_empty(struct cap *c, int *budget)
{
	struct cap *parent = ref_get(c->parent), *child;

	for (; (child = ref_get(c->child)); (*budget)--) {
		struct cap value = *child;

		if (*budget <= 0)
			return true;
		unlink_cap(child);
		cap_fill(child, parent, &value);
		child->child = value.child;
	}
	unlink_cap(c);
	*c = (struct cap){0};
	return false;
}

long sys_cap_derive(struct env *self, exo_cap_t src, exo_cap_t to, uint32_t dst, uint64_t first,
		    uint64_t count, uint32_t rights)
{
	struct cap *from = cap_slot(self, src), *c, value;
	struct env *env;
	long r = cap_env(self, to, EXO_RIGHT_GIVE, &env);

	if (r)
		return r;
	if (!from || !from->kind || !(from->rights & EXO_RIGHT_DERIVE))
		return -EXO_E_CAP;
	if (from->kind != EXO_CAP_FRAMES && from->kind != EXO_CAP_CPU) {
		first = from->first; /* these name one thing, not a range */
		count = from->count;
	}
	if (rights & ~(uint32_t)from->rights || !count || !cap_covers(from, first, count))
		return -EXO_E_CAP;
	c = cap_slot(env, dst);
	if (!c)
		return -EXO_E_INVAL;
	if (c->kind)
		return -EXO_E_EXIST;
	value = *from;
	value.first = first;
	value.count = count;
	value.rights = rights;
	cap_fill(c, from, &value);
	return 0;
}

long sys_cap_drop(struct env *self, exo_cap_t slot)
{
	struct cap *c = cap_slot(self, slot);
	int budget = CAP_STEP;

	if (!c || !c->kind)
		return -EXO_E_CAP;
	return cap_empty(c, &budget);
}

long sys_cap_grow(struct env *self, exo_cap_t slot, exo_pfn_t pfn)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	long r = frame_may_become(cap, pfn);

	if (r)
		return r;
	if (self->cap_pages == ENV_CAP_PAGES)
		return -EXO_E_LIMIT;
	frame_become(pfn, FRAME_CAPS);
	self->cap_pfn[self->cap_pages] = pfn;
	return (long)self->cap_pages++ * EXO_CAP_SLOTS;
}
