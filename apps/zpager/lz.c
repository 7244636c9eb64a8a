/* lz.c - compress one page, finding repetitions by a hash of four bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "lz.h"

#include <libexo/string.h>

#define HASH_BITS   10
#define LITERAL_MAX 128
#define MATCH_MAX   (127 + LZ_MATCH_MIN)

static unsigned hash(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word * 2654435761u >> (32 - HASH_BITS);
}

static uint8_t *put_literals(uint8_t *to, const uint8_t *from, unsigned n)
{
	while (n) {
		unsigned part = n < LITERAL_MAX ? n : LITERAL_MAX;

		*to++ = part - 1;
		memcpy(to, from, part);
		to += part;
		from += part;
		n -= part;
	}
	return to;
}

static unsigned match_length(const uint8_t *a, const uint8_t *b, unsigned most)
{
	unsigned n = 0;

	while (n < most && a[n] == b[n])
		n++;
	return n;
}

unsigned lz_pack(uint8_t *to, const uint8_t *from)
{
	static uint16_t last[1 << HASH_BITS]; /* where the hash was seen, + 1 */
	uint8_t *out = to;
	unsigned at = 0, literal = 0;

	memset(last, 0, sizeof(last));
	while (at + LZ_MATCH_MIN <= EXO_PAGE_SIZE) {
		unsigned h = hash(from + at), seen = last[h], n = 0;
		unsigned most = EXO_PAGE_SIZE - at < MATCH_MAX ? EXO_PAGE_SIZE - at : MATCH_MAX;

		last[h] = at + 1;
		if (seen)
			n = match_length(from + seen - 1, from + at, most);
		if (n < LZ_MATCH_MIN) {
			at++;
			continue;
		}
		out = put_literals(out, from + literal, at - literal);
		*out++ = 128 + n - LZ_MATCH_MIN;
		*out++ = at - (seen - 1);
		*out++ = (at - (seen - 1)) >> 8;
		at += n;
		literal = at;
	}
	return put_literals(out, from + literal, EXO_PAGE_SIZE - literal) - to;
}

bool lz_unpack(uint8_t *to, const uint8_t *from, unsigned n)
{
	const uint8_t *end = from + n;
	unsigned at = 0;

	while (from < end) {
		unsigned code = *from++, count, distance;

		if (code < LITERAL_MAX) {
			count = code + 1;
			if (count > (unsigned)(end - from) || at + count > EXO_PAGE_SIZE)
				return false;
			memcpy(to + at, from, count);
			from += count;
			at += count;
			continue;
		}
		count = code - 128 + LZ_MATCH_MIN;
		if (end - from < 2)
			return false;
		distance = from[0] | from[1] << 8;
		from += 2;
		if (!distance || distance > at || at + count > EXO_PAGE_SIZE)
			return false;
		for (; count; count--, at++)
			to[at] = to[at - distance];
	}
	return at == EXO_PAGE_SIZE;
}
