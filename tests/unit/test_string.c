/* test_string.c - libexo's memory and string functions, against the host's.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The Makefile compiles them under the names xo_memcpy ... so that both sets
 * are there.
 */
#include "unit.h"

void *xo_memcpy(void *to, const void *from, size_t n);
void *xo_memmove(void *to, const void *from, size_t n);
void *xo_memset(void *to, int c, size_t n);
int xo_memcmp(const void *a, const void *b, size_t n);
size_t xo_strlen(const char *s);
int xo_strcmp(const char *a, const char *b);

#define SIZE 96
#define MAX  40

static void fill(unsigned char *p, uint64_t seed)
{
	for (int i = 0; i < SIZE; i++)
		p[i] = (unsigned char)unit_random(&seed);
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static void copies(void **state)
{
	unsigned char from[SIZE], ours[SIZE], theirs[SIZE];

	(void)state;
	fill(from, 3);
	for (size_t at = 0; at < 9; at++)
		for (size_t to = 0; to < 9; to++)
			for (size_t n = 0; n <= MAX; n++) {
				fill(ours, 5);
				fill(theirs, 5);
				assert_ptr_equal(xo_memcpy(ours + to, from + at, n), ours + to);
				memcpy(theirs + to, from + at, n);
				assert_memory_equal(ours, theirs, SIZE);
			}
}

static void moves(void **state)
{
	unsigned char ours[SIZE], theirs[SIZE];

	(void)state;
	for (size_t at = 0; at < MAX; at++)
		for (size_t to = 0; to < MAX; to++)
			for (size_t n = 0; n <= MAX; n++) {
				fill(ours, 7);
				fill(theirs, 7);
				assert_ptr_equal(xo_memmove(ours + to, ours + at, n), ours + to);
				memmove(theirs + to, theirs + at, n);
				assert_memory_equal(ours, theirs, SIZE);
			}
}

static void sets(void **state)
{
	unsigned char ours[SIZE], theirs[SIZE];
	static const int values[] = {0, 1, 0x7f, 0x80, 0xff, 0x1a5, -1};

	(void)state;
	for (size_t v = 0; v < COUNT(values); v++)
		for (size_t to = 0; to < 9; to++)
			for (size_t n = 0; n <= MAX; n++) {
				fill(ours, 9);
				fill(theirs, 9);
				assert_ptr_equal(xo_memset(ours + to, values[v], n), ours + to);
				memset(theirs + to, values[v], n);
				assert_memory_equal(ours, theirs, SIZE);
			}
}

static void compares(void **state)
{
	char a[8] = {0}, b[8] = {0};
	uint64_t seed = 13;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		for (int i = 0; i < 6; i++) {
			/* few values, so that beginnings agree often; some are above 127 */
			a[i] = (char)((unit_random(&seed) >> 9 & 3) * 0x55);
			b[i] = unit_random(&seed) >> 9 & 3 ? a[i] : (char)(seed >> 40);
		}
		assert_int_equal(sign(xo_memcmp(a, b, 6)), sign(memcmp(a, b, 6)));
		assert_int_equal(sign(xo_strcmp(a, b)), sign(strcmp(a, b)));
		assert_int_equal(xo_strlen(a), strlen(a));
	}
	assert_int_equal(xo_memcmp("a", "b", 0), 0);
}

static void reads_no_byte_beyond(void **state)
{
	static const char text[] = "seven..";

	(void)state;
	for (size_t at = 0; at < sizeof(text); at++) {
		char *copy = unit_copy(text + at, sizeof(text) - at);

		assert_int_equal(xo_strlen(copy), sizeof(text) - at - 1);
		assert_int_equal(xo_strcmp(copy, copy), 0);
		assert_int_equal(xo_memcmp(copy, text + at, sizeof(text) - at), 0);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies),
		cmocka_unit_test(moves),
		cmocka_unit_test(sets),
		cmocka_unit_test(compares),
		cmocka_unit_test(reads_no_byte_beyond),
	};

	return cmocka_run_group_tests_name("string", tests, NULL, NULL);
}
