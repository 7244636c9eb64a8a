/* test_policy.c - whether an image starts again, and when.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <policy.h>

static void starts_again(void **state)
{
	static const struct {
		uint8_t restart;
		uint32_t most, so_far;
		int code;
		bool again;
	} cases[] = {
		{RESTART_NEVER, 0, 0, 1, false},      {RESTART_NEVER, 5, 0, 0, false},
		{RESTART_ON_FAILURE, 0, 0, 0, false}, {RESTART_ON_FAILURE, 0, 99999, 1, true},
		{RESTART_ON_FAILURE, 3, 2, 1, true},  {RESTART_ON_FAILURE, 3, 3, 1, false},
		{RESTART_ON_FAILURE, 3, 2, 0, false}, {RESTART_ALWAYS, 0, 99999, 0, true},
		{RESTART_ALWAYS, 1, 0, 0, true},      {RESTART_ALWAYS, 1, 1, 139, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct share s = {.restart = cases[i].restart, .restarts = cases[i].most};

		assert_int_equal(policy_again(&s, cases[i].so_far, cases[i].code), cases[i].again);
	}
}

static void waits_longer_each_time(void **state)
{
	(void)state;
	assert_int_equal(policy_pause(0), PAUSE_FIRST);
	assert_int_equal(policy_pause(1), PAUSE_FIRST);
	assert_int_equal(policy_pause(2), 2 * PAUSE_FIRST);
	assert_int_equal(policy_pause(4), 8 * PAUSE_FIRST);
	assert_int_equal(policy_pause(8), PAUSE_MOST);
	assert_int_equal(policy_pause(UINT32_MAX), PAUSE_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_again),
		cmocka_unit_test(waits_longer_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
