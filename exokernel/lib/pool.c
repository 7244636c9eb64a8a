/* pool.c - random bytes from what was stirred together.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The pool is a key of ChaCha20, and each turn replaces it by the first half of the block it
 * makes; the second half is what can be taken out.
 */
#include <util/chacha.h>
#include <util/pool.h>

static void turn(struct pool *p, uint32_t block[16])
{
	static const uint32_t zeros[4];

	chacha_block(block, p->key, zeros);
	for (int i = 0; i < POOL_BYTES / 4; i++)
		p->key[i] = block[i];
}

void pool_stir(struct pool *p, const void *what)
{
	uint32_t words[POOL_BYTES / 4], block[16];

	__builtin_memcpy(words, what, POOL_BYTES);
	for (int i = 0; i < POOL_BYTES / 4; i++)
		p->key[i] ^= words[i];
	turn(p, block);
}

void pool_take(struct pool *p, void *to)
{
	uint32_t block[16];

	turn(p, block);
	__builtin_memcpy(to, block + POOL_BYTES / 4, POOL_BYTES);
}

bool pool_stir_words(struct pool *p, bool (*word)(uint64_t *))
{
	uint64_t v[POOL_BYTES / 8];

	for (int i = 0; i < POOL_BYTES / 8; i++) {
		int tries = 0;

		while (!word(&v[i]))
			if (++tries == POOL_TRIES)
				return false;
		if (i && v[i] == v[i - 1])
			return false;
	}
	pool_stir(p, v);
	return true;
}
