/* ledger.c - being asked for something, and giving it back.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/ledger.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <stddef.h>

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))

static struct xo_ledger *ledger(void)
{
	struct xo_ledger *l = (struct xo_ledger *)xo_start->ledger;

	return l && l->magic == XO_LEDGER_MAGIC && l->version == EXO_ABI_VERSION ? l : NULL;
}

bool xo_ledger_asked(struct xo_ledger_request *r)
{
	struct xo_ledger *l = ledger();

	if (!l)
		return false;
	r->number = __atomic_load_n(&l->asked, __ATOMIC_ACQUIRE);
	if (r->number == l->answered)
		return false;
	r->kind = READ_ONCE(l->kind);
	r->first = READ_ONCE(l->first);
	r->count = READ_ONCE(l->count);
	r->deadline = READ_ONCE(l->deadline);
	r->slice_ns = READ_ONCE(l->slice_ns);
	return r->first + r->count >= r->first;
}

void xo_ledger_answer(const struct xo_ledger_request *r)
{
	struct xo_ledger *l = ledger();

	if (!l)
		return;
	__atomic_store_n(&l->answered, r->number, __ATOMIC_RELEASE);
	if (xo_start->console_bits)
		exo_notify(EXO_SLOT_CONSOLE, 0, xo_start->console_bits);
}

void xo_ledger_slices(void)
{
	struct xo_ledger *l = ledger();
	uint32_t ns = l ? READ_ONCE(l->slice_ns) : 0;

	if (ns)
		xo_start->slice_ns = ns;
}

long xo_ledger_keep(exo_pfn_t first, uint64_t count)
{
	struct xo_ledger *l = ledger();

	if (!l || l->kept >= XO_LEDGER_KEPT)
		return -EXO_E_LIMIT;
	l->keep[l->kept] = (struct exo_extent){first, count};
	__atomic_store_n(&l->kept, l->kept + 1, __ATOMIC_RELEASE);
	return 0;
}

long xo_ledger_place(exo_pfn_t first, uint64_t count, exo_pfn_t to)
{
	struct xo_ledger *l = ledger();
	uint64_t i;

	if (!l)
		return -EXO_E_LIMIT;
	for (i = 0; i < l->places; i++)
		if (l->place[i].first == first || !l->place[i].count)
			break;
	if (i == XO_LEDGER_PLACES)
		return -EXO_E_LIMIT;
	l->place[i] = (struct xo_ledger_place){first, to ? count : 0, to};
	if (i == l->places)
		__atomic_store_n(&l->places, i + 1, __ATOMIC_RELEASE);
	return 0;
}

bool xo_ledger_find(exo_pfn_t pfn, exo_pfn_t *to)
{
	struct xo_ledger_record r;
	uint64_t seen = 0;

	while (xo_ledger_taken(&seen, &r)) {
		if (r.kind != XO_LEDGER_FRAMES || pfn - r.first >= r.count)
			continue;
		*to = r.to ? r.to + (pfn - r.first) : 0;
		return true;
	}
	return false;
}

bool xo_ledger_taken(uint64_t *seen, struct xo_ledger_record *record)
{
	struct xo_ledger *l = ledger();
	uint64_t records;

	if (!l)
		return false;
	records = __atomic_load_n(&l->records, __ATOMIC_ACQUIRE);
	if (records - *seen > XO_LEDGER_RECORDS)
		*seen = records - XO_LEDGER_RECORDS;
	if (*seen == records)
		return false;
	*record = l->record[(*seen)++ % XO_LEDGER_RECORDS];
	return true;
}

static long map_page(uint8_t kind, exo_va_t va, exo_pfn_t pfn, uint32_t prot, exo_cap_t cap)
{
	struct exo_map_op op = {
		.va = va, .pfn = pfn, .count = 1, .cap = cap, .kind = kind, .prot = (uint8_t)prot};

	return xo_map_one(EXO_SLOT_NONE, &op);
}

/* The page at va, which shows frame `from`, shows a copy of it in `to` from now on. */
static bool move_page(exo_va_t va, uint64_t entry, exo_pfn_t to, bool copy, exo_va_t scratch)
{
	uint32_t prot = EXO_PROT_READ | (entry & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
			(entry & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);
	exo_cap_t cap = EXO_PTE_SLOT(entry);

	if (copy) {
		if (map_page(EXO_MAP_PROTECT, va, 0, prot & ~(uint32_t)EXO_PROT_WRITE, cap) ||
		    map_page(EXO_MAP_PAGES, scratch, to, EXO_PROT_READ | EXO_PROT_WRITE, cap))
			return false;
		__builtin_memcpy((void *)scratch, (const void *)va, EXO_PAGE_SIZE);
		map_page(EXO_MAP_REMOVE, scratch, 0, EXO_PROT_READ, 0);
	}
	return !map_page(EXO_MAP_PAGES, va, to, prot, cap);
}

uint64_t xo_ledger_vacate(exo_pfn_t first, uint64_t count, const struct xo_vacate *how)
{
	exo_pfn_t to[XO_LEDGER_MOST] = {0};
	uint64_t entry, given = 0;

	if (count > XO_LEDGER_MOST)
		return 0;
	for (exo_va_t va = EXO_VA_MIN; (va = xo_next_mapped(va, &entry)); va += EXO_PAGE_SIZE) {
		uint64_t n = (entry & EXO_PTE_FRAME) / EXO_PAGE_SIZE - first;
		bool copy;

		if (n >= count || entry & EXO_PTE_LARGE || EXO_PTE_SLOT(entry) != how->memory)
			continue;
		copy = !to[n];
		if (copy && !(to[n] = how->spare(how->context)))
			break;
		if (move_page(va, entry, to[n], copy, how->scratch) && copy)
			how->moved(how->context, first + n, to[n]);
	}
	for (uint64_t n = 0; n < count; n++)
		given += exo_frame_free(how->memory, first + n, 1) == 0;
	return given;
}
