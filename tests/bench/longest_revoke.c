/* longest_revoke.c - the longest steps of taking back what others were given.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "longest.h"

#include <libexo/start.h>

#define LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)
#define FIRST       (EXO_SLOT_FREE + 8) /* slots from here on are ours */
#define ABOVE       FIRST
#define VICTIM      (FIRST + 1)
#define ACCOUNT     (FIRST + 2)
#define ALIEN       (FIRST + 3) /* frames of ACCOUNT */
#define PAGES       1500
#define VA          (LONGEST_VA + 64 * LARGE_BYTES)
#define RIGHTS      (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

static void derive(exo_cap_t from, exo_cap_t to)
{
	bench_want("cap_derive",
		   exo_cap_derive(from, EXO_SLOT_NONE, to, 0, xo_info->pfn_end, RIGHTS), 0);
}

/* Full tables, sparse tables, and none at all where others have some. */
static void map(exo_cap_t slot, exo_pfn_t pfn)
{
	bench_want("map",
		   xo_map_run(&bench_space, VA, pfn, PAGES, EXO_PROT_READ | EXO_PROT_WRITE, slot),
		   0);
	for (int i = 0; i < 20; i++)
		bench_want("map",
			   xo_map_run(&bench_space, VA + (8 + (uint64_t)i * 3) * LARGE_BYTES, pfn,
				      1, EXO_PROT_READ, slot),
			   0);
}

static void revoke(exo_pfn_t pfn)
{
	long r;

	derive(EXO_SLOT_MEMORY, ABOVE);
	derive(ABOVE, VICTIM);
	map(VICTIM, pfn);
	while ((r = TIMED("cap_revoke", exo_cap_revoke(ABOVE))) == 1)
		;
	bench_want("cap_revoke", r, 0);
	derive(ABOVE, VICTIM);
	map(VICTIM, pfn);
	while ((r = TIMED("cap_drop", exo_cap_drop(VICTIM))) == 1)
		;
	bench_want("cap_drop", r, 0);
	/* Many capabilities with nothing made under them, one below the other. */
	for (exo_cap_t slot = VICTIM, from = ABOVE; slot < EXO_CAP_SLOTS; from = slot++)
		derive((slot - VICTIM) % 8 ? from : ABOVE, slot);
	while ((r = TIMED("cap_revoke", exo_cap_revoke(ABOVE))) == 1)
		;
	bench_want("cap_revoke", r, 0);
	bench_want("cap_drop", exo_cap_drop(ABOVE), 0);
}

static void take(exo_pfn_t object, exo_pfn_t pfn)
{
	long r;

	r = TIMED("account_create", exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT,
						       ACCOUNT, xo_info->pfn_end, 0));
	bench_want("account_create", r, 0);
	r = TIMED("cap_charge",
		  exo_cap_charge(EXO_SLOT_MEMORY, ACCOUNT, ALIEN, 0, xo_info->pfn_end, RIGHTS));
	bench_want("cap_charge", r, 0);
	for (exo_pfn_t at = pfn; at < pfn + PAGES; at += (exo_pfn_t)r) {
		bench_want("frame_free", exo_frame_free(EXO_SLOT_MEMORY, at, 1), 0);
		r = TIMED("frame_alloc", exo_frame_alloc(ALIEN, at, 1));
		bench_want("frame_alloc", r, 1);
	}
	map(ALIEN, pfn);
	for (exo_pfn_t at = pfn; at < pfn + PAGES; at += EXO_TAKE_MAX) {
		uint64_t n = pfn + PAGES - at < EXO_TAKE_MAX ? pfn + PAGES - at : EXO_TAKE_MAX;

		while ((r = TIMED("frame_take", exo_frame_take(EXO_SLOT_MEMORY, at, n))) == 1)
			;
		bench_want("frame_take", r, 0);
	}
	/* What another account had is cleared. */
	bench_want("frame_free", exo_frame_free(EXO_SLOT_MEMORY, pfn, EXO_RUN_MAX), 0);
	r = TIMED("frame_alloc", exo_frame_alloc(ALIEN, pfn, EXO_RUN_MAX));
	bench_want("frame_alloc", r > 0, 1);
	TIMED("account_limit", exo_account_limit(ACCOUNT, 5));
	TIMED("account_destroy", exo_account_destroy(ACCOUNT));
}

void longest_revokes(void)
{
	exo_pfn_t pfn = bench_frames(PAGES);

	revoke(pfn);
	take(bench_frames(1), pfn);
}
