/* model.c - frames and accounts.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model.h"

struct m_env m_env[M_ENVS];
struct m_account m_account[M_ACCOUNTS];
struct m_frame m_frame[M_FRAMES];
struct m_slice m_slice[EXO_SLICE_MAX];
exo_pfn_t m_pool, m_first_account;

struct m_frame *m_frame_of(exo_pfn_t pfn)
{
	return pfn >= m_pool && pfn - m_pool < M_FRAMES ? &m_frame[pfn - m_pool] : NULL;
}

struct m_account *m_account_of(exo_pfn_t object)
{
	for (int i = 0; i < M_ACCOUNTS; i++)
		if (object && m_account[i].object == object)
			return &m_account[i];
	return NULL;
}

int m_env_at(exo_pfn_t object)
{
	for (int i = 0; i < M_ENVS; i++)
		if (object && m_env[i].object == object)
			return i;
	return -1;
}

bool m_within(exo_pfn_t object, exo_pfn_t above)
{
	for (const struct m_account *a = m_account_of(object); a; a = m_account_of(a->parent))
		if (a->object == above)
			return true;
	return false;
}

void m_count(exo_pfn_t object, exo_pfn_t top, int64_t n)
{
	for (struct m_account *a = m_account_of(object); a && a->object != top;
	     a = m_account_of(a->parent))
		a->used += (uint64_t)n;
}

static bool is_plain(const struct m_frame *f)
{
	return f->type == EXO_FRAME_DATA && !f->maps && !f->wired && !f->going;
}

uint32_t m_may_become(const struct m_cap *cap, exo_pfn_t pfn)
{
	const struct m_frame *f = m_frame_of(pfn);

	if (!cap || !m_covers(cap, pfn, 1) || !f || f->type == EXO_FRAME_FREE ||
	    f->account != cap->account)
		return M_BIT(CAP);
	return is_plain(f) ? 0 : M_BIT(BUSY);
}

void m_become(exo_pfn_t pfn, enum exo_frame_type type)
{
	m_frame_of(pfn)->type = type;
}

void m_release(exo_pfn_t pfn)
{
	struct m_frame *f = m_frame_of(pfn);

	if (f->type == EXO_FRAME_ENV || f->type == EXO_FRAME_ACCOUNT)
		f->generation++;
	f->type = EXO_FRAME_DATA;
	f->maps = f->wired = 0;
	f->known = false;
}

static uint64_t room(exo_pfn_t object)
{
	uint64_t least = ~0ull;

	for (const struct m_account *a = m_account_of(object); a; a = m_account_of(a->parent)) {
		uint64_t here = a->limit > a->used ? a->limit - a->used : 0;

		if (here < least)
			least = here;
	}
	return least;
}

static bool must_be_cleared(const struct m_frame *f, const struct m_cap *cap)
{
	return f->account != cap->account && (f->account || cap->account != m_first_account);
}

/* How many frame_alloc takes. */
static uint64_t taken(const struct m_cap *cap, exo_pfn_t first, uint64_t count)
{
	uint64_t n, most = room(cap->account), clears = 0;

	for (n = 0; n < count && n < most; n++) {
		const struct m_frame *f = m_frame_of(first + n);

		if (!f || f->type != EXO_FRAME_FREE)
			break;
		if (must_be_cleared(f, cap) && ++clears > EXO_ZERO_MAX)
			break;
	}
	return n;
}

static void may_alloc(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t count = c->a[2] < EXO_RUN_MAX ? c->a[2] : EXO_RUN_MAX;

	if (!count)
		x->errors |= M_BIT(INVAL);
	if (!cap || (count && !m_covers(cap, c->a[1], count))) {
		x->errors |= M_BIT(CAP);
		return;
	}
	if (!room(cap->account))
		x->errors |= M_BIT(LIMIT);
	x->value = (long)taken(cap, c->a[1], count);
	if (!x->value)
		x->errors |= M_BIT(TAKEN);
	if (x->errors & M_BIT(INVAL))
		x->errors = M_BIT(INVAL);
}

static void do_alloc(const struct m_call *c, long n)
{
	const struct m_cap *cap = m_slot(c->self, (exo_cap_t)c->a[0]);

	m_count(cap->account, 0, n);
	for (exo_pfn_t pfn = c->a[1]; n--; pfn++) {
		struct m_frame *f = m_frame_of(pfn);

		if (must_be_cleared(f, cap)) {
			f->known = true;
			f->word = 0;
		}
		if (f->account)
			m_account_of(f->account)->left--;
		f->type = EXO_FRAME_DATA;
		f->account = cap->account;
	}
}

static void may_free(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);

	if (!c->a[2] || c->a[2] > EXO_RUN_MAX) {
		x->errors |= M_BIT(INVAL);
		return;
	}
	if (!cap || !m_covers(cap, c->a[1], c->a[2])) {
		x->errors |= M_BIT(CAP);
		return;
	}
	for (uint64_t i = 0; i < c->a[2]; i++)
		x->errors |= m_may_become(cap, c->a[1] + i);
}

static void do_free(const struct m_call *c)
{
	const struct m_cap *cap = m_slot(c->self, (exo_cap_t)c->a[0]);

	for (uint64_t i = 0; i < c->a[2]; i++)
		m_frame_of(c->a[1] + i)->type = EXO_FRAME_FREE;
	m_account_of(cap->account)->left += c->a[2];
	m_count(cap->account, 0, -(int64_t)c->a[2]);
}

/* Whose frames frame_take would take, and how many; the errors there are. */
static uint32_t may_take(const struct m_cap *cap, exo_pfn_t first, uint64_t count, exo_pfn_t *from,
			 uint64_t *n)
{
	uint32_t errors = 0;
	const struct m_account *below;

	for (exo_pfn_t pfn = first; pfn < first + count; pfn++) {
		const struct m_frame *f = m_frame_of(pfn);

		if (f->type <= EXO_FRAME_FREE || f->account == cap->account)
			continue;
		if (!m_within(f->account, cap->account))
			errors |= M_BIT(CAP);
		if (*from && *from != f->account)
			errors |= M_BIT(INVAL);
		if (f->type != EXO_FRAME_DATA || f->wired)
			errors |= M_BIT(BUSY);
		*from = f->account;
		++*n;
	}
	if (errors || !*n)
		return errors;
	for (below = m_account_of(*from); below->parent != cap->account;)
		below = m_account_of(below->parent);
	return below->used - *n < below->guaranteed ? M_BIT(LIMIT) : 0;
}

static void take(const struct m_call *c, struct m_expect *x, bool apply)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	exo_pfn_t from = 0;
	uint64_t n = 0;

	if (!c->a[2] || c->a[2] > EXO_TAKE_MAX) {
		x->errors |= M_BIT(INVAL);
		return;
	}
	if (!cap || !m_covers(cap, c->a[1], c->a[2])) {
		x->errors |= M_BIT(CAP);
		return;
	}
	x->errors |= may_take(cap, c->a[1], c->a[2], &from, &n);
	if (!apply || !n)
		return;
	for (exo_pfn_t pfn = c->a[1]; pfn < c->a[1] + c->a[2]; pfn++) {
		struct m_frame *f = m_frame_of(pfn);

		if (f->type != EXO_FRAME_DATA || f->account != from)
			continue;
		m_unmap_frames(pfn, 1);
		f->account = cap->account;
	}
	m_count(from, cap->account, -(int64_t)n);
}

static const struct m_cap *account_cap(int self, exo_cap_t slot, unsigned rights)
{
	return m_get(self, slot, EXO_CAP_ACCOUNT, rights);
}

static void may_create(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap =
		m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	const struct m_cap *above = account_cap(c->self, (exo_cap_t)c->a[2], EXO_RIGHT_CHARGE);
	const struct m_cap *dst = m_slot(c->self, (uint32_t)c->a[3]);

	if (!above || !cap || cap->account != above->first)
		x->errors |= M_BIT(CAP);
	if (!dst || c->a[5] > c->a[4])
		x->errors |= M_BIT(INVAL);
	if (dst && dst->kind)
		x->errors |= M_BIT(EXIST);
	x->errors |= m_may_become(cap, c->a[1]);
	if (above && m_account_of(above->first)->depth == EXO_ACCOUNT_DEPTH)
		x->errors |= M_BIT(LIMIT);
}

static void do_create(const struct m_call *c)
{
	const struct m_cap *above = m_slot(c->self, (exo_cap_t)c->a[2]);
	struct m_account *a = m_account;

	while (a->object)
		a++;
	m_become(c->a[1], EXO_FRAME_ACCOUNT);
	*a = (struct m_account){.object = c->a[1],
				.parent = above->first,
				.depth = m_account_of(above->first)->depth + 1,
				.limit = c->a[4],
				.guaranteed = c->a[5]};
	m_account_of(above->first)->children++;
	m_fill(m_slot(c->self, (uint32_t)c->a[3]), NULL,
	       (struct m_cap){.kind = EXO_CAP_ACCOUNT,
			      .rights = EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT | EXO_RIGHT_DERIVE,
			      .first = c->a[1],
			      .count = 1,
			      .generation = m_frame_of(c->a[1])->generation});
}

static void may_destroy(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap = account_cap(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_LIMIT);
	const struct m_account *a = cap ? m_account_of(cap->first) : NULL;

	if (!a || !a->parent)
		x->errors |= M_BIT(CAP);
	else if (a->used || a->children || a->left || m_frame_of(a->object)->maps)
		x->errors |= M_BIT(BUSY);
}

static void do_destroy(const struct m_call *c)
{
	struct m_account *a = m_account_of(m_slot(c->self, (exo_cap_t)c->a[0])->first);

	m_account_of(a->parent)->children--;
	m_release(a->object);
	a->object = 0;
}

static void may_limit(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap = account_cap(c->self, (exo_cap_t)c->a[0], EXO_RIGHT_LIMIT);

	if (!cap)
		x->errors |= M_BIT(CAP);
	else if (c->a[1] < m_account_of(cap->first)->guaranteed)
		x->errors |= M_BIT(INVAL);
}

static void may_copy(const struct m_call *c, struct m_expect *x)
{
	const struct m_cap *cap = m_get(c->self, (exo_cap_t)c->a[0], EXO_CAP_FRAMES,
					EXO_RIGHT_ALLOC | EXO_RIGHT_WRITE);
	const struct m_frame *f = m_frame_of(c->a[1]), *t = m_frame_of(c->a[2]);

	if (!cap || !f || !t || !m_covers(cap, c->a[1], 1) || !m_covers(cap, c->a[2], 1)) {
		x->errors |= M_BIT(CAP);
		return;
	}
	if (t->account != cap->account || t->type < EXO_FRAME_DATA)
		x->errors |= M_BIT(CAP);
	if (f->type < EXO_FRAME_TABLE1)
		x->errors |= M_BIT(INVAL);
	else if (!m_within(f->account, cap->account))
		x->errors |= M_BIT(CAP);
	if (t->type != EXO_FRAME_DATA || t->wired || t->going)
		x->errors |= M_BIT(BUSY);
}

bool m_may_frames(const struct m_call *c, struct m_expect *x)
{
	switch (c->nr) {
	case EXO_SYS_frame_alloc:
		may_alloc(c, x);
		return true;
	case EXO_SYS_frame_free:
		may_free(c, x);
		return true;
	case EXO_SYS_frame_take:
		take(c, x, false);
		return true;
	case EXO_SYS_account_create:
		may_create(c, x);
		return true;
	case EXO_SYS_account_limit:
		may_limit(c, x);
		return true;
	case EXO_SYS_account_destroy:
		may_destroy(c, x);
		return true;
	case EXO_SYS_object_copy:
		may_copy(c, x);
		return true;
	}
	return false;
}

bool m_do_frames(const struct m_call *c, long result)
{
	struct m_expect none;

	switch (c->nr) {
	case EXO_SYS_frame_alloc:
		do_alloc(c, result);
		return true;
	case EXO_SYS_frame_free:
		do_free(c);
		return true;
	case EXO_SYS_frame_take:
		take(c, &none, true);
		return true;
	case EXO_SYS_account_create:
		do_create(c);
		return true;
	case EXO_SYS_account_limit:
		m_account_of(m_slot(c->self, (exo_cap_t)c->a[0])->first)->limit = c->a[1];
		return true;
	case EXO_SYS_account_destroy:
		do_destroy(c);
		return true;
	case EXO_SYS_object_copy:
		m_frame_of(c->a[2])->known = false;
		return true;
	}
	return false;
}
