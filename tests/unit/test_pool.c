/* test_pool.c - stirring, taking, and instructions that do not work.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <util/pool.h>

static unsigned calls, refusals; /* each word is refused so often before it comes */
static uint64_t step;

static bool word(uint64_t *v)
{
	*v = 7;
	if (calls++ % (refusals + 1) < refusals)
		return false;
	*v = step * calls;
	return true;
}

static void set(unsigned refused, uint64_t by)
{
	calls = 0;
	refusals = refused;
	step = by;
}

static void instructions(void **state)
{
	static const struct pool empty;
	struct pool p = empty;

	(void)state;
	set(0, 1);
	assert_true(pool_stir_words(&p, word));
	assert_int_equal(calls, POOL_BYTES / 8);
	assert_memory_not_equal(&p, &empty, sizeof(p));
	set(POOL_TRIES - 1, 1);
	assert_true(pool_stir_words(&p, word));

	p = empty;
	set(POOL_TRIES, 1);
	assert_false(pool_stir_words(&p, word));
	assert_int_equal(calls, POOL_TRIES);
	set(0, 0);
	assert_false(pool_stir_words(&p, word));
	assert_memory_equal(&p, &empty, sizeof(p));
}

static void every_bit_counts(void **state)
{
	unsigned char what[POOL_BYTES] = {0}, plain[POOL_BYTES], other[POOL_BYTES];
	struct pool p = {{1, 2, 3}};

	(void)state;
	pool_stir(&p, what);
	pool_take(&p, plain);
	for (unsigned bit = 0; bit < 8 * POOL_BYTES; bit++) {
		struct pool q = {{1, 2, 3}};
		unsigned equal = 0;

		what[bit / 8] ^= 1 << bit % 8;
		pool_stir(&q, what);
		pool_take(&q, other);
		for (unsigned i = 0; i < POOL_BYTES; i++)
			equal += plain[i] == other[i];
		assert_in_range(equal, 0, 6);
		what[bit / 8] ^= 1 << bit % 8;
	}
}

static void never_the_same(void **state)
{
	unsigned char a[POOL_BYTES], b[POOL_BYTES];
	struct pool p = {{0}};

	(void)state;
	pool_take(&p, a);
	assert_memory_not_equal(a, &p, POOL_BYTES);
	pool_take(&p, b);
	assert_memory_not_equal(a, b, POOL_BYTES);
	/* What was stirred in before stays in, even if the same comes again. */
	pool_stir(&p, a);
	pool_stir(&p, a);
	pool_take(&p, a);
	assert_memory_not_equal(a, b, POOL_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(never_the_same),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
