/* pool.h - random bytes from what was stirred together.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UTIL_POOL_H
#define UTIL_POOL_H

#include <stdbool.h>
#include <stdint.h>

#define POOL_BYTES 32
#define POOL_TRIES 100 /* how often an instruction may say that it has no word yet */

struct pool {
	uint32_t key[POOL_BYTES / 4];
};

/* Stir POOL_BYTES into it.  Nothing that was in it is lost, whatever they are. */
void pool_stir(struct pool *p, const void *what);

/* Take POOL_BYTES that depend on all of it, and say nothing about what is left. */
void pool_take(struct pool *p, void *to);

/* Stir in words of an instruction that fills one or fails.  False, and nothing is stirred
 * in, if it goes on failing or says the same word twice: broken processors do. */
bool pool_stir_words(struct pool *p, bool (*word)(uint64_t *));

#endif
