/* borrower.c - uses its memory on loan until it is asked for it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Arguments: `give`: moves what it needs elsewhere and answers; `places`: names places for half of
 * it and does not answer; `ignore`: neither.
 */
#include <exo/cap.h>
#include <libexo/ledger.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <mini/mini.h>

#define USED  8 /* pages it works with */
#define WORDS (EXO_PAGE_SIZE / sizeof(uint64_t))

static uint64_t *pages;
static volatile unsigned faults;
static exo_pfn_t own[USED];

static uint64_t word(unsigned page, unsigned at)
{
	return page * 1000003 + at;
}

static unsigned wrong(unsigned page)
{
	unsigned n = 0;

	for (unsigned i = 0; i < WORDS; i++)
		n += pages[page * WORDS + i] != word(page, i);
	return n;
}

static bool map(unsigned page, exo_pfn_t pfn, exo_cap_t cap)
{
	return !xo_map_run(&mini_space, (exo_va_t)&pages[page * WORDS], pfn, 1,
			   EXO_PROT_READ | EXO_PROT_WRITE, cap);
}

static exo_pfn_t lent;

/* What is gone is in its place, or nowhere. */
static bool refind(struct exo_frame *frame, uint64_t addr)
{
	unsigned page = (unsigned)((addr - (exo_va_t)pages) / EXO_PAGE_SIZE);
	exo_pfn_t to;

	(void)frame;
	if (page >= USED)
		return false;
	faults++;
	while (!xo_ledger_find(lent + page, &to))
		; /* revoked, and not noted yet */
	return map(page, to ? to : own[page], EXO_SLOT_MEMORY);
}

static void give(const struct xo_ledger *l)
{
	struct xo_ledger_request r;

	while (!xo_ledger_asked(&r))
		mini_wait(XO_EVENT_LEDGER, mini_now() + 1000 * MINI_NS_PER_MS);
	mini_printf("asked for %lu frames of %lu\n", r.count, l->loan.count);
	for (unsigned i = 0; i < USED; i++) {
		uint64_t *copy = mini_alloc(1);

		memcpy(copy, &pages[i * WORDS], EXO_PAGE_SIZE);
		map(i, mini_frame_at((exo_va_t)copy), EXO_SLOT_MEMORY);
	}
	xo_ledger_answer(&r);
}

int main(int argc, char **argv)
{
	const struct xo_ledger *l = (const struct xo_ledger *)xo_start->ledger;
	const char *how = argc > 1 ? argv[1] : "";
	struct xo_answer answer;
	unsigned bad = 0, lost = 0;

	if (!l || l->loan.count < USED) {
		mini_printf("no loan\n");
		return 2;
	}
	mini_printf("loan\n");
	lent = l->loan.first;
	pages = (uint64_t *)mini_va(USED);
	mini_on_fault(refind);
	for (unsigned i = 0; i < USED; i++) {
		own[i] = mini_frame();
		map(i, lent + i, EXO_SLOT_LOAN);
		for (unsigned w = 0; w < WORDS; w++)
			pages[i * WORDS + w] = word(i, w);
		if (*how == 'p' && i % 2)
			xo_ledger_place(lent + i, 1, own[i]);
	}
	if (xo_ask_start("late", &answer)) /* there is no room for it */
		return 3;
	if (*how == 'g')
		give(l);
	while (l->loan.count) { /* works on */
		for (unsigned i = 0; i < USED; i++)
			if (*how != 'i' && (*how == 'g' || i % 2))
				bad += wrong(i);
		mini_sleep(MINI_NS_PER_MS);
	}
	for (unsigned i = 0; i < USED; i++)
		lost += !!wrong(i);
	mini_printf("%u wrong, %u pages lost, %s\n", bad, lost, faults ? "faults" : "no faults");
	return 0;
}
