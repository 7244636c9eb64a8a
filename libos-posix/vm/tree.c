/* tree.c - the regions of an address space in order.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <vm/tree.h>

static uint64_t rank(struct px_tree *t)
{
	t->seed ^= t->seed << 13;
	t->seed ^= t->seed >> 7;
	t->seed ^= t->seed << 17;
	return t->seed;
}

/* What n knows about all below it, from what its children know. */
static void update(struct px_region *n)
{
	const struct px_region *l = n->left, *r = n->right;

	n->low = n->start;
	n->high = n->end;
	n->gap = 0;
	if (l) {
		n->low = l->low;
		n->gap = n->start - l->high;
		if (l->gap > n->gap)
			n->gap = l->gap;
	}
	if (r) {
		n->high = r->high;
		if (r->low - n->end > n->gap)
			n->gap = r->low - n->end;
		if (r->gap > n->gap)
			n->gap = r->gap;
	}
}

/* Part the tree at n into those below `at` and the others. */
static void part(struct px_region *n, exo_va_t at, struct px_region **low, struct px_region **high)
{
	if (!n) {
		*low = *high = NULL;
		return;
	}
	if (n->start < at) {
		part(n->right, at, &n->right, high);
		*low = n;
	} else {
		part(n->left, at, low, &n->left);
		*high = n;
	}
	update(n);
}

static struct px_region *merge(struct px_region *low, struct px_region *high)
{
	if (!low || !high)
		return low ? low : high;
	if (low->rank > high->rank) {
		low->right = merge(low->right, high);
		update(low);
		return low;
	}
	high->left = merge(low, high->left);
	update(high);
	return high;
}

static struct px_region *insert(struct px_region *n, struct px_region *r)
{
	if (!n || r->rank > n->rank) {
		part(n, r->start, &r->left, &r->right);
		update(r);
		return r;
	}
	if (r->start < n->start)
		n->left = insert(n->left, r);
	else
		n->right = insert(n->right, r);
	update(n);
	return n;
}

static struct px_region *take_out(struct px_region *n, struct px_region *r)
{
	if (n == r)
		return merge(r->left, r->right);
	if (r->start < n->start)
		n->left = take_out(n->left, r);
	else
		n->right = take_out(n->right, r);
	update(n);
	return n;
}

static void resize(struct px_region *n, struct px_region *r, exo_va_t start, exo_va_t end)
{
	if (n == r) {
		r->start = start;
		r->end = end;
	} else {
		resize(r->start < n->start ? n->left : n->right, r, start, end);
	}
	update(n);
}

void px_tree_feed(struct px_tree *t, struct px_region *node, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		node[i].right = t->free;
		t->free = &node[i];
	}
	t->spare += (uint32_t)count;
}

struct px_region *px_tree_find(const struct px_tree *t, exo_va_t va)
{
	struct px_region *n = t->root, *above = NULL;

	while (n) {
		if (va >= n->end) {
			n = n->right;
		} else {
			above = n;
			if (va >= n->start)
				break;
			n = n->left;
		}
	}
	return above;
}

bool px_tree_clear(const struct px_tree *t, exo_va_t start, exo_va_t end)
{
	const struct px_region *r = px_tree_find(t, start);

	return !r || r->start >= end;
}

bool px_tree_covered(const struct px_tree *t, exo_va_t start, exo_va_t end)
{
	while (start < end) {
		const struct px_region *r = px_tree_find(t, start);

		if (!r || r->start > start)
			return false;
		start = r->end;
	}
	return true;
}

struct px_region *px_tree_add(struct px_tree *t, const struct px_region *like)
{
	struct px_region *r = t->free;

	t->free = r->right;
	t->spare--;
	t->count++;
	*r = *like;
	r->rank = rank(t);
	t->root = insert(t->root, r);
	return r;
}

void px_tree_remove(struct px_tree *t, struct px_region *r)
{
	t->root = take_out(t->root, r);
	t->count--;
	px_tree_feed(t, r, 1);
}

void px_tree_resize(struct px_tree *t, struct px_region *r, exo_va_t start, exo_va_t end)
{
	resize(t->root, r, start, end);
}

__attribute__((cold)) struct px_region *px_tree_split(struct px_tree *t, struct px_region *r,
						      exo_va_t at)
{
	struct px_region upper = *r;

	upper.start = at;
	upper.offset += at - r->start;
	if (upper.hidden)
		upper.hidden += at - r->start;
	px_tree_resize(t, r, r->start, at);
	return px_tree_add(t, &upper);
}

static bool alike(const struct px_region *a, const struct px_region *b)
{
	return a->end == b->start && a->prot == b->prot && a->flags == b->flags &&
	       a->around == b->around && a->vnode == b->vnode &&
	       (!a->vnode || a->offset + (a->end - a->start) == b->offset) && !a->hidden &&
	       !b->hidden && a->name == b->name;
}

struct px_region *px_tree_join(struct px_tree *t, struct px_region *r)
{
	struct px_region *below = r->start ? px_tree_find(t, r->start - 1) : NULL;
	struct px_region *above = px_tree_find(t, r->end);

	if (above && alike(r, above)) {
		exo_va_t end = above->end;

		px_tree_remove(t, above);
		px_tree_resize(t, r, r->start, end);
	}
	if (below && below != r && alike(below, r)) {
		exo_va_t end = r->end;

		px_tree_remove(t, r);
		px_tree_resize(t, below, below->start, end);
		r = below;
	}
	return r;
}

struct px_region *px_tree_put(struct px_tree *t, const struct px_region *like)
{
	struct px_region *below = px_tree_find(t, like->start - 1), *above = below;

	if (below && below->start < like->start)
		above = px_tree_find(t, like->end);
	else
		below = NULL;
	if (above && alike(like, above)) {
		above->offset = like->offset;
		px_tree_resize(t, above, like->start, above->end);
		return below && alike(below, above) ? px_tree_join(t, above) : above;
	}
	if (below && alike(below, like)) {
		px_tree_resize(t, below, below->start, like->end);
		return below;
	}
	return px_tree_add(t, like);
}

void px_tree_trim(struct px_tree *t, struct px_region *r, exo_va_t start, exo_va_t end)
{
	r->offset += start - r->start;
	if (r->hidden)
		r->hidden += start - r->start;
	px_tree_resize(t, r, start, end);
}

/* What is asked of room(). */
struct wish {
	uint64_t bytes;
	exo_va_t floor, ceil;
};

/* Among n and all below it, which have [lo, hi) to themselves. */
static exo_va_t room(const struct px_region *n, exo_va_t lo, exo_va_t hi, const struct wish *w)
{
	exo_va_t from = lo > w->floor ? lo : w->floor, to = hi < w->ceil ? hi : w->ceil, found;

	if (from >= to || to - from < w->bytes)
		return 0;
	if (!n)
		return to - w->bytes;
	if (n->gap < w->bytes && n->low - lo < w->bytes && hi - n->high < w->bytes)
		return 0;
	found = room(n->right, n->end, hi, w);
	return found ? found : room(n->left, lo, n->start, w);
}

exo_va_t px_tree_room(const struct px_tree *t, uint64_t bytes, exo_va_t floor, exo_va_t ceil)
{
	const struct wish w = {.bytes = bytes, .floor = floor, .ceil = ceil};

	return room(t->root, 0, EXO_VA_TOP, &w);
}
