/* end.c - take an image apart: everything that was made in its account, wherever it is.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Without slices nothing of it runs any more, so what the frame table says of its frames only
 * changes by what we do.  Passes over them, a page of the table at a time: first the environments,
 * then what accounts below its own have, then those accounts (whoever has others below waits for
 * the next pass), then what is left.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/info.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <mini/mini.h>

#define SEEN   (EXO_PAGE_SIZE / sizeof(struct exo_frame_state))
#define PASSES (EXO_ACCOUNT_DEPTH + 1)

enum phase {
	PHASE_ENVIRONMENTS = 0,
	PHASE_LOAN,
	PHASE_BELOW,
	PHASE_ACCOUNTS,
	PHASE_OWN,
	PHASE_CLEAR,
	PHASE_ACCOUNT,
};

/* Look at `n` frames from pfn on; returns how many of them are done with, 0: look again. */
typedef uint64_t visit_fn(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
			  uint64_t n);

static uint32_t own_account; /* the steward's */

/* A copy of what the frame table says of n frames from pfn on. */
static const struct exo_frame_state *look(exo_pfn_t pfn, uint64_t n)
{
	static struct exo_frame_state seen[SEEN];
	const struct exo_frame_state *page =
		window_open(EXO_SLOT_INFO, xo_info->frame_table + pfn / SEEN, 1, EXO_PROT_READ);

	if (!page)
		return NULL;
	memcpy(seen, page + pfn % SEEN, n * sizeof(*page));
	window_close(1);
	return seen;
}

/* How many of them are like the first. */
static uint64_t alike(const struct exo_frame_state *f, uint64_t n)
{
	uint64_t i = 1;

	while (i < n && f[i].account == f->account && f[i].type == f->type &&
	       f[i].going == f->going)
		i++;
	return i;
}

static uint64_t find(const struct exo_frame_state *f, uint64_t n, enum exo_frame_type type)
{
	uint64_t i = 0;

	while (i < n && f[i].type != type)
		i++;
	return i;
}

static uint64_t visit_environments(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
				   uint64_t n)
{
	uint64_t i = find(f, n, EXO_FRAME_ENV);
	long r;

	if (i || exo_account_open(SLOT_ACCOUNT_OF(im), pfn, SLOT_WORK))
		return i + !i;
	if (!exo_env_status(SLOT_WORK))
		exo_env_stop(SLOT_WORK, 0);
	r = exo_env_destroy(SLOT_WORK);
	drop(SLOT_WORK);
	return r != 1;
}

/* Somebody of the image began to take it from an account below and left it so.  Taking it ends
 * that: it is ours then, or its owner's as before if that is the guarantee. */
static uint64_t end_taking(exo_pfn_t pfn)
{
	long r = exo_frame_take(EXO_SLOT_MEMORY, pfn, 1);

	if (r == 0)
		exo_frame_free(EXO_SLOT_MEMORY, pfn, 1);
	return r != 1 && r != -EXO_E_LIMIT;
}

static bool is_below(const struct image *im, const struct exo_frame_state *f)
{
	return f->account && f->account != im->account && f->account != own_account;
}

/* Frames of accounts below: given back for them, then taken for the image's own, which clears
 * them, and so they are forgotten. */
static uint64_t visit_below(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
			    uint64_t n)
{
	uint64_t run = alike(f, n);
	long r;

	if (f->going)
		return end_taking(pfn);
	if (!is_below(im, f) || (f->type != EXO_FRAME_DATA && f->type != EXO_FRAME_FREE))
		return run;
	if (f->type == EXO_FRAME_FREE) {
		r = exo_frame_alloc(SLOT_MEMORY_OF(im), pfn, run);
		return r > 0 ? (uint64_t)r : run;
	}
	if (exo_account_open(SLOT_ACCOUNT_OF(im), f->account, SLOT_WORK))
		return run;
	r = exo_cap_charge(EXO_SLOT_MEMORY, SLOT_WORK, SLOT_WORK2, pfn, run, EXO_RIGHT_ALLOC);
	if (!r) {
		r = exo_frame_free(SLOT_WORK2, pfn, run);
		drop(SLOT_WORK2);
	}
	drop(SLOT_WORK);
	return r ? run : 0;
}

static uint64_t visit_accounts(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
			       uint64_t n)
{
	uint64_t i = find(f, n, EXO_FRAME_ACCOUNT);

	if (i || exo_account_open(SLOT_ACCOUNT_OF(im), pfn, SLOT_WORK))
		return i + !i;
	im->found = true;
	exo_account_destroy(SLOT_WORK);
	drop(SLOT_WORK);
	return 1;
}

static uint64_t visit_own(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
			  uint64_t n)
{
	uint64_t run = alike(f, n);

	if (f->account == im->account && f->type == EXO_FRAME_DATA)
		exo_frame_free(SLOT_MEMORY_OF(im), pfn, run);
	return run;
}

/* What the kernel remembers of the account in free frames goes when another one has had them. */
static uint64_t visit_free(struct image *im, exo_pfn_t pfn, const struct exo_frame_state *f,
			   uint64_t n)
{
	uint64_t run = alike(f, n);
	long r;

	if (f->account != im->account || f->type != EXO_FRAME_FREE)
		return run;
	r = exo_frame_alloc(EXO_SLOT_MEMORY, pfn, run);
	if (r <= 0)
		return run;
	exo_frame_free(EXO_SLOT_MEMORY, pfn, (uint64_t)r);
	return (uint64_t)r;
}

/* One step of a pass; true when it is over. */
static bool pass(struct image *im, visit_fn *visit)
{
	const struct exo_extent *e = &im->extent[im->extent_at];
	const struct exo_frame_state *f;
	exo_pfn_t pfn;
	uint64_t n;

	if (im->extent_at == im->extents) {
		im->extent_at = 0;
		return true;
	}
	if (im->frame_at == e->count) {
		im->extent_at++;
		im->frame_at = 0;
		return false;
	}
	pfn = e->first + im->frame_at;
	n = SEEN - pfn % SEEN;
	if (n > e->count - im->frame_at)
		n = e->count - im->frame_at;
	f = look(pfn, n);
	im->frame_at += f ? visit(im, pfn, f, n) : n;
	return false;
}

bool cut_step(struct image *im)
{
	if (im->has_env && !exo_env_status(SLOT_ENV(im)))
		exo_env_stop(SLOT_ENV(im), 0);
	if (slices_cut(im) || console_drain(im) || !console_hide(im))
		return true;
	asks_forget(im);
	end_begin(im);
	return false;
}

void give_extents(struct image *im)
{
	for (uint32_t i = 0; i < im->extents; i++)
		book_give(&book, &im->extent[i]);
	im->extents = 0;
}

static void finish(struct image *im)
{
	if (exo_account_destroy(SLOT_ACCOUNT_OF(im)) == 0) {
		mini_frames_give(im->account, 1);
		give_extents(im);
	} else {
		say("steward: %s: something of its memory cannot be had back", im->share.name);
	}
	drop(SLOT_MEMORY_OF(im));
	drop(SLOT_ACCOUNT_OF(im));
	im->account = 0;
	roster_tell(im);
}

void end_init(void)
{
	const struct exo_frame_state *f = look(mini_frame_at((exo_va_t)xo_start), 1);

	own_account = f ? f->account : 0;
}

void end_begin(struct image *im)
{
	im->phase = PHASE_ENVIRONMENTS;
	im->extent_at = im->passes = 0;
	im->frame_at = 0;
	im->found = false;
}

static bool step(struct image *im, bool keep)
{
	if (!im->account)
		return false;
	switch (im->phase) {
	case PHASE_ENVIRONMENTS:
		if (!pass(im, visit_environments))
			return true;
		if (im->has_env)
			drop(SLOT_ENV(im));
		im->has_env = false;
		break;
	case PHASE_LOAN:
		if (loan_end(im))
			return true;
		break;
	case PHASE_BELOW:
		if (!pass(im, visit_below))
			return true;
		break;
	case PHASE_ACCOUNTS:
		if (!pass(im, visit_accounts))
			return true;
		if (im->found && ++im->passes < PASSES) {
			im->found = false;
			im->phase = PHASE_BELOW;
			return true;
		}
		break;
	case PHASE_OWN:
		if (!pass(im, visit_own))
			return true;
		memset(im->used, 0, sizeof(im->used));
		if (keep)
			return false;
		break;
	case PHASE_CLEAR:
		if (!pass(im, visit_free))
			return true;
		break;
	default:
		finish(im);
		return false;
	}
	im->phase++;
	return true;
}

bool end_step(struct image *im, bool keep)
{
	if (step(im, keep))
		return true;
	slices_give(im);
	return false;
}
