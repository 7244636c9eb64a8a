/* test_program.c - the checks of a program's header, one by one and at random.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include "oracle.h"
#include "sample.h"

#define BYTES 0x2100 /* of the sample program: header page, text page, start of data */

#define EXPECT(result, change)                                                                     \
	do {                                                                                       \
		struct exo_program prog, *p = &prog;                                               \
		struct exo_segment *s = prog.segment;                                              \
                                                                                                   \
		(void)s;                                                                           \
		sample_program(p);                                                                 \
		change;                                                                            \
		assert_int_equal(archive_check_program(p, BYTES), result);                         \
	} while (0)

#define BAD(change) EXPECT(ARCHIVE_PROGRAM, change)

static void good_programs(void **state)
{
	(void)state;
	EXPECT(ARCHIVE_OK, (void)p);
	EXPECT(ARCHIVE_OK, p->entry = 0x7ff);
	EXPECT(ARCHIVE_OK, s[2].va = 0x8000; p->span = 0x9000);
	EXPECT(ARCHIVE_OK, s[2].offset = 1); /* of no bytes: means nothing */
	EXPECT(ARCHIVE_OK, s[1].file_bytes = 0; s[1].offset = 0x3001; s[2].offset = 0x2000;
	       s[2].file_bytes = 0x100);
	EXPECT(ARCHIVE_OK, s[2].mem_bytes = 0xfff);
	EXPECT(ARCHIVE_OK, s[1].prot |= EXO_PROT_EXEC; p->flags = EXO_PROGRAM_WX);
}

static void headers(void **state)
{
	(void)state;
	BAD(p->magic++);
	EXPECT(ARCHIVE_VERSION, p->version++);
	BAD(p->segments = 0);
	BAD(p->segments = EXO_SEGMENT_MAX + 1);
	BAD(p->segments = UINT32_MAX);
	BAD(p->flags = 4);
	BAD(p->span--);
	BAD(p->span += EXO_PAGE_SIZE);
	BAD(p->span = UINT64_MAX);
	BAD(p->entry = 0x800);
	BAD(p->entry = 0x1000); /* not executable */
	BAD(p->entry = UINT64_MAX);
	for (size_t bytes = 0; bytes < sizeof(struct exo_program); bytes++) {
		struct exo_program prog, *p;

		sample_program(&prog);
		p = unit_copy(&prog, bytes);
		assert_int_equal(archive_check_program(p, bytes), ARCHIVE_PROGRAM);
		free(p);
	}
}

static void most_segments(void **state)
{
	struct exo_program *p = malloc(sizeof(*p)); /* nothing to read behind it */

	(void)state;
	assert_non_null(p);
	sample_program(p);
	for (int i = 3; i < EXO_SEGMENT_MAX; i++)
		p->segment[i] = (struct exo_segment){.va = p->span, .prot = EXO_PROT_READ};
	p->segments = EXO_SEGMENT_MAX;
	assert_int_equal(archive_check_program(p, BYTES), ARCHIVE_OK);
	p->segments = EXO_SEGMENT_MAX + 1;
	assert_int_equal(archive_check_program(p, BYTES), ARCHIVE_PROGRAM);
	free(p);
}

static void segments(void **state)
{
	(void)state;
	BAD(s[1].va = 0x800);
	BAD(s[1].va = 0);
	BAD(s[0].mem_bytes = 0x1001);
	BAD(s[2].va = UINT64_MAX & ~0xfffull);
	BAD(s[1].mem_bytes = UINT64_MAX);
	BAD(s[1].file_bytes = 0x2346);
	BAD(s[1].file_bytes = 0x101); /* beyond the entry */
	BAD(s[1].offset = 0x2008);
	BAD(s[1].offset = 0x3000);
	BAD(s[1].offset = -(uint64_t)EXO_PAGE_SIZE);
	BAD(s[1].offset = 0x1000); /* text and data on one page */
	BAD(s[0].offset = 0);      /* the header executable */
	BAD(s[0].prot = EXO_PROT_EXEC);
	BAD(s[1].prot |= EXO_PROT_EXEC);
	BAD(s[2].prot |= 8);
	BAD(s[2].zero = 1);
	BAD(s[2].mem_bytes = EXO_SPAN_MAX; p->span = EXO_SPAN_MAX + 0x4000ull);
}

/* Change a few fields of a good program to values at and around the borders; what passes must
 * keep every promise. */
static void random_changes(void **state)
{
	static const uint64_t values[] = {0,          1,          0xfff,      0x1000,
					  0x1001,     0x2000,     0x2100,     0x3000,
					  0x4000,     0x5000,     0x40000000, 0x7fffffff,
					  1ull << 32, 1ull << 63, -0x1000ull, UINT64_MAX};
	uint64_t seed = 11;
	int passed = 0;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		struct exo_program p;
		const char *wrong;

		sample_program(&p);
		for (int n = 1 + (int)(unit_random(&seed) % 3); n > 0; n--) {
			uint64_t v = values[unit_random(&seed) % COUNT(values)];
			/* the words after magic and version, up to the fourth segment */
			size_t word = 2 + unit_random(&seed) % 22;

			memcpy((char *)&p + 8 * word, &v, 8);
		}
		if (archive_check_program(&p, BYTES) != ARCHIVE_OK)
			continue;
		passed++;
		wrong = oracle_program(&p, BYTES);
		if (wrong)
			fail_msg("accepted: %s", wrong);
	}
	assert_true(passed > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_programs),  cmocka_unit_test(headers),
		cmocka_unit_test(most_segments),  cmocka_unit_test(segments),
		cmocka_unit_test(random_changes),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
