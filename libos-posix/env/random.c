/* random.c - the process's random numbers: ChaCha20 (RFC 8439), keyed per boot.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/random.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <util/chacha.h>
#include <vm/copy.h>

static bool good; /* nobody can guess the seed */
static uint32_t key[8];
static uint64_t counter;
static uint32_t drawn[8]; /* of the last block: not handed out yet, at the end */
static size_t ready;      /* bytes of it */

/* The first numbers are needed before there is an arena, or anybody else. */
static void enter(void)
{
	if (px_arena)
		px_enter();
}

static void leave(void)
{
	if (px_arena)
		px_leave();
}

static void block(uint32_t out[16])
{
	uint32_t in[4] = {(uint32_t)counter, (uint32_t)(counter >> 32)};

	counter++;
	chacha_block(out, key, in);
}

void px_random_init(uint8_t seed[32], bool seed_good)
{
	memcpy(key, seed, sizeof(key));
	ready = 0;
	memset(seed, 0, 32);
	good = seed_good;
}

void px_random_fork(uint8_t seed[32])
{
	memcpy(key, seed, sizeof(key));
	ready = 0;
	memset(seed, 0, 32);
}

/* Half of a block becomes the next key, so that it cannot be computed back. */
static __attribute__((cold)) void draw(void)
{
	uint32_t b[16];

	block(b);
	memcpy(key, b, sizeof(key));
	memcpy(drawn, b + 8, sizeof(drawn));
	ready = sizeof(drawn);
	explicit_bzero(b, sizeof(b));
}

/* What is handed out is forgotten. */
void px_random_bytes(void *to, size_t n)
{
	while (n) {
		size_t part;
		char *from;

		enter();
		if (!ready)
			draw();
		part = n < ready ? n : ready;
		from = (char *)drawn + sizeof(drawn) - ready;
		ready -= part;
		memcpy(to, from, part);
		explicit_bzero(from, part);
		leave();
		to = (char *)to + part;
		n -= part;
	}
}

uint64_t px_random64(void)
{
	uint64_t x;

	px_random_bytes(&x, sizeof(x));
	return x;
}

bool px_random_good(void)
{
	return good;
}

bool px_random_ask(void)
{
	static const char why[] =
		"libos-posix: random numbers are refused: this machine has neither RDSEED, RDRAND "
		"nor a working virtio-rng\n";
	static bool said;

	if (!good && !said)
		px_print(why, sizeof(why) - 1);
	said = said || !good;
	return good;
}

/* Into memory the program named, which may not be there.  Returns how many, or -1. */
static ssize_t give(char *to, size_t n)
{
	char bytes[256];
	size_t done = 0, left = 0;

	while (done < n && !left) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		px_random_bytes(bytes, part);
		left = px_copy_to(to + done, bytes, part);
		done += part - left;
	}
	explicit_bzero(bytes, sizeof(bytes));
	if (left && !done) {
		errno = EFAULT;
		return -1;
	}
	return (ssize_t)done;
}

int getentropy(void *to, size_t n)
{
	if (n > 256 || !px_random_ask()) {
		errno = EIO;
		return -1;
	}
	return give(to, n) < 0 ? -1 : 0;
}

ssize_t getrandom(void *to, size_t n, unsigned int flags)
{
	const unsigned int kind = GRND_RANDOM | GRND_INSECURE;

	if (flags & ~(GRND_NONBLOCK | kind) || (flags & kind) == kind) {
		errno = EINVAL;
		return -1;
	}
	if (!(flags & GRND_INSECURE) && !px_random_ask()) {
		errno = EIO;
		return -1;
	}
	return give(to, n);
}
