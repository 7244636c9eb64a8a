/* plan_ranges.c - all pairs of ranges: what a slot covers, and what is asked for under it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define FROM 17
#define POOL 11 /* four frames: one free, one taken, one free, one of another account */
#define RWA  (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

static void setup(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL + 4, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_account_create, EXO_SLOT_MEMORY, POOL + 4, EXO_SLOT_ACCOUNT,
	    20, OP_MAX, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_charge, EXO_SLOT_MEMORY, 20, 21, POOL, 4, RWA);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, 21, POOL + 3, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL + 1, 1, 0, 0, 0);
}

/* Numbers of which all pairs are tried: around the pool, around 0, and where 64 bits end. */
static const int numbers[] = {0,        1,        2,       3,        4,
			      5,        POOL - 1, POOL,    POOL + 1, POOL + 2,
			      POOL + 3, POOL + 4, OP_HALF, OP_MAX_1, OP_MAX};

#define NUMBERS (int)(sizeof(numbers) / sizeof(numbers[0]))

static void under(struct ops *ops, int slot, int dst, int first, int count)
{
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, slot, 0, dst, first, count, RWA);
	add(ops, HOME_FIRST, EXO_SYS_cap_charge, slot, 20, dst, first, count, RWA);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, slot, first, count, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_free, slot, first, count, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_take, slot, first, count, 0, 0, 0);
	if (count >= 1 && count <= 3)
		add_map(ops, HOME_FIRST, 0, EXO_MAP_PAGES, 1, 1, first, count, slot);
	if (count == 2)
		add(ops, HOME_FIRST, EXO_SYS_activation_bind, 0, 1, slot, first, 0, 0);
}

/* First one slot is derived in every way, then everything is tried under it. */
static void all_moves(const struct world *w, struct ops *ops)
{
	bool first = !w->env[HOME_FIRST].cap[FROM].kind;

	for (int i = 0; i < NUMBERS; i++)
		for (int n = 0; n < NUMBERS; n++) {
			if (first)
				add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 0, FROM,
				    numbers[i], numbers[n], RWA);
			else
				under(ops, FROM, FROM + 1, numbers[i], numbers[n]);
		}
	for (int at = 0; at < OP_BATCHES; at++)
		for (int n = 0; n < 4; n++)
			add(ops, HOME_FIRST, OP_MAP_AT, 0, at, n == 3 ? OP_MAX : n, 0, 0, 0);
}

const struct plan plan_ranges = {
	.name = "ranges",
	.what = "every slot over 4 frames, and every range asked for under it; where batches may "
		"lie",
	.shape = {.frames = POOL + 5,
		  .homes = 3,
		  .home = {BOOT_ACCOUNT, BOOT_ENV, POOL + 4},
		  .cpu = {NOBODY, 0, NOBODY},
		  .places = 4,
		  .place = {0x8000000000, 0x8000001000, 0x8000002000, 0x8000003000},
		  .tables = 3,
		  .table = {{0x8000000000, 3}, {0x8000000000, 2}, {0x8000000000, 1}}},
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 2,
	.setup = setup,
	.moves = all_moves,
};
