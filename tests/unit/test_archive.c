/* test_archive.c - an archive's checks: every kind of damage by its name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include "sample.h"

static struct sample good;

static int setup(void **state)
{
	(void)state;
	sample_archive(&good);
	return 0;
}

/* Check a changed archive, its checksum made right again. */
#define EXPECT(result, change)                                                                     \
	do {                                                                                       \
		struct sample *s = unit_copy(&good, sizeof(good));                                 \
                                                                                                   \
		change;                                                                            \
		sample_seal(&s->head);                                                             \
		assert_int_equal(archive_check(&s->head, sizeof(*s)), result);                     \
		free(s);                                                                           \
	} while (0)

static void good_archive(void **state)
{
	const struct exo_entry *e;

	(void)state;
	EXPECT(ARCHIVE_OK, (void)s);
	EXPECT(ARCHIVE_OK, s->entry[1].bytes = EXO_PAGE_SIZE);
	EXPECT(ARCHIVE_OK, s->entry[2].image = 7);
	EXPECT(ARCHIVE_OK, (s->head.entries = 0, s->head.head_bytes = sizeof(s->head)));
	assert_int_equal(archive_check(&good.head, UINT64_MAX), ARCHIVE_OK);
	for (int i = 0; i < SAMPLE_ENTRIES; i++)
		assert_int_equal(archive_check_entry(&good.head, &good.entry[i]), ARCHIVE_OK);
	e = archive_find(&good.head, 0, EXO_ENTRY_PROGRAM, NULL);
	assert_ptr_equal(e, &good.entry[0]);
	assert_int_equal(archive_check_program(archive_data(&good.head, e), e->bytes), ARCHIVE_OK);
}

static void damaged_header(void **state)
{
	(void)state;
	EXPECT(ARCHIVE_MAGIC, s->head.magic++);
	EXPECT(ARCHIVE_VERSION, s->head.version++);
	EXPECT(ARCHIVE_HEAD, s->head.entries++);
	EXPECT(ARCHIVE_HEAD, s->head.head_bytes--);
	EXPECT(ARCHIVE_LAYOUT, s->head.bytes--);
	EXPECT(ARCHIVE_LAYOUT, s->head.bytes = 0);
	EXPECT(ARCHIVE_LAYOUT, s->head.bytes -= EXO_PAGE_SIZE);
	EXPECT(ARCHIVE_LAYOUT,
	       (s->head.entries = 0, s->head.head_bytes = sizeof(s->head), s->head.bytes = 0));
	EXPECT(ARCHIVE_TRUNCATED, s->head.bytes += EXO_PAGE_SIZE);
	EXPECT(ARCHIVE_TRUNCATED, s->head.bytes = -(uint64_t)EXO_PAGE_SIZE);
}

static void absurd_counts(void **state)
{
	static const uint32_t counts[] = {EXO_ENTRY_MAX + 1, 0x1ffffff, 0x2000003, UINT32_MAX};
	struct sample *s = unit_copy(&good, sizeof(good));

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		s->head.entries = counts[i];
		assert_int_equal(archive_check(&s->head, sizeof(*s)), ARCHIVE_HEAD);
		/* what 32 bits would make of the product */
		s->head.head_bytes = (uint32_t)(sizeof(s->head) + counts[i] * sizeof(s->entry[0]));
		assert_int_equal(archive_check(&s->head, sizeof(*s)), ARCHIVE_HEAD);
	}
	s->head.entries = EXO_ENTRY_MAX;
	s->head.head_bytes = sizeof(s->head) + EXO_ENTRY_MAX * sizeof(s->entry[0]);
	assert_int_equal(archive_check(&s->head, sizeof(*s)), ARCHIVE_TRUNCATED);
	free(s);
}

static void damaged_entries(void **state)
{
	(void)state;
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].offset = 0);
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].offset += 8);
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].offset = -(uint64_t)EXO_PAGE_SIZE);
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].bytes = UINT64_MAX);
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].bytes = 0x3001); /* reaches into the next one */
	EXPECT(ARCHIVE_LAYOUT, s->entry[2].bytes = EXO_PAGE_SIZE + 1);
	EXPECT(ARCHIVE_LAYOUT, s->entry[1].offset = 0x1000);
	EXPECT(ARCHIVE_LAYOUT, s->entry[2].offset = SAMPLE_BYTES + EXO_PAGE_SIZE);
	EXPECT(ARCHIVE_LAYOUT, s->entry[1].name[0] = 0);
	EXPECT(ARCHIVE_LAYOUT, memset(s->entry[1].name, 'x', sizeof(s->entry[1].name)));
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].kind = EXO_ENTRY_ROOT);
	EXPECT(ARCHIVE_LAYOUT, s->entry[1].image = 1); /* image 1 would not begin with a program */
	EXPECT(ARCHIVE_LAYOUT, s->entry[0].image = s->entry[1].image = 2);
}

static void damaged_bytes(void **state)
{
	(void)state;
	for (int i = 0; i < SAMPLE_ENTRIES; i++) {
		struct sample *s = unit_copy(&good, sizeof(good));

		((char *)s)[s->entry[i].offset + s->entry[i].bytes - 1] ^= 1;
		assert_int_equal(archive_check(&s->head, sizeof(*s)), ARCHIVE_OK);
		assert_int_equal(archive_check_entry(&s->head, &s->entry[i]), ARCHIVE_BYTES);
		free(s);
	}
}

static void every_flipped_bit(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * good.head.head_bytes; bit++) {
		unsigned char *p = (unsigned char *)&good + bit / 8, mask = 1u << bit % 8;

		*p ^= mask;
		assert_int_not_equal(archive_check(&good.head, sizeof(good)), ARCHIVE_OK);
		*p ^= mask;
	}
}

static void every_length(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes < sizeof(good); bytes += bytes < 600 ? 1 : 97) {
		struct exo_archive *a = unit_copy(&good, bytes);

		assert_int_equal(archive_check(a, bytes),
				 bytes < 8 ? ARCHIVE_MAGIC : ARCHIVE_TRUNCATED);
		free(a);
	}
}

static void finds_by_image_kind_and_name(void **state)
{
	const struct exo_archive *a = &good.head;

	(void)state;
	assert_ptr_equal(archive_find(a, 0, EXO_ENTRY_SETTINGS, NULL), &good.entry[1]);
	assert_ptr_equal(archive_find(a, 0, EXO_ENTRY_SETTINGS, "settings"), &good.entry[1]);
	assert_ptr_equal(archive_find(a, 1, EXO_ENTRY_PROGRAM, NULL), &good.entry[2]);
	assert_null(archive_find(a, 0, EXO_ENTRY_SETTINGS, "setting"));
	assert_null(archive_find(a, 0, EXO_ENTRY_SETTINGS, "settings2"));
	assert_null(archive_find(a, 0, EXO_ENTRY_SETTINGS, ""));
	assert_null(archive_find(a, 1, EXO_ENTRY_SETTINGS, NULL));
	assert_null(archive_find(a, 2, EXO_ENTRY_PROGRAM, NULL));
}

static void names_every_result(void **state)
{
	(void)state;
	for (int r = ARCHIVE_OK; r <= ARCHIVE_PROGRAM; r++) {
		assert_non_null(archive_text(r));
		for (int q = ARCHIVE_OK; q < r; q++)
			assert_string_not_equal(archive_text(q), archive_text(r));
	}
	assert_string_equal(archive_text(99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_archive),
		cmocka_unit_test(damaged_header),
		cmocka_unit_test(absurd_counts),
		cmocka_unit_test(damaged_entries),
		cmocka_unit_test(damaged_bytes),
		cmocka_unit_test(every_flipped_bit),
		cmocka_unit_test(every_length),
		cmocka_unit_test(finds_by_image_kind_and_name),
		cmocka_unit_test(names_every_result),
	};

	return cmocka_run_group_tests_name("archive", tests, setup, NULL);
}
