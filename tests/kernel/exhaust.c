/* exhaust.c - everything there is only so much of, used up: the call says so, and what was used up
 * can be given back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/version.h>
#include <libexo/call.h>

#define PAGE     EXO_PAGE_SIZE
#define ABOVE    0xffffffffffffffff
#define SLICE_NS 1000000
#define FULL     (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define BOMB     200 /* frames that an account may have */

static void drop(exo_cap_t slot)
{
	while (exo_cap_drop(slot) == 1)
		;
}

/* An environment that never runs. */
static exo_cap_t make_env(exo_pfn_t f)
{
	exo_cap_t slot = kt_slot();

	KT_EQ(exo_env_create(EXO_SLOT_MEMORY, f, f + 1, f + 2, slot, 0), 0);
	return slot;
}

static void end_env(exo_cap_t slot)
{
	exo_env_stop(slot, 0);
	while (exo_env_destroy(slot) == 1)
		;
	KT_EQ(exo_cap_drop(slot), 0);
}

/* Every slot of a table filled, its last page's too. */
static void slots(void)
{
	exo_pfn_t f = kt_frames(3);
	exo_cap_t env = make_env(f), s;

	for (s = EXO_SLOT_SELF + 1; s < EXO_CAP_SLOTS; s++)
		KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, env, s, f, 1, 0), 0);
	for (s = EXO_SLOT_SELF; s < EXO_CAP_SLOTS; s++)
		KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, env, s, f, 1, 0), EXIST);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, env, EXO_CAP_SLOTS, f, 1, 0), INVAL);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, env, EXO_SLOT_NONE, f, 1, 0), INVAL);
	end_env(env);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 3), 0);
}

/* All activations an environment can have. */
static void activations(void)
{
	exo_pfn_t f = kt_frames(3), acts = kt_frames(2 * EXO_CPU_MAX + 2);
	exo_va_t va = kt_va_tables(1);
	exo_cap_t env = make_env(f), memory = EXO_SLOT_MEMORY;

	for (uint32_t i = 0; i <= EXO_CPU_MAX; i++) {
		KT_EQ(kt_map(va, acts + 2 * i, 1, KT_RW), 0);
		*(uint32_t *)va = EXO_ABI_VERSION;
	}
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, env, memory, acts, 2 * EXO_CPU_MAX + 2, FULL), 0);
	for (uint32_t i = 0; i < EXO_CPU_MAX; i++)
		KT_EQ(exo_activation_bind(env, i, memory, acts + 2 * i, 0), 0);
	acts += 2 * EXO_CPU_MAX;
	for (uint32_t i = 0; i < EXO_CPU_MAX; i++)
		KT_ERR(exo_activation_bind(env, i, memory, acts, 0), EXIST);
	KT_ERR(exo_activation_bind(env, EXO_CPU_MAX, memory, acts, 0), INVAL);
	end_env(env);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 3), 0);
}

static volatile uint64_t beats[2];

static void beat(void *arg)
{
	for (;;)
		beats[(uint64_t)arg]++;
}

/* One environment in all slots of its CPU: nobody else gets in, and when they are emptied
 * everything is as before. */
static void vector(void)
{
	static struct kt_child c[2];
	uint32_t cpu = kt_cpus() - 1, free = 0, before;

	for (uint64_t i = 0; i < 2; i++) {
		KT_OK(kt_child_make(&c[i], beat, (void *)i));
		KT_EQ(exo_activation_bind(c[i].slot, 0, EXO_SLOT_MEMORY, c[i].act_pfn,
					  (uint64_t)&c[i].begin),
		      0);
	}
	for (uint32_t i = 1; i < EXO_SLICE_MAX; i++)
		KT_EQ(exo_slice_bind(EXO_SLOT_CPU, cpu, i, c[0].slot, 0, 10000), 0);
	for (uint32_t i = 1; i < EXO_SLICE_MAX; i++)
		free += exo_slice_bind(EXO_SLOT_CPU, cpu, i, c[1].slot, 0, 10000) != -EXO_E_EXIST;
	KT_EQ(free, 0);
	for (before = beats[0]; beats[0] == before;)
		exo_yield(EXO_SLOT_NONE, 0);
	for (uint32_t i = 1; i < EXO_SLICE_MAX; i++)
		KT_EQ(exo_slice_bind(EXO_SLOT_CPU, cpu, i, c[0].slot, 0, 0), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, cpu, EXO_SLICE_MAX - 1, c[1].slot, 0, SLICE_NS), 0);
	for (before = beats[1]; beats[1] == before;)
		exo_yield(EXO_SLOT_NONE, 0);
	kt_child_end(&c[0]);
	kt_child_end(&c[1]);
}

/* A row of servers, each calling the next: the call that is one too many is refused, and the
 * error comes back all the way. */
#define NEXT 40

static void answers_depth(void *arg)
{
	struct exo_message m = {0};
	long r;

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		r = xo_call(NEXT, 0, 0, &m);
		if (r)
			m.word[0] = (uint64_t)r;
	}
}

static void call_depth(void)
{
	enum { N = EXO_CALL_DEPTH + 1 };
	static struct kt_child c[N];
	struct exo_message m = {0};

	for (int i = 0; i < N; i++) {
		KT_OK(kt_child_make(&c[i], answers_depth, NULL));
		if (i)
			KT_EQ(exo_cap_derive(c[i].slot, c[i - 1].slot, NEXT, 0, 1, EXO_RIGHT_CALL),
			      0);
		KT_EQ(kt_child_start(&c[i], 0, 1), 0);
		kt_child_opens(&c[i], 1);
	}
	for (int i = 0; i < 3; i++) {
		KT_EQ(xo_call(c[0].slot, 0, 0, &m), 0);
		KT_ERR((long)m.word[0], LIMIT);
	}
	/* One further on the way there is room for one more at the end: that one calls nobody. */
	KT_EQ(xo_call(c[1].slot, 0, 0, &m), 0);
	KT_ERR((long)m.word[0], CAP);
	for (int i = 0; i < N; i++)
		kt_child_end(&c[i]);
}

/* The same of guests: each lends to the next. */
static volatile uint32_t refused;

static void lends_next(void *last)
{
	for (;;)
		if (exo_sleep(0, 0, NEXT, 0) == -EXO_E_STATE && last) {
			refused++;
			exo_notify(NEXT + 1, 0, 1 << 5);
			exo_yield(EXO_SLOT_NONE, 0);
		}
}

static void guest_depth(void)
{
	enum { N = EXO_CALL_DEPTH + 1 };
	static struct kt_child c[N];

	for (int i = 0; i < N; i++) {
		KT_OK(kt_child_make(&c[i], i < N - 1 ? lends_next : beat,
				    i == N - 2 ? &c[i] : NULL));
		KT_EQ(exo_activation_bind(c[i].slot, 0, EXO_SLOT_MEMORY, c[i].act_pfn,
					  (uint64_t)&c[i].begin),
		      0);
		KT_EQ(exo_cap_derive(EXO_SLOT_SELF, c[i].slot, NEXT + 1, 0, 0, EXO_RIGHT_NOTIFY),
		      0);
		if (i)
			KT_EQ(exo_cap_derive(c[i].slot, c[i - 1].slot, NEXT, 0, 0, EXO_RIGHT_YIELD),
			      0);
	}
	refused = 0;
	exo_sleep(1 << 5, xo_now() + 60000 * KT_NS_PER_MS, c[0].slot, 0);
	xo_events_take(xo_self(), 1 << 5);
	KT_OK(refused > 0);
	for (int i = 0; i < N; i++)
		kt_child_end(&c[i]);
}

/* What an account may have at most: it makes environments, page tables, accounts and pages of
 * slots until there is nothing left; nobody else has less, and all comes back. */
enum { FRAMES = 32, ACCOUNT };

static struct {
	exo_pfn_t first;
	long made[5];
	volatile uint32_t over;
} bomb;

/* The next frame of the range, taken; 0 if there is none. */
static exo_pfn_t next(exo_pfn_t *at)
{
	return exo_frame_alloc(FRAMES, *at, 1) == 1 ? (*at)++ : 0;
}

static long make_envs(exo_pfn_t *at)
{
	exo_pfn_t a = next(at), b = a ? next(at) : 0, c = b ? next(at) : 0;

	if (!c)
		return -EXO_E_LIMIT;
	exo_cap_drop(50);
	return exo_env_create(FRAMES, a, b, c, 50, 0);
}

static long make_tables(exo_pfn_t *at, uint64_t n)
{
	exo_pfn_t f = next(at);
	exo_va_t va = EXO_VA_TOP - (n + 1) * (1ul << 30);

	if (!f)
		return -EXO_E_LIMIT;
	for (uint32_t level = 3; level; level--)
		if (!kt_op(EXO_MAP_TABLE, va, f, level, 0, FRAMES))
			return 0;
	return -EXO_E_EXIST;
}

static long make_accounts(exo_pfn_t *at)
{
	exo_pfn_t f = next(at);

	if (!f)
		return -EXO_E_LIMIT;
	exo_cap_drop(51);
	return exo_account_create(FRAMES, f, ACCOUNT, 51, ABOVE, 0);
}

static long make_slots(exo_pfn_t *at)
{
	exo_pfn_t f = next(at);
	long r = f ? exo_cap_grow(FRAMES, f) : -EXO_E_LIMIT;

	return r > 0 ? 0 : r;
}

static void child_bombs(void *arg)
{
	exo_pfn_t at = bomb.first;
	long r = 0;

	(void)arg;
	for (uint64_t i = 0; r != -EXO_E_LIMIT || i % 5 != 4; i++) {
		switch (i % 5) {
		case 0:
			r = make_envs(&at);
			break;
		case 1:
			r = make_tables(&at, i / 5);
			break;
		case 2:
			r = make_accounts(&at);
			break;
		case 3:
			r = make_slots(&at);
			break;
		case 4:
			r = next(&at) ? 0 : -EXO_E_LIMIT;
			break;
		}
		bomb.made[i % 5] += r == 0;
	}
	kt_exit(7);
}

static void bombs(void)
{
	static struct kt_child c;
	exo_pfn_t object = kt_frame();
	exo_cap_t account = kt_slot(), frames = kt_slot();
	exo_va_t view = kt_va_tables(1);
	const volatile struct exo_account *a = (const volatile struct exo_account *)view;

	bomb.first = kt_frames(4 * BOMB);
	for (uint64_t i = 0; i < 4 * BOMB; i += BOMB)
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, bomb.first + i, BOMB), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, BOMB, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, bomb.first, 4 * BOMB, FULL), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, view, object, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	for (int round = 0; round < 3; round++) {
		memset(bomb.made, 0, sizeof(bomb.made));
		KT_OK(kt_child_make(&c, child_bombs, NULL));
		KT_EQ(exo_cap_derive(frames, c.slot, FRAMES, bomb.first, 4 * BOMB, FULL), 0);
		KT_EQ(exo_cap_derive(account, c.slot, ACCOUNT, 0, 0, EXO_RIGHT_CHARGE), 0);
		KT_EQ(kt_child_start(&c, kt_cpus() - 1, 1), 0);
		KT_EQ(kt_child_wait(&c), EXO_STATUS_STOPPED | 1ull << 32 | 7);
		for (int i = 0; i < 5; i++)
			KT_OK(bomb.made[i] >= 10);
		KT_EQ(a->used, BOMB);
		KT_OK(a->children >= 10);
		/* Others take frames of the same range as if nothing were. */
		KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, bomb.first + 3 * BOMB, BOMB), BOMB);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, bomb.first + 3 * BOMB, BOMB), 0);
		kt_child_end(&c);
		kt_account_empty(account, object);
		KT_EQ(a->used, 0);
		KT_EQ(a->children, 0);
		KT_EQ(a->left, 0);
	}
	KT_EQ(kt_unmap(view, 1), 0);
	drop(frames);
	KT_EQ(exo_account_destroy(account), 0);
	drop(account);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, bomb.first, EXO_RUN_MAX), EXO_RUN_MAX);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, bomb.first, EXO_RUN_MAX), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, object, 1), 0);
}

/* All RAM there is taken by one account: others are told, and go on with what they have. */
static void all_frames(void)
{
	exo_pfn_t object = kt_frame();
	exo_cap_t account = kt_slot(), frames = kt_slot();
	uint64_t taken = 0;
	long r;

	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, ABOVE, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, 0, xo_info->pfn_end, FULL), 0);
	for (exo_pfn_t f = 0; f<xo_info->pfn_end; f += r> 0 ? (uint64_t)r : 1) {
		uint64_t n = xo_info->pfn_end - f;

		r = exo_frame_alloc(frames, f, n < EXO_RUN_MAX ? n : EXO_RUN_MAX);
		taken += r > 0 ? (uint64_t)r : 0;
	}
	KT_OK(taken > xo_info->frames_ram / 2);
	for (exo_pfn_t f = 0; f < xo_info->pfn_end; f++)
		if (exo_frame_alloc(EXO_SLOT_MEMORY, f, 1) != -EXO_E_TAKEN)
			KT_OK(!"a frame is left");
	kt_account_empty(account, object);
	drop(frames);
	KT_EQ(exo_account_destroy(account), 0);
	drop(account);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, object, 1), 0);
	KT_OK(kt_frame() != 0);
}

const struct ktest ktests[] = {
	{"slots-exhausted", slots, 1},
	{"activations-exhausted", activations, 1},
	{"slices-exhausted", vector, 1},
	{"call-depth-exhausted", call_depth, 1},
	{"guest-depth-exhausted", guest_depth, 1},
	{"account-exhausted-by-bombs", bombs, 1},
	{"frames-exhausted", all_frames, 1},
	{NULL, NULL, 0},
};
