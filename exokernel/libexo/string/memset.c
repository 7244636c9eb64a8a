/* memset.c - fill bytes, by words as long as there are some.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>
#include <stdint.h>

void *memset(void *to, int c, size_t n)
{
	uint64_t word = 0x0101010101010101ul * (uint8_t)c;
	void *d = to;
	size_t words = n / 8;

	n %= 8;
	__asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(word) : "memory");
	__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(word) : "memory");
	return to;
}
