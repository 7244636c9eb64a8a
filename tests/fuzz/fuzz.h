/* fuzz.h - what every fuzz target needs: claims, and numbers out of the input.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(claim)                                                                                \
	((claim) ? (void)0                                                                         \
		 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim), abort()))

struct input {
	const uint8_t *at, *end;
};

/* The next bytes as a number, little endian; zeros when they are used up. */
static inline uint64_t get_bytes(struct input *in, unsigned int bytes)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < bytes && in->at < in->end; i++)
		v |= (uint64_t)*in->at++ << 8 * i;
	return v;
}

static inline uint64_t get_below(struct input *in, uint64_t limit)
{
	return limit ? get_bytes(in, limit <= 256 ? 1 : limit <= 65536 ? 2 : 8) % limit : 0;
}

/* A number of any width, often near a power of two or near the end of all numbers. */
static inline uint64_t get_number(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	uint64_t v = get_bytes(in, how & 1 ? how & 2 ? 8 : 3 : 1);

	if (how & 4)
		v = (1ull << (how >> 4) * 4) + (v & 1 ? -(v >> 1 & 7) : v >> 1);
	return how & 8 ? ~v + 1 : v;
}

/* A copy whose end the address sanitizer knows. */
static inline void *copy_of(const void *data, size_t bytes)
{
	void *p = malloc(bytes ? bytes : 1);

	if (!p)
		abort();
	if (bytes)
		memcpy(p, data, bytes);
	return p;
}

#endif
