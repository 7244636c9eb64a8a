/* revoke.c - taking back what was derived, with what was made under it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define FULL       (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define CHILD_SLOT 40

static uint64_t stopped(enum exo_stop reason, uint32_t code)
{
	return EXO_STATUS_STOPPED | (uint64_t)reason << 32 | code;
}

/* All steps; returns how many it took, or the error. */
static long revoke(exo_cap_t slot)
{
	long r, steps = 1;

	while ((r = exo_cap_revoke(slot)) == 1)
		steps++;
	return r ? r : steps;
}

static void derive(exo_cap_t from, exo_cap_t to, exo_pfn_t pfn, uint64_t count)
{
	KT_EQ(exo_cap_derive(from, EXO_SLOT_NONE, to, pfn, count, FULL), 0);
}

static void errors(void)
{
	exo_cap_t slot = kt_slot();

	KT_ERR(exo_cap_revoke(EXO_SLOT_NONE), CAP);
	KT_ERR(exo_cap_revoke(slot), CAP);
	KT_ERR(exo_cap_revoke(0xffffffff), CAP);
	derive(EXO_SLOT_MEMORY, slot, kt_frame(), 1);
	KT_EQ(revoke(slot), 1);
	KT_EQ(revoke(slot), 1);
	KT_EQ(exo_cap_drop(slot), 0);
}

/* A tree of slots with mappings under several of them; siblings stay. */
static void tree(void)
{
	exo_cap_t a = kt_slot(), b = kt_slot(), c = kt_slot(), d = kt_slot(), side = kt_slot();
	exo_pfn_t pfn = kt_frames(4);
	exo_va_t va = kt_va_tables(8);

	derive(EXO_SLOT_MEMORY, a, pfn, 4);
	derive(EXO_SLOT_MEMORY, side, pfn, 4);
	derive(a, b, pfn, 2);
	derive(b, c, pfn, 1);
	derive(a, d, pfn + 2, 2);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 2, KT_RW, b), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va + 2 * PAGE, pfn, 1, KT_RW, c), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va + 3 * PAGE, pfn + 2, 1, KT_RW, d), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va + 4 * PAGE, pfn, 1, KT_RW, side), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va + 5 * PAGE, pfn, 1, KT_RW, a), 0);
	KT_OK(revoke(a) > 0);
	for (int i = 0; i < 4; i++)
		KT_EQ(kt_try_read(va + i * PAGE), PAGE_FAULT);
	KT_EQ(kt_try_write(va + 4 * PAGE), -1);
	KT_EQ(kt_try_write(va + 5 * PAGE), -1);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, b), CAP);
	KT_ERR(exo_cap_drop(b), CAP);
	KT_ERR(exo_cap_drop(c), CAP);
	KT_ERR(exo_cap_drop(d), CAP);
	derive(a, b, pfn, 1); /* the slots are free, a works */
	KT_OK(revoke(EXO_SLOT_ACCOUNT) > 0);
	KT_EQ(kt_unmap(va + 4 * PAGE, 2), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 4), 0);
}

/* PROTECT puts a mapping under the slot it names. */
static void protect_moves(void)
{
	exo_cap_t a = kt_slot(), b = kt_slot();
	exo_pfn_t pfn = kt_frame();
	exo_va_t va = kt_va_tables(1);

	derive(EXO_SLOT_MEMORY, a, pfn, 1);
	derive(a, b, pfn, 1);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, b), 0);
	KT_EQ(EXO_PTE_SLOT(xo_entry(va)), b);
	KT_EQ(kt_op(EXO_MAP_PROTECT, va, 0, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	KT_EQ(EXO_PTE_SLOT(xo_entry(va)), EXO_SLOT_MEMORY);
	KT_OK(revoke(a) > 0);
	KT_EQ(kt_try_read(va), -1);
}

/* More mappings than one step takes; nothing new from the first step on. */
static void steps(void)
{
	enum { PAGES = 2000 };
	exo_cap_t a = kt_slot(), b = kt_slot(), c = kt_slot();
	exo_pfn_t pfn = kt_frame();
	exo_va_t va = kt_va_tables(PAGES);
	long n;

	derive(EXO_SLOT_MEMORY, a, pfn, 1);
	derive(a, b, pfn, 1);
	for (int i = 0; i < PAGES; i++)
		KT_EQ(kt_op(EXO_MAP_PAGES, va + i * PAGE, pfn, 1, KT_RW, b), 0);
	KT_EQ(exo_cap_revoke(a), 1);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, b), CAP);
	KT_ERR(exo_cap_derive(b, EXO_SLOT_NONE, c, pfn, 1, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_revoke(b), CAP);
	KT_ERR(exo_frame_free(b, pfn, 1), CAP);
	n = revoke(a);
	KT_OK(n > 5);
	kt_printf("# %ld steps for %d mappings\n", n + 1, PAGES);
	for (int i = 0; i < PAGES; i += 111)
		KT_EQ(xo_entry(va + i * PAGE), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
}

/* Emptying a slot takes steps too, and nothing is made under it meanwhile. */
static void drop_steps(void)
{
	enum { PAGES = 1000 };
	exo_cap_t a = kt_slot(), b = kt_slot();
	exo_pfn_t pfn = kt_frame();
	exo_va_t va = kt_va_tables(PAGES);
	long r;

	derive(EXO_SLOT_MEMORY, a, pfn, 1);
	for (int i = 0; i < PAGES; i++)
		KT_EQ(kt_op(EXO_MAP_PAGES, va + i * PAGE, pfn, 1, KT_RW, a), 0);
	KT_EQ(exo_cap_drop(a), 1);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, a), CAP);
	KT_ERR(exo_cap_derive(a, EXO_SLOT_NONE, b, pfn, 1, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, a, pfn, 1, EXO_RIGHT_READ), EXIST);
	KT_ERR(exo_cap_revoke(a), CAP);
	while ((r = exo_cap_drop(a)) == 1)
		;
	KT_EQ(r, 0);
	for (int i = 0; i < PAGES; i += 37)
		KT_EQ(xo_entry(va + i * PAGE), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
}

static void depth(void)
{
	exo_cap_t slot[EXO_CAP_DEPTH + 1], from = EXO_SLOT_MEMORY;
	exo_pfn_t pfn = kt_frame();

	for (int i = 0; i < EXO_CAP_DEPTH; i++, from = slot[i - 1]) {
		slot[i] = kt_slot();
		derive(from, slot[i], pfn, 1);
	}
	KT_ERR(exo_cap_derive(from, EXO_SLOT_NONE, kt_slot(), pfn, 1, FULL), LIMIT);
	KT_OK(revoke(slot[0]) > 0);
	KT_ERR(exo_cap_drop(slot[1]), CAP);
	KT_ERR(exo_cap_drop(slot[EXO_CAP_DEPTH - 1]), CAP);
}

static volatile uint32_t beat;

/* Writes into a page that its creator will take away. */
static void child_writes(void *va)
{
	for (;;) {
		*(volatile uint32_t *)va = ++beat;
		exo_yield(EXO_SLOT_NONE, 0);
	}
}

/* While the victim runs, on this CPU and on another. */
static void from_another(void)
{
	static struct kt_child c;
	exo_cap_t a = kt_slot();
	exo_pfn_t pfn = kt_frame();
	exo_va_t va = kt_va_tables(1);
	struct xo_space space = kt_space;

	KT_OK(kt_child_make(&c, child_writes, (void *)va));
	derive(EXO_SLOT_MEMORY, a, pfn, 1);
	KT_EQ(exo_cap_derive(a, c.slot, CHILD_SLOT, pfn, 1, EXO_RIGHT_READ | EXO_RIGHT_WRITE), 0);
	space.env = c.slot;
	KT_EQ(xo_map_run(&space, va, pfn, 1, KT_RW, CHILD_SLOT), 0);
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 2), 0);
	beat = 0;
	while (beat < 10)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(revoke(a) > 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
	KT_EQ(kt_child_wait(&c),
	      stopped(EXO_STOP_UPCALL, PAGE_FAULT)); /* no console to complain on */
	kt_child_end(&c);
	KT_EQ(exo_cap_drop(a), 0);
}

static void child_spins(void *arg)
{
	(void)arg;
	for (;;)
		beat++;
}

/* Its activation lies in what it loses: it cannot go on. */
static void activation(void)
{
	static struct kt_child c;
	exo_cap_t a = kt_slot();

	KT_OK(kt_child_make(&c, child_spins, NULL));
	derive(EXO_SLOT_MEMORY, a, c.act_pfn, 2);
	KT_EQ(exo_cap_derive(a, c.slot, CHILD_SLOT, c.act_pfn, 2,
			     EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC),
	      0);
	KT_EQ(exo_activation_bind(c.slot, 0, CHILD_SLOT, c.act_pfn, (uint64_t)&c.begin), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, kt_cpus() - 1, 2, c.slot, 0, 1000000), 0);
	beat = 0;
	while (!beat)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(revoke(a) > 0);
	KT_EQ(exo_env_status(c.slot), stopped(EXO_STOP_REVOKED, 0));
	kt_child_end(&c);
	KT_EQ(exo_cap_drop(a), 0);
}

/* Slices go with the CPU capability they were filled under. */
static void slices(void)
{
	static struct kt_child c;
	exo_cap_t a = kt_slot(), b = kt_slot();
	uint32_t cpu = kt_cpus() - 1, before;

	KT_OK(kt_child_make(&c, child_spins, NULL));
	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, EXO_SLOT_NONE, a, EXO_SLICE_OF(cpu, 2),
			     EXO_SLICE_OF(0, 2), 0x83),
	      0);
	KT_EQ(exo_cap_derive(a, EXO_SLOT_NONE, b, EXO_SLICE_OF(cpu, 2), 1,
			     EXO_RIGHT_BIND | EXO_RIGHT_LENGTH),
	      0);
	KT_ERR(exo_slice_bind(b, cpu, 3, c.slot, 0, 1000000), CAP);
	KT_EQ(exo_activation_bind(c.slot, 0, EXO_SLOT_MEMORY, c.act_pfn, (uint64_t)&c.begin), 0);
	KT_EQ(exo_slice_bind(b, cpu, 2, c.slot, 0, 1000000), 0);
	beat = 0;
	while (!beat)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(revoke(a) > 0);
	KT_OK(kt_left(cpu, 2));
	before = beat;
	exo_sleep(0, xo_now() + 20 * KT_NS_PER_MS, EXO_SLOT_NONE, 0);
	KT_EQ(beat, before);
	KT_EQ(exo_env_status(c.slot), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, cpu, 2, c.slot, 0, 1000000), 0);
	while (beat == before)
		exo_yield(EXO_SLOT_NONE, 0);
	kt_child_end(&c);
}

/* Maps and derives as fast as it can under what is being revoked. */
static void child_races(void *va)
{
	struct exo_map_op op = {.va = (exo_va_t)va,
				.count = 1,
				.cap = CHILD_SLOT,
				.kind = EXO_MAP_PAGES,
				.prot = KT_RW};

	op.pfn = (exo_pfn_t)beat;
	for (;;) {
		exo_cap_derive(CHILD_SLOT, EXO_SLOT_NONE, CHILD_SLOT + 1, op.pfn, 1, FULL);
		xo_map_one(EXO_SLOT_NONE, &op);
		op.cap ^= CHILD_SLOT ^ (CHILD_SLOT + 1);
	}
}

static void race(void)
{
	static struct kt_child c;
	exo_cap_t a = kt_slot();
	exo_pfn_t pfn = kt_frame();
	exo_va_t va = kt_va_tables(1);
	struct xo_space space = kt_space;

	KT_OK(kt_child_make(&c, child_races, (void *)va));
	space.env = c.slot;
	KT_EQ(xo_map_run(&space, va, kt_frame(), 1, KT_RW, EXO_SLOT_MEMORY), 0); /* tables */
	derive(EXO_SLOT_MEMORY, a, pfn, 1);
	beat = (uint32_t)pfn;
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 2), 0);
	for (int i = 0; i < 200; i++) {
		KT_EQ(exo_cap_derive(a, c.slot, CHILD_SLOT, pfn, 1, FULL), 0);
		exo_sleep(0, xo_now() + (uint64_t)(i % 5) * 100000, EXO_SLOT_NONE, 0);
		KT_OK(revoke(a) > 0);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
		KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1), 1);
	}
	kt_child_end(&c);
}

const struct ktest ktests[] = {
	{"revoke-errors", errors, 1},
	{"revoke-tree", tree, 1},
	{"revoke-protect", protect_moves, 1},
	{"revoke-steps", steps, 1},
	{"revoke-drop", drop_steps, 1},
	{"revoke-depth", depth, 1},
	{"revoke-other", from_another, 1},
	{"revoke-activation", activation, 1},
	{"revoke-slices", slices, 1},
	{"revoke-race", race, 1},
	{NULL, NULL, 0},
};
