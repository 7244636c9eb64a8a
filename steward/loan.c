/* loan.c - what an image has above its guarantee is on loan: lent if there is any, and had back
 * when somebody else needs it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A loan is one extent under a capability of its own, without ALLOC, so its frames are never
 * kernel objects and all of it can be revoked at once.  All loans are of one account, with no
 * guarantee; between two images their frames are the steward's own, so nobody sees what was in
 * them.  Who has it is asked by the ledger first (libexo/ledger.h); past the deadline the
 * capability is revoked, contents go to the places that the image named, and the ledger says what
 * went.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <mini/mini.h>

#define ASK_NS     200000000ull /* to give it back by itself */
#define LEAST      16           /* frames that are worth lending */
#define STEP_PAGES 16           /* the kernel clears so many at a time */
#define RW         (EXO_PROT_READ | EXO_PROT_WRITE)

enum loan { LOAN_NONE = 0, LOAN_LENT, LOAN_ASKED, LOAN_CUT, LOAN_TAKEN, LOAN_STUCK };

static exo_va_t ledgers, scratch;

static bool take_extent(struct image *im)
{
	struct exo_extent e[BOOK_EXTENTS];

	for (uint64_t n = im->share.memory - im->share.guaranteed; n >= LEAST; n /= 2) {
		uint32_t extents = book_take(&book, n, e);

		if (extents == 1) {
			im->loan = e[0];
			return true;
		}
		while (extents)
			book_give(&book, &e[--extents]);
	}
	return false;
}

bool loan_lend(struct image *im)
{
	uint64_t left;
	long n;

	if (!im->loan_state) {
		if (load_awaits() || !take_extent(im))
			return false;
		im->lent = 0;
		im->loan_state = LOAN_LENT;
		if (exo_cap_charge(EXO_SLOT_MEMORY, SLOT_LOANS, SLOT_LOAN_OF(im), im->loan.first,
				   im->loan.count,
				   EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC |
					   EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)) {
			book_give(&book, &im->loan);
			im->loan.count = 0;
			im->loan_state = LOAN_NONE;
			return false;
		}
	}
	left = im->loan.count - im->lent;
	if (!left)
		return false;
	n = exo_frame_alloc(SLOT_LOAN_OF(im), im->loan.first + im->lent,
			    left < STEP_PAGES ? left : STEP_PAGES);
	im->lent +=
		n > 0 ? (uint64_t)n : left; /* one that cannot be had is found missing when used */
	return true;
}

void loan_show(struct image *im, exo_pfn_t pfn)
{
	exo_va_t va = ledgers + (exo_va_t)(im - images) * EXO_PAGE_SIZE;

	if (xo_map_run(&mini_space, va, pfn, 1, RW, SLOT_MEMORY_OF(im)))
		return;
	im->ledger = (struct xo_ledger *)va;
	xo_ledger_init(im->ledger);
	im->ledger->loan = im->loan;
	im->ledger->slice_ns = (uint32_t)im->slice_ns;
}

static void hide(struct image *im)
{
	if (im->ledger)
		mini_unmap((exo_va_t)im->ledger, 1);
	im->ledger = NULL;
}

static void begin_taking(struct image *im, struct xo_ledger *ledger)
{
	im->take = (struct xo_reclaim){.ledger = ledger,
				       .memory = EXO_SLOT_MEMORY,
				       .theirs = SLOT_MEMORY_OF(im),
				       .scratch = scratch,
				       .at = im->loan.first,
				       .end = im->loan.first + im->loan.count};
	im->loan_state = LOAN_TAKEN;
}

/* What is the steward's again is free for others. */
static void settle(struct image *im)
{
	struct exo_extent e = im->loan;

	drop(SLOT_LOAN_OF(im));
	for (uint64_t n; e.count; e.first += n, e.count -= n) {
		n = e.count < EXO_RUN_MAX ? e.count : EXO_RUN_MAX;
		exo_frame_free(EXO_SLOT_MEMORY, e.first, n);
	}
	book_give(&book, &im->loan);
	im->loan.count = 0;
	im->loan_state = LOAN_NONE;
	if (im->ledger)
		im->ledger->loan.count = 0;
}

/* One step of having it back by force; true while there is more to do. */
static bool cut(struct image *im, bool answered)
{
	if (im->loan_state != LOAN_TAKEN) {
		im->loan_state = LOAN_CUT;
		if (exo_cap_revoke(SLOT_LOAN_OF(im)) == 1)
			return true;
		begin_taking(im, answered ? NULL : im->ledger);
	}
	if (xo_reclaim_step(&im->take))
		return true;
	if (im->take.left)
		im->loan_state = LOAN_STUCK; /* an activation lies there: until it is taken apart */
	else
		settle(im);
	return false;
}

bool loan_end(struct image *im)
{
	bool more = im->loan_state && cut(im, true);

	if (more)
		return true;
	if (im->loan_state) {
		say("steward: %s: something of its loan cannot be had back", im->share.name);
		im->loan.count = 0;
		im->loan_state = LOAN_NONE;
	}
	hide(im);
	return false;
}

bool loan_is_asked(const struct image *im)
{
	return im->loan_state == LOAN_ASKED;
}

bool loan_ask(struct image *im)
{
	if (im->loan_state != LOAN_LENT || im->state != IMAGE_RUNS || !im->ledger)
		return false;
	im->loan_next = im->slice_want; /* it is asked for one thing at a time */
	if (im->loan_next)
		return true;
	im->deadline = xo_now() + ASK_NS;
	im->request = xo_ledger_ask(im->ledger, XO_LEDGER_FRAMES, im->loan.first, im->loan.count,
				    im->deadline);
	im->loan_state = LOAN_ASKED;
	im->answered = false;
	exo_notify(SLOT_ENV(im), 0, XO_EVENT_LEDGER);
	return true;
}

uint64_t loans_out(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].loan_state != LOAN_STUCK)
			sum += images[i].loan.count;
	return sum;
}

bool loan_ask_for(uint64_t frames)
{
	struct image *most = NULL;
	uint64_t sum = book_left(&book);

	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];

		if (im->loan_state > LOAN_LENT && im->loan_state != LOAN_STUCK)
			return true; /* something is on its way back */
		if (im->loan_state == LOAN_LENT && im->state == IMAGE_RUNS) {
			sum += im->loan.count;
			if (!most || im->loan.count > most->loan.count)
				most = im;
		}
	}
	return sum >= frames && most && loan_ask(most);
}

static bool back(struct image *im)
{
	uint64_t kib = im->loan.count * EXO_PAGE_SIZE / 1024;

	/* What it has no longer can be its end before all is taken: that comes after the reason. */
	if (im->loan_state == LOAN_ASKED && !im->answered)
		say("steward: %s: did not give back in time: %lu KiB taken", im->share.name, kib);
	if (cut(im, im->answered))
		return true;
	if (im->answered)
		say("steward: %s: has given back %lu KiB", im->share.name, kib);
	return false;
}

bool loans_round(exo_ns_t now, exo_ns_t *wake)
{
	bool more = false;

	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];

		if (im->loan_next && !im->slice_want) {
			im->loan_next = false;
			loan_ask(im);
		}
		if (im->loan_state < LOAN_ASKED || im->loan_state == LOAN_STUCK ||
		    im->state != IMAGE_RUNS)
			continue;
		if (im->loan_state == LOAN_ASKED) {
			im->answered = xo_ledger_answered(im->ledger, im->request);
			if (!im->answered && now < im->deadline) {
				wake_at(wake, im->deadline);
				continue;
			}
		}
		more |= back(im);
	}
	return more;
}

void loans_init(void)
{
	exo_pfn_t account = mini_frame();

	if (!exo_account_create(EXO_SLOT_MEMORY, account, EXO_SLOT_ACCOUNT, SLOT_LOANS, UINT64_MAX,
				0))
		roster_loans(account);
	ledgers = mini_va(IMAGES_MAX);
	scratch = mini_va(2);
	/* so that its table is there */
	if (!xo_map_run(&mini_space, scratch, mini_frame_at((exo_va_t)xo_start), 1, EXO_PROT_READ,
			EXO_SLOT_MEMORY))
		mini_unmap(scratch, 1);
}
