/* test_xo_settings.c - settings of the archive and of the boot as one sequence.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include "sample.h"

#include <libexo/settings.h>
#include <libexo/start.h>

static struct exo_start start;
struct exo_start *xo_start = &start; /* as libexo has it */

static struct sample sample;

/* The sample's settings are "arg=one" and "env=A=B". */
static void boot_settings(struct xo_settings *s, const char *block, size_t bytes)
{
	sample_archive(&sample);
	memset(&start, 0, sizeof(start));
	memcpy(start.settings, block, bytes);
	start.settings_bytes = (uint32_t)bytes;
	xo_settings_init(s, &sample.head);
}

static void expect(const struct xo_settings *s, const char *const *want)
{
	const char *p = NULL;

	while ((p = xo_settings_next(s, p)) != NULL) {
		assert_non_null(*want);
		assert_string_equal(p, *want++);
	}
	assert_null(*want);
}

static void archive_then_boot(void **state)
{
	struct xo_settings s;

	(void)state;
	boot_settings(&s, "arg=two\0cpus=4", 15);
	expect(&s, (const char *[]){"arg=one", "env=A=B", "arg=two", "cpus=4", NULL});
	boot_settings(&s, "", 0);
	expect(&s, (const char *[]){"arg=one", "env=A=B", NULL});
}

static void without_an_archive(void **state)
{
	struct xo_settings s;

	(void)state;
	boot_settings(&s, "a=1\0b=2", 8);
	xo_settings_init(&s, NULL);
	expect(&s, (const char *[]){"a=1", "b=2", NULL});
	assert_null(xo_setting(&s, "env"));
	start.settings_bytes = 0;
	xo_settings_init(&s, NULL);
	expect(&s, (const char *[]){NULL});
}

static void boot_is_stronger(void **state)
{
	struct xo_settings s;

	(void)state;
	boot_settings(&s, "env=C\0mem=1\0mem=2", 18);
	assert_string_equal(xo_setting(&s, "env"), "C");
	assert_string_equal(xo_setting(&s, "mem"), "2");
	assert_string_equal(xo_setting(&s, "arg"), "one");
	assert_null(xo_setting(&s, "me"));
}

static void lying_sizes(void **state)
{
	struct xo_settings s;

	(void)state;
	boot_settings(&s, "a=1", 4);
	start.settings_bytes = UINT32_MAX;
	memset(start.settings + 4, 'x', sizeof(start.settings) - 4); /* no zero byte to the end */
	xo_settings_init(&s, NULL);
	expect(&s, (const char *[]){"a=1", NULL});
}

static void arguments(void **state)
{
	struct xo_settings s;
	char *argv[8];

	(void)state;
	boot_settings(&s, "arg=two words\0arg=", 19);
	assert_int_equal(xo_arguments(&s, &sample.head, argv, 8), 4);
	assert_string_equal(argv[0], "first");
	assert_string_equal(argv[1], "one");
	assert_string_equal(argv[2], "two words");
	assert_string_equal(argv[3], "");
	assert_null(argv[4]);

	boot_settings(&s, "name=me", 8);
	assert_int_equal(xo_arguments(&s, &sample.head, argv, 8), 2);
	assert_string_equal(argv[0], "me");
	xo_settings_init(&s, NULL);
	start.settings[0] = 'x';
	assert_int_equal(xo_arguments(&s, NULL, argv, 8), 1);
	assert_string_equal(argv[0], "main");
}

static void more_arguments_than_room(void **state)
{
	struct xo_settings s;
	char *argv[3];

	(void)state;
	boot_settings(&s, "arg=two\0arg=three", 18);
	assert_int_equal(xo_arguments(&s, &sample.head, argv, 3), 2);
	assert_string_equal(argv[1], "one");
	assert_null(argv[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archive_then_boot), cmocka_unit_test(without_an_archive),
		cmocka_unit_test(boot_is_stronger),  cmocka_unit_test(lying_sizes),
		cmocka_unit_test(arguments),         cmocka_unit_test(more_arguments_than_room),
	};

	return cmocka_run_group_tests_name("xo_settings", tests, NULL, NULL);
}
