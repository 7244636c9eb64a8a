/* test_sha256.c - SHA-256 against its published values.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <sha256.h>

static void expect(const void *data, size_t n, const char *want)
{
	void *copy = unit_copy(data, n);
	uint8_t sum[32];
	char text[65];

	sha256(sum, copy, n);
	sha256_text(text, sum);
	assert_string_equal(text, want);
	free(copy);
}

/* FIPS 180-4 and the examples that NIST gives with it. */
static void published(void **state)
{
	static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	static char million[1000000];

	(void)state;
	expect("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect(two, sizeof(two) - 1,
	       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof(million));
	expect(million, sizeof(million),
	       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Around the borders of a block the padding changes its form: sums of n zero bytes. */
static void around_a_block(void **state)
{
	static const char zeros[64];

	(void)state;
	expect(zeros, 55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
	expect(zeros, 56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
	expect(zeros, 64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published),
		cmocka_unit_test(around_a_block),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
