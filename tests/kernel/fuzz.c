/* fuzz.c - children that make random calls, on all CPUs at once, against each other.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * They share an account and a pool of frames, and hold capabilities of each other: they take, map,
 * give, revoke, call, lend to, stop and take apart whatever they can name.  What they do cannot be
 * predicted; what must hold can: the parent's own frames and tables are as before, everything that
 * was the account's can be taken back, and (after each test) all of the kernel's tables agree.
 *
 * settings: seed=N, rounds=N
 */
#include "ktest.h"

#include <libexo/call.h>

#define PAGE         ((uint64_t)EXO_PAGE_SIZE)
#define POOL_FRAMES  256
#define CALLS        1500
#define ROUNDS       8
#define PATIENCE     (300 * KT_NS_PER_MS)
#define CHILDREN_MAX 6
#define SLICES       16 /* the first slot of the CPUs' vectors that they may fill, */
#define OWN_SLICES   3  /* and how many each */
#define FULL         0x8f
#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))
#define ONE_OF(a, r) ((a)[(r) % COUNT(a)])

/* In a child's table. */
enum { POOL = 30, ACCOUNT, CPU, OTHERS = 34, FREE = 40 };

/* What a child works with; it lies in the image, which all share. */
static struct fuzz {
	uint64_t seed;
	struct kt_child child;
	struct exo_map_op ops[EXO_BATCH_MAX];
	uint32_t calls, good;
} fuzz[CHILDREN_MAX];

static exo_pfn_t pool;

static uint64_t random(struct fuzz *f)
{
	f->seed ^= f->seed << 13;
	f->seed ^= f->seed >> 7;
	return f->seed ^= f->seed << 17;
}

static exo_pfn_t frame(struct fuzz *f)
{
	uint64_t r = random(f);

	return r % 16 ? pool + r / 16 % (r % 3 ? 40 : POOL_FRAMES)
		      : r / 16 % (2 * xo_info->pfn_end);
}

static exo_cap_t slot(struct fuzz *f)
{
	static const exo_cap_t likely[] = {EXO_SLOT_NONE, EXO_SLOT_SELF, POOL,     POOL,
					   POOL,          ACCOUNT,       CPU,      OTHERS,
					   OTHERS + 1,    FREE,          FREE + 1, FREE + 2};
	uint64_t r = random(f);
	exo_cap_t s = r % 16 ? ONE_OF(likely, r / 16) : r / 16 % 256;

	return s == EXO_SLOT_MEMORY ? POOL : s; /* that is what it stands on */
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
		return random(f) & -PAGE;
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

static long caps(struct fuzz *f, uint64_t r)
{
	uint32_t to = FREE + (r >> 32 & 31), rights = r >> 40 & 3 ? 0xff : r >> 48 & 255;

	switch (r / 16 % 8) {
	case 0:
	case 1:
		return exo_cap_derive(slot(f), slot(f), to, frame(f), r >> 42 & 31, rights);
	case 2:
		return exo_cap_derive(POOL, slot(f), to, pool, POOL_FRAMES, rights & FULL);
	case 3:
		return exo_cap_drop(FREE + (r >> 32 & 63));
	case 4:
		return exo_cap_revoke(r >> 32 & 7 ? FREE + (r >> 36 & 31) : slot(f));
	case 5:
		return exo_cap_grow(slot(f), frame(f));
	case 6:
		return exo_cap_charge(POOL, slot(f), to, pool, POOL_FRAMES, FULL);
	}
	return exo_account_open(slot(f), frame(f), to);
}

static long frames(struct fuzz *f, uint64_t r)
{
	switch (r / 16 % 8) {
	case 0:
	case 1:
	case 2:
		return exo_frame_alloc(slot(f), frame(f), r >> 32 & 31);
	case 3:
	case 4:
		return exo_frame_free(slot(f), frame(f), r >> 32 & 7);
	case 5:
		return exo_frame_take(slot(f), frame(f), r >> 32 & 15);
	case 6:
		return exo_object_copy(slot(f), frame(f), frame(f));
	}
	switch (r >> 32 & 3) {
	case 0:
		return exo_account_limit(slot(f), r >> 40 & 255);
	case 1:
		return exo_account_destroy(slot(f));
	}
	return exo_account_create(slot(f), frame(f), slot(f), FREE + (r >> 34 & 31), r >> 40 & 63,
				  r >> 50 & 7);
}

static long envs(struct fuzz *f, uint64_t r)
{
	exo_cap_t whom = OTHERS + (r >> 20 & 3);
	struct exo_message m = {0, {r, r, r}};
	uint32_t cpu = r >> 32 & 3, index = r >> 34 & 3;

	switch (r / 16 % 16) {
	case 0:
		return exo_env_create(slot(f), frame(f), frame(f), frame(f), FREE + (r >> 32 & 31),
				      r);
	case 1:
		return r >> 40 & 7 ? 0 : exo_env_stop(whom, 3);
	case 2:
		return exo_env_destroy(slot(f));
	case 3:
		return exo_activation_bind(slot(f), index, slot(f), frame(f), r);
	case 4:
	case 5:
		return exo_slice_bind(CPU, cpu, SLICES + (r >> 36 & 15), slot(f), index,
				      r >> 40 & 1 ? 0 : 10000 + (r >> 44 & 0xffff));
	case 6:
		return exo_notify(whom, index, r);
	case 7:
		return exo_yield(slot(f), index);
	case 8:
		return exo_sleep(r, xo_now() + (r >> 32 & 16383), EXO_SLOT_NONE, 0);
	case 9:
	case 10: /* what a guest does it does in our time */
		return exo_sleep(0, xo_now() + (r >> 32 & 65535), whom, index);
	case 11:
		return exo_alarm(r & 64 ? xo_now() + (r >> 32 & 65535) : 0);
	case 12:
	case 13:
		return xo_call(whom, EXO_CALL_HOW(index, slot(f), slot(f)), xo_now() + 50000, &m);
	case 14:
		xo_self()->want = r >> 32 & 7;
		xo_self()->critical = r >> 36 & 1;
		xo_self()->event = 0;
		return 0;
	}
	return exo_env_status(slot(f));
}

/* Serve a call, or sleep for good if nobody calls and nobody notifies. */
static long serve(struct fuzz *f, uint64_t r)
{
	struct exo_message m = {0, {r, r, r}};

	return r >> 32 & 127 ? exo_env_status(slot(f))
			     : xo_reply(EXO_CALL_HOW(0, slot(f), FREE + (r >> 40 & 31)), &m);
}

static long any_call(struct fuzz *f)
{
	uint64_t r = random(f);

	switch (r % 16) {
	case 0:
	case 1:
	case 2:
		return caps(f, r);
	case 3:
	case 4:
	case 5:
		return frames(f, r);
	case 6:
	case 7:
	case 8:
		return envs(f, r);
	case 9:
		return serve(f, r);
	case 10:
		r = r / 16 % 48;
		if (r == EXO_SYS_env_stop || r == EXO_SYS_sleep || r == EXO_SYS_reply ||
		    r == EXO_SYS_call)
			break; /* that could be all */
		return exo_syscall(r, ~0ull, random(f), random(f), random(f), random(f), random(f));
	}
	fill(f);
	return exo_map(r / 16 % 8 ? EXO_SLOT_NONE : slot(f), (exo_va_t)f->ops,
		       r / 128 % EXO_BATCH_MAX + 1);
}

static bool goes_on(struct exo_frame *frame, uint64_t kind, uint64_t addr)
{
	(void)frame;
	(void)addr;
	return kind < EXO_UP_EXCEPTION;
}

static void child(void *arg)
{
	struct fuzz *f = arg;

	exo_frame_alloc(POOL, pool + (uint64_t)(f - fuzz) * 40, 30);
	for (f->calls = f->good = 0; f->calls < CALLS; f->calls++)
		f->good += any_call(f) >= 0;
	kt_exit(0);
}

/* What the parent has, and must have afterwards. */
static uint64_t *canary;
static exo_pfn_t canary_pfn;

#define CANARIES 8

static void check_parents(void)
{
	for (uint64_t i = 0; i < CANARIES; i++) {
		KT_EQ(canary[i * 512], 0x1234567 + i);
		KT_EQ(kt_state(canary_pfn + i)->type, EXO_FRAME_DATA);
		KT_EQ(kt_state(canary_pfn + i)->maps, 1);
		KT_EQ(kt_state(canary_pfn + i)->wired, 0);
	}
}

static void make_child(uint32_t i, uint32_t n, exo_cap_t account, exo_cap_t frames_slot)
{
	struct kt_child *c = &fuzz[i].child;

	KT_OK(kt_child_again(c, child, &fuzz[i]));
	KT_EQ(exo_cap_derive(frames_slot, c->slot, POOL, pool, POOL_FRAMES, FULL), 0);
	KT_EQ(exo_cap_derive(account, c->slot, ACCOUNT, 0, 0, 0x83), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, c->slot, CPU, EXO_SLICE_OF(0, SLICES + i * OWN_SLICES),
			     EXO_SLICE_OF(0, OWN_SLICES),
			     EXO_RIGHT_BIND | EXO_RIGHT_LENGTH | EXO_RIGHT_DERIVE),
	      0);
	for (uint32_t other = 0; other < i && other < 4; other++) {
		/* each of the other in both directions, some with the right to stop it */
		uint32_t rights = other % 2 ? 0xbf : 0xbd;

		KT_EQ(exo_cap_derive(fuzz[other].child.slot, c->slot, OTHERS + other, 0, i, rights),
		      0);
		exo_cap_derive(c->slot, fuzz[other].child.slot, OTHERS + (i + n) % 4, 0, other,
			       rights); /* if that slot is empty */
	}
}

/* One that runs already may be quicker: bind it elsewhere, stop it. */
static void start(struct kt_child *c, uint32_t cpu, uint32_t at)
{
	long r = kt_child_start(c, cpu, at);

	KT_OK(!r || r == -EXO_E_STATE || r == -EXO_E_EXIST || r == -EXO_E_STALE);
}

static void end_child(struct fuzz *f, exo_ns_t end, uint32_t *calls, uint32_t *good)
{
	long r;

	while (!exo_env_status(f->child.slot) && f->calls < CALLS && xo_now() < end)
		exo_yield(EXO_SLOT_NONE, 0);
	*calls += f->calls;
	*good += f->good;
	exo_env_stop(f->child.slot, 77);
	do
		r = exo_env_destroy(f->child.slot);
	while (r == 1);
	KT_OK(r == 0 || r == -EXO_E_STALE); /* another one may take it apart, too */
	KT_EQ(exo_cap_drop(f->child.slot), 0);
}

static void rounds(void)
{
	uint32_t n = kt_cpus() + 2, calls = 0, good = 0;
	uint64_t seed = kt_setting("seed", 1);
	exo_cap_t account = kt_slot(), frames_slot = kt_slot();
	exo_ns_t end;
	exo_pfn_t object = kt_frame();

	kt_hook = goes_on;
	pool = kt_frames(POOL_FRAMES);
	canary = kt_pages(CANARIES);
	canary_pfn = (xo_entry((exo_va_t)canary) & EXO_PTE_FRAME) / PAGE;
	for (uint64_t i = 0; i < CANARIES; i++)
		canary[i * 512] = 0x1234567 + i;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pool, POOL_FRAMES), 0);
	kt_printf("# seed %lu\n", seed);
	/* More of them on a host so busy that most of their time passes without them. */
	for (uint64_t round = 0, last = kt_setting("rounds", ROUNDS);
	     round < last || (calls <= CALLS && round < 50 * last); round++) {
		KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, ~0ull,
					 0),
		      0);
		KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames_slot, pool, POOL_FRAMES,
				     FULL),
		      0);
		for (uint32_t i = 0; i < n; i++) {
			fuzz[i].seed = (seed + round) * 1000003 + i * 7919 + 88172645463325252;
			make_child(i, n, account, frames_slot);
		}
		for (uint32_t i = 0; i < n; i++)
			start(&fuzz[i].child, i % kt_cpus(), 1 + i);
		end = xo_now() + PATIENCE; /* who waits for a call may wait for ever */
		for (uint32_t i = 0; i < n; i++)
			end_child(&fuzz[i], end, &calls, &good);
		kt_account_empty(account, object);
		while (exo_cap_revoke(frames_slot) == 1 || exo_cap_drop(frames_slot) == 1)
			;
		KT_EQ(exo_account_destroy(account), 0);
		while (exo_cap_drop(account) == 1)
			;
		for (exo_pfn_t pfn = pool; pfn < pool + POOL_FRAMES; pfn++)
			KT_EQ(kt_state(pfn)->type, EXO_FRAME_FREE);
		check_parents();
		if (!KT_OK(kt_audit()))
			break;
	}
	kt_printf("# %u calls, %u good\n", calls, good);
	KT_OK(calls > CALLS);
	KT_OK(good > calls / 10); /* else it tests nothing but refusals */
}

const struct ktest ktests[] = {
	{"random-calls-of-many", rounds, 1},
	{NULL, NULL, 0},
};
