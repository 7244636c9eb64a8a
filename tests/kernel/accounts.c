/* accounts.c - who pays for frames, limits that nest, taking by force.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/version.h>

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define FULL       (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define NONE       0xffffffffffffffff
#define CHILD_SLOT 40

/* An account of its own with a range of free frames, as this program sees it. */
struct test {
	exo_pfn_t object, first;
	exo_cap_t account, frames;
	const volatile struct exo_account *view;
};

static void make(struct test *t, exo_cap_t above, exo_cap_t memory, uint64_t count, uint64_t limit,
		 uint64_t guaranteed)
{
	exo_va_t va = kt_va_tables(1);

	t->account = kt_slot();
	t->frames = kt_slot();
	t->object = kt_frame();
	t->first = kt_frames(count);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t->first, count), 0);
	if (memory != EXO_SLOT_MEMORY) {
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t->object, 1), 0);
		KT_EQ(exo_frame_alloc(memory, t->object, 1), 1);
	}
	KT_EQ(exo_account_create(memory, t->object, above, t->account, limit, guaranteed), 0);
	KT_EQ(exo_cap_charge(memory, t->account, t->frames, t->first, count, FULL), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t->object, 1, EXO_PROT_READ, memory), 0);
	t->view = (const volatile struct exo_account *)va;
}

static void unmake(struct test *t)
{
	KT_EQ(kt_unmap((exo_va_t)t->view, 1), 0);
	while (exo_cap_revoke(t->account) == 1 || exo_cap_drop(t->frames) == 1)
		;
	KT_EQ(exo_account_destroy(t->account), 0);
	KT_ERR(exo_account_limit(t->account, 5), CAP);
	KT_EQ(exo_cap_drop(t->account), 0);
}

/* Frames that remember an account forget it when another takes them. */
static void forget(exo_pfn_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (exo_frame_alloc(EXO_SLOT_MEMORY, first + i, 1) == 1)
			KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first + i, 1), 0);
}

static void limits(void)
{
	struct test t;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 20, 5, 0);
	KT_EQ(t.view->version, EXO_ABI_VERSION);
	KT_EQ(t.view->limit, 5);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 20), 5);
	KT_EQ(t.view->used, 5);
	KT_ERR(exo_frame_alloc(t.frames, t.first + 5, 1), LIMIT);
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), CAP); /* not of that account */
	KT_EQ(exo_frame_free(t.frames, t.first + 1, 2), 0);
	KT_EQ(t.view->used, 3);
	KT_EQ(t.view->left, 2);
	KT_EQ(exo_account_limit(t.account, 2), 0);
	KT_ERR(exo_frame_alloc(t.frames, t.first + 5, 1), LIMIT);
	KT_EQ(exo_account_limit(t.account, NONE), 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first + 1, 1), 1);
	KT_EQ(t.view->left, 1);
	KT_ERR(exo_account_destroy(t.account), BUSY);
	KT_EQ(exo_frame_free(t.frames, t.first, 2), 0);
	KT_EQ(exo_frame_free(t.frames, t.first + 3, 2), 0);
	KT_EQ(t.view->used, 0);
	KT_ERR(exo_account_destroy(t.account), BUSY); /* they are remembered */
	forget(t.first, 20);
	KT_EQ(t.view->left, 0);
	KT_ERR(exo_account_destroy(t.account), BUSY); /* and the object is mapped */
	unmake(&t);
}

static void nested(void)
{
	struct test a, b;

	make(&a, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 30, 10, 0);
	/* b's object and frames come out of a's range. */
	b = (struct test){.account = kt_slot(), .frames = kt_slot(), .object = a.first};
	KT_EQ(exo_frame_alloc(a.frames, a.first, 1), 1);
	KT_ERR(exo_account_create(EXO_SLOT_MEMORY, a.first, a.account, b.account, 8, 0), CAP);
	KT_ERR(exo_account_create(a.frames, a.first, EXO_SLOT_ACCOUNT, b.account, 8, 0), CAP);
	KT_ERR(exo_account_create(a.frames, a.first, a.account, b.account, 8, 9), INVAL);
	KT_EQ(exo_account_create(a.frames, a.first, a.account, b.account, NONE, 0), 0);
	KT_EQ(exo_cap_charge(a.frames, b.account, b.frames, a.first + 1, 20, FULL), 0);
	KT_EQ(a.view->children, 1);
	KT_ERR(exo_account_destroy(a.account), BUSY);
	KT_EQ(exo_frame_alloc(b.frames, a.first + 1, 20), 9); /* a's limit holds for b */
	KT_EQ(a.view->used, 10);
	KT_ERR(exo_frame_alloc(a.frames, a.first + 25, 1), LIMIT);
	KT_EQ(exo_frame_free(b.frames, a.first + 1, 9), 0);
	KT_EQ(a.view->used, 1);
	/* Upwards there is no charging. */
	KT_ERR(exo_cap_charge(b.frames, a.account, kt_slot(), a.first + 1, 1, FULL), CAP);
	KT_ERR(exo_cap_charge(b.frames, EXO_SLOT_ACCOUNT, kt_slot(), a.first + 1, 1, FULL), CAP);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, b.account, a.account + 100, a.first, 1, FULL),
	      -EXO_E_INVAL);
	forget(a.first + 1, 20);
	KT_EQ(exo_account_destroy(b.account), 0);
	KT_ERR(exo_frame_alloc(b.frames, a.first + 1, 1), CAP); /* stale */
	KT_EQ(a.view->children, 0);
	KT_EQ(exo_frame_free(a.frames, a.first, 1), 0);
	forget(a.first, 30);
	unmake(&a);
}

static void depth(void)
{
	exo_cap_t above = EXO_SLOT_ACCOUNT, memory = EXO_SLOT_MEMORY;
	exo_pfn_t first = kt_frames(EXO_ACCOUNT_DEPTH + 1);

	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, EXO_ACCOUNT_DEPTH + 1), 0);
	for (int i = 0; i <= EXO_ACCOUNT_DEPTH; i++) {
		exo_cap_t account = kt_slot(), frames = kt_slot();

		KT_EQ(exo_frame_alloc(memory, first + i, 1), 1);
		if (i == EXO_ACCOUNT_DEPTH) {
			KT_ERR(exo_account_create(memory, first + i, above, account, NONE, 0),
			       LIMIT);
			break;
		}
		KT_EQ(exo_account_create(memory, first + i, above, account, NONE, 0), 0);
		KT_EQ(exo_cap_charge(memory, account, frames, first, EXO_ACCOUNT_DEPTH + 1, FULL),
		      0);
		above = account;
		memory = frames;
	}
}

static uint64_t word_at(exo_pfn_t pfn, exo_cap_t slot)
{
	exo_va_t va = kt_va_tables(1);
	uint64_t word = 0;

	if (KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 1, EXO_PROT_READ, slot), 0))
		word = *(const uint64_t *)va;
	KT_EQ(kt_unmap(va, 1), 0);
	return word;
}

static void write_word(exo_pfn_t pfn, exo_cap_t slot, uint64_t word)
{
	exo_va_t va = kt_va_tables(1);

	if (KT_EQ(kt_op(EXO_MAP_PAGES, va, pfn, 1, KT_RW, slot), 0))
		*(uint64_t *)va = word;
	KT_EQ(kt_unmap(va, 1), 0);
}

/* Nothing that one account wrote is ever read by another. */
static void cleared(void)
{
	struct test t;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 2, NONE, 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 1), 1);
	write_word(t.first, t.frames, 0x5ec4e7);
	KT_EQ(exo_frame_free(t.frames, t.first, 1), 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 1), 1);
	KT_EQ(word_at(t.first, t.frames), 0x5ec4e7); /* the same account's own */
	KT_EQ(exo_frame_free(t.frames, t.first, 1), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, t.first, 1), 1);
	KT_EQ(word_at(t.first, EXO_SLOT_MEMORY), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), 0);
	unmake(&t);
}

/* A taking that turns out to be too much leaves what it had begun with to its owner. */
static void take_given_up(void)
{
	exo_va_t va = kt_va_tables(5);
	struct test t;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 8, NONE, 3);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 8), 8);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t.first, 5, KT_RW, t.frames), 0);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first, 5), 1);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, t.first, 1, KT_RW, t.frames), BUSY);
	KT_EQ(exo_frame_free(t.frames, t.first + 5, 3), 0);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first, 5), LIMIT);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t.first, 5, KT_RW, t.frames), 0);
	KT_EQ(kt_unmap(va, 5), 0);
	KT_EQ(exo_frame_free(t.frames, t.first, 5), 0);
	forget(t.first, 8);
	unmake(&t);
}

/* Who is between taker and victim, and guarantees the victim what it has, undoes nothing of what
 * was begun above it; nor does it by taking them itself. */
static void take_from_between(void)
{
	exo_va_t va = kt_va_tables(4);
	exo_cap_t all = kt_slot();
	struct test p, v;

	make(&p, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 1, NONE, 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, all, 0, xo_info->pfn_end, FULL), 0);
	KT_EQ(exo_cap_drop(p.frames), 0);
	KT_EQ(exo_cap_charge(all, p.account, p.frames, 0, xo_info->pfn_end, FULL), 0);
	make(&v, p.account, p.frames, 5, NONE, 4);
	KT_EQ(exo_frame_alloc(v.frames, v.first, 5), 5);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, v.first, 4, KT_RW, v.frames), 0);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, v.first, 4), 1);
	KT_ERR(exo_frame_take(p.frames, v.first, 4), LIMIT);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, v.first, 1, KT_RW, v.frames), BUSY);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, v.first + 3, 1, KT_RW, v.frames), BUSY);
	while (exo_frame_take(p.frames, v.first + 3, 1) == 1)
		; /* one it may take */
	KT_ERR(kt_op(EXO_MAP_PAGES, va, v.first + 3, 1, KT_RW, p.frames), BUSY);
	KT_ERR(exo_frame_free(p.frames, v.first + 3, 1), BUSY);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, v.first, 4), INVAL); /* of two accounts now */
	while (exo_frame_take(EXO_SLOT_MEMORY, v.first, 3) == 1)
		;
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, v.first + 3, 1), 0);
	KT_EQ(xo_entry(va), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, v.first, 4), 0);
	KT_EQ(exo_frame_free(v.frames, v.first + 4, 1), 0);
	forget(v.first, 5);
	unmake(&v);
	KT_EQ(exo_frame_free(p.frames, v.object, 1), 0);
	forget(v.object, 1);
	unmake(&p);
	KT_EQ(exo_cap_drop(all), 0);
}

static void take_errors(void)
{
	struct test t, other;
	exo_pfn_t mine = kt_frame();

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 8, NONE, 3);
	make(&other, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 1, NONE, 0);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first, 0), INVAL);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first, EXO_TAKE_MAX + 1), INVAL);
	KT_ERR(exo_frame_take(EXO_SLOT_CPU, t.first, 1), CAP);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, (xo_entry(xo_start->info) & EXO_PTE_FRAME) / PAGE,
			      1),
	       CAP); /* the kernel's */
	KT_ERR(exo_frame_take(t.frames, t.first - 1, 1), CAP);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, mine, 1), 0);    /* ours already */
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first, 8), 0); /* free: not taken */
	KT_ERR(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), CAP);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 8), 8);
	KT_EQ(exo_frame_alloc(other.frames, other.first, 1), 1);
	KT_ERR(exo_frame_take(t.frames, t.first, 9), CAP);
	KT_ERR(exo_frame_take(other.frames, t.first, 1), CAP);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first, 6), LIMIT); /* 3 are guaranteed */
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first, 5), 0);
	KT_EQ(t.view->used, 3);
	KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first + 5, 1), LIMIT);
	KT_ERR(exo_account_limit(t.account, 2), INVAL);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 5), 0);
	KT_EQ(exo_frame_free(t.frames, t.first + 5, 3), 0);
	KT_EQ(exo_frame_free(other.frames, other.first, 1), 0);
	forget(t.first, 8);
	forget(other.first, 1);
	unmake(&t);
	unmake(&other);
}

static volatile uint64_t beat;

static void child_writes(void *va)
{
	for (uint64_t n = 1;; n++) {
		((volatile uint64_t *)va)[n % 4 * PAGE / 8] = n;
		beat = n;
	}
}

/* From an environment that runs and writes into them, with their contents. */
static void take_running(void)
{
	static struct kt_child c;
	struct xo_space space = kt_space;
	exo_va_t va = kt_va_tables(4);
	struct test t;
	long r, n = 0;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 8, NONE, 4);
	KT_OK(kt_child_make(&c, child_writes, (void *)va));
	KT_EQ(exo_cap_derive(t.frames, c.slot, CHILD_SLOT, t.first, 8, FULL), 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 8), 8);
	space.env = c.slot;
	KT_EQ(xo_map_run(&space, va, t.first, 4, KT_RW, CHILD_SLOT), 0);
	KT_EQ(kt_child_start(&c, kt_cpus() - 1, 2), 0);
	beat = 0;
	while (beat < 100)
		exo_yield(EXO_SLOT_NONE, 0);
	while ((r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 4)) == 1 && ++n)
		KT_ERR(kt_op(EXO_MAP_PAGES, kt_va_tables(1), t.first, 1, KT_RW, t.frames), BUSY);
	KT_EQ(r, 0);
	KT_OK(n > 0);
	KT_EQ(t.view->used, 4);
	KT_OK(word_at(t.first, EXO_SLOT_MEMORY) > 0);
	KT_EQ(word_at(t.first + 3, EXO_SLOT_MEMORY) % 4, 3);
	KT_ERR(kt_op(EXO_MAP_PAGES, kt_va_tables(1), t.first, 1, KT_RW, t.frames), CAP);
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | (uint64_t)EXO_STOP_UPCALL << 32 | PAGE_FAULT);
	kt_child_end(&c);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 4), 0);
	KT_EQ(exo_frame_free(t.frames, t.first + 4, 4), 0);
	forget(t.first, 8);
	unmake(&t);
}

/* What the kernel itself uses is not taken as long as it does. */
static void take_objects(void)
{
	exo_cap_t env = kt_slot();
	struct test t;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 4, NONE, 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 4), 4);
	KT_EQ(exo_env_create(t.frames, t.first, t.first + 1, t.first + 2, env, 0), 0);
	for (int i = 0; i < 3; i++)
		KT_ERR(exo_frame_take(EXO_SLOT_MEMORY, t.first + i, 1), BUSY);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.object, 1), 0); /* ours, and stays what it is */
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first + 3, 1), 0);
	KT_EQ(exo_env_stop(env, 0), 0);
	while (exo_env_destroy(env) == 1)
		;
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first, 3), 0);
	KT_EQ(t.view->used, 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 4), 0);
	unmake(&t);
}

/* Taken, given back and taken once more: what the first pass had looked at is not passed over. */
static void take_again(void)
{
	static struct kt_child c;
	struct xo_space space = kt_space;
	exo_va_t va = kt_va_tables(1);
	struct test t;
	long r, steps = 0;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 1, NONE, 0);
	KT_OK(kt_child_make(&c, NULL, NULL));
	space.env = c.slot;
	KT_EQ(xo_map_run(&space, va, kt_frame(), 1, KT_RW, EXO_SLOT_MEMORY), 0); /* tables */
	KT_EQ(exo_cap_derive(t.frames, c.slot, CHILD_SLOT, t.first, 1, FULL), 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 1), 1);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t.first, 1, KT_RW, t.frames), 0);
	while ((r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 1)) == 1 && xo_entry(va))
		steps++;
	while (r == 1)
		r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 1);
	KT_EQ(r, 0);
	for (long n = 1; n < steps; n++) {
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), 0);
		KT_EQ(exo_frame_alloc(t.frames, t.first, 1), 1);
		KT_EQ(kt_op(EXO_MAP_PAGES, va, t.first, 1, KT_RW, t.frames), 0);
		r = 1;
		for (long i = 0; i < n && r == 1; i++) /* a pass may go on that was begun before */
			r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 1);
		if (r == 1) {
			KT_EQ(kt_unmap(va, 1), 0); /* its owner does not wait */
			r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 1);
		}
		KT_EQ(r, 0);
		KT_EQ(xo_entry(va), 0);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), 0);
		KT_EQ(exo_frame_alloc(t.frames, t.first, 1), 1);
		KT_EQ(xo_map_run(&space, va, t.first, 1, KT_RW, CHILD_SLOT), 0);
		while ((r = exo_frame_take(EXO_SLOT_MEMORY, t.first, 1)) == 1)
			;
		if (!KT_EQ(r, 0) || !KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), 0))
			return; /* it is mapped */
		KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, t.first, 1), 1);
	}
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first, 1), 0);
	kt_child_end(&c);
	forget(t.first, 1);
	unmake(&t);
}

/* Three accounts one below the other: what the first is taking the second cannot keep by taking
 * from the third, nor by what it guarantees to the third. */
static void take_nested(void)
{
	exo_cap_t account = kt_slot(), frames = kt_slot();
	exo_va_t va = kt_va_tables(1);
	struct test t;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 3, NONE, 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first, 2), 2);
	KT_EQ(exo_account_create(t.frames, t.first, t.account, account, NONE >> 1, NONE >> 1), 0);
	KT_EQ(exo_cap_charge(t.frames, account, frames, t.first + 2, 1, FULL), 0);
	KT_EQ(exo_frame_alloc(frames, t.first + 2, 1), 1);
	KT_ERR(exo_frame_take(t.frames, t.first + 2, 1), LIMIT);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first + 2, 1), 0);
	KT_EQ(exo_account_limit(account, NONE), 0);
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_cap_drop(account), 0);
	KT_EQ(exo_account_create(t.frames, t.first, t.account, account, NONE, 0), 0);
	while (exo_cap_drop(frames) == 1)
		;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first + 2, 1), 0);
	KT_EQ(exo_cap_charge(t.frames, account, frames, t.first + 2, 1, FULL), 0);
	KT_EQ(exo_frame_alloc(frames, t.first + 2, 1), 1);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t.first + 1, 1, KT_RW, t.frames), 0);
	KT_EQ(exo_frame_take(EXO_SLOT_MEMORY, t.first + 1, 1), 1);
	KT_EQ(exo_frame_take(t.frames, t.first + 1, 2), 0); /* the third one's */
	KT_ERR(kt_op(EXO_MAP_PAGES, kt_va_tables(1), t.first + 1, 1, KT_RW, t.frames), BUSY);
	while (exo_frame_take(EXO_SLOT_MEMORY, t.first + 1, 2) == 1)
		;
	KT_EQ(xo_entry(va), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, t.first + 1, 2), 0);
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_frame_free(t.frames, t.first, 1), 0);
	forget(t.first, 1);
	unmake(&t);
}

static void spins(void *arg)
{
	(void)arg;
	for (;;)
		;
}

static void drop(exo_cap_t slot)
{
	while (exo_cap_drop(slot) == 1)
		;
}

/* Makes an account and an environment below those it was given, and forgets both. */
static void open_what_is_below(void)
{
	struct test t, below;
	exo_cap_t found = kt_slot(), again = kt_slot(), mute = kt_slot();
	exo_pfn_t env[3];

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 20, 20, 0);
	below.account = kt_slot();
	below.frames = kt_slot();
	KT_EQ(exo_frame_alloc(t.frames, t.first, 4), 4);
	KT_EQ(exo_cap_derive(t.account, EXO_SLOT_NONE, mute, 0, 0, EXO_RIGHT_CHARGE), 0);
	KT_EQ(exo_account_create(t.frames, t.first, mute, below.account, 9, 0), 0);
	KT_EQ(exo_cap_charge(t.frames, below.account, below.frames, t.first + 4, 3, FULL), 0);
	KT_EQ(exo_frame_alloc(below.frames, t.first + 4, 3), 3);
	for (int i = 0; i < 3; i++)
		env[i] = t.first + 4 + (exo_pfn_t)i;
	KT_EQ(exo_env_create(below.frames, env[0], env[1], env[2], found, 0), 0);
	KT_EQ(exo_cap_drop(found), 0);
	drop(below.frames);
	KT_EQ(exo_cap_drop(below.account), 0);

	KT_ERR(exo_account_open(mute, env[0], found), CAP); /* CHARGE alone */
	KT_EQ(exo_cap_drop(mute), 0);
	KT_ERR(exo_account_open(EXO_SLOT_MEMORY, env[0], found), CAP);
	KT_ERR(exo_account_open(t.account, env[1], found), CAP);      /* slots */
	KT_ERR(exo_account_open(t.account, t.object, found), CAP);    /* its own */
	KT_ERR(exo_account_open(t.account, t.first + 1, found), CAP); /* data */
	KT_ERR(exo_account_open(t.account, ~0ull, found), CAP);
	KT_ERR(exo_account_open(t.account, env[0], 0xffff), INVAL);
	KT_ERR(exo_account_open(t.account, env[0], t.frames), EXIST);
	KT_EQ(exo_account_open(t.account, env[0], found), 0);
	KT_EQ(exo_account_open(EXO_SLOT_ACCOUNT, env[0], again), 0);
	KT_EQ(exo_env_stop(found, 9), 0);
	while (exo_env_destroy(found) == 1)
		;
	KT_ERR(exo_env_status(again), STALE);
	KT_ERR(exo_account_open(t.account, env[0], mute), CAP);
	drop(found);
	drop(again);
	KT_EQ(exo_account_open(t.account, t.first, found), 0);
	KT_EQ(exo_cap_charge(t.frames, found, again, t.first + 4, 3, FULL), 0);
	KT_EQ(exo_frame_free(again, t.first + 4, 3), 0);
	KT_EQ(exo_frame_alloc(t.frames, t.first + 4, 3), 3);
	drop(again);
	KT_EQ(exo_account_destroy(found), 0);
	KT_EQ(exo_cap_revoke(t.account), 0); /* what was opened hangs below it */
	KT_ERR(exo_cap_drop(found), CAP);
	KT_EQ(exo_frame_free(t.frames, t.first, 7), 0);
	forget(t.first, 20);
	unmake(&t);
}

/* What was opened goes with the account's capability, and cannot be used meanwhile. */
static void opened_is_revoked(void)
{
	static struct kt_child c;
	exo_cap_t mine = kt_slot(), found = kt_slot();

	KT_OK(kt_child_make(&c, spins, NULL));
	KT_EQ(exo_cap_derive(EXO_SLOT_ACCOUNT, EXO_SLOT_NONE, mine, 0, 0,
			     EXO_RIGHT_LIMIT | EXO_RIGHT_DERIVE),
	      0);
	KT_EQ(exo_account_open(mine, c.object, found), 0);
	KT_EQ(exo_env_status(found), 0);
	while (exo_cap_revoke(mine) == 1)
		;
	KT_ERR(exo_env_status(found), CAP);
	KT_EQ(exo_env_status(c.slot), 0);
	drop(mine);
	kt_child_end(&c);
}

/* An environment of the account runs on CPU 1, for no longer than it takes to see that it has no
 * code. */
static void run_on_other(const struct test *t)
{
	exo_va_t va = kt_va_tables(1);
	struct exo_activation *a = (struct exo_activation *)va;
	exo_cap_t slot = kt_slot();

	KT_EQ(exo_frame_alloc(t->frames, t->first, 5), 5);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, t->first + 3, 1, KT_RW, t->frames), 0);
	memset(a, 0, PAGE);
	a->version = EXO_ABI_VERSION;
	a->entry = a->self = EXO_VA_MIN;
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_env_create(t->frames, t->first, t->first + 1, t->first + 2, slot, 0), 0);
	KT_EQ(exo_cap_derive(t->frames, slot, EXO_SLOT_MEMORY, t->first, 5, FULL), 0);
	KT_EQ(exo_activation_bind(slot, 0, EXO_SLOT_MEMORY, t->first + 3, 0), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 1, 5, slot, 0, KT_NS_PER_MS), 0);
	while (!exo_env_status(slot))
		kt_pause();
	while (exo_env_destroy(slot) == 1)
		kt_pause();
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(exo_frame_free(t->frames, t->first, 5), 0);
}

/* Another account whose object lies where that of the last one did is another one to a CPU, too:
 * its predictors are emptied. */
static void another_in_its_frame(void)
{
	struct test t;
	uint64_t before;

	make(&t, EXO_SLOT_ACCOUNT, EXO_SLOT_MEMORY, 5, 5, 0);
	run_on_other(&t);
	before = kt_counters(1)->barriers;
	KT_OK(before > 0);
	run_on_other(&t);
	KT_EQ(kt_counters(1)->barriers, before);
	drop(t.frames);
	forget(t.first, 5);
	KT_EQ(kt_unmap((exo_va_t)t.view, 1), 0);
	KT_EQ(exo_account_destroy(t.account), 0);
	drop(t.account);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, t.object, EXO_SLOT_ACCOUNT, t.account, 5, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, t.account, t.frames, t.first, 5, FULL), 0);
	run_on_other(&t);
	KT_EQ(kt_counters(1)->barriers, before + 1);
	KT_EQ(kt_op(EXO_MAP_PAGES, (exo_va_t)t.view, t.object, 1, EXO_PROT_READ, EXO_SLOT_MEMORY),
	      0);
	forget(t.first, 5);
	unmake(&t);
}

const struct ktest ktests[] = {
	{"account-open", open_what_is_below, 1},
	{"account-open-revoked", opened_is_revoked, 1},
	{"account-limits", limits, 1},
	{"account-nested", nested, 1},
	{"account-depth", depth, 1},
	{"account-cleared", cleared, 1},
	{"take-errors", take_errors, 1},
	{"take-given-up", take_given_up, 1},
	{"account-another-in-its-frame", another_in_its_frame, 2},
	{"take-from-between", take_from_between, 1},
	{"take-running", take_running, 1},
	{"take-objects", take_objects, 1},
	{"take-again", take_again, 1},
	{"take-nested", take_nested, 1},
	{NULL, NULL, 0},
};
