/* plan_accounts.c - accounts that nest: made, limited, charged, taken from, destroyed.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define FROM 17
#define TO   23
#define POOL 18 /* four frames; some of them may become accounts */
#define A    2
#define RWA  (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

#define SHAPE                                                                                      \
	{                                                                                          \
		.frames = POOL + 5, .homes = 6,                                                    \
		.home = {BOOT_ACCOUNT, BOOT_ENV, 11, POOL, POOL + 1, POOL + 2},                    \
		.cpu = {NOBODY, 0, 1, NOBODY, NOBODY, NOBODY}, .places = 3,                        \
		.place = {0x8000000000, 0x8000001000, 0x8000002000}, .tables = 3,                  \
		.table = {{0x8000000000, 3}, {0x8000000000, 2}, {0x8000000000, 1}},                \
	}

/* The first has one slot of frames, and room for what it makes of them. */
static void setup(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add_env(ops, A, 16, 11, 7);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 0, FROM, POOL, 5, RWA);
}

/* An account, and an account below it to which two frames are charged, one of them mapped by the
 * other environment. */
static void setup_nested(struct ops *ops)
{
	setup(ops);
	add(ops, HOME_FIRST, EXO_SYS_account_create, FROM, POOL, EXO_SLOT_ACCOUNT, FROM + 1, 4, 2);
	add(ops, HOME_FIRST, EXO_SYS_cap_charge, FROM, FROM + 1, FROM + 2, POOL + 1, 4, RWA);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, FROM + 2, POOL + 1, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_account_create, FROM + 2, POOL + 1, FROM + 1, FROM + 3, 3, 1);
	add(ops, HOME_FIRST, EXO_SYS_cap_charge, FROM + 2, FROM + 3, FROM + 4, POOL + 1, 4, RWA);
	for (int i = 2; i < 4; i++)
		add(ops, HOME_FIRST, EXO_SYS_frame_alloc, FROM + 4, POOL + i, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, FROM + 4, 16, FROM, POOL + 2, 3, RWA);
	add_map(ops, A, 0, EXO_MAP_PAGES, 3, 1, POOL + 2, 1, FROM);
}

/* An account that is gone, whose slots are left, and another in its frame, which is remembered by a
 * free frame. */
static void setup_gone(struct ops *ops)
{
	setup(ops);
	for (int i = 0; i < 2; i++) {
		int slot = FROM + 1 + 2 * i;

		add(ops, HOME_FIRST, EXO_SYS_account_create, FROM, POOL, EXO_SLOT_ACCOUNT, slot, 4,
		    0);
		add(ops, HOME_FIRST, EXO_SYS_cap_charge, FROM, slot, slot + 1, POOL + 1, 4, RWA);
		if (!i)
			add(ops, HOME_FIRST, EXO_SYS_account_destroy, slot, 0, 0, 0, 0, 0);
	}
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, FROM + 4, POOL + 3, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_free, FROM + 4, POOL + 3, 1, 0, 0, 0);
}

const struct plan plan_accounts = {
	.name = "accounts",
	.what = "2 environments make, charge, limit, open and destroy 3 accounts of 5 frames",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 3,
	.probes = 2,
	.setup = setup,
	.menu = {{.env = HOME_FIRST,
		  .what = M_ALLOC | M_FREE | M_CHARGE | M_ACCOUNT | M_LIMIT | M_OPEN | M_DROP |
			  M_REVOKE | M_GRANT,
		  .from = FROM,
		  .to = TO,
		  .also = {EXO_SLOT_ACCOUNT},
		  .give = {16},
		  .pool = POOL,
		  .frames = 5},
		 {.env = A,
		  .what = M_ALLOC | M_FREE | M_MAP | M_CHARGE | M_ACCOUNT,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL,
		  .frames = 5,
		  .places = 2}},
};

const struct plan plan_seize = {
	.name = "seize",
	.what = "accounts 2 deep: frames taken by force from above while they are mapped, freed, "
		"used",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 3,
	.probes = 1,
	.setup = setup_nested,
	.menu = {{.env = HOME_FIRST,
		  .what = M_TAKE | M_LIMIT | M_ACCOUNT | M_FREE | M_ALLOC | M_COPY,
		  .home = POOL + 1,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL + 2,
		  .frames = 3},
		 {.env = A,
		  .what = M_ALLOC | M_FREE | M_MAP | M_TAKE | M_DROP,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL + 2,
		  .frames = 3,
		  .places = 6}},
};

const struct plan plan_gone = {
	.name = "gone",
	.what = "names of an account that is gone, and a new one in its frame",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 3,
	.probes = 2,
	.setup = setup_gone,
	.menu = {{.env = HOME_FIRST,
		  .what = M_ALLOC | M_FREE | M_ACCOUNT | M_CHARGE | M_OPEN | M_LIMIT | M_DROP,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL + 1,
		  .frames = 3}},
};
