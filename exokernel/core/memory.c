/* memory.c - the functions that the compiler calls by itself.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);

void *memcpy(void *dst, const void *src, size_t n)
{
	void *d = dst;
	size_t words = n / 8;

	__asm__ volatile("rep movsq; mov %3, %%rcx; rep movsb"
			 : "+D"(d), "+S"(src), "+&c"(words)
			 : "r"(n % 8)
			 : "memory");
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	void *d = dst;
	size_t words = n / 8;

	__asm__ volatile("rep stosq; mov %2, %%rcx; rep stosb"
			 : "+D"(d), "+&c"(words)
			 : "r"(n % 8), "a"((uint8_t)c * 0x0101010101010101ul)
			 : "memory");
	return dst;
}
