/* check.c - what must hold of the kernel's tables after every call, whatever it was.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "hw.h"
#include "sched.h"
#include "spec.h"

#include <core/account.h>
#include <core/cap.h>
#include <core/map.h>

/* Accounts: is `below` the account `above`, or below it? */
static bool within(const struct world *w, uint8_t below, uint8_t above)
{
	for (int i = 0; i <= EXO_ACCOUNT_DEPTH && below != NOBODY; i++) {
		if (below == above)
			return true;
		below = w->account[below].parent;
	}
	return false;
}

static struct cap *slot_at(uint64_t ref)
{
	return ref ? (struct cap *)(DIRECT_MAP + ref * sizeof(struct cap)) : NULL;
}

/* What an account's owner got hold of: an object made in it or below, with all rights. */
static const char *opened(const struct world *w, const struct w_cap *c, const struct w_cap *p)
{
	uint8_t h = home_of(p->first);

	if (c->kind == EXO_CAP_ACCOUNT && c->first == p->first && c->generation == p->generation)
		return c->rights & ~p->rights ? "a capability has rights that its parent lacks"
					      : NULL;
	if ((c->kind != EXO_CAP_ENV && c->kind != EXO_CAP_ACCOUNT) ||
	    !(p->rights & EXO_RIGHT_LIMIT))
		return "a capability was derived from that of an account and may not be";
	if (w->account[h].live && w->frame[shape.home[h]].generation == p->generation &&
	    w->frame[c->first].generation == c->generation &&
	    !within(w, w->frame[c->first].account, h))
		return "an object was opened that is not of the account";
	return NULL;
}

/* A capability names no more than its parent does. */
static const char *narrower(const struct world *w, const struct w_cap *c, const struct w_cap *p)
{
	if (c->depth <= p->depth || c->depth > EXO_CAP_DEPTH)
		return "a capability is not deeper than its parent";
	if (p->kind == EXO_CAP_ACCOUNT)
		return opened(w, c, p);
	if (c->kind != p->kind)
		return "a capability is of another kind than its parent";
	if (c->rights & ~p->rights)
		return "a capability has rights that its parent lacks";
	if ((c->kind == EXO_CAP_FRAMES || c->kind == EXO_CAP_CPU) &&
	    (c->first < p->first || c->first + (uint64_t)c->count > p->first + (uint64_t)p->count))
		return "a capability covers more than its parent";
	if (c->kind == EXO_CAP_FRAMES && c->account != p->account && w->account[c->account].live &&
	    !within(w, c->account, p->account))
		return "a capability speaks of an account that is not below its parent's";
	if (c->kind == EXO_CAP_FRAMES || c->kind == EXO_CAP_CPU)
		return NULL;
	if (c->first != p->first || c->generation != p->generation ||
	    (c->count != p->count && (c->kind != EXO_CAP_ENV || p->count)))
		return "a capability names another thing than its parent";
	return NULL;
}

/* The neighbours of one slot know it, and its children are those whose parent it is. */
static const char *linked(const struct cap *c, uint64_t ref, uint32_t children)
{
	const struct cap *parent = slot_at(c->parent), *next = slot_at(c->next),
			 *prev = slot_at(c->prev), *child = slot_at(c->child);
	uint32_t n = 0;

	if (!parent && (next || prev))
		return "a root has neighbours";
	if (parent &&
	    (prev ? prev->next != ref || prev->parent != c->parent : parent->child != ref))
		return "a capability is not in its parent's list";
	if (next && (next->prev != ref || next->parent != c->parent))
		return "a list of children is torn";
	if (child && child->prev)
		return "the first child has somebody before it";
	for (; child && n <= children; child = slot_at(child->next), n++)
		if (slot_at(child->parent) != c)
			return "a child has another parent";
	return n == children ? NULL : "a list of children is too short or runs in circles";
}

typedef uint8_t children[W_HOMES][W_SLOTS];

static void count_children(const struct world *w, children n)
{
	for (uint8_t e = 0; e < shape.homes; e++)
		for (uint32_t s = 0; w->env[e].live && s < W_SLOTS; s++)
			if (w->env[e].cap[s].kind && w->env[e].cap[s].parent != NOBODY)
				n[w->env[e].cap[s].parent][w->env[e].cap[s].parent_slot]++;
}

static const char *check_slots(const struct world *w, uint8_t h, children n)
{
	const struct env *env = direct(shape.home[h]);
	const char *wrong;

	for (uint32_t s = 0; s < W_SLOTS; s++) {
		const struct w_cap *c = &w->env[h].cap[s];
		uint64_t ref = env->cap_pfn[s >= SLOT_SECOND] * EXO_CAP_SLOTS +
			       slot_number(s) % EXO_CAP_SLOTS;

		if (!c->kind)
			continue;
		if (!s)
			return "slot 0 was filled";
		if ((wrong = linked(slot_at(ref), ref, n[h][s])))
			return say("%s: environment %u, slot %u", wrong, h, slot_number(s));
		if (c->parent == NOBODY)
			continue;
		if (!w->env[c->parent].live || !w->env[c->parent].cap[c->parent_slot].kind)
			return say("environment %u, slot %u: its parent is empty", h,
				   slot_number(s));
		wrong = narrower(w, c, &w->env[c->parent].cap[c->parent_slot]);
		if (wrong)
			return say("%s: environment %u, slot %u", wrong, h, slot_number(s));
	}
	return NULL;
}

/* A mapping is made under a capability that is still there and covers it. */
static const char *justified(const struct world *w, uint8_t h, const struct w_map *m, uint32_t n)
{
	const struct w_cap *c;
	unsigned prot = m->prot;

	if (m->slot == NOBODY || !w->env[h].cap[m->slot].kind)
		return "made under an empty slot";
	c = &w->env[h].cap[m->slot];
	if (c->kind != EXO_CAP_FRAMES || !c->used || (prot & ~c->rights))
		return "its slot does not give these rights";
	if ((prot & 6) == 6 && !w->env[h].wx)
		return "write and execute on one page";
	for (uint32_t i = 0; i < n; i++) {
		const struct w_frame *f = &w->frame[frame_place(m->pfn + i)];

		if (m->pfn + i < c->first || m->pfn + i - c->first >= c->count)
			return "its slot does not cover the frame";
		if (f->account != c->account)
			return "the frame is of another account";
		if (c->account != NOBODY &&
		    w->frame[shape.home[c->account]].generation != c->generation)
			return "its slot's account is gone";
		if (f->type != W_DATA && (prot != EXO_PROT_READ || f->type < W_INFO))
			return "an object is mapped writable, or a free frame";
	}
	return NULL;
}

static const char *check_maps(const struct world *w, uint8_t h)
{
	for (uint32_t p = 0; p < shape.places; p++) {
		const struct w_map *m = &w->env[h].map[p];
		const char *wrong;

		if (!m->pfn)
			continue;
		wrong = justified(w, h, m, shape.large[p] ? EXO_LARGE_FRAMES : 1);
		if (wrong)
			return say("environment %u, mapping at %lx: %s", h, shape.place[p], wrong);
	}
	return NULL;
}

/* Frames of an environment: each is its own and nobody else's. */
static const char *claim(const struct world *w, uint8_t *claims, uint16_t pfn, uint8_t type)
{
	if (!pfn || frame_place(pfn) == NOBODY || w->frame[frame_place(pfn)].type != type)
		return say("frame %u is used as an object of type %u and is none", pfn, type);
	if (claims[frame_place(pfn)]++)
		return say("frame %u is an object of two", pfn);
	return NULL;
}

static const char *check_env(const struct world *w, uint8_t h, uint8_t *claims, children n)
{
	const struct env *env = direct(shape.home[h]);
	const uint64_t *root = direct(env->root), *kernel = direct(shared_root);
	const struct w_env *e = &w->env[h];
	const char *wrong = claim(w, claims, e->root, W_TABLE4);

	for (int p = 0; p < e->pages && !wrong; p++) {
		wrong = claim(w, claims, e->page[p], W_CAPS);
		if (!wrong && w->frame[e->page[p]].maps != h)
			return say("frame %u: slots of another environment", e->page[p]);
	}
	for (uint32_t t = 0; t < shape.tables && !wrong; t++)
		if (e->table[t])
			wrong = claim(w, claims, e->table[t], W_TABLE1 + shape.table[t].level - 1);
	if (wrong)
		return wrong;
	if (memcmp(root + 256, kernel + 256, 256 * 8) ||
	    root[255] !=
		    (env->root << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_USER | EXO_PTE_NOEXEC))
		return say("environment %u: the kernel's part of its root table", h);
	for (int i = 0; i < W_ACTS; i++)
		for (int f = 0; e->act[i].state && f < 2; f++)
			if (w->frame[e->act[i].pfn + f].type != W_DATA ||
			    !w->frame[e->act[i].pfn + f].wired)
				return say("environment %u: its activation lies in no wired frame",
					   h);
	if ((wrong = check_slots(w, h, n)))
		return wrong;
	return check_maps(w, h);
}

/* The list of all environments. */
static const char *check_list(const struct world *w)
{
	uint32_t live = 0, heads = 0, seen = 0;
	uint64_t at = 0;

	for (uint8_t h = 0; h < shape.homes; h++) {
		const struct env *env = direct(shape.home[h]);

		if (!w->env[h].live)
			continue;
		live++;
		if (!env->prev) {
			at = shape.home[h];
			heads++;
		}
	}
	for (uint64_t prev = 0; at && seen <= live; seen++) {
		const struct env *env = direct(at);

		if (frames[at].type != EXO_FRAME_ENV || env->prev != prev)
			return "the list of environments is torn";
		prev = at;
		at = env->next;
	}
	return seen == live && heads == 1 ? NULL : "the list of environments is not of all";
}

static const char *check_frames(const struct world *w, const uint8_t *claims)
{
	struct world counted = *w;
	const char *wrong;

	world_count(&counted);
	if ((wrong = world_difference(&counted, w)))
		return say("counted %s", wrong);
	for (uint32_t i = 1; i < W_FRAMES; i++) {
		const struct w_frame *f = &w->frame[i];

		if (f->type >= W_TABLE1 && f->type <= W_CAPS && !claims[i])
			return say("frame %u: an object of nobody", i);
		if (f->going && f->type != W_DATA)
			return say("frame %u: going, and no data", i);
		if (f->going && f->going > w->account[f->account].depth)
			return say("frame %u: taken by none above it", i);
		if (f->type == W_FREE && (f->maps || f->wired))
			return say("frame %u: free, and in use", i);
	}
	return NULL;
}

static const char *check_slices(const struct world *w)
{
	for (uint32_t n = 0; n < W_CPUS; n++)
		for (uint32_t i = 0; i < W_SLICES; i++) {
			const struct w_slice *s = &w->slice[n][i];
			const struct w_cap *c;

			if (s->env == NOBODY)
				continue;
			c = &w->env[s->cap_env].cap[s->cap_slot];
			if (!w->env[s->env].live || s->index >= W_ACTS ||
			    !w->env[s->env].act[s->index].state)
				return say("slice %u of CPU %u serves nobody", i, n);
			if (w->env[s->env].act[s->index].cpu != n)
				return say("slice %u of CPU %u serves an activation of another", i,
					   n);
			if (c->kind != EXO_CAP_CPU || !c->used || !slice_covered(c, n, i))
				return say("slice %u of CPU %u was filled under no capability", i,
					   n);
		}
	return NULL;
}

const char *check(const struct world *w)
{
	uint8_t claims[W_FRAMES] = {0};
	children n = {0};
	const char *wrong;

	count_children(w, n);
	for (uint8_t h = 0; h < shape.homes; h++)
		if (w->env[h].live && (wrong = check_env(w, h, claims, n)))
			return wrong;
	if ((wrong = check_list(w)) || (wrong = check_slices(w)) ||
	    (shape.scheduled && (wrong = sched_check(w))))
		return wrong;
	return check_frames(w, claims);
}
