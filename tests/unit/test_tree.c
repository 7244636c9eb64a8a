/* test_tree.c - regions in order, against an array with one entry for each page.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <vm/tree.c>

#define PAGES 600
#define NODES 400
#define VA(p) ((exo_va_t)(p)*EXO_PAGE_SIZE)

static struct px_tree tree;
static struct px_region node[NODES];
static uint64_t seed;

/* Only its address matters. */
static struct px_vnode {
	int unused;
} file;

/* What each page belongs to: 0, or 1 + the offset in pages it must have in its region's file. */
static struct {
	uint32_t kind;
	uint64_t offset;
} model[PAGES];

static int fresh(void **state)
{
	(void)state;
	memset(node, 0, sizeof(node));
	memset(model, 0, sizeof(model));
	tree = (struct px_tree){.seed = 88172645463325252};
	px_tree_feed(&tree, node, NODES);
	seed = 42;
	return 0;
}

static uint32_t check_node(const struct px_region *n, exo_va_t *end, uint64_t *gap)
{
	uint64_t left_gap = 0, right_gap = 0, between = 0;
	exo_va_t left_end = 0, right_end;
	uint32_t count = 1;

	if (!n) {
		*gap = 0;
		return 0;
	}
	assert_true(n->start < n->end);
	assert_true(!n->left || n->left->rank <= n->rank);
	assert_true(!n->right || n->right->rank <= n->rank);
	count += check_node(n->left, &left_end, &left_gap);
	if (n->left) {
		assert_true(left_end <= n->start);
		assert_int_equal(n->low, n->left->low);
		between = n->start - left_end;
	} else {
		assert_int_equal(n->low, n->start);
	}
	right_end = n->end;
	count += check_node(n->right, &right_end, &right_gap);
	if (n->right && n->right->low - n->end > between)
		between = n->right->low - n->end;
	assert_true(!n->right || n->right->low >= n->end);
	assert_int_equal(n->high, right_end);
	*gap = between > left_gap ? between : left_gap;
	if (right_gap > *gap)
		*gap = right_gap;
	assert_int_equal(n->gap, *gap);
	*end = right_end;
	return count;
}

static void check_all(void)
{
	exo_va_t end = 0;
	uint64_t gap;

	assert_int_equal(check_node(tree.root, &end, &gap), tree.count);
	assert_int_equal(tree.count + tree.spare, NODES);
	for (int p = 0; p < PAGES; p++) {
		const struct px_region *r = px_tree_find(&tree, VA(p));

		if (!model[p].kind) {
			assert_true(!r || r->start > VA(p));
			continue;
		}
		assert_non_null(r);
		assert_in_range(VA(p), r->start, r->end - 1);
		assert_int_equal(r->prot, model[p].kind & 3);
		if (r->vnode)
			assert_int_equal(r->offset + VA(p) - r->start, model[p].offset);
	}
}

static int model_room(uint64_t pages, int floor, int ceil)
{
	for (int at = ceil - (int)pages; at >= floor; at--) {
		int n = 0;

		while (n < (int)pages && !model[at + n].kind)
			n++;
		if (n == (int)pages)
			return at;
	}
	return 0;
}

/* Empty [from, to) as munmap does. */
static void clear(int from, int to)
{
	struct px_region *r;

	while ((r = px_tree_find(&tree, VA(from))) && r->start < VA(to)) {
		if (r->start < VA(from))
			r = px_tree_split(&tree, r, VA(from));
		if (r->end > VA(to))
			px_tree_split(&tree, r, VA(to));
		px_tree_remove(&tree, r);
	}
	for (int p = from; p < to; p++)
		model[p].kind = 0;
}

static void put(int from, int to, uint32_t kind, struct px_vnode *vnode)
{
	struct px_region r = {.start = VA(from),
			      .end = VA(to),
			      .prot = kind & 3,
			      .vnode = vnode,
			      .offset = VA(from % 7)};

	clear(from, to);
	r = *px_tree_join(&tree, px_tree_add(&tree, &r));
	assert_true(r.start <= VA(from) && r.end >= VA(to));
	for (int p = from; p < to; p++) {
		model[p].kind = 4 | kind;
		model[p].offset = VA(from % 7) + VA(p - from);
	}
}

static void random_changes(void **state)
{
	(void)state;
	for (int i = 0; i < 4000; i++) {
		int from = 1 + (int)(unit_random(&seed) % (PAGES - 1));
		int to = from + 1 + (int)(unit_random(&seed) % 12);
		uint64_t want = 1 + unit_random(&seed) % 30;

		if (to > PAGES)
			to = PAGES;
		if (unit_random(&seed) % 5 < 3)
			put(from, to, (uint32_t)unit_random(&seed) % 3,
			    unit_random(&seed) % 3 == 0 ? &file : NULL);
		else
			clear(from, to);
		assert_int_equal(px_tree_room(&tree, VA(want), VA(1), VA(PAGES)),
				 VA(model_room(want, 1, PAGES)));
		assert_int_equal(
			px_tree_room(&tree, VA(want), VA(100),
				     VA(from + 100 < PAGES ? from + 100 : PAGES)),
			VA(model_room(want, 100, from + 100 < PAGES ? from + 100 : PAGES)));
		if (i % 16 == 0)
			check_all();
	}
}

static void joins(void **state)
{
	(void)state;
	put(10, 12, 1, NULL);
	put(14, 16, 1, NULL);
	assert_int_equal(tree.count, 2);
	put(12, 14, 1, NULL);
	assert_int_equal(tree.count, 1);
	put(16, 18, 2, NULL);
	assert_int_equal(tree.count, 2);
	put(20, 22, 1, &file);
	put(22, 24, 1, &file);
	assert_int_equal(tree.count, 4);
	put(24, 26, 1, &file); /* 24 % 7 = 22 % 7 + 2: the file goes on */
	assert_int_equal(tree.count, 4);
	check_all();
	assert_true(px_tree_covered(&tree, VA(10), VA(18)));
	assert_false(px_tree_covered(&tree, VA(10), VA(19)));
	assert_false(px_tree_covered(&tree, VA(9), VA(11)));
	assert_true(px_tree_clear(&tree, VA(18), VA(20)));
	assert_false(px_tree_clear(&tree, VA(18), VA(21)));
	clear(1, 100);
	assert_int_equal(tree.count, 0);
}

static int depth(const struct px_region *n)
{
	int l, r;

	if (!n)
		return 0;
	l = depth(n->left);
	r = depth(n->right);
	return 1 + (l > r ? l : r);
}

/* Regions in rising order, which would make an unbalanced tree a list. */
static void shallow(void **state)
{
	(void)state;
	for (int i = 0; i < 250; i++)
		put(2 * i + 2, 2 * i + 3, 1, &file);
	assert_in_range(depth(tree.root), 8, 32);
	assert_int_equal(px_tree_room(&tree, VA(2), VA(2), VA(501)), 0);
	assert_int_equal(px_tree_room(&tree, VA(1), VA(2), VA(501)), VA(499));
	assert_int_equal(px_tree_room(&tree, UINT64_MAX - 4095, VA(1), EXO_VA_TOP), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(random_changes, fresh),
		cmocka_unit_test_setup(joins, fresh),
		cmocka_unit_test_setup(shallow, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
