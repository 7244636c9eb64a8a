/* seed.c - random numbers for the first environment.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The best source there is, on top of what timing gives: RDSEED, else RDRAND,
 * else a virtio entropy device.
 */
#include <boot/boot.h>
#include <boot/seed.h>
#include <core/info.h>
#include <core/log.h>
#include <util/pool.h>

enum exo_seed seed_source;
static struct pool pool;

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

/* How long reads of a device take differs a little. */
static void timing(int samples)
{
	uint64_t v[SEED_BYTES / 8] = {boot_tsc, info->tsc_base, info->wall_ns, info->tsc_hz};

	pool_stir(&pool, v);
	for (int i = 0; i < samples; i += SEED_BYTES / 8) {
		for (int j = 0; j < SEED_BYTES / 8; j++) {
			inb(0x40);
			v[j] = rdtsc();
		}
		pool_stir(&pool, v);
	}
}

void seed_make(void)
{
	static const char *const name[] = {"", "RDSEED", "RDRAND", "virtio-rng"};
	uint8_t bytes[SEED_BYTES];

	timing(8);
	if (cpu_features & EXO_FEATURE_RDSEED && pool_stir_words(&pool, rdseed)) {
		seed_source = EXO_SEED_RDSEED;
	} else if (cpu_features & EXO_FEATURE_RDRAND && pool_stir_words(&pool, rdrand)) {
		seed_source = EXO_SEED_RDRAND;
	} else if (virtio_rng(bytes)) {
		seed_source = EXO_SEED_VIRTIO;
		pool_stir(&pool, bytes);
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
	pool_take(&pool, to);
}

uint64_t seed_word(void)
{
	uint64_t v[SEED_BYTES / 8];

	pool_take(&pool, v);
	return v[0];
}
