/* ranges.c - the arithmetic of ranges and of packed numbers, all cases of a small width.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * usage: ranges [BITS]      (of each number; 7 if not said)
 *
 * A number of few bits stands at the bottom and at the top of 64: its upper half is what comes
 * right below 2^64.  So all that wraps there wraps here.
 */
#include <core/cap.h>
#include <exo/map.h>
#include <exo/message.h>
#include <stdio.h>
#include <stdlib.h>

typedef unsigned __int128 wide;

static uint64_t embed(uint64_t x, int bits)
{
	return (uint64_t)((int64_t)(x << (64 - bits)) >> (64 - bits));
}

/* [first, first + count) lies in [c->first, c->first + c->count), where nothing wraps. */
static bool inside(const struct cap *c, uint64_t first, uint64_t count)
{
	return first >= c->first && (wide)first + count <= (wide)c->first + c->count;
}

static uint64_t covers(int bits)
{
	uint64_t n = 1ull << bits, wrong = 0;

	for (uint64_t a = 0; a < n; a++)
		for (uint64_t b = 0; b < n; b++) {
			struct cap c = {.first = embed(a, bits), .count = embed(b, bits)};

			for (uint64_t x = 0; x < n; x++)
				for (uint64_t y = 0; y < n; y++) {
					uint64_t first = embed(x, bits), count = embed(y, bits);

					wrong += cap_covers(&c, first, count) !=
						 inside(&c, first, count);
				}
		}
	return wrong;
}

/* If one covers another and that a third, the first covers the third: narrowing never widens. */
static uint64_t narrows(int bits)
{
	uint64_t n = 1ull << bits, wrong = 0;

	for (uint64_t i = 0; i < n * n; i++)
		for (uint64_t j = 0; j < n * n; j++) {
			struct cap a = {.first = embed(i / n, bits), .count = embed(i % n, bits)};
			struct cap b = {.first = embed(j / n, bits), .count = embed(j % n, bits)};

			if (!cap_covers(&a, b.first, b.count))
				continue;
			for (uint64_t k = 0; k < n * n; k++) {
				uint64_t first = embed(k / n, bits), count = embed(k % n, bits);

				wrong += cap_covers(&b, first, count) &&
					 !cap_covers(&a, first, count);
			}
		}
	return wrong;
}

/* A slot's number in a page-table entry: it comes back, and touches no bit of another meaning. */
static uint64_t slots(void)
{
	uint64_t others = EXO_PTE_FRAME | EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_USER |
			  EXO_PTE_ACCESSED | EXO_PTE_DIRTY | EXO_PTE_LARGE | EXO_PTE_NOEXEC;
	uint64_t wrong = 0;

	for (uint64_t s = 0; s < EXO_MAP_SLOTS; s++)
		wrong += EXO_PTE_SLOT(EXO_PTE_OF_SLOT(s)) != s ||
			 EXO_PTE_SLOT(EXO_PTE_OF_SLOT(s) | others) != s ||
			 EXO_PTE_OF_SLOT(s) & others;
	return wrong;
}

static uint64_t hows(void)
{
	uint64_t wrong = 0;

	for (uint64_t index = 0; index < 256; index++)
		for (uint64_t slot = 0; slot < 65536; slot++) {
			uint64_t how = EXO_CALL_HOW(index, slot, 65535 - slot);

			wrong += EXO_CALL_INDEX(how) != index || EXO_CALL_PASS(how) != slot ||
				 EXO_CALL_RECEIVE(how) != 65535 - slot;
		}
	return wrong;
}

static int report(const char *what, uint64_t cases, uint64_t wrong)
{
	printf("%s ranges: %s, %lu cases, %lu wrong\n", wrong ? "not ok" : "ok", what, cases,
	       wrong);
	return wrong != 0;
}

int main(int argc, char **argv)
{
	int bits = argc > 1 ? atoi(argv[1]) : 7, bad = 0;

	bad |= report("cap_covers against arithmetic in 128 bits", 1ull << 4 * bits, covers(bits));
	bad |= report("what is covered by what is covered is covered", 1ull << 24, narrows(4));
	bad |= report("slots in page-table entries", EXO_MAP_SLOTS, slots());
	bad |= report("the words of call and reply", 256 * 65536, hows());
	return bad;
}
