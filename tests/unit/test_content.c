/* test_content.c - the bytes of files, against an array; with memory that runs out.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

#ifndef LIMIT
#define LIMIT 3000000 /* bytes of a file here */
#endif
#define FILES 3

static struct {
	struct px_node *node;
	unsigned char *bytes;
	int64_t size;
} file[FILES];

static unsigned char block[300000];

static int fresh(void **state)
{
	(void)state;
	unit_arena_make();
	unit_root_make();
	unit_fault = 0;
	for (int i = 0; i < FILES; i++) {
		file[i].node = px_node_new(S_IFREG | 0600);
		file[i].node->nlink = 1;
		file[i].bytes = calloc(1, LIMIT);
		file[i].size = 0;
	}
	/* One begins with packed bytes. */
	file[0].node->f.packed = unit_root.data;
	file[0].node->f.packed_bytes = DATA_BYTES;
	file[0].node->size = file[0].size = DATA_BYTES;
	memcpy(file[0].bytes, unit_root.data, DATA_BYTES);
	return 0;
}

/* A place in the file; pages' borders are frequent, so is the beginning. */
static int64_t place(int64_t limit)
{
	int64_t at = (int64_t)pick((uint64_t)(pick(3) ? limit / 20 : limit));

	return pick(2) ? at : at & -EXO_PAGE_SIZE;
}

static size_t length(void)
{
	size_t n = pick(pick(8) ? 9000 : sizeof(block));

	return pick(3) ? n : n & -(size_t)EXO_PAGE_SIZE;
}

static void do_write(int i)
{
	int64_t at = place(LIMIT - (int64_t)sizeof(block)), offset;
	size_t n = length();
	uint32_t flags = pick(8) || file[i].size > LIMIT - (int64_t)sizeof(block) ? 0 : O_APPEND;
	size_t first = pick(256);
	ssize_t r;

	for (size_t k = 0; k < n; k++)
		block[k] = (unsigned char)(first + k * 7 + k / EXO_PAGE_SIZE);
	offset = at;
	if (flags)
		at = file[i].size;
	r = px_mem_write(&file[i].node->v, block, n, &offset, flags);
	if (r < 0) {
		assert_true((r == -ENOSPC && unit_fail) || (r == -EFAULT && unit_fault));
		return;
	}
	assert_true(r == (ssize_t)n || unit_fail || unit_fault);
	assert_true(!n || offset == at);
	memcpy(file[i].bytes + at, block, (size_t)r);
	if (r && at + r > file[i].size)
		file[i].size = at + r;
}

static void do_read(int i)
{
	int64_t at = place(LIMIT), left = file[i].size - at;
	size_t n = length();
	ssize_t want = left <= 0 ? 0 : left < (int64_t)n ? left : (ssize_t)n, r;

	r = px_mem_read(&file[i].node->v, block, n, at, 0);
	if (r == -EFAULT && unit_fault)
		return;
	assert_true(unit_fault ? r <= want : r == want);
	assert_memory_equal(block, file[i].bytes + at, (size_t)r);
}

static void do_truncate(int i)
{
	int64_t size = pick(4) ? place(LIMIT) : file[i].size / 2;

	assert_int_equal(px_mem_truncate(&file[i].node->v, size), 0);
	if (size < file[i].size)
		memset(file[i].bytes + size, 0, (size_t)(file[i].size - size));
	file[i].size = size;
}

static void do_reserve(int i)
{
	int64_t from = place(LIMIT), to = from + 1 + (int64_t)pick(20000);
	int r = px_mem_reserve(&file[i].node->v, from, to);

	assert_true(r == 0 || (r == -ENOSPC && unit_fail));
	assert_true(r || px_mem_seek_data(&file[i].node->v, 0, true) >= 0 || !file[i].size);
}

/* As a mapping does: the page has a reference while the file goes on. */
static void do_page(int i)
{
	uint64_t index = pick(LIMIT / EXO_PAGE_SIZE);
	int64_t size = file[i].size, start = (int64_t)index * EXO_PAGE_SIZE;
	int64_t pfn = px_mem_page(&file[i].node->v, index, true);

	if (start >= size) {
		assert_int_equal(pfn, -ENXIO);
		return;
	}
	assert_true(pfn > 0 || (pfn == -ENOSPC && unit_fail));
	if (pfn < 0)
		return;
	if (size - start > EXO_PAGE_SIZE)
		size = start + EXO_PAGE_SIZE;
	assert_memory_equal(px_page_at((exo_pfn_t)pfn), file[i].bytes + start,
			    (size_t)(size - start));
	*(unsigned char *)px_page_at((exo_pfn_t)pfn) = file[i].bytes[start] = (unsigned char)i;
	if (pick(2))
		do_truncate(i);
	px_frames_give((exo_pfn_t)pfn, 1);
}

/* What is said to be a hole is zero; from data the next hole is not there. */
static void do_seek(int i)
{
	int64_t at = place(LIMIT), data = px_mem_seek_data(&file[i].node->v, at, false);
	int64_t end = data == -ENXIO ? file[i].size : data;

	if (at >= file[i].size) {
		assert_int_equal(data, -ENXIO);
		return;
	}
	assert_true(end >= at);
	for (int64_t k = at; k < end; k++)
		assert_int_equal(file[i].bytes[k], 0);
	if (data >= 0)
		assert_true(px_mem_seek_data(&file[i].node->v, data, true) > data);
}

static void do_one(int i)
{
	void (*const what[])(int) = {do_write, do_write, do_write,   do_read,    do_read,
				     do_page,  do_seek,  do_reserve, do_truncate};

	what[pick(COUNT(what))](i);
	assert_int_equal(file[i].node->size, file[i].size);
	assert_int_equal(unit_depth, 0);
}

static void finish(uint64_t before)
{
	struct stat st;

	for (int i = 0; i < FILES; i++) {
		px_mem_stat(&file[i].node->v, &st);
		assert_int_equal(st.st_size, file[i].size);
		file[i].node->nlink = 0;
		px_node_check(file[i].node);
		free(file[i].bytes);
	}
	assert_int_equal(unit_pages(), before);
	assert_int_equal(px_arena->memfs.nodes, 0);
}

static void like_an_array(void **state)
{
	(void)state;
	for (int n = 0; n < 4000; n++)
		do_one((int)pick(FILES));
	finish(0);
}

static void without_memory(void **state)
{
	(void)state;
	for (int n = 0; n < 4000; n++) {
		unit_fail = n % 3 ? 8 : 0;
		do_one((int)pick(FILES));
	}
	finish(0);
}

static void with_bad_memory(void **state)
{
	(void)state;
	for (int n = 0; n < 4000; n++) {
		unit_fault = 5;
		unit_fail = n % 5 ? 0 : 8;
		do_one((int)pick(FILES));
	}
	finish(0);
}

/* Offsets at the limits of what a file can be; holes cost nothing. */
static void far_away(void **state)
{
	struct px_vnode *v = &file[1].node->v;
	int64_t limit = SIZE_LIMIT, at = limit - 5;

	(void)state;
	assert_int_equal(px_mem_write(v, "0123456789", 10, &at, 0), 5);
	assert_int_equal(file[1].node->size, limit);
	assert_int_equal(px_mem_write(v, "x", 1, &(int64_t){limit}, 0), -EFBIG);
	assert_int_equal(px_mem_read(v, block, 10, limit - 3, 0), 3);
	assert_memory_equal(block, "234", 3);
	assert_int_equal(px_mem_read(v, block, 10, limit, 0), 0);
	assert_int_equal(px_mem_read(v, block, 10, INT64_MAX, 0), 0);
	assert_int_equal(px_mem_seek_data(v, 0, false), limit - EXO_PAGE_SIZE);
	assert_int_equal(px_mem_seek_data(v, 1, true), 1);
	assert_int_equal(px_mem_truncate(v, limit + 1), -EFBIG);
	assert_int_equal(px_mem_reserve(v, limit, limit + 1), -EFBIG);
	assert_true(unit_pages() < 10);
	file[1].size = limit;
	finish(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(like_an_array, fresh),
		cmocka_unit_test_setup(without_memory, fresh),
		cmocka_unit_test_setup(with_bad_memory, fresh),
		cmocka_unit_test_setup(far_away, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, unit_arena_free);
}
