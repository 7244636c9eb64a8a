/* vectors.c - vector registers: kept across slices and sleep, never shown to others.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE      EXO_PAGE_SIZE
#define REGISTERS 16
#define ROUNDS    200

/* xmm0 .. xmm15, the control words of both units. */
struct vectors {
	uint64_t xmm[REGISTERS][2];
	uint32_t mxcsr;
	uint16_t fcw;
};

#define EACH(op)                                                                                   \
	op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11) op(12) op(13)    \
		op(14) op(15)
#define LOAD(n)  "movdqu " #n "*16(%0), %%xmm" #n "\n\t"
#define STORE(n) "movdqu %%xmm" #n ", " #n "*16(%0)\n\t"

/* The tests are compiled without vector registers, so nothing else uses them. */
static void load(const struct vectors *v)
{
	__asm__ volatile(EACH(LOAD) "ldmxcsr 256(%0)\n\tfldcw 260(%0)" : : "r"(v) : "memory");
}

static void store(struct vectors *v)
{
	__asm__ volatile(EACH(STORE) "stmxcsr 256(%0)\n\tfnstcw 260(%0)" : : "r"(v) : "memory");
}

static struct vectors pattern(uint64_t seed)
{
	struct vectors v = {.mxcsr = 0x1f80 | (seed & 3) << 13, .fcw = 0x37f | (seed & 3) << 10};

	for (int i = 0; i < REGISTERS; i++) {
		v.xmm[i][0] = (seed << 32 | (uint64_t)i) * 0x9e3779b97f4a7c15;
		v.xmm[i][1] = ~v.xmm[i][0];
	}
	return v;
}

static bool same(const struct vectors *a, const struct vectors *b)
{
	return !memcmp(a->xmm, b->xmm, sizeof(a->xmm)) && a->mxcsr == b->mxcsr && a->fcw == b->fcw;
}

static bool is_clean(const struct vectors *v)
{
	static const struct vectors clean = {.mxcsr = 0x1f80, .fcw = 0x37f};

	return same(v, &clean);
}

static void starts_clean(void)
{
	struct vectors v;

	store(&v);
	KT_OK(is_clean(&v));
}

static struct vectors seen;

static void child_looks(void *arg)
{
	struct vectors v = pattern(77);

	(void)arg;
	store(&seen);
	load(&v);
	exo_yield(EXO_SLOT_NONE, 0);
	kt_exit(0);
}

/* Ours do not show in another environment, nor its in ours. */
static void hidden(void)
{
	struct vectors mine = pattern(5), after;

	for (int i = 0; i < 3; i++) {
		load(&mine);
		memset(&seen, 0xff, sizeof(seen));
		KT_EQ(kt_child_run(child_looks, NULL), EXO_STATUS_STOPPED | 1ull << 32);
		store(&after);
		KT_OK(same(&mine, &after));
		KT_OK(is_clean(&seen));
	}
}

static uint32_t child_rounds, child_wrong, go_on;

/* Holds registers through preemption and sleep, other ones each time, until
 * told to end. */
static void child_holds(void *arg)
{
	struct vectors v, now;

	for (uint64_t seed = (uint64_t)arg; __atomic_load_n(&go_on, __ATOMIC_ACQUIRE); seed++) {
		v = pattern(seed);
		load(&v);
		for (int i = 0; i < 3000; i++)
			kt_pause();
		if (child_rounds % 8 == 0)
			exo_sleep(0, xo_now() + 50000, EXO_SLOT_NONE, 0);
		store(&now);
		child_wrong += !same(&v, &now);
		child_rounds++;
	}
	kt_exit(0);
}

/* Two environments with short slices on one CPU. */
static void slices(void)
{
	static struct kt_child c;
	struct vectors mine = pattern(9), now;
	uint32_t wrong = 0;

	go_on = 1;
	child_rounds = child_wrong = 0;
	KT_OK(kt_child_make(&c, child_holds, (void *)10));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, 20000), 0);
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, c.slot, 0, 20000), 0);
	load(&mine);
	for (int i = 0; i < ROUNDS || child_rounds < ROUNDS; i++) {
		for (int n = 0; n < 3000; n++)
			kt_pause();
		store(&now);
		wrong += !same(&mine, &now);
	}
	go_on = 0;
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
	store(&now);
	KT_OK(same(&mine, &now));
	KT_EQ(wrong, 0);
	KT_EQ(child_wrong, 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, 1000000), 0);
	kt_child_end(&c);
}

/* A save area full of rubbish: its owner gets a clean state, nobody is hurt. */
static void spoilt_area(void)
{
	static struct kt_child c;

	for (int fill = 0; fill < 256; fill += 15) {
		go_on = 1;
		child_rounds = 0;
		KT_OK(kt_child_make(&c, child_holds, (void *)3));
		KT_EQ(kt_child_start(&c, 0, 1), 0);
		while (!child_rounds)
			exo_yield(EXO_SLOT_NONE, 0);
		memset((char *)c.act + PAGE, fill, PAGE);
		go_on = 0;
		KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
		kt_child_end(&c);
	}
}

/* An activation that moves to another CPU takes its registers along. */
static void moves(void)
{
	static struct kt_child c;
	long r;

	go_on = 1;
	child_rounds = child_wrong = 0;
	KT_OK(kt_child_make(&c, child_holds, (void *)21));
	KT_EQ(kt_child_start(&c, 0, 1), 0);
	for (uint32_t i = 1; i <= 40; i++) {
		uint32_t from = (i - 1) % 2, to = i % 2, before = child_rounds;
		exo_ns_t end = xo_now() + 60000 * KT_NS_PER_MS;

		while (child_rounds < before + 5 && xo_now() < end)
			exo_yield(EXO_SLOT_NONE, 0);
		KT_EQ(exo_slice_bind(EXO_SLOT_CPU, from, 1, c.slot, 0, 0), 0);
		do {
			r = exo_slice_bind(EXO_SLOT_CPU, to, 1, c.slot, 0, 100000);
		} while (r == -EXO_E_STATE && xo_now() < end);
		KT_EQ(r, 0);
	}
	go_on = 0;
	KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32);
	KT_EQ(child_wrong, 0);
	kt_child_end(&c);
}

/* libexo keeps them around handlers in C. */
static long spoil(void *arg)
{
	struct vectors v = pattern(123);
	struct vectors *found = arg;

	store(found);
	load(&v);
	return 55;
}

static void around_calls(void)
{
	struct vectors mine = pattern(2), now, inside;

	load(&mine);
	KT_EQ(xo_vector_call(spoil, &inside), 55);
	store(&now);
	KT_OK(same(&mine, &now));
	KT_EQ(inside.mxcsr, 0x1f80);
	KT_EQ(inside.fcw, 0x37f);
}

const struct ktest ktests[] = {
	{"vector-clean", starts_clean, 1},
	{"vector-hidden", hidden, 1},
	{"vector-slices", slices, 1},
	{"vector-spoilt", spoilt_area, 1},
	{"vector-moves", moves, 2},
	{"vector-call", around_calls, 1},
	{NULL, NULL, 0},
};
