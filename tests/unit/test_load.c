/* test_load.c - programs that libos-posix loads: from an archive, from a file, with zeros alone.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include "fuzz_load.h"

static struct px_source from;
static struct px_load l;

static bool load(bool a_file)
{
	from = (struct px_source){.name = "x",
				  .bytes = FILE_BYTES,
				  .read = read_file,
				  .frame = a_file ? NULL : frame,
				  .vnode = a_file ? (void *)file : NULL};
	memset(&l, 0, sizeof(l));
	l.from = &from;
	own();
	file_bytes = FILE_BYTES;
	ASAN_POISON_MEMORY_REGION(memory, sizeof(memory));
	return px_load_check(&l) && px_load_map(&l) && px_load_tables(&l) && px_load_bind(&l);
}

static struct elf_segment *segment(int i)
{
	return (struct elf_segment *)(file + sizeof(struct elf_head)) + i;
}

static void as_it_is(void **state)
{
	(void)state;
	for (int a_file = 0; a_file < 2; a_file++) {
		sample();
		assert_true(load(a_file));
		assert_ptr_equal(l.program.main, BASE + TEXT + 0x800);
		assert_int_equal(*(uint64_t *)(BASE + HOOKS), BASE + TEXT + 0x800);
		assert_int_equal(*(uint64_t *)(BASE + DATA + 0x380), 0x1234);
	}
}

/* Variables that begin as zero in a segment of their own, which begins somewhere in a page. */
static void zeros_alone(void **state)
{
	(void)state;
	for (int a_file = 0; a_file < 2; a_file++) {
		sample();
		*segment(4) = (struct elf_segment){.type = SEGMENT_LOAD,
						   .flags = FLAG_READ | FLAG_WRITE,
						   .offset = 0x480,
						   .va = DATA + 0x2480,
						   .mem_bytes = 0x1000};
		assert_true(load(a_file));
		for (uint64_t i = 0; i < 0x1000; i++)
			assert_int_equal(memory[GUARD + DATA + 0x2480 + i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_it_is),
		cmocka_unit_test(zeros_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
