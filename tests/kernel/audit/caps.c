/* caps.c - are the capabilities a forest in which rights and ranges only get narrower?
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "audit.h"

#define FLAGS (CAP_USED | CAP_REVOKING | CAP_ENDING)

static const uint8_t rights_of[] = {
	[EXO_CAP_NONE] = 0,       [EXO_CAP_FRAMES] = 0x9f,  [EXO_CAP_ENV] = 0xbf,
	[EXO_CAP_CPU] = 0x83,     [EXO_CAP_MACHINE] = 0x81, [EXO_CAP_CONSOLE] = 0x81,
	[EXO_CAP_ACCOUNT] = 0x83,
};

static bool is_empty(const struct cap *c)
{
	return !c->kind && !c->rights && !c->flags && !c->depth && !c->generation && !c->account &&
	       !c->swept && !c->first && !c->count && !c->parent && !c->child && !c->next &&
	       !c->prev;
}

/* Does it still name what it was made for? */
static bool is_alive(const struct audit *a, const struct cap *c)
{
	switch (c->kind) {
	case EXO_CAP_FRAMES:
		return c->account < a->pfn_end && a->frame[c->account].generation == c->generation;
	case EXO_CAP_ENV:
	case EXO_CAP_ACCOUNT:
		return c->first < a->pfn_end && a->frame[c->first].generation == c->generation;
	}
	return true;
}

/* Its own fields, whatever it hangs on. */
static void fields(struct audit *a, const struct cap *c, uint64_t ref)
{
	bool object = c->kind == EXO_CAP_ENV || c->kind == EXO_CAP_ACCOUNT;

	AUDIT(a, !(c->rights & ~rights_of[c->kind]), "a capability with rights there are not", ref,
	      c->rights);
	AUDIT(a, !(c->flags & ~FLAGS), "a capability with flags there are not", ref, c->flags);
	AUDIT(a, c->depth <= EXO_CAP_DEPTH, "a capability derived too often", ref, c->depth);
	if (object) {
		AUDIT(a, c->first < a->pfn_end, "a capability of no object", ref, c->first);
		AUDIT(a, c->first >= a->pfn_end || a->frame[c->first].generation >= c->generation,
		      "a capability of an object to come", ref, c->generation);
	}
	if (object && c->first < a->pfn_end && is_alive(a, c))
		AUDIT(a,
		      a->frame[c->first].type ==
			      (c->kind == EXO_CAP_ENV ? EXO_FRAME_ENV : EXO_FRAME_ACCOUNT),
		      "a capability whose object is something else", ref, c->first);
	if (c->kind != EXO_CAP_FRAMES && c->kind != EXO_CAP_CPU)
		return;
	AUDIT(a, c->count && c->first + c->count > c->first, "a capability over no range", ref,
	      c->count);
	AUDIT(a, c->kind != EXO_CAP_FRAMES || c->first + c->count <= a->pfn_end,
	      "a capability beyond all frames", ref, c->first);
	AUDIT(a, c->kind != EXO_CAP_CPU || c->first + c->count <= EXO_SLICE_OF(0, EXO_SLICE_MAX),
	      "a capability beyond all slices", ref, c->first);
	AUDIT(a, c->kind != EXO_CAP_FRAMES || c->account < a->pfn_end,
	      "a capability for no account", ref, c->account);
}

/* What account_open gave: an object in the account above it. */
static bool is_opened(const struct audit *a, const struct cap *c, const struct cap *p)
{
	if (p->kind != EXO_CAP_ACCOUNT || (c->kind != EXO_CAP_ENV && c->kind != EXO_CAP_ACCOUNT))
		return false;
	return !is_alive(a, c) || !is_alive(a, p) ||
	       audit_within(a, a->frame[c->first].account, p->first);
}

static bool is_same_thing(const struct cap *c, const struct cap *p)
{
	return c->kind == p->kind && c->first == p->first && c->generation == p->generation;
}

static bool is_narrower(const struct audit *a, const struct cap *c, const struct cap *p)
{
	if (is_opened(a, c, p) && !is_same_thing(c, p))
		return true;
	if (c->kind != p->kind || c->rights & ~p->rights)
		return false;
	switch (c->kind) {
	case EXO_CAP_ENV:
		return is_same_thing(c, p) && (!p->count || c->count == p->count);
	case EXO_CAP_FRAMES:
		if (c->account != p->account && is_alive(a, c) && is_alive(a, p) &&
		    !audit_within(a, c->account, p->account))
			return false;
		return cap_covers(p, c->first, c->count);
	case EXO_CAP_CPU:
		return cap_covers(p, c->first, c->count);
	}
	return is_same_thing(c, p);
}

/* Its neighbours know it; whoever is first is its parent's child. */
static void links(struct audit *a, const struct cap *c, uint64_t ref)
{
	const struct cap *p = audit_ref(a, c->parent), *n = audit_ref(a, c->next);
	const struct cap *l = audit_ref(a, c->prev), *d = audit_ref(a, c->child);

	AUDIT(a, !c->parent || (p && p->kind), "a capability below none", ref, c->parent);
	AUDIT(a, !c->next || (n && n->kind && n->prev == ref && n->parent == c->parent),
	      "a capability whose next one does not know it", ref, c->next);
	AUDIT(a, !c->prev || (l && l->kind && l->next == ref),
	      "a capability whose last one does not know it", ref, c->prev);
	AUDIT(a, !c->child || (d && d->kind && d->parent == ref && !d->prev),
	      "a capability whose first child is another's", ref, c->child);
	if (!c->parent) {
		AUDIT(a, !c->next && !c->prev, "a root with neighbours", ref, c->next);
		return;
	}
	if (!p || !p->kind)
		return;
	AUDIT(a, c->prev || p->child == ref, "a capability that its parent does not know", ref,
	      c->parent);
	AUDIT(a, c->depth > p->depth, "a capability not below its parent", ref, c->depth);
	AUDIT(a, is_narrower(a, c, p), "a capability wider than its parent", ref, c->parent);
}

void audit_caps(struct audit *a)
{
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct cap *page = audit_object(a, pfn, EXO_FRAME_CAPS);

		for (uint64_t i = 0; page && i < EXO_CAP_SLOTS; i++) {
			const struct cap *c = &page[i];
			uint64_t ref = pfn * EXO_CAP_SLOTS + i;

			if (!c->kind) {
				AUDIT(a, is_empty(c), "an empty slot with something in it", ref, 0);
				continue;
			}
			AUDIT(a, c->kind <= EXO_CAP_ACCOUNT, "a capability of no kind", ref,
			      c->kind);
			if (c->kind > EXO_CAP_ACCOUNT)
				continue;
			fields(a, c, ref);
			links(a, c, ref);
		}
	}
}
