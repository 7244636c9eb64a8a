/* model.c - random calls by a parent and its children, each predicted by a model of the kernel.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One CPU, one call at a time: the children call for orders, so every call has one result and one
 * effect, and the model (model/) says which.  From time to time all of the kernel's tables are
 * compared with the model's.  A round begins with a fresh world and ends by taking it apart.
 *
 * settings: seed=N (of the first world; the others follow), calls=N
 */
#include "ktest.h"

#include <model/fuzz.h>

#define PAGE     ((uint64_t)EXO_PAGE_SIZE)
#define ROUND    1500 /* calls in one world */
#define LOOK     250  /* calls between looks at all tables */
#define CALLS    15000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint64_t calls, world;
static uint64_t succeeded[EXO_SYS_END], refused[EXO_SYS_END];

static void describe(const struct m_call *c, const struct m_expect *x, long r)
{
	kt_printf("# world %lu, call %lu: environment %d, number %lu (%lx %lx %lx %lx %lx %lx) is "
		  "%ld; errors %x, may %x, value %ld\n",
		  world, calls, c->self, c->nr, c->a[0], c->a[1], c->a[2], c->a[3], c->a[4],
		  c->a[5], r, x->errors, x->may, x->value);
	for (uint32_t i = 0; c->nr == EXO_SYS_map && i < c->ops; i++)
		kt_printf("#   kind %u va %lx pfn %lx count %u cap %u prot %u\n", c->op[i].kind,
			  c->op[i].va, c->op[i].pfn, c->op[i].count, c->op[i].cap, c->op[i].prot);
}

static bool is_expected(const struct m_expect *x, long r)
{
	if (r < 0)
		return r >= -31 && (x->errors | x->may) >> -r & 1;
	return !x->errors && (r == x->value || x->value < 0);
}

/* An activation that was given slices runs, and cannot: its environment stops. */
static void let_run(const struct m_call *c)
{
	static exo_cap_t slot;
	long s = 0;
	int env;

	m_named_env(c->self, (exo_cap_t)c->a[3], EXO_RIGHT_CONTROL, &env);
	if (!c->a[5] || m_env[env].stopped || (m_env[env].drives && !c->a[4]))
		return;
	if (!slot)
		slot = kt_slot();
	KT_EQ(exo_account_open(EXO_SLOT_ACCOUNT, m_env[env].object, slot), 0);
	for (int i = 0; i < 1000 && !(s = exo_env_status(slot)); i++)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(EXO_STATUS_REASON(s), EXO_STOP_UPCALL);
	m_stop(env, EXO_STOP_UPCALL, EXO_STATUS_CODE(s));
	KT_EQ(exo_cap_drop(slot), 0);
}

/* Make the call in `fuzz_order`: it must be as the model says. */
static bool make_call(void)
{
	struct m_call *c = &fuzz_order.call;
	struct m_expect x = m_predict(c);
	long r;

	calls++;
	r = fuzz_give(c->self, CALL);
	if (r == 0)
		r = fuzz_order.result;
	else if (r == -EXO_E_STALE && c->nr == EXO_SYS_env_stop && !x.errors)
		r = 0; /* it ended itself */
	if (!KT_OK(is_expected(&x, r))) {
		describe(c, &x, r);
		return false;
	}
	if (c->nr < EXO_SYS_END)
		(r < 0 ? refused : succeeded)[c->nr]++;
	if (r < 0)
		return true;
	m_apply(c, r);
	if (c->nr == EXO_SYS_slice_bind)
		let_run(c);
	return true;
}

static bool one_call(void)
{
	struct m_expect x;

	do {
		fuzz_any_call(&fuzz_order.call);
		x = m_predict(&fuzz_order.call);
	} while (fuzz_is_left_out(&fuzz_order.call, &x));
	return make_call();
}

/* An address in a window; mostly one where something is mapped. */
static exo_va_t place(int env)
{
	exo_va_t va = 0;

	for (int n = fuzz_chance(70) ? 60 : 1; n; n--) {
		const struct m_leaf *l = m_leaf_at(env, va = fuzz_va() & -PAGE);

		if (l && l->pfn)
			break;
	}
	return va;
}

/* An environment looks at one of its pages: what it sees is what the model says. */
static bool touch(void)
{
	int env = (int)fuzz_below(DRIVERS + 1);
	bool write = fuzz_chance(40), good;
	const struct m_leaf *l;
	struct m_frame *f;
	long vector;

	fuzz_order.va = place(env);
	if (!m_env[env].drives || !(l = m_leaf_at(env, fuzz_order.va)))
		return true;
	f = l->pfn ? m_frame_of(l->pfn) : NULL;
	vector = f && (!write || l->prot & EXO_PROT_WRITE) ? -1 : 14;
	/* often the version of an activation */
	fuzz_order.word = fuzz_chance(50) ? 1 : fuzz_random();
	KT_EQ(fuzz_give(env, write ? WRITE : READ), 0);
	good = KT_EQ(fuzz_order.result, vector);
	if (good && vector < 0 && f->type == EXO_FRAME_DATA) {
		if (!write && f->known)
			good = KT_EQ(fuzz_order.word, f->word);
		f->known = true;
		f->word = fuzz_order.word;
	}
	if (!good)
		kt_printf("# world %lu, call %lu: environment %d touches %lx, frame %lx\n", world,
			  calls, env, fuzz_order.va, l->pfn);
	return good;
}

/* Something to begin with: frames of the first account for all, accounts of their own for two. */
static bool first_calls(void)
{
	static const struct {
		uint64_t nr;
		int self;
		uint64_t a[6]; /* frames from the pool's first on */
		int frames;    /* which of them is one */
	} begin[] = {
		{EXO_SYS_frame_alloc, 0, {POOL, 40, 24}, 1},
		{EXO_SYS_cap_derive, 0, {POOL, CHILD, 16, 32, 64, 0x8f}, 3},
		{EXO_SYS_cap_derive, 0, {POOL, CHILD + 1, 16, 40, 64, 0x8f}, 3},
		{EXO_SYS_account_create, 0, {POOL, 40, ACCOUNT, 80, ~0ull, 3}, 1},
		{EXO_SYS_account_create, 0, {POOL, 41, ACCOUNT, 81, 40, 0}, 1},
		{EXO_SYS_cap_charge, 0, {POOL, 80, 82, 20, 90, 0x8f}, 3},
		{EXO_SYS_cap_charge, 0, {POOL, 81, 83, 30, 90, 0x8f}, 3},
		{EXO_SYS_cap_derive, 0, {82, CHILD + 2, 16, 20, 90, 0x8f}, 3},
		{EXO_SYS_cap_derive, 0, {80, CHILD + 2, 17, 0, 0, 0x83}, 3},
		{EXO_SYS_cap_derive, 0, {83, CHILD + 3, 16, 30, 90, 0x8f}, 3},
		{EXO_SYS_cap_derive, 0, {81, CHILD + 3, 17, 0, 0, 0x81}, 3},
		{EXO_SYS_cap_derive, 0, {PARENT, CHILD + 3, 18, 0, 5, 0xbc}, 3},
		{EXO_SYS_cap_derive, 0, {CHILD, CHILD + 3, 19, 0, 0, 0xbf}, 3},
		{EXO_SYS_cap_derive, 0, {CHILD + 3, CHILD + 2, 19, 0, 0, 0xbf}, 3},
		{EXO_SYS_cap_derive, 0, {CPUS, CHILD + 2, 20, 2, 5, 0x81}, 0},
		{EXO_SYS_frame_alloc, 3, {16, 70, 16}, 1},
		{EXO_SYS_frame_alloc, 4, {16, 90, 16}, 1},
	};
	bool good = true;

	for (size_t i = 0; good && i < COUNT(begin); i++) {
		struct m_call *c = &fuzz_order.call;

		*c = (struct m_call){.nr = begin[i].nr, .self = begin[i].self};
		memcpy(c->a, begin[i].a, sizeof(c->a));
		if (begin[i].frames)
			c->a[begin[i].frames] += m_pool;
		good = make_call();
	}
	return good;
}

/* Each maps some of its frames, with the tables that this needs. */
static bool first_pages(int env, exo_pfn_t frames)
{
	struct m_call *c = &fuzz_order.call;

	*c = (struct m_call){.nr = EXO_SYS_map, .self = env, .ops = 4, .op_mapped = true};
	for (uint32_t i = 0; i < 4; i++)
		c->op[i] = (struct exo_map_op){.va = m_corner(1),
					       .pfn = m_pool + frames + i,
					       .count = 3 - i,
					       .cap = EXO_SLOT_FREE,
					       .kind = EXO_MAP_TABLE};
	c->op[3].kind = EXO_MAP_PAGES;
	c->op[3].count = 5;
	c->op[3].prot = KT_RW;
	c->a[1] = (uint64_t)c->op;
	c->a[2] = c->ops;
	return make_call();
}

static bool one_world(uint64_t most)
{
	bool good = fuzz_make_world() && first_calls();

	good = good && first_pages(1, 44) && first_pages(2, 54) && first_pages(3, 70) &&
	       first_pages(4, 90) && m_compare();

	for (uint64_t i = 1; good && i <= ROUND && calls < most; i++) {
		good = one_call() && (i % 3 || touch());
		if (good && i % LOOK == 0)
			good = m_compare();
	}
	good = good && m_compare();
	if (good)
		fuzz_end_world();
	return good;
}

/* What is given at boot under a name. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *s = xo_start->settings, *end = s + xo_start->settings_bytes;

	for (; s < end; s += strlen(s) + 1) {
		size_t i = 0;
		uint64_t n = 0;

		while (name[i] && s[i] == name[i])
			i++;
		if (name[i] || s[i] != '=')
			continue;
		for (s += i + 1; *s >= '0' && *s <= '9'; s++)
			n = n * 10 + (uint64_t)(*s - '0');
		return n;
	}
	return otherwise;
}

static void every_call(void)
{
	uint64_t most = setting("calls", CALLS);

	world = setting("seed", 1);
	kt_printf("# seed %lu\n", world);
	if (!fuzz_begin())
		return;
	for (bool good = true; good && calls < most; world++) {
		fuzz_seed = world * 0x9e3779b97f4a7c15 + 88172645463325252;
		good = one_world(most);
	}
	for (uint32_t i = 0; i < EXO_SYS_END; i++)
		if (succeeded[i] + refused[i])
			kt_printf("# call %2u: %7lu succeeded, %7lu refused\n", i, succeeded[i],
				  refused[i]);
}

const struct ktest ktests[] = {
	{"every-call-as-predicted", every_call, 1},
	{NULL, NULL, 0},
};
