/* envs.c - environments made, run, stopped and taken apart; what they may not.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/version.h>

#define PAGE     EXO_PAGE_SIZE
#define DONE_BIT (1ull << 20)

static uint64_t status(enum exo_stop reason, uint32_t code)
{
	return EXO_STATUS_STOPPED | (uint64_t)reason << 32 | code;
}

static uint32_t shared;

static void child_counts(void *arg)
{
	shared += (uint32_t)(uint64_t)arg;
	kt_exit(42);
}

static void run_and_end(void)
{
	shared = 1;
	KT_EQ(kt_child_run(child_counts, (void *)2), status(EXO_STOP_SELF, 42));
	KT_EQ(shared, 3);
	KT_EQ(kt_child_run(child_counts, (void *)3), status(EXO_STOP_SELF, 42));
	KT_EQ(shared, 6);
}

static void child_spins(void *arg)
{
	(void)arg;
	for (;;)
		__atomic_fetch_add(&shared, 1, __ATOMIC_RELAXED);
}

/* It runs when its turn comes, until it is stopped from outside. */
static void stop_other(void)
{
	static struct kt_child c;
	exo_pfn_t stack;

	shared = 0;
	KT_OK(kt_child_make(&c, child_spins, NULL));
	KT_EQ(exo_env_status(c.slot), 0);
	KT_ERR(exo_env_destroy(c.slot), STATE);
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	while (!shared)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(exo_env_status(c.slot), 0);
	KT_EQ(exo_env_stop(c.slot, 5), 0);
	KT_EQ(exo_env_status(c.slot), status(EXO_STOP_OTHER, 5));
	KT_ERR(exo_env_stop(c.slot, 6), STATE);
	KT_ERR(exo_notify(c.slot, 0, 1), STATE);
	KT_ERR(exo_slice_bind(EXO_SLOT_CPU, 0, 2, c.slot, 0, 1000000), STATE);
	stack = c.act_pfn;
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, stack, 1), BUSY);
	kt_child_end(&c);
	/* Its objects are plain frames again; the activation is only mapped here. */
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, c.object, 1), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, c.slots, 1), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, c.root, 1), 0);
	KT_EQ(kt_unmap((exo_va_t)c.act, 2), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, stack, 2), 0);
}

static void create_errors(void)
{
	exo_pfn_t f = kt_frames(3);
	exo_cap_t slot = kt_slot(), copy = kt_slot();
	exo_va_t va = kt_va(1);

	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f, f + 1, slot, 0), INVAL);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f, slot, 0), INVAL);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 1, slot, 0), INVAL);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, 1u << 20, 0), INVAL);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, EXO_SLOT_NONE, 0), INVAL);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, EXO_SLOT_SELF, 0), EXIST);
	for (int i = 0; i < 3; i++) {
		KT_EQ(kt_map(va, f + i, 1, EXO_PROT_READ), 0);
		KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, slot, 0), BUSY);
	}
	KT_EQ(kt_unmap(va, 1), 0);
	/* Nothing of all that changed anything: now it works. */
	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, slot, 0), 0);
	KT_ERR(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, kt_slot(), 0), BUSY);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, f, 1), BUSY);
	KT_EQ(exo_cap_derive(slot, EXO_SLOT_NONE, copy, f, 1, EXO_RIGHT_NOTIFY), 0);
	KT_ERR(exo_env_stop(copy, 1), CAP);
	KT_ERR(exo_map(copy, 0, 1), CAP);
	KT_ERR(exo_yield(copy, 0), CAP);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, copy, 20, f, 1, EXO_RIGHT_READ), CAP);
	KT_ERR(exo_notify(copy, 0, 1), STATE);
	KT_EQ(exo_env_status(copy), 0);
	KT_EQ(exo_env_stop(slot, 9), 0);
	while (exo_env_destroy(slot) == 1)
		;
	KT_ERR(exo_env_status(copy), STALE);
	KT_ERR(exo_env_status(slot), STALE);
	KT_ERR(exo_env_stop(slot, 0), STALE);
	KT_ERR(exo_env_destroy(slot), STALE);
	KT_ERR(exo_map(slot, 0, 1), STALE);
	KT_ERR(exo_yield(slot, 0), STALE);
	/* The same frames as another environment are not what the old names mean. */
	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, kt_slot(), 0), 0);
	KT_ERR(exo_env_status(slot), STALE);
	KT_ERR(exo_env_stop(copy, 0), CAP);
}

/* The creator hears of the end. */
static void stop_event(void)
{
	exo_cap_t slot = kt_slot();
	exo_pfn_t f = kt_frames(3);

	xo_events_take(xo_self(), ~0ull);
	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, slot, DONE_BIT), 0);
	KT_EQ(xo_self()->event & DONE_BIT, 0);
	KT_EQ(exo_env_stop(slot, 3), 0);
	KT_EQ(exo_sleep(DONE_BIT, 0, EXO_SLOT_NONE, 0), 1);
	KT_EQ(xo_events_take(xo_self(), ~0ull) & DONE_BIT, DONE_BIT);
	while (exo_env_destroy(slot) == 1)
		;
}

static long child_results[8];

/* What a child may not: it has MEMORY and itself, nothing else. */
static void child_limits(void *arg)
{
	exo_pfn_t mine = *(const exo_pfn_t *)arg;

	child_results[0] = exo_machine(EXO_SLOT_MACHINE, 0, 0);
	child_results[1] = exo_console_kick(EXO_SLOT_CONSOLE);
	child_results[2] = exo_slice_bind(EXO_SLOT_CPU, 0, 3, EXO_SLOT_NONE, 0, 1000000);
	child_results[3] = exo_env_stop(EXO_SLOT_FREE, 1);
	child_results[4] = exo_frame_alloc(EXO_SLOT_MEMORY, mine, 1);
	child_results[5] = exo_env_status(EXO_SLOT_SELF);
	child_results[6] = exo_cap_derive(EXO_SLOT_INFO, EXO_SLOT_NONE, 20, 0, 1, 1);
	child_results[7] = exo_env_destroy(EXO_SLOT_SELF);
	kt_exit(0);
}

static void limits(void)
{
	static exo_pfn_t mine;

	mine = kt_frame();
	KT_EQ(kt_child_run(child_limits, &mine), status(EXO_STOP_SELF, 0));
	KT_ERR(child_results[0], CAP);
	KT_ERR(child_results[1], CAP);
	KT_ERR(child_results[2], CAP);
	KT_ERR(child_results[3], CAP);
	KT_ERR(child_results[4], TAKEN);
	KT_EQ(child_results[5], 0);
	KT_ERR(child_results[6], CAP);
	KT_ERR(child_results[7], INVAL);
}

static void child_touches(void *arg)
{
	kt_exit(kt_try_read((exo_va_t)arg) == 14 ? 1 : 2);
}

/* Our memory is not in its address space unless we put it there. */
static void isolation(void)
{
	KT_EQ(kt_child_run(child_touches, kt_pages(1)), status(EXO_STOP_SELF, 1));
	KT_EQ(kt_child_run(child_touches, xo_start), status(EXO_STOP_SELF, 1));
	KT_EQ(kt_child_run(child_touches, xo_self()), status(EXO_STOP_SELF, 1));
}

static void child_faults(void *arg)
{
	xo_self()->user[0] = 0;
	xo_self()->entry = (uint64_t)arg;
	__asm__ volatile("ud2");
}

/* An environment that cannot take an upcall stops, with the vector as status. */
static void no_upcall(void)
{
	static const uint64_t entries[] = {0x8000000000000000,  0x800000000000,
					   0xffff800000000000,  0xffffffff80000000,
					   EXO_VA_TOP + 0x1000, ~0ull};

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		uint64_t s = kt_child_run(child_faults, (void *)entries[i]);

		KT_EQ(EXO_STATUS_REASON(s), EXO_STOP_UPCALL);
		KT_EQ(EXO_STATUS_CODE(s), 6);
	}
	/* An entry that is not mapped faults until there is no frame left. */
	KT_EQ(kt_child_run(child_faults, (void *)EXO_VA_MIN), status(EXO_STOP_UPCALL, 14));
	KT_EQ(kt_child_run(child_faults, NULL), status(EXO_STOP_UPCALL, 14));
}

static void child_depth(void *arg)
{
	xo_self()->depth = (uint32_t)(uint64_t)arg;
	xo_self()->user[0] = 0;
	__asm__ volatile("ud2");
}

/* The same, with all code in the range of a resume, whose frame would be taken for whole. */
static void child_depth_resuming(void *arg)
{
	xo_self()->resume_begin = 0;
	xo_self()->resume_commit = xo_self()->resume_end = ~0ul;
	child_depth(arg);
}

static void bad_depth(void)
{
	static const uint64_t depths[] = {EXO_FRAME_DEPTH, EXO_FRAME_DEPTH + 1, 100,
					  0x7fffffff,      0x80000000,          0xffffffff};

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++)
		KT_EQ(kt_child_run(child_depth, (void *)depths[i]), status(EXO_STOP_UPCALL, 6));
	for (size_t i = 1; i < sizeof(depths) / sizeof(depths[0]); i++)
		KT_EQ(kt_child_run(child_depth_resuming, (void *)depths[i]),
		      status(EXO_STOP_UPCALL, 6));
}

static void child_stack(void *arg)
{
	for (int i = 0; i < EXO_FRAME_DEPTH; i++)
		xo_self()->frame[i].upcall_sp = (uint64_t)arg;
	xo_self()->user[0] = 0;
	__asm__ volatile("ud2");
}

static void bad_stack(void)
{
	static const uint64_t stacks[] = {0,
					  8,
					  0x800000000000,
					  0xffff800000000000,
					  0xffffffff80100000,
					  ~0ull,
					  EXO_VA_TABLES + 0x800};

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++)
		KT_EQ(EXO_STATUS_REASON(kt_child_run(child_stack, (void *)stacks[i])),
		      EXO_STOP_UPCALL);
}

/* Activations full of rubbish: the kernel may only stop their owner. */
static void bad_activation(void)
{
	static struct kt_child c;

	for (int fill = 0; fill < 256; fill += 51) {
		KT_OK(kt_child_make(&c, child_spins, NULL));
		memset(c.act, fill, 2 * PAGE);
		KT_ERR(kt_child_start(&c, 0, 1), VERSION);
		c.act->version = EXO_ABI_VERSION;
		KT_EQ(kt_child_start(&c, 0, 1), 0);
		KT_EQ(EXO_STATUS_REASON(kt_child_wait(&c)), EXO_STOP_UPCALL);
		kt_child_end(&c);
	}
	/* The same while it runs and has been put down: what it is resumed from
	 * is rubbish. */
	for (int fill = 0; fill < 256; fill += 51) {
		shared = 0;
		KT_OK(kt_child_make(&c, child_spins, NULL));
		KT_EQ(kt_child_start(&c, 0, 1), 0);
		while (!shared)
			exo_yield(EXO_SLOT_NONE, 0);
		memset(c.act, fill, 2 * PAGE);
		KT_EQ(EXO_STATUS_REASON(kt_child_wait(&c)), EXO_STOP_UPCALL);
		kt_child_end(&c);
	}
}

const struct ktest ktests[] = {
	{"env-run", run_and_end, 1},
	{"env-stop", stop_other, 1},
	{"env-create", create_errors, 1},
	{"env-event", stop_event, 1},
	{"env-limits", limits, 1},
	{"env-isolation", isolation, 1},
	{"env-no-upcall", no_upcall, 1},
	{"env-bad-depth", bad_depth, 1},
	{"env-bad-stack", bad_stack, 1},
	{"env-bad-activation", bad_activation, 1},
	{NULL, NULL, 0},
};
