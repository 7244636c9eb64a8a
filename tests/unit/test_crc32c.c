/* test_crc32c.c - CRC-32C against its published values and a plain computation.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <util/crc32c.h>

/* Bit by bit, as RFC 3720 section 12.1 defines it (reflected polynomial). */
static uint32_t plain(const unsigned char *p, size_t n)
{
	uint32_t crc = ~0u;

	while (n-- > 0) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	return ~crc;
}

static void published(void **state)
{
	unsigned char zeros[32] = {0}, ones[32], up[32], down[32];
	static const unsigned char read_command[48] = {
		0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0, 0,
		0x14, 0,    0, 0, 0, 0, 4, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18,
		0x28, 0,    0, 0, 0, 0, 0, 0, 2, 0, 0, 0,    0, 0, 0, 0,
	};

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	for (int i = 0; i < 32; i++) {
		up[i] = (unsigned char)i;
		down[i] = (unsigned char)(31 - i);
	}
	/* RFC 3720 appendix B.4 */
	assert_int_equal(crc32c(0, zeros, 32), 0x8a9136aa);
	assert_int_equal(crc32c(0, ones, 32), 0x62a8ab43);
	assert_int_equal(crc32c(0, up, 32), 0x46dd794e);
	assert_int_equal(crc32c(0, down, 32), 0x113fdb5c);
	assert_int_equal(crc32c(0, read_command, 48), 0xd9963a56);
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
}

static void every_length_and_alignment(void **state)
{
	unsigned char data[96];
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)unit_random(&seed);
	for (size_t at = 0; at < 16; at++)
		for (size_t n = 0; n <= sizeof(data) - at; n++)
			assert_int_equal(crc32c(0, data + at, n), plain(data + at, n));
}

static void in_two_parts(void **state)
{
	static const char text[] = "one sum over two parts is the sum over the whole";
	const size_t n = sizeof(text);

	(void)state;
	for (size_t cut = 0; cut <= n; cut++)
		assert_int_equal(crc32c(crc32c(0, text, cut), text + cut, n - cut),
				 crc32c(0, text, n));
}

static void reads_no_byte_beyond(void **state)
{
	static const char text[64];

	(void)state;
	for (size_t n = 0; n <= sizeof(text); n++) {
		void *copy = unit_copy(text, n);

		assert_int_equal(crc32c(0, copy, n), plain(copy, n));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published),
		cmocka_unit_test(every_length_and_alignment),
		cmocka_unit_test(in_two_parts),
		cmocka_unit_test(reads_no_byte_beyond),
	};

	return cmocka_run_group_tests_name("crc32c", tests, NULL, NULL);
}
