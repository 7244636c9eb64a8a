/* crc32c.c - CRC-32C by the SSE4.2 instruction.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <util/crc32c.h>

/* Eight bytes wherever they lie: x86 reads them at any address. */
struct word {
	uint64_t v;
} __attribute__((packed, may_alias));

uint32_t crc32c(uint32_t crc, const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t c = (uint32_t)~crc;

	for (; n >= 8; n -= 8, p += 8)
		__asm__("crc32q %1, %0" : "+r"(c) : "r"(((const struct word *)p)->v));
	for (; n > 0; n--, p++)
		__asm__("crc32b %1, %k0" : "+r"(c) : "r"(*p));
	return ~(uint32_t)c;
}
