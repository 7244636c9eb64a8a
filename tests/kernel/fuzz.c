/* fuzz.c - environments that make random calls, on all CPUs at once.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each has a pool of frames and slots for itself, and never names any other.  It may well end
 * itself by unmapping its stack; what matters is that the kernel, the others
 * and the frames come out of it whole: when an environment has been taken
 * apart, all frames of its pool are plain frames again.
 */
#include "ktest.h"

#define PAGE        EXO_PAGE_SIZE
#define POOL_FRAMES 96
#define CALLS       1500
#define ROUNDS      10
#define POOL_SLOT   30
#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define ABOVE       0xffffffffffffffff

/* What one environment works with; it lies in the image, which all share. */
static struct fuzz {
	uint64_t seed;
	exo_pfn_t pool;
	struct kt_child child;
	struct exo_map_op ops[EXO_BATCH_MAX];
	uint32_t calls, good;
} fuzz[EXO_CPU_MAX];

static uint64_t random(struct fuzz *f)
{
	f->seed ^= f->seed << 13;
	f->seed ^= f->seed >> 7;
	return f->seed ^= f->seed << 17;
}

static exo_pfn_t frame(struct fuzz *f)
{
	uint64_t r = random(f);

	return r % 8 ? f->pool + r / 8 % POOL_FRAMES : r / 8 % (2 * xo_info->pfn_end);
}

static exo_cap_t slot(struct fuzz *f)
{
	static const exo_cap_t likely[] = {
		EXO_SLOT_NONE, EXO_SLOT_SELF, POOL_SLOT, POOL_SLOT, POOL_SLOT, 31, 32, 33};
	uint64_t r = random(f);
	exo_cap_t s = r % 16 ? likely[r / 16 % COUNT(likely)] : r / 16 % 256;

	return s == EXO_SLOT_MEMORY ? POOL_SLOT : s; /* that is what it stands on */
}

static exo_va_t address(struct fuzz *f)
{
	uint64_t r = random(f);

	switch (r % 8) {
	case 0:
		return EXO_VA_MIN + r / 8 % 32 * PAGE;
	case 1:
		return EXO_VA_TOP - (r / 8 % 64 + 1) * PAGE;
	case 2:
		return random(f) & -(uint64_t)PAGE;
	}
	return (r / 8 % 3 << 39) + (r / 32 % 3 << 30) + (r / 128 % 3 << 21) + (r / 512 % 6 * PAGE) +
	       0x8000000000;
}

static void fill(struct fuzz *f)
{
	for (int i = 0; i < EXO_BATCH_MAX; i++) {
		uint64_t r = random(f);

		f->ops[i] = (struct exo_map_op){.va = address(f),
						.pfn = frame(f),
						.count = r % 4 ? r / 4 % 3 + 1 : r / 4 % 600,
						.cap = slot(f),
						.kind = r / 4096 % 8,
						.prot = 1 | (r >> 40 & 7)};
	}
}

static long any_call(struct fuzz *f)
{
	uint64_t r = random(f);

	switch (r % 16) {
	case 0:
		return exo_cap_derive(slot(f), slot(f), r >> 32 & 255, frame(f), r >> 40 & 7,
				      r >> 48 & 255);
	case 1:
		return exo_cap_drop(r / 16 % 4 ? 31 + r / 64 % 100 : 40);
	case 2:
		return exo_cap_grow(slot(f), frame(f));
	case 3:
	case 4:
		return exo_frame_alloc(slot(f), frame(f), r / 16 % 20);
	case 5:
	case 6:
		return exo_frame_free(slot(f), frame(f), r / 16 % 20);
	case 7:
		return exo_activation_bind(slot(f), r / 16 % 70, slot(f), frame(f), r);
	case 8:
		return exo_notify(slot(f), r / 16 % 70, r);
	case 9:
		return exo_sleep(r, xo_now() + r / 16 % 20000, EXO_SLOT_NONE, 0);
	case 10:
		return exo_yield(slot(f), 0);
	case 11:
		switch (r / 16 % 8) {
		case 0:
		case 1:
			return exo_cap_revoke(slot(f));
		case 2:
			return exo_cap_charge(slot(f), slot(f), r >> 32 & 255, frame(f),
					      r >> 40 & 7, r >> 48 & 255);
		case 3:
			return exo_account_create(slot(f), frame(f), slot(f), r >> 32 & 255,
						  r >> 40 & 63, 0);
		case 4:
			return exo_account_limit(slot(f), r >> 40 & 63);
		case 5:
			return exo_frame_take(slot(f), frame(f), r >> 40 & 31);
		case 6:
			return exo_account_destroy(slot(f));
		case 7:
			return exo_call(slot(f), random(f), xo_now() + 20000, r, r, r);
		}
		break;
	case 12:
		r = r / 16 % 48;
		if (r == EXO_SYS_env_stop || r == EXO_SYS_sleep || r == EXO_SYS_reply)
			break; /* that would be all */
		return exo_syscall(r, ABOVE, random(f), random(f), random(f), random(f), random(f));
	}
	fill(f);
	return exo_map(r / 16 % 8 ? EXO_SLOT_NONE : slot(f), (exo_va_t)f->ops,
		       r / 128 % EXO_BATCH_MAX + 1);
}

static void child(void *arg)
{
	struct fuzz *f = arg;

	if (exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, POOL_SLOT, f->pool, POOL_FRAMES, 0x8f))
		kt_exit(99);
	for (f->calls = f->good = 0; f->calls < CALLS; f->calls++)
		f->good += any_call(f) >= 0;
	kt_exit(0);
}

/* All frames of a pool are free, or ours to free. */
static void check_pool(const struct fuzz *f)
{
	for (exo_pfn_t pfn = f->pool; pfn < f->pool + POOL_FRAMES; pfn++) {
		long r = exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1);

		KT_OK(r == 1 || r == -EXO_E_TAKEN);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
	}
}

static void rounds(void)
{
	uint32_t n = kt_cpus() + 1, calls = 0, good = 0;

	for (uint32_t i = 0; i < n; i++)
		fuzz[i].pool = kt_frames(POOL_FRAMES);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < n; i++) {
			struct fuzz *f = &fuzz[i];

			f->seed = round * 1000003 + i * 7919 + 88172645463325252;
			KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f->pool, round ? 0 : POOL_FRAMES),
			      round ? -EXO_E_INVAL : 0);
			KT_OK(kt_child_make(&f->child, child, f));
			KT_EQ(kt_child_start(&f->child, i % kt_cpus(), 1 + i), 0);
		}
		for (uint32_t i = 0; i < n; i++) {
			KT_OK(kt_child_wait(&fuzz[i].child));
			calls += fuzz[i].calls;
			good += fuzz[i].good;
			kt_child_end(&fuzz[i].child);
			check_pool(&fuzz[i]);
		}
	}
	KT_OK(calls > CALLS * ROUNDS);
	KT_OK(good > calls / 8); /* else it tests nothing but refusals */
}

const struct ktest ktests[] = {
	{"fuzz-calls", rounds, 1},
	{NULL, NULL, 0},
};
