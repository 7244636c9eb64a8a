/* left_out.c - which of the random calls are not made, because the test itself would not survive
 * them. SPDX-License-Identifier: BSD-2-Clause
 */
#include <model/fuzz.h>

/* Who loses an activation of his own so is stopped before the last step. */
static bool loses_itself(const struct m_call *c)
{
	const struct m_cap *s = m_slot(c->self, (exo_cap_t)c->a[0]);

	for (int i = 1; i < M_ACTS; i++) {
		const struct m_act *act = &m_env[c->self].act[i];
		const struct m_cap *its = m_slot(c->self, act->slot);

		if (act->bound && (its == s || m_is_below(its, s)))
			return true;
	}
	return false;
}

bool fuzz_is_left_out(const struct m_call *c, const struct m_expect *x)
{
	int env = -1, full = 0;

	if (x->errors)
		return false;
	switch (c->nr) {
	case EXO_SYS_env_create:
		for (int i = 0; i < M_ENVS; i++)
			full += m_env[i].object != 0;
		return full == M_ENVS;
	case EXO_SYS_account_create:
		for (int i = 0; i < M_ACCOUNTS; i++)
			full += m_account[i].object != 0;
		return full == M_ACCOUNTS;
	case EXO_SYS_account_limit: /* the kit lives on the first, too */
		return m_slot(c->self, (exo_cap_t)c->a[0])->first == m_first_account && ~c->a[1];
	case EXO_SYS_cap_grow:
		return m_env[c->self].pages == M_PAGES;
	case EXO_SYS_env_stop:
		m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		return env == 0;
	case EXO_SYS_activation_bind: /* if it were the parent's, all would end with it */
		m_named_env(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_CONTROL, &env);
		return env == 0 || (uint32_t)c->a[1] >= M_ACTS;
	case EXO_SYS_slice_bind: /* one that begins to run ends its environment, perhaps at once */
		m_named_env(c->self, (exo_cap_t)c->a[3], EXO_RIGHT_CONTROL, &env);
		return c->a[5] && env == c->self && c->a[4];
	case EXO_SYS_cap_drop:
	case EXO_SYS_cap_revoke:
		return loses_itself(c);
	}
	return false;
}
