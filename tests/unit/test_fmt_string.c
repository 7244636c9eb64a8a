/* test_fmt_string.c - formatted text into memory that may be too small.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <util/fmt.h>

static void cuts_to_size(void **state)
{
	(void)state;
	for (size_t size = 0; size < 12; size++) {
		char *buf = malloc(size ? size : 1);

		assert_non_null(buf);
		assert_int_equal(fmt_string(buf, size, "%s %d", "abcd", 1234), 9);
		if (size > 0) {
			assert_int_equal(strlen(buf), size < 10 ? size - 1 : 9);
			assert_memory_equal(buf, "abcd 1234", strlen(buf));
		}
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(cuts_to_size)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
