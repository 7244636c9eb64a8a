/* random.c - the process's random numbers: ChaCha20 (RFC 8439), keyed per boot.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/random.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

bool px_random_good;
static uint32_t key[8];
static uint64_t counter;

static uint32_t rotate(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void quarter(uint32_t *s, int a, int b, int c, int d)
{
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 7);
}

static void block(uint32_t out[16])
{
	uint32_t in[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

	memcpy(in + 4, key, sizeof(key));
	in[12] = (uint32_t)counter;
	in[13] = (uint32_t)(counter++ >> 32);
	memcpy(out, in, sizeof(in));
	for (int i = 0; i < 10; i++) {
		quarter(out, 0, 4, 8, 12);
		quarter(out, 1, 5, 9, 13);
		quarter(out, 2, 6, 10, 14);
		quarter(out, 3, 7, 11, 15);
		quarter(out, 0, 5, 10, 15);
		quarter(out, 1, 6, 11, 12);
		quarter(out, 2, 7, 8, 13);
		quarter(out, 3, 4, 9, 14);
	}
	for (int i = 0; i < 16; i++)
		out[i] += in[i];
}

void px_random_init(uint8_t seed[32], bool good)
{
	memcpy(key, seed, sizeof(key));
	memset(seed, 0, 32);
	px_random_good = good;
}

void px_random_bytes(void *to, size_t n)
{
	uint32_t b[16];

	while (n) {
		size_t part = n < sizeof(b) ? n : sizeof(b);

		block(b);
		memcpy(to, b, part);
		to = (char *)to + part;
		n -= part;
	}
	block(b);
	memcpy(key, b, sizeof(key));
	explicit_bzero(b, sizeof(b));
}

uint64_t px_random64(void)
{
	uint64_t x;

	px_random_bytes(&x, sizeof(x));
	return x;
}

/* Fails rather than lie: without a real source there is no entropy to give. */
int getentropy(void *to, size_t n)
{
	if (n > 256 || !px_random_good) {
		errno = EIO;
		return -1;
	}
	px_random_bytes(to, n);
	return 0;
}

ssize_t getrandom(void *to, size_t n, unsigned int flags)
{
	if (flags & ~(unsigned int)(GRND_NONBLOCK | GRND_RANDOM)) {
		errno = EINVAL;
		return -1;
	}
	if (!px_random_good) {
		errno = EIO;
		return -1;
	}
	px_random_bytes(to, n);
	return (ssize_t)n;
}
