/* unit.h - what every unit test needs: cmocka and its predecessors.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* xorshift64: the same sequence in every run, so that a failure comes again. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A copy that ends where its memory ends, so that the address sanitizer sees a read beyond it. */
static inline void *unit_copy(const void *data, size_t bytes)
{
	void *p = malloc(bytes ? bytes : 1);

	assert_non_null(p);
	memcpy(p, data, bytes);
	return p;
}

#endif
