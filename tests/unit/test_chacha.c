/* test_chacha.c - the ChaCha20 block function against the vectors of RFC 8439.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <util/chacha.h>

/* Section 2.3.2 */
static void block(void **state)
{
	static const uint32_t want[16] = {
		0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033,
		0x9aaa2204, 0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
		0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
	};
	static const uint32_t in[4] = {1, 0x09000000, 0x4a000000, 0};
	uint32_t out[16], key[8];

	(void)state;
	for (uint32_t i = 0; i < 8; i++)
		key[i] = (4 * i + 3) << 24 | (4 * i + 2) << 16 | (4 * i + 1) << 8 | 4 * i;
	chacha_block(out, key, in);
	assert_memory_equal(out, want, sizeof(want));
}

/* Appendix A.1, test vectors 1 and 2: all zero but for the counter. */
static void zeros(void **state)
{
	static const uint32_t first[4] = {0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653};
	static const uint32_t second[4] = {0xbee7079f, 0x7a385155, 0x7c97ba98, 0x0d082d73};
	static const uint32_t key[8];
	uint32_t out[16], in[4] = {0};

	(void)state;
	chacha_block(out, key, in);
	assert_memory_equal(out, first, sizeof(first));
	in[0] = 1;
	chacha_block(out, key, in);
	assert_memory_equal(out, second, sizeof(second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block),
		cmocka_unit_test(zeros),
	};

	return cmocka_run_group_tests_name("chacha", tests, NULL, NULL);
}
