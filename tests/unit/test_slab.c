/* test_slab.c - pages and objects of the arena: contents stay, counts come back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "arena.h"

#define LIVE 3000

static struct {
	unsigned char *p;
	size_t n;
} object[LIVE];

static int fresh(void **state)
{
	(void)state;
	unit_arena_make();
	memset(object, 0, sizeof(object));
	return 0;
}

static void check(size_t i)
{
	for (size_t k = 0; k < object[i].n; k++)
		assert_int_equal(object[i].p[k], (unsigned char)i);
}

static void drop(size_t i)
{
	check(i);
	px_free(object[i].p);
	object[i].p = NULL;
	object[i].n = 0;
}

/* Objects do not meet each other, begin as zeros and are gone without a rest. */
static void objects(void **state)
{
	(void)state;
	for (int round = 0; round < 60000; round++) {
		size_t i = pick(LIVE), n = 1 + pick(pick(4) ? 200 : PX_ALLOC_MAX);

		unit_fail = round % 2000 < 500 ? 20 : 0;
		if (object[i].p)
			drop(i);
		object[i].p = px_alloc(n);
		assert_true(object[i].p || unit_fail);
		if (!object[i].p)
			continue;
		assert_int_equal((uintptr_t)object[i].p % 32, 0);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(object[i].p[k], 0);
		object[i].n = n;
		memset(object[i].p, (int)(unsigned char)i, n);
	}
	for (size_t i = 0; i < LIVE; i++)
		if (object[i].p)
			drop(i);
	assert_int_equal(unit_pages(), 0);
	for (int i = 0; i < PX_SLAB_CLASSES; i++)
		assert_null(px_arena->slab[i]);
	assert_null(px_alloc(PX_ALLOC_MAX + 1));
}

/* Every frame can be had, and had again. */
static void all_pages(void **state)
{
	static void *page[FRAMES];
	uint64_t first = 0, n;

	(void)state;
	for (int round = 0; round < 5; round++) {
		for (n = 0; (page[n] = px_page_get_dirty()); n++)
			memset(page[n], (int)n, EXO_PAGE_SIZE);
		if (!round)
			first = n;
		assert_int_equal(n, first);
		assert_true(n > FRAMES - 200);
		for (uint64_t i = 0; i < n; i++)
			assert_int_equal(*((unsigned char *)page[i] + i % EXO_PAGE_SIZE),
					 (unsigned char)i);
		for (uint64_t i = 0; i < n; i++)
			px_page_put(page[(i * 7919) % n]);
		assert_int_equal(unit_pages(), 0);
	}
	assert_true(px_pages_trim(0));
	assert_int_equal(px_frames->out, 0);
	assert_false(px_pages_trim(0));
}

/* A page lives as long as somebody refers to it, and is counted once. */
static void references(void **state)
{
	char *page;

	(void)state;
	page = px_page_get();
	assert_true(px_frame_ref(px_page_frame(page)));
	px_page_put(page);
	*page = 1;
	assert_int_equal(unit_pages(), 1);
	for (int i = 1; i < PX_REF_MAX; i++)
		assert_true(px_frame_ref(px_page_frame(page)));
	assert_false(px_frame_ref(px_page_frame(page)));
	for (int i = 1; i < PX_REF_MAX; i++)
		px_page_put(page);
	assert_int_equal(unit_pages(), 1);
	px_page_put(page);
	assert_int_equal(unit_pages(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(objects, fresh),
		cmocka_unit_test_setup(all_pages, fresh),
		cmocka_unit_test_setup(references, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, unit_arena_free);
}
