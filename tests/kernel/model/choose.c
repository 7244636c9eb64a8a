/* choose.c - random calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/message.h>
#include <model/arguments.h>

#define PAGE ((uint64_t)EXO_PAGE_SIZE)

/* The table that is missing above an address: its level, 0 if none is. */
static uint32_t missing(int env, exo_va_t va)
{
	for (uint32_t level = 3; level; level--) {
		const exo_pfn_t *t = m_table(env, va, (int)level);

		if (!t || !*t)
			return t ? level : 0;
	}
	return 0;
}

/* Frames and a slot that would do, for what it is. */
static void any_frames(int env, struct exo_map_op *op)
{
	uint64_t slot = slot_with(env, EXO_CAP_FRAMES, op->prot & 7);

	switch (op->kind) {
	case EXO_MAP_TABLE:
		op->pfn = alloc_frame(env, &slot, PLAIN);
		op->count = fuzz_chance(85) && missing(env, op->va) ? missing(env, op->va)
								    : 1 + (uint32_t)fuzz_below(4);
		break;
	case EXO_MAP_UNTABLE:
		op->count = 1 + (uint32_t)fuzz_below(3);
		break;
	case EXO_MAP_LARGE:
		op->count = fuzz_chance(95) ? 1 : 2;
		op->va &= -(EXO_LARGE_FRAMES * PAGE);
		op->pfn = m_pool + M_FRAMES - EXO_LARGE_FRAMES;
		break;
	case EXO_MAP_REMOVE:
		if (fuzz_chance(80))
			break;
		op->va &= -(EXO_LARGE_FRAMES * PAGE);
		op->count = EXO_LARGE_FRAMES;
		break;
	default:
		op->pfn = frame_for(env, &slot, op->prot & 7, fuzz_chance(50) ? PLAIN : KNOWN);
	}
	op->cap = (exo_cap_t)slot;
}

static void any_op(int env, struct exo_map_op *op)
{
	static const uint8_t kinds[] = {EXO_MAP_PAGES,   EXO_MAP_PAGES,   EXO_MAP_PAGES,
					EXO_MAP_PAGES,   EXO_MAP_TABLE,   EXO_MAP_REMOVE,
					EXO_MAP_PROTECT, EXO_MAP_UNTABLE, EXO_MAP_LARGE};

	*op = (struct exo_map_op){
		.va = fuzz_va(),
		.pfn = any_frame(),
		.count = fuzz_chance(90) ? 1 + (uint32_t)fuzz_below(2) : (uint32_t)fuzz_below(67),
		.kind = fuzz_chance(2) ? (uint8_t)fuzz_below(256) : ONE_OF(kinds),
		.prot = fuzz_chance(90) ? 1 + 2 * (uint8_t)fuzz_below(2) : (uint8_t)fuzz_below(9)};
	if (op->kind == EXO_MAP_PAGES && missing(env, op->va) && fuzz_chance(85))
		op->kind = EXO_MAP_TABLE;
	any_frames(env, op);
	if (op->kind == EXO_MAP_PROTECT && fuzz_chance(20)) {
		op->va &= -(EXO_LARGE_FRAMES * PAGE);
		op->count = EXO_LARGE_FRAMES;
	}
	if (op->kind == EXO_MAP_PROTECT)
		op->prot |= (uint8_t)fuzz_below(4) << 4;
	if (fuzz_chance(2))
		op->zero[fuzz_below(6)] = 1;
	if (op->count <= EXO_MAP_MAX)
		op->count = pages_at(op->va, op->count);
}

/* In whose table would a[1] of cap_derive put it? */
static int table_of(const struct m_call *c)
{
	int env;

	if (m_named_env(c->self, (exo_cap_t)c->a[1], EXO_RIGHT_GIVE, &env) || env < 0)
		return c->self;
	return env;
}

/* Some range, or the whole of what the slot names. */
static void any_range(struct m_call *c, int at)
{
	const struct m_cap *s = m_slot(c->self, (exo_cap_t)c->a[0]);

	c->a[at] = any_frame();
	c->a[at + 1] = any_count();
	if (!s || !s->kind || fuzz_chance(40))
		return;
	c->a[at] = s->first;
	c->a[at + 1] = s->count;
	if (s->kind == EXO_CAP_CPU && fuzz_chance(50)) { /* some slots of all CPUs */
		c->a[at] += EXO_SLICE_OF(0, fuzz_below(8));
		c->a[at + 1] = EXO_SLICE_OF(0, 1 + fuzz_below(8));
		return;
	}
	if (s->count > 2 && fuzz_chance(50)) {
		c->a[at] += fuzz_below(s->count / 2);
		c->a[at + 1] = s->count / 2;
	}
}

/* Is the account in slot a[1] below that of the frames in slot a[0]? */
static bool is_below(const struct m_call *c)
{
	const struct m_cap *f = m_slot(c->self, (exo_cap_t)c->a[0]);
	const struct m_cap *a = m_slot(c->self, (exo_cap_t)c->a[1]);

	return f && a && m_within(a->first, f->account);
}

static void fill_caps(struct m_call *c)
{
	static const uint8_t kinds[] = {EXO_CAP_FRAMES, EXO_CAP_FRAMES, EXO_CAP_FRAMES,
					EXO_CAP_ENV,    EXO_CAP_CPU,    EXO_CAP_ACCOUNT};
	const struct m_cap *s;
	int self = c->self;

	switch (c->nr) {
	case EXO_SYS_cap_derive:
		c->a[0] = slot_with(self, ONE_OF(kinds), EXO_RIGHT_DERIVE);
		c->a[1] = env_slot(self, EXO_RIGHT_GIVE);
		c->a[2] = free_slot(table_of(c));
		any_range(c, 3);
		c->a[5] = any_rights();
		s = m_slot(self, (exo_cap_t)c->a[0]);
		if (s && fuzz_chance(80))
			c->a[5] &= s->rights;
		break;
	case EXO_SYS_cap_charge:
		for (int n = 0; n < 8; n++) {
			c->a[0] =
				slot_with(self, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE);
			c->a[1] = slot_with(self, EXO_CAP_ACCOUNT, EXO_RIGHT_CHARGE);
			if (is_below(c))
				break;
		}
		c->a[2] = free_slot(self);
		any_range(c, 3);
		c->a[5] = fuzz_chance(70) ? 0x8f : any_rights();
		break;
	case EXO_SYS_cap_drop:
	case EXO_SYS_cap_revoke:
		c->a[0] = slot_with(self, fuzz_chance(50) ? EXO_CAP_FRAMES : 0, 0);
		if (!self && c->a[0] < FIRST_FREE && fuzz_chance(95))
			c->a[0] = FIRST_FREE + fuzz_below(30); /* else little would be left */
		break;
	case EXO_SYS_cap_grow:
		c->a[1] = alloc_frame(self, &c->a[0], PLAIN);
		break;
	}
}

/* A slot with an account that the frames of slot a[0] are of, if there is one. */
static exo_cap_t its_account(const struct m_call *c)
{
	const struct m_cap *frames = m_slot(c->self, (exo_cap_t)c->a[0]);

	for (exo_cap_t s = 1; frames && s < M_SLOTS && fuzz_chance(99); s++) {
		const struct m_cap *a = m_slot(c->self, s);

		if (a && a->kind == EXO_CAP_ACCOUNT && a->first == frames->account)
			return s;
	}
	return slot_with(c->self, EXO_CAP_ACCOUNT, EXO_RIGHT_CHARGE);
}

/* The object of an environment or account below that in slot a[0]. */
static exo_pfn_t object_for(const struct m_call *c)
{
	const struct m_cap *a = m_slot(c->self, (exo_cap_t)c->a[0]);

	for (int n = 0; n < 20; n++) {
		exo_pfn_t object = fuzz_chance(50) ? m_env[fuzz_below(M_ENVS)].object
						   : m_account[fuzz_below(M_ACCOUNTS)].object;
		const struct m_frame *f = m_frame_of(object);
		exo_pfn_t above = !a ? 0 : a->kind == EXO_CAP_ACCOUNT ? a->first : a->account;

		if (f && m_within(f->account, above))
			return object;
	}
	return any_frame();
}

static void fill_accounts(struct m_call *c)
{
	int self = c->self;

	switch (c->nr) {
	case EXO_SYS_account_create:
		c->a[1] = alloc_frame(self, &c->a[0], PLAIN);
		c->a[2] = its_account(c);
		c->a[3] = free_slot(self);
		c->a[4] = fuzz_chance(50) ? ~0ull : fuzz_below(30);
		c->a[5] = fuzz_chance(60) ? 0 : fuzz_below(6);
		break;
	case EXO_SYS_account_limit:
		c->a[0] = slot_with(self, EXO_CAP_ACCOUNT, EXO_RIGHT_LIMIT);
		c->a[1] = fuzz_chance(40) ? ~0ull : fuzz_below(40);
		break;
	case EXO_SYS_account_destroy:
		c->a[0] = slot_with(self, EXO_CAP_ACCOUNT, EXO_RIGHT_LIMIT);
		break;
	case EXO_SYS_account_open:
		c->a[0] = slot_with(self, EXO_CAP_ACCOUNT, EXO_RIGHT_LIMIT);
		c->a[1] = object_for(c);
		c->a[2] = free_slot(self);
		break;
	case EXO_SYS_object_copy:
		c->a[2] = frame_for(self, &c->a[0], EXO_RIGHT_ALLOC | EXO_RIGHT_WRITE, PLAIN);
		c->a[1] = object_for(c);
		break;
	}
}

static void fill_frames(struct m_call *c)
{
	const struct m_cap *s;

	c->a[2] = any_count();
	switch (c->nr) {
	case EXO_SYS_frame_alloc:
		c->a[1] = alloc_frame(c->self, &c->a[0], FREE);
		if (fuzz_chance(50))
			c->a[2] = fuzz_below(20);
		if (fuzz_chance(6)) {
			c->a[1] = m_pool + M_FRAMES - EXO_LARGE_FRAMES;
			c->a[2] = EXO_LARGE_FRAMES;
		}
		break;
	case EXO_SYS_frame_free:
		c->a[1] = alloc_frame(c->self, &c->a[0], PLAIN);
		break;
	case EXO_SYS_frame_take:
		c->a[1] = alloc_frame(c->self, &c->a[0], OTHERS);
		break;
	}
	s = m_slot(c->self, (exo_cap_t)c->a[0]);
	if (s && m_covers(s, c->a[1], 1) && fuzz_chance(85) &&
	    c->a[2] > s->first + s->count - c->a[1])
		c->a[2] = s->first + s->count - c->a[1];
}

static void fill_map(struct m_call *c)
{
	static const exo_va_t nowhere[] = {
		0, 8, EXO_VA_TOP, EXO_VA_TABLES, 0x800000000000, 0xffff800000100000, ~0ull};
	int env;

	c->a[0] = env_slot(c->self, EXO_RIGHT_MAP);
	if (m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_MAP, &env) || env < 0)
		env = c->self;
	c->ops = fuzz_chance(60) ? 1 : 1 + (uint32_t)fuzz_below(M_BATCH);
	for (uint32_t i = 0; i < c->ops; i++)
		any_op(env, &c->op[i]);
	c->op_mapped = !fuzz_chance(2);
	c->a[1] = c->op_mapped ? (uint64_t)fuzz_order.call.op : ONE_OF(nowhere);
	c->a[2] = c->ops;
	if (fuzz_chance(2))
		c->a[2] = fuzz_chance(50) ? 0 : EXO_BATCH_MAX + 1;
}

static void fill_run(struct m_call *c)
{
	int self = c->self, env;

	switch (c->nr) {
	case EXO_SYS_activation_bind:
		if (m_named_env(self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env) || env < 0)
			env = self;
		c->a[3] = frame_for(env, &c->a[2],
				    EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC, ACT);
		break;
	case EXO_SYS_slice_bind:
		c->a[0] = slot_with(self, EXO_CAP_CPU, EXO_RIGHT_BIND);
		c->a[1] = fuzz_chance(97) ? 0 : 1 + fuzz_below(100);
		c->a[2] = 1 + fuzz_below(fuzz_chance(60)   ? 8
					 : fuzz_chance(95) ? EXO_SLICE_MAX - 1
							   : EXO_SLICE_MAX + 5);
		c->a[3] = env_slot(self, EXO_RIGHT_CONTROL);
		c->a[4] = fuzz_chance(60) ? 0 : fuzz_below(M_ACTS);
		c->a[5] = fuzz_chance(40)   ? 0
			  : fuzz_chance(90) ? 10000 + fuzz_below(100000)
					    : fuzz_below(20000);
		break;
	case EXO_SYS_sleep:
		c->a[2] = c->a[0];
		c->a[3] = c->a[1];
		c->a[0] = fuzz_random();
		c->a[1] = 1;
		break;
	case EXO_SYS_call:
		c->a[0] = slot_with(self, EXO_CAP_ENV, EXO_RIGHT_CALL);
		c->a[1] = EXO_CALL_HOW(
			fuzz_chance(80) ? 0 : c->a[1],
			fuzz_chance(60) ? slot_with(self, EXO_CAP_FRAMES, EXO_RIGHT_DERIVE) : 0, 0);
		break;
	}
}

static void fill_envs(struct m_call *c)
{
	static const uint64_t odd[] = {
		EXO_SYS_null, EXO_SYS_alarm, EXO_SYS_console_kick, EXO_SYS_machine,
		15,           EXO_SYS_END,   1ull << 32,           ~0ull};
	int self = c->self;

	c->a[0] = env_slot(self, fuzz_chance(70) ? EXO_RIGHT_CONTROL : 0);
	c->a[1] = fuzz_chance(90) ? fuzz_below(M_ACTS) : EXO_CPU_MAX + fuzz_below(3);
	switch (c->nr) {
	case EXO_SYS_env_create:
		for (int i = 1; i <= 3; i++) {
			c->a[i] = i == 1 ? alloc_frame(self, &c->a[0], PLAIN) : c->a[i - 1];
			for (int n = 0; i > 1 && n < 8 && c->a[i] == c->a[i - 1]; n++)
				c->a[i] = frame_of(self, (exo_cap_t)c->a[0], PLAIN);
			if (!c->a[i])
				c->a[i] = any_frame();
		}
		c->a[4] = free_slot(self);
		c->a[5] = fuzz_random();
		break;
	case EXO_SYS_env_stop:
		if (fuzz_chance(80)) /* not too often one that takes orders */
			c->a[0] = slot_with(self, EXO_CAP_CPU, 0);
		break;
	case EXO_SYS_END:
		c->nr = ONE_OF(odd);
		c->a[0] = 0;
		break;
	default:
		fill_run(c);
	}
}

static const struct {
	uint8_t nr, weight;
	void (*fill)(struct m_call *c);
} calls[] = {
	{EXO_SYS_cap_derive, 14, fill_caps},
	{EXO_SYS_cap_drop, 5, fill_caps},
	{EXO_SYS_cap_revoke, 2, fill_caps},
	{EXO_SYS_cap_charge, 5, fill_caps},
	{EXO_SYS_cap_grow, 1, fill_caps},
	{EXO_SYS_account_create, 4, fill_accounts},
	{EXO_SYS_account_limit, 2, fill_accounts},
	{EXO_SYS_account_destroy, 3, fill_accounts},
	{EXO_SYS_account_open, 4, fill_accounts},
	{EXO_SYS_object_copy, 2, fill_accounts},
	{EXO_SYS_frame_alloc, 16, fill_frames},
	{EXO_SYS_frame_free, 4, fill_frames},
	{EXO_SYS_frame_take, 6, fill_frames},
	{EXO_SYS_map, 30, fill_map},
	{EXO_SYS_env_create, 4, fill_envs},
	{EXO_SYS_env_stop, 4, fill_envs},
	{EXO_SYS_env_status, 2, fill_envs},
	{EXO_SYS_env_destroy, 3, fill_envs},
	{EXO_SYS_activation_bind, 4, fill_envs},
	{EXO_SYS_slice_bind, 5, fill_envs},
	{EXO_SYS_notify, 2, fill_envs},
	{EXO_SYS_yield, 2, fill_envs},
	{EXO_SYS_sleep, 2, fill_envs},
	{EXO_SYS_call, 4, fill_envs},
	{EXO_SYS_END, 2, fill_envs},
};

void fuzz_any_call(struct m_call *c)
{
	uint64_t sum = 0, n;
	size_t i;

	for (i = 0; i < COUNT(calls); i++)
		sum += calls[i].weight;
	n = fuzz_below(sum);
	for (i = 0; n >= calls[i].weight; i++)
		n -= calls[i].weight;
	*c = (struct m_call){.nr = calls[i].nr};
	do
		c->self = fuzz_chance(40) ? 0 : 1 + (int)fuzz_below(DRIVERS);
	while (!m_env[c->self].drives);
	calls[i].fill(c);
}
