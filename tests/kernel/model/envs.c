/* envs.c - environments, activations, slices; and which part of the model a call belongs to.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model.h"

#include <exo/env.h>
#include <exo/message.h>

#define NS_MIN  10000
#define NS_MAX  1000000000
#define RECEIVE 63 /* where whoever drives receives capabilities */

void m_stop(int env, enum exo_stop reason, uint32_t status)
{
	struct m_env *e = &m_env[env];

	if (e->stopped)
		return;
	e->stopped = EXO_STATUS_STOPPED | (uint64_t)reason << 32 | status;
	e->drives = false;
}

void m_lose(int env, exo_cap_t slot)
{
	for (int i = 0; i < M_ACTS; i++)
		if (m_env[env].act[i].bound && m_env[env].act[i].slot == slot)
			m_stop(env, EXO_STOP_REVOKED, 0);
}

void m_lose_slices(const struct m_cap *cap)
{
	for (int i = 0; i < EXO_SLICE_MAX; i++)
		if (m_slice[i].cap == cap) {
			m_env[m_slice[i].env].act[m_slice[i].act].slices--;
			m_slice[i].cap = NULL;
		}
}

static void may_create(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	const struct m_cap *dst = m_slot(c->self, (uint32_t)c->a[4]);

	if (!dst || c->a[1] == c->a[2] || c->a[1] == c->a[3] || c->a[2] == c->a[3])
		x->errors |= M_BIT(INVAL);
	if (dst && dst->kind)
		x->errors |= M_BIT(EXIST);
	for (int i = 1; i <= 3; i++)
		x->errors |= m_may_become(cap, c->a[i]);
}

static void do_create(const struct m_call *c)
{
	struct m_cap *dst = m_slot(c->self, (uint32_t)c->a[4]);
	int n = 0;

	while (m_env[n].object)
		n++;
	m_env[n] =
		(struct m_env){.object = c->a[1], .root = c->a[3], .page = {c->a[2]}, .pages = 1};
	for (int i = 0; i < M_SLOTS; i++)
		m_env[n].cap[i].env = (uint8_t)n;
	m_become(c->a[1], EXO_FRAME_ENV);
	m_become(c->a[2], EXO_FRAME_CAPS);
	m_frame_of(c->a[2])->maps = (uint32_t)c->a[1];
	m_become(c->a[3], EXO_FRAME_TABLE4);
	m_fill(dst, NULL,
	       (struct m_cap){.kind = EXO_CAP_ENV,
			      .rights = 0xbf,
			      .first = c->a[1],
			      .generation = m_frame_of(c->a[1])->generation});
	m_fill(&m_env[n].cap[EXO_SLOT_SELF], dst, *dst);
}

void m_destroy(int env)
{
	struct m_env *e = &m_env[env];

	for (int i = 0; i < M_ACTS; i++) {
		if (!e->act[i].bound)
			continue;
		for (exo_pfn_t pfn = e->act[i].pfn; pfn < e->act[i].pfn + 2; pfn++)
			if (m_frame_of(pfn)) /* the kit gave the others */
				m_frame_of(pfn)->wired--;
		for (int s = 0; s < EXO_SLICE_MAX; s++)
			if (m_slice[s].cap && m_slice[s].env == env && m_slice[s].act == i)
				m_slice[s].cap = NULL;
		e->act[i].bound = false;
	}
	m_unmap_all(env);
	for (int i = 0; i < M_SLOTS; i++)
		if (e->cap[i].kind)
			m_empty(&e->cap[i]);
	for (uint32_t i = 0; i < e->pages; i++)
		m_release(e->page[i]);
	m_release(e->root);
	m_release(e->object);
	e->object = 0;
}

static void may_bind(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap;
	const struct m_frame *f, *g;
	int env;

	x->errors |= m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
	if (x->errors)
		return;
	cap = m_get(env, (exo_cap_t)c->a[2], EXO_CAP_FRAMES,
		    EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC);
	f = m_frame_of(c->a[3]);
	g = m_frame_of(c->a[3] + 1);
	if (!cap || !f || !g || !m_covers(cap, c->a[3], 2) || f->account != cap->account ||
	    g->account != cap->account)
		x->errors |= M_BIT(CAP);
	if ((uint32_t)c->a[1] >= EXO_CPU_MAX)
		x->errors |= M_BIT(INVAL);
	else if ((uint32_t)c->a[1] < M_ACTS && m_env[env].act[c->a[1]].bound)
		x->errors |= M_BIT(EXIST);
	if (m_env[env].stopped)
		x->errors |= M_BIT(STATE);
	if (f && g &&
	    (f->type != EXO_FRAME_DATA || f->wired || f->going || g->type != EXO_FRAME_DATA ||
	     g->wired || g->going))
		x->errors |= M_BIT(BUSY);
	if (f && (!f->known || (uint32_t)f->word != 1))
		*(f->known ? &x->errors : &x->may) |= M_BIT(VERSION);
}

static void do_bind(const struct m_call *c)
{
	int env;

	m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
	m_env[env].act[c->a[1]] =
		(struct m_act){.bound = true, .pfn = c->a[3], .slot = (exo_cap_t)c->a[2]};
	m_slot(env, (exo_cap_t)c->a[2])->used = true;
	m_frame_of(c->a[3])->wired++;
	m_frame_of(c->a[3] + 1)->wired++;
}

static bool is_act(int env, uint64_t index)
{
	return (uint32_t)index < M_ACTS && m_env[env].act[(uint32_t)index].bound;
}

static void may_slice(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap = m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_CPU, EXO_RIGHT_BIND);
	uint32_t cpu = (uint32_t)c->a[1], at = (uint32_t)c->a[2], index = (uint32_t)c->a[4];
	const struct m_slice *s = at < EXO_SLICE_MAX ? &m_slice[at] : NULL;
	int env;

	x->errors |= m_named_env(c->self, (exo_cap_t)c->a[3], EXO_RIGHT_CONTROL, &env);
	if (cpu || !s || index >= EXO_CPU_MAX ||
	    (c->a[5] && (c->a[5] < NS_MIN || c->a[5] > NS_MAX)))
		x->errors |= M_BIT(INVAL);
	if (!cap || (s && !cpu && !m_covers(cap, EXO_SLICE_OF(cpu, at), 1)))
		x->errors |= M_BIT(CAP);
	if (x->errors)
		return;
	if (s->cap && (s->env != env || s->act != index))
		x->errors |= M_BIT(EXIST);
	if (c->a[5] && !(cap->rights & EXO_RIGHT_LENGTH) && c->a[5] > s->most)
		x->errors |= M_BIT(LIMIT);
	if (c->a[5] && (m_env[env].stopped || !is_act(env, index)))
		x->errors |= M_BIT(STATE);
}

static void do_slice(const struct m_call *c)
{
	struct m_cap *cap = m_slot(c->self, (exo_cap_t)c->a[0]);
	struct m_slice *s = &m_slice[(uint32_t)c->a[2]];
	int env;

	m_named_env(c->self, (exo_cap_t)c->a[3], EXO_RIGHT_CONTROL, &env);
	if (!c->a[5] && !s->cap)
		return;
	if (!c->a[5] || !s->cap)
		m_env[env].act[(uint32_t)c->a[4]].slices += c->a[5] ? 1 : -1;
	s->cap = c->a[5] ? cap : NULL;
	s->env = (uint8_t)env;
	s->act = (uint8_t)c->a[4];
	if (!c->a[5])
		return;
	cap->used = true;
	s->ns = c->a[5];
	if (cap->rights & EXO_RIGHT_LENGTH)
		s->most = c->a[5];
}

/* A call to one that waits in reply: it answers at once. */
static void may_call(const struct m_call *c, struct m_expect *x)
{
	exo_cap_t pass = EXO_CALL_PASS(c->a[1]);
	uint32_t index = EXO_CALL_INDEX(c->a[1]);
	int env;

	if (!(exo_cap_t)c->a[0])
		x->errors |= M_BIT(CAP);
	x->errors |= m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CALL, &env);
	if (index >= EXO_CPU_MAX)
		x->errors |= M_BIT(INVAL);
	if (x->errors)
		return;
	if (m_env[env].stopped || !is_act(env, index)) {
		x->errors |= M_BIT(STATE);
		return;
	}
	if (!m_env[env].drives || !env || index || env == c->self)
		x->errors |= M_BIT(BUSY);
	if (pass)
		x->errors |=
			m_may_derive(m_slot(c->self, pass), env, RECEIVE, 0, 0, 0) & ~M_BIT(CAP);
	if (pass && (!m_usable(m_slot(c->self, pass)) ||
		     !(m_slot(c->self, pass)->rights & EXO_RIGHT_DERIVE)))
		x->errors |= M_BIT(CAP);
}

static void do_call(const struct m_call *c)
{
	struct m_cap *from = m_slot(c->self, EXO_CALL_PASS(c->a[1]));
	int env;

	m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CALL, &env);
	if (from)
		m_derive(from, env, RECEIVE, from->first, from->count, from->rights, NULL);
}

static void may_be_named(const struct m_call *c, struct m_expect *x, exo_cap_t slot, unsigned right,
			 int *env)
{
	x->errors |= m_named_env(c->self, slot, right, env);
}

bool m_may_envs(const struct m_call *c, struct m_expect *x)
{
	int env;

	switch (c->nr) {
	case EXO_SYS_env_create:
		may_create(c, x);
		return true;
	case EXO_SYS_env_stop:
		may_be_named(c, x, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		if (!x->errors && m_env[env].stopped)
			x->errors |= M_BIT(STATE);
		return true;
	case EXO_SYS_env_status:
		may_be_named(c, x, (exo_cap_t)c->a[0], 0, &env);
		x->value = x->errors ? 0 : (long)m_env[env].stopped;
		return true;
	case EXO_SYS_env_destroy:
		may_be_named(c, x, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		if (!x->errors && env == c->self)
			x->errors |= M_BIT(INVAL);
		else if (!x->errors && !m_env[env].stopped)
			x->errors |= M_BIT(STATE);
		return true;
	case EXO_SYS_activation_bind:
		may_bind(c, x);
		return true;
	case EXO_SYS_slice_bind:
		may_slice(c, x);
		return true;
	case EXO_SYS_notify:
		may_be_named(c, x, (exo_cap_t)c->a[0], EXO_RIGHT_NOTIFY, &env);
		if ((uint32_t)c->a[1] >= EXO_CPU_MAX)
			x->errors |= M_BIT(INVAL);
		else if (!x->errors && (m_env[env].stopped || !is_act(env, c->a[1])))
			x->errors |= M_BIT(STATE);
		return true;
	case EXO_SYS_yield:
		may_be_named(c, x, (exo_cap_t)c->a[0], EXO_RIGHT_YIELD, &env);
		if ((uint32_t)c->a[1] >= EXO_CPU_MAX)
			x->errors |= M_BIT(INVAL);
		return true;
	case EXO_SYS_sleep: /* with a time long past: it returns at once, 0 or 1 */
		may_be_named(c, x, (exo_cap_t)c->a[2], EXO_RIGHT_YIELD, &env);
		if ((uint32_t)c->a[3] >= EXO_CPU_MAX)
			x->errors |= M_BIT(INVAL);
		x->value = -1;
		return true;
	case EXO_SYS_call:
		may_call(c, x);
		return true;
	case EXO_SYS_console_kick: /* nobody has those */
	case EXO_SYS_machine:
		x->errors |= M_BIT(CAP);
		return true;
	case EXO_SYS_null:
	case EXO_SYS_alarm:
		return true;
	}
	return false;
}

bool m_do_envs(const struct m_call *c, long result)
{
	int env;

	(void)result;
	switch (c->nr) {
	case EXO_SYS_env_create:
		do_create(c);
		return true;
	case EXO_SYS_env_stop:
		m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		m_stop(env, env == c->self ? EXO_STOP_SELF : EXO_STOP_OTHER, (uint32_t)c->a[1]);
		return true;
	case EXO_SYS_env_destroy:
		m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		m_destroy(env);
		return true;
	case EXO_SYS_activation_bind:
		do_bind(c);
		return true;
	case EXO_SYS_slice_bind:
		do_slice(c);
		return true;
	case EXO_SYS_call:
		do_call(c);
		return true;
	}
	return true;
}

struct m_expect m_predict(const struct m_call *c)
{
	struct m_expect x = {0};

	if (!m_may_frames(c, &x) && !m_may_caps(c, &x) && !m_may_map(c, &x) && !m_may_envs(c, &x))
		x.errors |= M_BIT(NOSYS);
	return x;
}

void m_apply(const struct m_call *c, long result)
{
	if (!m_do_frames(c, result) && !m_do_caps(c, result) && !m_do_map(c, result))
		m_do_envs(c, result);
}
