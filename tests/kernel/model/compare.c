/* compare.c - the kernel's tables beside the model.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model.h"

#include <core/cap.h>
#include <ktest.h>

#define BITS (EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_NOEXEC | EXO_PTE_FRAME)

static void *page; /* of a copy */
static exo_pfn_t copy;

static void *object(exo_pfn_t pfn)
{
	if (!page) {
		copy = kt_frame();
		page = (void *)kt_va(1);
		KT_EQ(kt_map((exo_va_t)page, copy, 1, KT_RW), 0);
	}
	return KT_EQ(exo_object_copy(EXO_SLOT_MEMORY, pfn, copy), 0) ? page : NULL;
}

/* What `maps` says of a frame that is an object. */
static long maps_of(exo_pfn_t pfn, const struct m_frame *f)
{
	exo_va_t va;
	exo_pfn_t t;

	if (f->type < EXO_FRAME_TABLE1 || f->type >= EXO_FRAME_CAPS)
		return f->maps;
	for (int e = 0; e < M_ENVS; e++) {
		if (m_env[e].object && m_env[e].root == pfn) {
			long n = 0;

			for (int i = 0; m_table_at(e, 3, i, &va, &t); i++)
				n += t != 0;
			return m_env[e].silent ? -1 : n;
		}
		for (int level = 1; m_env[e].object && level < 4; level++)
			for (int i = 0; m_table_at(e, level, i, &va, &t); i++)
				if (t == pfn)
					return (long)m_in_use(e, va, level);
	}
	return -1;
}

static bool frame_is(exo_pfn_t pfn)
{
	const volatile struct exo_frame_state *k = kt_state(pfn);
	const struct m_frame *f = m_frame_of(pfn);
	long maps = maps_of(pfn, f);
	bool ok = k->type == f->type && k->account == f->account && k->wired == f->wired &&
		  k->going == f->going && k->generation == f->generation &&
		  (maps < 0 || k->maps == maps);

	if (!ok)
		kt_printf("# frame %lx: type %u, %u; account %x, %lx; wired %u, %u; going %u, %u; "
			  "generation %u, %u; maps %u, %ld\n",
			  pfn, k->type, f->type, k->account, f->account, k->wired, f->wired,
			  k->going, f->going, k->generation, f->generation, k->maps, maps);
	return ok;
}

static bool account_is(const struct m_account *a)
{
	const struct exo_account *k;
	bool ok;

	if (!a->parent) /* of the first one others have, too */
		return true;
	k = object(a->object);
	ok = k && k->parent == a->parent && k->depth == a->depth && k->used == a->used &&
	     k->limit == a->limit && k->guaranteed == a->guaranteed && k->left == a->left &&
	     k->children == a->children;
	if (!ok && k)
		kt_printf("# account %lx: used %lu, %lu; left %lu, %lu; children %lu, %lu\n",
			  a->object, k->used, a->used, k->left, a->left, k->children, a->children);
	return ok;
}

/* Where a slot of the model is in the kernel's; 0: nowhere. */
static uint64_t ref_of(const struct m_cap *c)
{
	exo_cap_t n;

	if (!c)
		return 0;
	n = m_number(c);
	return m_env[c->env].page[n / EXO_CAP_SLOTS] * EXO_CAP_SLOTS + n % EXO_CAP_SLOTS;
}

/* Is the kernel's parent one of the pool's slots?  Others have parents that are the kit's. */
static bool parent_is(uint64_t ref, const struct m_cap *c)
{
	if (c)
		return ref == ref_of(c);
	for (int i = 1; i < M_PAGES; i++)
		if (ref / EXO_CAP_SLOTS == m_env[0].page[i])
			return false;
	return !ref || !m_frame_of(ref / EXO_CAP_SLOTS);
}

static bool cap_is(const struct cap *k, const struct m_cap *c)
{
	bool ok = k->kind == c->kind && k->rights == c->rights;

	if (ok && c->kind)
		ok = k->depth == c->depth && k->generation == c->generation &&
		     k->first == c->first && k->count == c->count &&
		     parent_is(k->parent, c->parent) && !!(k->flags & CAP_USED) >= c->used &&
		     !(k->flags & ~CAP_USED);
	if (ok && c->kind == EXO_CAP_FRAMES)
		ok = k->account == c->account;
	if (!ok)
		kt_printf("# environment %u, slot %u: kind %u, %u; rights %x, %x; first %lx, %lx; "
			  "count %lx, %lx; depth %u, %u; parent %lx, %lx; flags %x\n",
			  c->env, m_number(c), k->kind, c->kind, k->rights, c->rights, k->first,
			  c->first, k->count, c->count, k->depth, c->depth, k->parent,
			  ref_of(c->parent), k->flags);
	return ok;
}

static bool caps_are(int e)
{
	bool ok = true;

	for (uint32_t p = 0; p < m_env[e].pages; p++) {
		const struct cap *k;

		if (!m_env[e].page[p])
			continue; /* the kit's */
		k = object(m_env[e].page[p]);
		for (uint32_t i = 0; k && i < EXO_CAP_SLOTS; i++)
			ok &= cap_is(&k[i], &m_env[e].cap[p * EXO_CAP_SLOTS + i]);
		ok &= k != NULL;
	}
	return ok;
}

static uint64_t entry_of(const struct m_leaf *l)
{
	if (!l || !l->pfn)
		return 0;
	return l->pfn * EXO_PAGE_SIZE | EXO_PTE_PRESENT |
	       (l->prot & EXO_PROT_WRITE ? EXO_PTE_WRITE : 0) |
	       (l->prot & EXO_PROT_EXEC ? 0 : EXO_PTE_NOEXEC);
}

static bool tables_are(int e)
{
	exo_va_t va;
	exo_pfn_t t;
	bool ok = true;

	for (int n = 0; m_table_at(e, 1, n, &va, &t); n++) {
		const uint64_t *k = t ? object(t) : NULL;

		for (uint64_t i = 0; k && i < 512; i++) {
			exo_va_t at = va + i * EXO_PAGE_SIZE;
			const struct m_leaf *l = m_leaf_at(e, at);
			bool same = (k[i] & BITS) == entry_of(l) &&
				    (!k[i] || EXO_PTE_SLOT(k[i]) == l->slot);

			if (!same)
				kt_printf("# environment %d, %lx: entry %lx, not %lx of slot %u\n",
					  e, at, k[i], entry_of(l), l ? l->slot : 0);
			ok &= same;
		}
		ok &= !t || k;
	}
	return ok;
}

bool m_compare(void)
{
	bool ok = true;

	for (exo_pfn_t pfn = m_pool; pfn < m_pool + M_FRAMES; pfn++)
		ok &= frame_is(pfn);
	for (int i = 0; i < M_ACCOUNTS; i++)
		ok &= !m_account[i].object || account_is(&m_account[i]);
	for (int e = 0; e < M_ENVS; e++)
		ok &= !m_env[e].object || (caps_are(e) && tables_are(e));
	return KT_OK(ok);
}
