/* accounts.c - do the accounts' sums agree with the frame table?
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "audit.h"

#include <exo/version.h>

/* By the number of the account's copy. */
static uint64_t used[AUDIT_COPIES + 1], left[AUDIT_COPIES + 1], children[AUDIT_COPIES + 1];

static uint64_t number(const struct audit *a, exo_pfn_t object)
{
	return a->copy[object];
}

/* A frame counts for its account and all above. */
static void count(const struct audit *a, exo_pfn_t object)
{
	for (int n = 0; n <= EXO_ACCOUNT_DEPTH + 1; n++) {
		const struct exo_account *p = audit_object(a, object, EXO_FRAME_ACCOUNT);

		if (!p)
			return;
		used[number(a, object)]++;
		object = p->parent;
	}
}

static void sums(struct audit *a)
{
	for (uint64_t i = 0; i <= AUDIT_COPIES; i++)
		used[i] = left[i] = children[i] = 0;
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct exo_frame_state *f = &a->frame[pfn];
		const struct exo_account *p;

		if (f->type == EXO_FRAME_FREE && audit_object(a, f->account, EXO_FRAME_ACCOUNT))
			left[number(a, f->account)]++;
		if (f->type >= EXO_FRAME_DATA && f->type != EXO_FRAME_INFO)
			count(a, f->account);
		p = audit_object(a, pfn, EXO_FRAME_ACCOUNT);
		if (p && audit_object(a, p->parent, EXO_FRAME_ACCOUNT))
			children[number(a, p->parent)]++;
	}
}

static void place(struct audit *a, exo_pfn_t pfn, const struct exo_account *p, unsigned *roots)
{
	const struct exo_account *above = audit_object(a, p->parent, EXO_FRAME_ACCOUNT);

	AUDIT(a, p->version == EXO_ABI_VERSION, "an account of another version", pfn, p->version);
	if (!p->parent) {
		(*roots)++;
		AUDIT(a, !p->depth, "a first account that is not at the top", pfn, p->depth);
		AUDIT(a, a->frame[pfn].account == pfn, "a first account that is another's", pfn,
		      a->frame[pfn].account);
		return;
	}
	AUDIT(a, above, "an account below none", pfn, p->parent);
	AUDIT(a, !above || p->depth == above->depth + 1, "an account at another depth", pfn,
	      p->depth);
	AUDIT(a, p->depth <= EXO_ACCOUNT_DEPTH, "an account too deep", pfn, p->depth);
	AUDIT(a, a->frame[pfn].account == p->parent, "an account paid for by another", pfn,
	      a->frame[pfn].account);
}

void audit_accounts(struct audit *a)
{
	unsigned roots = 0;

	sums(a);
	for (exo_pfn_t pfn = 0; pfn < a->pfn_end; pfn++) {
		const struct exo_account *p = audit_object(a, pfn, EXO_FRAME_ACCOUNT);
		uint64_t n = p ? number(a, pfn) : 0;

		if (!p)
			continue;
		place(a, pfn, p, &roots);
		AUDIT(a, p->used == used[n], "an account's used", pfn, p->used);
		AUDIT(a, p->left == left[n], "an account's left", pfn, p->left);
		AUDIT(a, p->children == children[n], "an account's children", pfn, p->children);
		AUDIT(a, p->guaranteed <= p->limit, "an account's guaranteed", pfn, p->guaranteed);
	}
	AUDIT(a, roots == 1, "not one first account", roots, 0);
}
