/* reclaim.c - asking for something back, and taking it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/ledger.h>
#include <libexo/map.h>
#include <libexo/time.h>

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define RUN          16 /* frames of one step */

void xo_ledger_init(struct xo_ledger *l)
{
	__builtin_memset(l, 0, sizeof(*l));
	l->magic = XO_LEDGER_MAGIC;
	l->version = EXO_ABI_VERSION;
	l->bytes = sizeof(*l);
}

uint64_t xo_ledger_ask(struct xo_ledger *l, uint32_t kind, uint64_t first, uint64_t count,
		       exo_ns_t deadline)
{
	uint64_t number = READ_ONCE(l->asked) + 1;

	l->kind = kind;
	l->first = first;
	l->count = count;
	l->deadline = deadline;
	__atomic_store_n(&l->asked, number, __ATOMIC_RELEASE);
	return number;
}

bool xo_ledger_answered(const struct xo_ledger *l, uint64_t number)
{
	return __atomic_load_n(&l->answered, __ATOMIC_ACQUIRE) == number;
}

void xo_ledger_note(struct xo_ledger *l, const struct xo_ledger_record *record)
{
	uint64_t n = READ_ONCE(l->records);
	struct xo_ledger_record *last = &l->record[(n - 1) % XO_LEDGER_RECORDS];
	uint64_t count = READ_ONCE(last->count);

	if (n && last->kind == record->kind && last->first + count == record->first &&
	    (record->to ? last->to && last->to + count == record->to : !last->to)) {
		__atomic_store_n(&last->count, count + record->count, __ATOMIC_RELEASE);
		return;
	}
	l->record[n % XO_LEDGER_RECORDS] = *record;
	__atomic_store_n(&l->records, n + 1, __ATOMIC_RELEASE);
}

/* Is it one of the frames that they keep?  As many count as are guaranteed, the first ones. */
static bool is_kept(const struct xo_reclaim *r, exo_pfn_t pfn)
{
	uint64_t entries = r->ledger ? READ_ONCE(r->ledger->kept) : 0, room = r->guaranteed;

	for (uint64_t i = 0; i < entries && i < XO_LEDGER_KEPT && room; i++) {
		exo_pfn_t first = READ_ONCE(r->ledger->keep[i].first);
		uint64_t count = READ_ONCE(r->ledger->keep[i].count);

		if (count > room)
			count = room;
		if (pfn - first < count)
			return true;
		room -= count;
	}
	return false;
}

/* Where its contents go, or 0. */
static exo_pfn_t place_of(const struct xo_reclaim *r, exo_pfn_t pfn)
{
	uint64_t entries = r->ledger ? READ_ONCE(r->ledger->places) : 0;

	for (uint64_t i = 0; i < entries && i < XO_LEDGER_PLACES; i++) {
		exo_pfn_t first = READ_ONCE(r->ledger->place[i].first);
		exo_pfn_t to = READ_ONCE(r->ledger->place[i].to);

		if (pfn - first < READ_ONCE(r->ledger->place[i].count))
			return to ? to + (pfn - first) : 0;
	}
	return 0;
}

static long map_page(uint8_t kind, exo_va_t va, exo_pfn_t pfn, uint8_t prot, exo_cap_t cap)
{
	struct exo_map_op op = {
		.va = va, .pfn = pfn, .count = 1, .cap = cap, .kind = kind, .prot = prot};

	return xo_map_one(EXO_SLOT_NONE, &op);
}

/* It is the caller's by now, so nobody changes it.  Its place is checked by mapping it under what
 * names the frames of their account alone. */
static bool copy_to_place(const struct xo_reclaim *r, exo_pfn_t pfn, exo_pfn_t to)
{
	exo_va_t from_va = r->scratch, to_va = r->scratch + EXO_PAGE_SIZE;

	if (!to || map_page(EXO_MAP_PAGES, to_va, to, EXO_PROT_READ | EXO_PROT_WRITE, r->theirs))
		return false;
	if (map_page(EXO_MAP_PAGES, from_va, pfn, EXO_PROT_READ, r->memory)) {
		map_page(EXO_MAP_REMOVE, to_va, 0, EXO_PROT_READ, 0);
		return false;
	}
	__builtin_memcpy((void *)to_va, (const void *)from_va, EXO_PAGE_SIZE);
	map_page(EXO_MAP_REMOVE, from_va, 0, EXO_PROT_READ, 0);
	map_page(EXO_MAP_REMOVE, to_va, 0, EXO_PROT_READ, 0);
	return true;
}

static void took(struct xo_reclaim *r, exo_pfn_t pfn)
{
	struct xo_ledger_record record = {
		.first = pfn, .count = 1, .when = xo_now(), .kind = XO_LEDGER_FRAMES};
	exo_pfn_t to = place_of(r, pfn);

	if (copy_to_place(r, pfn, to))
		record.to = to;
	if (r->ledger)
		xo_ledger_note(r->ledger, &record);
}

/* One frame.  Returns -1 while taking it needs further steps, else whether it is the caller's now.
 */
static int take(struct xo_reclaim *r, exo_pfn_t pfn)
{
	long n;

	if (is_kept(r, pfn))
		return 0;
	n = exo_frame_alloc(r->memory, pfn, 1);
	if (n != -EXO_E_TAKEN)
		return n == 1; /* it was free */
	n = exo_frame_take(r->memory, pfn, 1);
	if (n > 0)
		return -1;
	if (n < 0)
		return 0;
	took(r, pfn);
	return 1;
}

bool xo_reclaim_step(struct xo_reclaim *r)
{
	for (int i = 0; i < RUN && r->at < r->end; i++) {
		int n = take(r, r->at);

		if (n < 0)
			return true;
		r->got += (uint64_t)n;
		r->left += !n;
		r->at++;
	}
	return r->at < r->end;
}
