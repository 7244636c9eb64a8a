/* seed.c - random numbers for the first environment.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The best source there is, on top of what timing gives: RDSEED, else RDRAND,
 * else a virtio entropy device.  Each is stirred into a pool by ChaCha20, whose key
 * the pool is; what is taken out says nothing about what is left.
 */
#include <boot/boot.h>
#include <boot/seed.h>
#include <core/info.h>
#include <core/log.h>
#include <util/chacha.h>

#define TRIES 100

enum exo_seed seed_source;
static uint32_t pool[SEED_BYTES / 4];

/* The pool turns over; SEED_BYTES that depend on all of it go to `to`. */
static void turn(void *to)
{
	static const uint32_t zeros[4];
	uint32_t block[16];

	chacha_block(block, pool, zeros);
	__builtin_memcpy(pool, block, SEED_BYTES);
	if (to)
		__builtin_memcpy(to, block + 8, SEED_BYTES);
}

static void stir(const void *what)
{
	uint32_t words[SEED_BYTES / 4];

	__builtin_memcpy(words, what, SEED_BYTES);
	for (int i = 0; i < SEED_BYTES / 4; i++)
		pool[i] ^= words[i];
	turn(NULL);
}

static bool rdseed(uint64_t *v)
{
	uint8_t ok;

	__asm__ volatile("rdseed %0; setc %1" : "=r"(*v), "=qm"(ok) : : "cc");
	return ok;
}

static bool rdrand(uint64_t *v)
{
	uint8_t ok;

	__asm__ volatile("rdrand %0; setc %1" : "=r"(*v), "=qm"(ok) : : "cc");
	return ok;
}

/* Broken ones exist: they fail for ever, or say the same word again and again. */
static bool instruction(bool (*word)(uint64_t *))
{
	uint64_t v[SEED_BYTES / 8];

	for (int i = 0; i < SEED_BYTES / 8; i++) {
		int tries = 0;

		while (!word(&v[i]))
			if (++tries == TRIES)
				return false;
		if (i && v[i] == v[i - 1])
			return false;
	}
	stir(v);
	return true;
}

/* How long reads of a device take differs a little. */
static void timing(int samples)
{
	uint64_t v[SEED_BYTES / 8] = {boot_tsc, info->tsc_base, info->wall_ns, info->tsc_hz};

	stir(v);
	for (int i = 0; i < samples; i += SEED_BYTES / 8) {
		for (int j = 0; j < SEED_BYTES / 8; j++) {
			inb(0x40);
			v[j] = rdtsc();
		}
		stir(v);
	}
}

void seed_make(void)
{
	static const char *const name[] = {"", "RDSEED", "RDRAND", "virtio-rng"};
	uint8_t bytes[SEED_BYTES];

	timing(8);
	if (cpu_features & EXO_FEATURE_RDSEED && instruction(rdseed)) {
		seed_source = EXO_SEED_RDSEED;
	} else if (cpu_features & EXO_FEATURE_RDRAND && instruction(rdrand)) {
		seed_source = EXO_SEED_RDRAND;
	} else if (virtio_rng(bytes)) {
		seed_source = EXO_SEED_VIRTIO;
		stir(bytes);
	}
	if (seed_source) {
		log_line("log", "seed from %s", name[seed_source]);
		return;
	}
	timing(512);
	log_line("log", "neither RDSEED, RDRAND nor virtio-rng: the seed comes from timing "
			"and may be guessed");
}

void seed_take(void *to)
{
	turn(to);
}

uint64_t seed_word(void)
{
	uint64_t v[SEED_BYTES / 8];

	turn(v);
	return v[0];
}
