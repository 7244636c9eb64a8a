/* caps.c - capabilities: looked up, derived, emptied, taken back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model.h"

struct m_cap *m_slot(int env, exo_cap_t slot)
{
	if (slot == EXO_SLOT_NONE || slot >= m_env[env].pages * EXO_CAP_SLOTS)
		return NULL;
	return &m_env[env].cap[slot];
}

exo_cap_t m_number(const struct m_cap *c)
{
	return (exo_cap_t)(c - m_env[c->env].cap);
}

bool m_covers(const struct m_cap *c, uint64_t first, uint64_t count)
{
	unsigned __int128 end = (unsigned __int128)first + count;

	return first >= c->first && end <= (unsigned __int128)c->first + c->count;
}

bool m_is_below(const struct m_cap *c, const struct m_cap *above)
{
	while ((c = c->parent))
		if (c == above)
			return true;
	return false;
}

bool m_usable(const struct m_cap *c)
{
	if (!c || !c->kind || c->ending)
		return false;
	while ((c = c->parent))
		if (c->revoking)
			return false;
	return true;
}

static uint32_t generation_of(exo_pfn_t pfn)
{
	const struct m_frame *f = m_frame_of(pfn);

	return f ? f->generation : 0;
}

/* Does it still name what it was made for? */
static bool is_alive(const struct m_cap *c)
{
	exo_pfn_t object = c->kind == EXO_CAP_FRAMES ? c->account : c->first;

	return generation_of(object) == c->generation;
}

struct m_cap *m_get(int env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights)
{
	struct m_cap *c = m_slot(env, slot);

	if (!m_usable(c) || c->kind != kind || (c->rights & rights) != rights)
		return NULL;
	return kind == EXO_CAP_FRAMES || kind == EXO_CAP_ACCOUNT ? is_alive(c) ? c : NULL : c;
}

uint32_t m_named_env(int self, exo_cap_t slot, unsigned rights, int *env)
{
	const struct m_cap *c;

	*env = self;
	if (slot == EXO_SLOT_NONE)
		return 0;
	c = m_get(self, slot, EXO_CAP_ENV, rights);
	if (!c)
		return M_BIT(CAP);
	*env = m_env_at(c->first);
	return *env < 0 || !is_alive(c) ? M_BIT(STALE) : 0;
}

void m_fill(struct m_cap *c, struct m_cap *parent, struct m_cap value)
{
	value.env = c->env;
	value.parent = parent;
	value.depth = parent ? parent->depth + 1 : 0;
	value.used = value.ending = value.revoking = false;
	*c = value;
}

/* What was made under it goes; what was derived from it hangs below its parent. */
void m_empty(struct m_cap *c)
{
	uint8_t env = c->env;

	if (c->kind == EXO_CAP_CPU && c->used)
		m_lose_slices(c);
	if (c->kind == EXO_CAP_FRAMES && c->used) {
		m_lose(env, m_number(c));
		m_unmap_slot(env, m_number(c));
	}
	for (int e = 0; e < M_ENVS; e++)
		for (int i = 0; i < M_SLOTS; i++)
			if (m_env[e].cap[i].kind && m_env[e].cap[i].parent == c)
				m_env[e].cap[i].parent = c->parent;
	*c = (struct m_cap){.env = env};
}

uint32_t m_may_derive(const struct m_cap *from, int to, exo_cap_t dst, uint64_t first,
		      uint64_t count, uint32_t rights)
{
	const struct m_cap *c = m_slot(to, dst);
	uint32_t errors = 0;

	if (!m_usable(from) || !(from->rights & EXO_RIGHT_DERIVE) ||
	    rights & ~(uint32_t)from->rights)
		errors |= M_BIT(CAP);
	else if ((from->kind == EXO_CAP_FRAMES || from->kind == EXO_CAP_CPU) &&
		 (!count || !m_covers(from, first, count)))
		errors |= M_BIT(CAP);
	if (!c)
		errors |= M_BIT(INVAL);
	if (c && c->kind)
		errors |= M_BIT(EXIST);
	if (m_usable(from) && from->depth == EXO_CAP_DEPTH)
		errors |= M_BIT(LIMIT);
	return errors;
}

void m_derive(struct m_cap *from, int to, exo_cap_t dst, uint64_t first, uint64_t count,
	      uint32_t rights, const struct m_cap *account)
{
	struct m_cap value = *from;

	if (from->kind == EXO_CAP_FRAMES || from->kind == EXO_CAP_CPU) {
		value.first = first;
		value.count = count;
	} else if (from->kind == EXO_CAP_ENV && !from->count) {
		value.count = count; /* the badge */
	}
	value.rights = (uint8_t)rights;
	if (account) {
		value.account = account->first;
		value.generation = account->generation;
	}
	m_fill(m_slot(to, dst), from, value);
}

static void may_charge(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *from =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	const struct m_cap *account =
		m_get(c->self, (exo_cap_t)c->a[1], EXO_CAP_ACCOUNT, EXO_RIGHT_CHARGE);

	if (!from || !account || !m_within(account->first, from->account))
		x->errors |= M_BIT(CAP);
	x->errors |= m_may_derive(m_slot(c->self, (exo_cap_t)c->a[0]), c->self, (uint32_t)c->a[2],
				  c->a[3], c->a[4], (uint32_t)c->a[5]);
}

static void may_grow(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);

	x->errors |= m_may_become(cap, c->a[1]);
	x->value = m_env[c->self].pages * EXO_CAP_SLOTS;
}

static void do_grow(const struct m_call *c)
{
	struct m_env *e = &m_env[c->self];

	m_become(c->a[1], EXO_FRAME_CAPS);
	m_frame_of(c->a[1])->maps = (uint32_t)e->object;
	e->page[e->pages++] = c->a[1];
}

/* What account_open would give: nothing, an environment or an account. */
static enum exo_cap_kind opened(const struct m_cap *account, exo_pfn_t pfn)
{
	const struct m_frame *f = m_frame_of(pfn);

	if (pfn == m_env[0].object && account->first == m_first_account)
		return EXO_CAP_ENV; /* the parent's, which is not of the pool */
	if (!f || pfn == account->first || !m_within(f->account, account->first))
		return EXO_CAP_NONE;
	return f->type == EXO_FRAME_ENV       ? EXO_CAP_ENV
	       : f->type == EXO_FRAME_ACCOUNT ? EXO_CAP_ACCOUNT
					      : EXO_CAP_NONE;
}

static void may_open(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *account =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_ACCOUNT, EXO_RIGHT_LIMIT);
	const struct m_cap *dst = m_slot(c->self, (uint32_t)c->a[2]);

	if (!account || !opened(account, c->a[1]))
		x->errors |= M_BIT(CAP);
	if (!dst)
		x->errors |= M_BIT(INVAL);
	if (dst && dst->kind)
		x->errors |= M_BIT(EXIST);
	if (account && account->depth == EXO_CAP_DEPTH)
		x->errors |= M_BIT(LIMIT);
}

static void do_open(const struct m_call *c)
{
	struct m_cap *account = m_slot(c->self, (exo_cap_t)c->a[0]);
	enum exo_cap_kind kind = opened(account, c->a[1]);

	m_fill(m_slot(c->self, (uint32_t)c->a[2]), account,
	       (struct m_cap){.kind = (uint8_t)kind,
			      .rights = kind == EXO_CAP_ENV ? 0xbf : 0x83,
			      .first = c->a[1],
			      .count = kind == EXO_CAP_ACCOUNT,
			      .generation = generation_of(c->a[1])});
}

static void do_revoke(struct m_cap *c)
{
	for (int e = 0; e < M_ENVS; e++)
		for (int i = 0; i < M_SLOTS; i++)
			if (m_env[e].cap[i].kind && m_is_below(&m_env[e].cap[i], c))
				m_empty(&m_env[e].cap[i]);
	c->revoking = false;
}

bool m_may_caps(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *s = m_slot(c->self, (exo_cap_t)c->a[0]);
	int env;

	switch (c->nr) {
	case EXO_SYS_cap_derive:
		x->errors |= m_named_env(c->self, (exo_cap_t)c->a[1], EXO_RIGHT_GIVE, &env);
		x->errors |= m_may_derive(s, env < 0 ? c->self : env, (uint32_t)c->a[2], c->a[3],
					  c->a[4], (uint32_t)c->a[5]);
		return true;
	case EXO_SYS_cap_charge:
		may_charge(c, x);
		return true;
	case EXO_SYS_cap_drop:
		if (!s || !s->kind)
			x->errors |= M_BIT(CAP);
		return true;
	case EXO_SYS_cap_revoke:
		if (!m_usable(s))
			x->errors |= M_BIT(CAP);
		return true;
	case EXO_SYS_cap_grow:
		may_grow(c, x);
		return true;
	case EXO_SYS_account_open:
		may_open(c, x);
		return true;
	}
	return false;
}

bool m_do_caps(const struct m_call *c, long result)
{
	struct m_cap *s = m_slot(c->self, (exo_cap_t)c->a[0]);
	int env;

	(void)result;
	switch (c->nr) {
	case EXO_SYS_cap_derive:
		m_named_env(c->self, (exo_cap_t)c->a[1], EXO_RIGHT_GIVE, &env);
		m_derive(s, env, (uint32_t)c->a[2], c->a[3], c->a[4], (uint32_t)c->a[5], NULL);
		return true;
	case EXO_SYS_cap_charge:
		m_derive(s, c->self, (uint32_t)c->a[2], c->a[3], c->a[4], (uint32_t)c->a[5],
			 m_slot(c->self, (exo_cap_t)c->a[1]));
		return true;
	case EXO_SYS_cap_drop:
		m_empty(s);
		return true;
	case EXO_SYS_cap_revoke:
		do_revoke(s);
		return true;
	case EXO_SYS_cap_grow:
		do_grow(c);
		return true;
	case EXO_SYS_account_open:
		do_open(c);
		return true;
	}
	return false;
}
