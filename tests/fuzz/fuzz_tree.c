/* fuzz_tree.c - fuzz target: the tree of regions, against an array with one entry for each page.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The pages lie at the bottom of the address space, in its middle or at its top.
 */
#include "fuzz.h"

#include <vm/tree.c>

#define PAGES 96
#define NODES (PAGES + 2)
#define STEPS 60

/* What tells a page from the next one's; all 0: nobody's. */
struct page {
	uint8_t used, prot, around;
	uint16_t flags;
	struct px_vnode *vnode;
	uint64_t offset;
	exo_va_t hidden;
	const char *name;
};

static struct px_vnode {
	int unused;
} file[2];

static const char *const names[] = {NULL, "stack", "heap"};
static struct px_tree tree;
static struct px_region node[NODES];
static struct page model[PAGES];
static exo_va_t base;

static exo_va_t va_of(uint64_t page)
{
	return base + page * EXO_PAGE_SIZE;
}

static struct page page_of(const struct px_region *r, exo_va_t va)
{
	return (struct page){.used = 1,
			     .prot = r->prot,
			     .around = r->around,
			     .flags = r->flags,
			     .vnode = r->vnode,
			     .offset = r->vnode ? r->offset + (va - r->start) : 0,
			     .hidden = r->hidden ? r->hidden + (va - r->start) : 0,
			     .name = r->name};
}

static bool same(const struct page *a, const struct page *b)
{
	return a->used == b->used && a->prot == b->prot && a->around == b->around &&
	       a->flags == b->flags && a->vnode == b->vnode && a->offset == b->offset &&
	       a->hidden == b->hidden && a->name == b->name;
}

/* Does b go on where a ends, as one region says it? */
static bool goes_on(const struct page *a, const struct page *b)
{
	struct page next = *a;

	next.offset += a->vnode ? EXO_PAGE_SIZE : 0;
	return a->used && !a->hidden && same(&next, b);
}

static uint64_t between(exo_va_t low, exo_va_t high)
{
	must(low <= high);
	return high - low;
}

/* Order, ranks, and what each node knows of those below it; returns how many there are. */
static uint32_t check_node(const struct px_region *n)
{
	uint64_t gap = 0;
	uint32_t count = 1;

	must(n->start < n->end);
	if (n->left) {
		must(n->left->rank <= n->rank && n->low == n->left->low);
		count += check_node(n->left);
		gap = between(n->left->high, n->start);
		gap = gap > n->left->gap ? gap : n->left->gap;
	} else {
		must(n->low == n->start);
	}
	if (n->right) {
		uint64_t right = between(n->end, n->right->low);

		must(n->right->rank <= n->rank && n->high == n->right->high);
		count += check_node(n->right);
		gap = gap > right ? gap : right;
		gap = gap > n->right->gap ? gap : n->right->gap;
	} else {
		must(n->high == n->end);
	}
	must(n->gap == gap);
	return count;
}

static void check_all(void)
{
	uint32_t count = tree.root ? check_node(tree.root) : 0;

	must(count == tree.count && tree.count + tree.spare == NODES);
	for (uint64_t p = 0; p < PAGES; p++) {
		const struct px_region *r = px_tree_find(&tree, va_of(p));
		struct page is = {0};
		uint64_t next = p;

		while (next < PAGES && !model[next].used)
			next++;
		must(next == PAGES ? !r : r != NULL);
		if (r && r->start <= va_of(p))
			is = page_of(r, va_of(p));
		must(same(&is, &model[p]));
		must(!r || is.used || r->start == va_of(next));
	}
}

static void check_room(struct input *in)
{
	uint64_t floor = get_below(in, PAGES), ceil = floor + get_below(in, PAGES + 1 - floor);
	uint64_t want = get_below(in, 8) ? 1 + get_below(in, 20) : get_number(in) >> EXO_PAGE_SHIFT;
	exo_va_t found = px_tree_room(&tree, want << EXO_PAGE_SHIFT, va_of(floor), va_of(ceil));

	if (!want)
		return;
	for (uint64_t at = ceil; want <= ceil - floor && at >= floor + want; at--) {
		uint64_t n = 0;

		while (n < want && !model[at - 1 - n].used)
			n++;
		if (n == want) {
			must(found == va_of(at - want));
			return;
		}
	}
	must(!found);
}

static void check_range(uint64_t from, uint64_t to)
{
	bool all = true, none = true;

	for (uint64_t p = from; p < to; p++) {
		all = all && model[p].used;
		none = none && !model[p].used;
	}
	must(px_tree_covered(&tree, va_of(from), va_of(to)) == all);
	must(px_tree_clear(&tree, va_of(from), va_of(to)) == none);
}

/* Empty [from, to), as munmap does. */
static void clear(uint64_t from, uint64_t to)
{
	struct px_region *r;

	while ((r = px_tree_find(&tree, va_of(from))) && r->start < va_of(to)) {
		bool below = r->start<va_of(from), above = r->end> va_of(to);

		if (below && above)
			r = px_tree_split(&tree, r, va_of(from));
		if (r->start < va_of(from))
			px_tree_resize(&tree, r, r->start, va_of(from));
		else if (above)
			px_tree_trim(&tree, r, va_of(to), r->end);
		else
			px_tree_remove(&tree, r);
	}
	memset(&model[from], 0, (to - from) * sizeof(*model));
}

static struct px_region region_of(struct input *in, uint64_t from, uint64_t to)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	struct px_region r = {.start = va_of(from),
			      .end = va_of(to),
			      .prot = how & 1,
			      .flags = how & 2 ? PX_R_SHARED : 0,
			      .around = how & 4 ? 16 : 1,
			      .name = names[(how >> 3) % 3]};

	if (how & 0x20) {
		r.vnode = &file[how >> 6 & 1];
		r.offset = how & 0x80 ? get_below(in, 4) * EXO_PAGE_SIZE : from * EXO_PAGE_SIZE;
	} else if ((how & 0xc0) == 0xc0) {
		r.hidden = va_of(PAGES) + from * EXO_PAGE_SIZE;
	}
	return r;
}

/* A new region, by itself, joined, or put; joined ones leave nothing to join beside them. */
static void fill(struct input *in, uint64_t from, uint64_t to)
{
	struct px_region like = region_of(in, from, to), *r;
	uint32_t count;
	uint64_t how = get_below(in, 3);

	clear(from, to);
	count = tree.count;
	for (uint64_t p = from; p < to; p++)
		model[p] = page_of(&like, va_of(p));
	r = how == 2 ? px_tree_put(&tree, &like) : px_tree_add(&tree, &like);
	if (how == 1)
		r = px_tree_join(&tree, r);
	must(r->start <= va_of(from) && r->end >= va_of(to));
	if (how)
		count -= from && goes_on(&model[from - 1], &model[from]);
	if (how && to < PAGES)
		count -= goes_on(&model[to - 1], &model[to]);
	must(tree.count == count + 1);
}

/* Two of one, which join makes one again unless something is hidden. */
static void split(uint64_t at)
{
	struct px_region *r = px_tree_find(&tree, va_of(at)), *upper;
	uint32_t count = tree.count;

	if (!r || r->start >= va_of(at) || !tree.spare)
		return;
	upper = px_tree_split(&tree, r, va_of(at));
	must(upper->start == va_of(at) && r->end == va_of(at) && tree.count == count + 1);
	check_all();
	px_tree_join(&tree, upper);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint8_t where = (uint8_t)get_bytes(&in, 1);

	base = where % 3 == 0   ? EXO_PAGE_SIZE
	       : where % 3 == 1 ? 1ull << 46
				: EXO_VA_TOP - PAGES * EXO_PAGE_SIZE;
	memset(node, 0, sizeof(node));
	memset(model, 0, sizeof(model));
	tree = (struct px_tree){.seed = 1 + get_bytes(&in, 2)};
	px_tree_feed(&tree, node, NODES);
	for (int i = 0; i < STEPS && in.at < in.end; i++) {
		uint8_t what = (uint8_t)get_bytes(&in, 1);
		uint64_t from = get_below(&in, PAGES), to = from + 1 + get_below(&in, 12);

		to = to < PAGES ? to : PAGES;
		if (what % 8 < 4)
			fill(&in, from, to);
		else if (what % 8 < 6)
			clear(from, to);
		else if (what % 8 == 6)
			split(from);
		check_range(from, to);
		check_room(&in);
		check_all();
	}
	return 0;
}
