/* memcpy.c - copy bytes, by words as long as there are some.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>

void *memcpy(void *to, const void *from, size_t n)
{
	void *d = to;
	size_t words = n / 8;

	n %= 8;
	__asm__ volatile("rep movsq" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(n) : : "memory");
	return to;
}
