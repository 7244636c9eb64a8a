/* account.c - accounts that nest.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/account.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/env.h>
#include <exo/error.h>
#include <exo/version.h>

#define ACCOUNT_RIGHTS (EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT | EXO_RIGHT_DERIVE)

struct cap *account_cap(struct env *self, exo_cap_t slot, unsigned rights)
{
	struct cap *c = cap_get(self, slot, EXO_CAP_ACCOUNT, rights);

	return c && frames[c->first].generation == c->generation ? c : NULL;
}

bool account_within(exo_pfn_t object, exo_pfn_t above)
{
	while (object && object != above)
		object = account_at(object)->parent;
	return object;
}

uint64_t account_room(exo_pfn_t object, uint64_t n)
{
	for (; object; object = account_at(object)->parent) {
		const struct exo_account *a = account_at(object);
		uint64_t room = a->limit > a->used ? a->limit - a->used : 0;

		if (n > room)
			n = room;
	}
	return n;
}

void account_count(exo_pfn_t object, exo_pfn_t top, int64_t n)
{
	for (; object != top; object = account_at(object)->parent)
		account_at(object)->used += (uint64_t)n;
}

long sys_account_create(struct env *self, exo_cap_t slot, exo_pfn_t pfn, exo_cap_t above,
			uint32_t dst, uint64_t limit, uint64_t guaranteed)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	const struct cap *parent = account_cap(self, above, EXO_RIGHT_CHARGE);
	struct cap *c = cap_slot(self, dst), value = {.kind = EXO_CAP_ACCOUNT, .count = 1};
	struct exo_account *a;
	long r;

	if (!parent || !cap || cap->account != parent->first)
		return -EXO_E_CAP;
	if (!c || guaranteed > limit)
		return -EXO_E_INVAL;
	if (c->kind)
		return -EXO_E_EXIST;
	if ((r = frame_may_become(cap, pfn)))
		return r;
	if (account_at(parent->first)->depth == EXO_ACCOUNT_DEPTH)
		return -EXO_E_LIMIT;
	a = frame_become(pfn, EXO_FRAME_ACCOUNT);
	*a = (struct exo_account){
		.version = EXO_ABI_VERSION,
		.depth = account_at(parent->first)->depth + 1,
		.parent = parent->first,
		.limit = limit,
		.guaranteed = guaranteed,
	};
	account_at(parent->first)->children++;
	value.rights = ACCOUNT_RIGHTS;
	value.first = pfn;
	value.generation = frames[pfn].generation;
	cap_fill(c, NULL, &value);
	return 0;
}

long sys_account_open(struct env *self, exo_cap_t slot, exo_pfn_t pfn, uint32_t dst)
{
	struct cap *account = account_cap(self, slot, EXO_RIGHT_LIMIT);
	struct cap *c = cap_slot(self, dst), value = {.first = pfn};

	if (!account || pfn >= frames_end || pfn == account->first)
		return -EXO_E_CAP; /* the first account's object is its own, and gives nothing new
				    */
	if (frames[pfn].type == EXO_FRAME_ENV) {
		value.kind = EXO_CAP_ENV;
		value.rights = ENV_RIGHTS;
	} else if (frames[pfn].type == EXO_FRAME_ACCOUNT) {
		value.kind = EXO_CAP_ACCOUNT;
		value.rights = ACCOUNT_RIGHTS;
		value.count = 1;
	}
	if (!value.kind || !account_within(frames[pfn].account, account->first))
		return -EXO_E_CAP;
	if (!c)
		return -EXO_E_INVAL;
	if (c->kind)
		return -EXO_E_EXIST;
	if (account->depth == EXO_CAP_DEPTH)
		return -EXO_E_LIMIT;
	value.generation = frames[pfn].generation;
	cap_fill(c, account, &value);
	return 0;
}

long sys_account_limit(struct env *self, exo_cap_t slot, uint64_t limit)
{
	const struct cap *c = account_cap(self, slot, EXO_RIGHT_LIMIT);

	if (!c)
		return -EXO_E_CAP;
	if (limit < account_at(c->first)->guaranteed)
		return -EXO_E_INVAL;
	account_at(c->first)->limit = limit;
	return 0;
}

/* Free frames remember whose they were, so that the next account gets them
 * cleared: as long as one does, the object must not become another account's. */
long sys_account_destroy(struct env *self, exo_cap_t slot)
{
	const struct cap *c = account_cap(self, slot, EXO_RIGHT_LIMIT);
	const struct exo_account *a;

	if (!c || !account_at(c->first)->parent)
		return -EXO_E_CAP;
	a = account_at(c->first);
	if (a->used || a->children || a->left || frames[c->first].maps)
		return -EXO_E_BUSY;
	account_at(a->parent)->children--;
	frame_release(c->first);
	return 0;
}
