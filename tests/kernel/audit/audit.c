/* audit.c - what all checks share, and the frame table itself.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "audit.h"

void audit_note(struct audit *a, const char *what, uint64_t at, uint64_t more)
{
	a->findings++;
	if (a->say)
		a->say(what, at, more);
}

void *audit_object(const struct audit *a, exo_pfn_t pfn, enum exo_frame_type type)
{
	if (pfn >= a->pfn_end || a->frame[pfn].type != type || !a->copy[pfn])
		return NULL;
	return a->copies + (a->copy[pfn] - 1) * (uint64_t)EXO_PAGE_SIZE;
}

struct cap *audit_ref(const struct audit *a, uint64_t ref)
{
	struct cap *page = audit_object(a, ref / EXO_CAP_SLOTS, EXO_FRAME_CAPS);

	return page ? page + ref % EXO_CAP_SLOTS : NULL;
}

struct cap *audit_slot(const struct audit *a, const struct env *env, exo_cap_t slot)
{
	uint32_t page = slot / EXO_CAP_SLOTS;
	struct cap *c;

	if (slot == EXO_SLOT_NONE || page >= env->cap_pages || page >= ENV_CAP_PAGES)
		return NULL;
	c = audit_ref(a, env->cap_pfn[page] * EXO_CAP_SLOTS + slot % EXO_CAP_SLOTS);
	return c && c->kind ? c : NULL;
}

bool audit_within(const struct audit *a, exo_pfn_t object, exo_pfn_t above)
{
	for (int n = 0; n <= EXO_ACCOUNT_DEPTH && object != above; n++) {
		const struct exo_account *p = audit_object(a, object, EXO_FRAME_ACCOUNT);

		object = p ? p->parent : 0;
	}
	return object && object == above;
}

/* Who may own a frame of this type? */
static bool owner_is_right(const struct audit *a, exo_pfn_t pfn)
{
	const struct exo_frame_state *f = &a->frame[pfn];
	bool account = audit_object(a, f->account, EXO_FRAME_ACCOUNT);

	switch (f->type) {
	case EXO_FRAME_ABSENT:
		return !f->account;
	case EXO_FRAME_FREE:
		return !f->account || account;
	case EXO_FRAME_INFO:
		return f->account == a->info;
	}
	return account;
}

/* How many accounts are above it. */
static uint32_t depth(const struct audit *a, exo_pfn_t object)
{
	const struct exo_account *p = audit_object(a, object, EXO_FRAME_ACCOUNT);

	return p ? p->depth : 0;
}

void audit_frames(struct audit *a)
{
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct exo_frame_state *f = &a->frame[pfn];
		bool data = f->type == EXO_FRAME_DATA;

		AUDIT(a, f->type <= EXO_FRAME_ACCOUNT, "a frame of no type", pfn, f->type);
		AUDIT(a, owner_is_right(a, pfn), "a frame of no account", pfn, f->account);
		AUDIT(a, !f->going || (data && f->going <= depth(a, f->account)),
		      "a frame that cannot be going", pfn, f->going);
		AUDIT(a, f->wired == a->wired[pfn], "a frame wired by nobody, or not wired", pfn,
		      f->wired);
		AUDIT(a, !f->wired || data, "a wired frame that is not data", pfn, f->type);
		/* of tables and slots `maps` means something else */
		if (f->type < EXO_FRAME_TABLE1 || f->type == EXO_FRAME_ACCOUNT)
			AUDIT(a, f->maps == a->maps[pfn],
			      "a frame mapped otherwise than it is counted", pfn, f->maps);
		else if (f->type == EXO_FRAME_ENV)
			AUDIT(a, !f->maps, "an environment's object with mappings", pfn, f->maps);
	}
}

unsigned audit_check(struct audit *a)
{
	a->findings = 0;
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++)
		a->maps[pfn] = a->wired[pfn] = 0;
	audit_accounts(a);
	audit_caps(a);
	audit_tables(a);
	audit_envs(a);
	audit_slices(a);
	audit_frames(a);
	return a->findings;
}
