/* forgery.c - capabilities that are stale, made up, wider than they were given, or taken back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/call.h>

#define PAGE       EXO_PAGE_SIZE
#define ABOVE      0xffffffffffffffff
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define ALL_FRAMES (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC)
#define ALL_ENV                                                                                    \
	(EXO_RIGHT_MAP | EXO_RIGHT_CONTROL | EXO_RIGHT_NOTIFY | EXO_RIGHT_YIELD | EXO_RIGHT_GIVE | \
	 EXO_RIGHT_CALL)
#define SLICE_NS 1000000

/* What a child was given, in its own table. */
enum { FRAMES = 32, ENV, CPU, CONSOLE, MACHINE, ACCOUNT, OTHER, GIVEN };

/* What it works with; the image is shared. */
static struct {
	exo_pfn_t pool, object;
	exo_va_t va;
	volatile uint32_t phase, done;
	long result[64];
	int results;
} job;

#define POOL 8

static void note(long r)
{
	if (job.results < (int)COUNT(job.result))
		job.result[job.results++] = r;
}

/* Every call that names a slot, with each slot where its kind belongs. */
static void try_everything(void)
{
	exo_pfn_t f = job.pool;
	struct exo_message m = {0};

	job.results = 0;
	note(exo_cap_derive(FRAMES, EXO_SLOT_NONE, 50, f, 1, EXO_RIGHT_READ));
	note(exo_cap_derive(ENV, EXO_SLOT_NONE, 51, 0, 0, EXO_RIGHT_NOTIFY));
	note(exo_cap_derive(CPU, EXO_SLOT_NONE, 52, 0, 1, EXO_RIGHT_BIND));
	note(exo_cap_derive(CONSOLE, EXO_SLOT_NONE, 53, 0, 0, EXO_RIGHT_USE));
	note(exo_cap_derive(MACHINE, EXO_SLOT_NONE, 54, 0, 0, EXO_RIGHT_USE));
	note(exo_cap_derive(ACCOUNT, EXO_SLOT_NONE, 55, 0, 0, EXO_RIGHT_CHARGE));
	note(exo_cap_derive(OTHER, ENV, 60, f, 1, EXO_RIGHT_READ));
	note(exo_cap_charge(FRAMES, ACCOUNT, 56, f, 1, EXO_RIGHT_READ));
	note(exo_frame_free(FRAMES, f, 1));
	note(exo_frame_alloc(FRAMES, f, 1));
	note(exo_frame_take(FRAMES, f, 1));
	note(kt_op(EXO_MAP_PAGES, job.va, f, 1, KT_RW, FRAMES));
	note(kt_op(EXO_MAP_PROTECT, job.va, f, 1, EXO_PROT_READ, FRAMES));
	note(kt_op(EXO_MAP_REMOVE, job.va, f, 1, EXO_PROT_READ, EXO_SLOT_NONE));
	note(exo_account_limit(ACCOUNT, ABOVE));
	note(exo_env_status(ENV));
	note(exo_yield(ENV, 0));
	note(exo_notify(ENV, 0, 1ull << 50));
	note(exo_slice_bind(CPU, 0, 9, EXO_SLOT_NONE, 0, 0));
	note(exo_console_kick(CONSOLE));
	note(exo_machine(MACHINE, 2, 0));
	note(exo_activation_bind(ENV, 0, FRAMES, f, 0));
	note(exo_map(ENV, 8, 1));
	note(xo_call(ENV, 9, 0, &m));
	note(exo_sleep(0, 1, ENV, 0));
	note(exo_account_open(ACCOUNT, job.object, 57));
	note(exo_object_copy(FRAMES, f, f + 1));
}

/* Those that give no CAP when all is well; of the others the kind of error tells that the slot
 * was good. */
static const int expected[] = {
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	-EXO_E_INVAL,
	-EXO_E_CAP, /* the frames are not in the other's table */
	-EXO_E_FAULT,
	-EXO_E_STATE,
	0,
	0,
	-EXO_E_INVAL,
};

/* Of these only the error changes with the slot: REMOVE needs none. */
#define REMOVE  13
#define PROTECT 12 /* says first that the page is not mapped any more */

static void child(void *arg)
{
	(void)arg;
	for (uint32_t phase = 1; phase <= 2; phase++) {
		while (__atomic_load_n(&job.phase, __ATOMIC_ACQUIRE) < phase)
			exo_yield(EXO_SLOT_NONE, 0);
		try_everything();
		for (exo_cap_t s = 50; s < 58; s++)
			exo_cap_drop(s);
		__atomic_store_n(&job.done, phase, __ATOMIC_RELEASE);
	}
	kt_exit(0);
}

static void wait_for(uint32_t phase)
{
	job.phase = phase;
	for (int i = 0; i < 100000 && job.done < phase; i++)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(job.done, phase);
}

/* Copies of ours for the child to be derived from: revoking them leaves ours. */
static void give(struct kt_child *c, exo_cap_t *copy, exo_cap_t other)
{
	const struct {
		exo_cap_t from;
		uint64_t first, count;
		uint32_t rights;
	} what[] = {
		{EXO_SLOT_MEMORY, job.pool, POOL, ALL_FRAMES | EXO_RIGHT_DERIVE},
		{other, 0, 0, ALL_ENV | EXO_RIGHT_DERIVE},
		{EXO_SLOT_CPU, 0, 0, EXO_RIGHT_BIND | EXO_RIGHT_LENGTH | EXO_RIGHT_DERIVE},
		{EXO_SLOT_CONSOLE, 0, 0, EXO_RIGHT_USE | EXO_RIGHT_DERIVE},
		{EXO_SLOT_MACHINE, 0, 0, EXO_RIGHT_USE | EXO_RIGHT_DERIVE},
		{EXO_SLOT_ACCOUNT, 0, 0, EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT | EXO_RIGHT_DERIVE},
		{EXO_SLOT_MEMORY, job.pool, POOL, ALL_FRAMES | EXO_RIGHT_DERIVE},
	};

	for (size_t i = 0; i < COUNT(what); i++) {
		uint64_t count = what[i].from == EXO_SLOT_CPU ? kt_slices() : what[i].count;

		copy[i] = kt_slot();
		KT_EQ(exo_cap_derive(what[i].from, EXO_SLOT_NONE, copy[i], what[i].first, count,
				     what[i].rights),
		      0);
		KT_EQ(exo_cap_derive(copy[i], c->slot, FRAMES + i, what[i].first, count,
				     what[i].rights),
		      0);
	}
}

/* A child uses each of its capabilities in every call, then they are revoked and it tries again:
 * each call now says CAP, and nothing is changed. */
static void revoked(void)
{
	static struct kt_child c, other;
	exo_cap_t copy[GIVEN - FRAMES];

	job.pool = kt_frames(POOL);
	job.va = kt_va_tables(1);
	job.phase = job.done = 0;
	KT_OK(kt_child_make(&c, child, NULL));
	KT_OK(kt_child_make(&other, NULL, NULL));
	job.object = other.object;
	KT_EQ(exo_activation_bind(other.slot, 0, EXO_SLOT_MEMORY, other.act_pfn,
				  (uint64_t)&other.begin),
	      0);
	KT_EQ(xo_map_run(&(struct xo_space){.env = c.slot, .tables = kt_space.tables}, job.va,
			 kt_frame(), 1, KT_RW, EXO_SLOT_MEMORY),
	      0);
	give(&c, copy, other.slot);
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	wait_for(1);
	KT_EQ(job.results, COUNT(expected));
	for (int i = 0; i < job.results; i++)
		if (!KT_EQ(job.result[i], expected[i]))
			kt_printf("# call %d of the list\n", i);
	for (size_t i = 0; i < COUNT(copy); i++)
		while (exo_cap_revoke(copy[i]) == 1)
			;
	wait_for(2);
	for (int i = 0; i < job.results; i++)
		if (i != REMOVE && !KT_EQ(job.result[i], i == PROTECT ? -EXO_E_FAULT : -EXO_E_CAP))
			kt_printf("# call %d of the list, revoked\n", i);
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
	for (size_t i = 0; i < COUNT(copy); i++)
		KT_EQ(exo_cap_drop(copy[i]), 0);
	kt_child_end(&c);
	kt_child_end(&other);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, job.pool, POOL), 0);
}

/* Frames filled with what looks like capabilities, page tables and objects become slots, tables
 * and objects: nothing of it is left. */
static void made_up(void)
{
	exo_va_t va = kt_va_tables(1), table_va = kt_va(1);
	exo_pfn_t f = kt_frame(), e = kt_frames(3);
	exo_cap_t slot = kt_slot(), to = kt_slot(), account = kt_slot();
	uint64_t *words = (uint64_t *)va;
	long first;

	/* Any word of a slot may hold the kind; here all hold 1, FRAMES, with all rights. */
	KT_EQ(kt_map(va, f, 1, KT_RW), 0);
	for (int i = 0; i < 512; i++)
		words[i] = 0x000000000000ff01;
	KT_EQ(kt_unmap(va, 1), 0);
	first = exo_cap_grow(EXO_SLOT_MEMORY, f);
	KT_OK(first > 0);
	for (exo_cap_t s = first; s < first + EXO_CAP_SLOTS; s++) {
		KT_ERR(exo_frame_alloc(s, f, 1), CAP);
		KT_ERR(exo_cap_derive(s, EXO_SLOT_NONE, to, 0, 1, 0), CAP);
		KT_ERR(exo_cap_drop(s), CAP);
	}
	/* A page table whose every entry shows the kernel, writable. */
	f = kt_frame();
	kt_map(kt_va(1), kt_frame(), 1, KT_RW); /* tables of the higher levels */
	KT_EQ(kt_map(va, f, 1, KT_RW), 0);
	for (int i = 0; i < 512; i++)
		words[i] = 0x100067;
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(kt_op(EXO_MAP_TABLE, table_va, f, 1, 0, EXO_SLOT_MEMORY), 0);
	for (int i = 0; i < 512; i++)
		KT_EQ(xo_entry(table_va + i * PAGE), 0);
	KT_EQ(kt_try_read(table_va), 14);
	/* An environment, and an account that would have used nothing and may have all. */
	for (int i = 0; i < 3; i++) {
		KT_EQ(kt_map(va, e + i, 1, KT_RW), 0);
		memset(words, 0xff, PAGE);
	}
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, e, e + 1, e + 2, slot, 0), 0);
	KT_EQ(exo_env_status(slot), 0);
	KT_ERR(exo_notify(slot, 0, 1), STATE);
	KT_ERR(exo_map(slot, va, 1), FAULT);
	KT_EQ(exo_env_stop(slot, 0), 0);
	while (exo_env_destroy(slot) == 1)
		;
	KT_EQ(kt_map(va, e, 1, KT_RW), 0);
	memset(words, 0xff, PAGE);
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, e, EXO_SLOT_ACCOUNT, account, 0, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, to, e + 1, 1, ALL_FRAMES), 0);
	KT_ERR(exo_frame_alloc(to, e + 1, 1), LIMIT);
	KT_EQ(exo_cap_drop(to), 0);
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_cap_drop(account), 0);
	KT_EQ(exo_cap_drop(slot), 0);
}

/* No derivation is wider than its source: every pair of rights, every border of the range. */
static void grown(void)
{
	exo_cap_t from = kt_slot(), to = kt_slot();
	exo_pfn_t f = kt_frames(4);
	uint64_t wrong = 0;

	for (uint32_t has = 0; has < 256; has++) {
		if (has & ~(ALL_FRAMES | EXO_RIGHT_DERIVE))
			continue;
		KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, from, f + 1, 2, has), 0);
		for (uint32_t wants = 0; wants < 1024; wants++) {
			long r = exo_cap_derive(from, EXO_SLOT_NONE, to, f + 1, 2, wants);
			bool may = has & EXO_RIGHT_DERIVE && !(wants & ~has);

			wrong += r != (may ? 0 : -EXO_E_CAP);
			if (!r)
				wrong += exo_cap_drop(to) != 0;
		}
		KT_EQ(exo_cap_drop(from), 0);
	}
	KT_EQ(wrong, 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, from, f + 1, 2,
			     ALL_FRAMES | EXO_RIGHT_DERIVE),
	      0);
	for (uint64_t first = f; first < f + 4; first++)
		for (uint64_t n = 0; n < 5; n++) {
			long r = exo_cap_derive(from, EXO_SLOT_NONE, to, first, n, 0);
			bool may = n && first > f && first + n <= f + 3;

			KT_EQ(r, may ? 0 : -EXO_E_CAP);
			if (!r)
				KT_EQ(exo_cap_drop(to), 0);
		}
	KT_EQ(exo_cap_drop(from), 0);
}

/* What names one thing goes on naming it, whatever the arguments say. */
static void renamed(void)
{
	static struct kt_child a, b;
	exo_cap_t slot = kt_slot();

	KT_OK(kt_child_make(&a, NULL, NULL));
	KT_OK(kt_child_make(&b, NULL, NULL));
	KT_EQ(exo_cap_derive(a.slot, EXO_SLOT_NONE, slot, b.object, 1, EXO_RIGHT_CONTROL), 0);
	KT_EQ(exo_env_stop(slot, 3), 0);
	KT_OK(exo_env_status(a.slot));
	KT_EQ(exo_env_status(b.slot), 0);
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MACHINE, EXO_SLOT_NONE, slot, 7, 0, EXO_RIGHT_USE), 0);
	KT_ERR(exo_machine(slot, 2, 0), INVAL);
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MACHINE, EXO_SLOT_NONE, slot, 7, 0, 0), 0);
	KT_ERR(exo_machine(slot, 0, 0), CAP);
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_CONSOLE, EXO_SLOT_NONE, slot, 7, 0, 0), 0);
	KT_ERR(exo_console_kick(slot), CAP);
	KT_EQ(exo_cap_drop(slot), 0);
	kt_child_end(&a);
	kt_child_end(&b);
}

/* The frame of an object that is gone becomes another one's: the old name is nobody's. */
static void stale(void)
{
	exo_pfn_t f = kt_frames(6);
	exo_cap_t old = kt_slot(), now = kt_slot(), account = kt_slot(), frames = kt_slot();
	exo_cap_t next = kt_slot();
	struct exo_message m = {0};

	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, old, 0), 0);
	KT_EQ(exo_env_stop(old, 0), 0);
	while (exo_env_destroy(old) == 1)
		;
	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, now, 0), 0);
	KT_ERR(exo_env_status(old), STALE);
	KT_ERR(exo_env_stop(old, 0), STALE);
	KT_ERR(exo_env_destroy(old), STALE);
	KT_ERR(exo_map(old, 8, 1), STALE);
	KT_ERR(exo_yield(old, 0), STALE);
	KT_ERR(exo_notify(old, 0, 1), STALE);
	KT_ERR(xo_call(old, 0, 0, &m), STALE);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, old, 20, f, 1, 0), STALE);
	KT_ERR(exo_activation_bind(old, 0, EXO_SLOT_MEMORY, f + 4, 0), STALE);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 9, old, 0, SLICE_NS), STALE);
	KT_EQ(exo_env_status(now), 0);
	KT_EQ(exo_env_stop(now, 0), 0);
	while (exo_env_destroy(now) == 1)
		;
	/* The same of an account, and of frames that speak of it. */
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, f, EXO_SLOT_ACCOUNT, account, ABOVE, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, f + 3, 3, 0x8f), 0);
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, f, EXO_SLOT_ACCOUNT, now, ABOVE, 0),
	      -EXO_E_EXIST);
	KT_EQ(exo_cap_drop(now), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, f, EXO_SLOT_ACCOUNT, now, ABOVE, 0), 0);
	KT_ERR(exo_account_limit(account, 0), CAP);
	KT_ERR(exo_account_destroy(account), CAP);
	KT_ERR(exo_cap_charge(EXO_SLOT_MEMORY, account, next, f + 3, 1, 0), CAP);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f + 3, 3), 0);
	KT_ERR(exo_frame_alloc(frames, f + 3, 1), CAP);
	KT_ERR(exo_frame_take(frames, f + 3, 1), CAP);
	KT_ERR(exo_cap_grow(frames, f + 3), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, kt_va_tables(1), f + 3, 1, KT_RW, frames), CAP);
	KT_EQ(exo_account_destroy(now), 0);
	KT_EQ(exo_cap_drop(frames), 0);
	KT_EQ(exo_cap_drop(account), 0);
	KT_EQ(exo_cap_drop(now), 0);
	KT_EQ(exo_cap_drop(old), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 3), 0);
}

/* Two tenants with an account each and capabilities over the same range of numbers. */
static struct {
	exo_pfn_t first, hers;
	exo_va_t va;
	long wrong;
} tenant;

#define TENANT 16

static void robber(void *arg)
{
	exo_pfn_t f = tenant.hers;
	exo_pfn_t own = tenant.first;
	long bad = 0;

	(void)arg;
	bad += exo_frame_alloc(FRAMES, own, 3) != 3;
	for (; f < tenant.hers + 4; f++) {
		bad += exo_frame_alloc(FRAMES, f, 1) != -EXO_E_TAKEN;
		bad += exo_frame_free(FRAMES, f, 1) != -EXO_E_CAP;
		bad += exo_frame_take(FRAMES, f, 1) != -EXO_E_CAP;
		bad += exo_cap_grow(FRAMES, f) != -EXO_E_CAP;
		bad += kt_op(EXO_MAP_PAGES, tenant.va, f, 1, EXO_PROT_READ, FRAMES) != -EXO_E_CAP;
		bad += kt_op(EXO_MAP_PAGES, tenant.va, f, 1, KT_RW, FRAMES) != -EXO_E_CAP;
		bad += kt_op(EXO_MAP_PAGES, tenant.va, own, tenant.hers + 4 - own, EXO_PROT_READ,
			     FRAMES) != -EXO_E_CAP;
		bad += kt_op(EXO_MAP_TABLE, tenant.va + (1ul << 30), f, 1, 0, FRAMES) != -EXO_E_CAP;
		bad += exo_env_create(FRAMES, f, own, own + 1, 50, 0) != -EXO_E_CAP;
		bad += exo_env_create(FRAMES, own, f, own + 1, 50, 0) != -EXO_E_CAP;
		bad += exo_env_create(FRAMES, own, own + 1, f, 50, 0) != -EXO_E_CAP;
		bad += exo_activation_bind(EXO_SLOT_NONE, 5, FRAMES, f, 0) != -EXO_E_CAP;
		bad += exo_activation_bind(EXO_SLOT_NONE, 5, FRAMES, own + 2, 0) != -EXO_E_CAP;
		bad += exo_account_create(FRAMES, f, ACCOUNT, 50, 1, 0) != -EXO_E_CAP;
		bad += exo_cap_charge(FRAMES, ACCOUNT, 51, f, 1, 0x8f) != 0;
		bad += exo_frame_alloc(51, f, 1) != -EXO_E_TAKEN;
		bad += exo_frame_take(51, f, 1) != -EXO_E_CAP;
		bad += exo_cap_drop(51) != 0;
	}
	bad += xo_entry(tenant.va) != 0;
	bad += exo_frame_free(FRAMES, own, 3) != 0;
	tenant.wrong = bad;
	kt_exit(0);
}

/* Every call with the frames of a neighbour, by one who may name their numbers. */
static void foreign(void)
{
	static struct kt_child c;
	exo_cap_t account[2] = {kt_slot(), kt_slot()}, frames[2] = {kt_slot(), kt_slot()};
	exo_pfn_t object = kt_frames(2), first = kt_frames(TENANT);
	exo_va_t va = kt_va_tables(1), here = kt_va_tables(4);

	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, TENANT), 0);
	for (int i = 0; i < 2; i++) {
		KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object + i, EXO_SLOT_ACCOUNT, account[i],
					 ABOVE, 0),
		      0);
		KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account[i], frames[i], first, TENANT, 0x8f),
		      0);
	}
	/* The neighbour has the middle, with her name on it. */
	tenant.first = first;
	tenant.hers = first + 3;
	tenant.va = va;
	KT_EQ(exo_frame_alloc(frames[1], tenant.hers, 4), 4);
	KT_EQ(kt_op(EXO_MAP_PAGES, here, tenant.hers, 4, KT_RW, frames[1]), 0);
	for (uint64_t i = 0; i < 4; i++)
		*(uint64_t *)(here + i * PAGE) = 0x1234 + i;
	KT_OK(kt_child_make(&c, robber, NULL));
	KT_EQ(xo_map_run(&(struct xo_space){.env = c.slot, .tables = kt_space.tables}, va,
			 kt_frame(), 1, KT_RW, EXO_SLOT_MEMORY),
	      0);
	KT_EQ(xo_unmap_run(&(struct xo_space){.env = c.slot}, va, 1), 0);
	KT_EQ(exo_cap_derive(frames[0], c.slot, FRAMES, first, TENANT, 0x8f), 0);
	KT_EQ(exo_cap_derive(account[0], c.slot, ACCOUNT, 0, 0, 0x83), 0);
	tenant.wrong = -1;
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 1), 0);
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
	KT_EQ(tenant.wrong, 0);
	for (uint64_t i = 0; i < 4; i++)
		KT_EQ(*(uint64_t *)(here + i * PAGE), 0x1234 + i);
	kt_child_end(&c);
	KT_EQ(kt_unmap(here, 4), 0);
	KT_EQ(exo_frame_free(frames[1], tenant.hers, 4), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, first, TENANT), TENANT);
	for (int i = 0; i < 2; i++) {
		KT_EQ(exo_account_destroy(account[i]), 0);
		while (exo_cap_drop(frames[i]) == 1)
			;
		KT_EQ(exo_cap_drop(account[i]), 0);
	}
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, TENANT), 0);
}

const struct ktest ktests[] = {
	{"capability-revoked-every-call", revoked, 1},
	{"capability-made-up", made_up, 1},
	{"capability-grown", grown, 1},
	{"capability-renamed", renamed, 1},
	{"capability-stale-every-call", stale, 1},
	{"frames-of-a-neighbour-every-call", foreign, 1},
	{NULL, NULL, 0},
};
