/* plan_caps.c - derive, grant, drop and revoke between three environments that map what they get.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define FROM 18 /* slots for what is derived */
#define TO   21
#define POOL 25 /* two frames */
#define A    2  /* homes */
#define B    3
#define RWD  (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_DERIVE)
#define WHAT (M_DERIVE | M_GRANT | M_DROP | M_REVOKE | M_MAP)

/* Slot 16 of each other: to give to; 17 of A and B: of the first, and not to give to. */
static void setup(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add_env(ops, A, 16, 11, 7);
	add_env(ops, B, 17, 18, 7);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, 17, 16, 16, 0, 0, EXO_RIGHT_GIVE);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, 16, 17, 16, 0, 0, EXO_RIGHT_GIVE);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_SELF, 16, 17, 0, 0,
	    EXO_RIGHT_NOTIFY | EXO_RIGHT_DERIVE);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL, 2, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 0, FROM, POOL, 2, RWD);
}

/* A tree of five, in three tables, two of them with a mapping. */
static void setup_revoke(struct ops *ops)
{
	setup(ops);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, FROM, 16, FROM, POOL, 2, RWD);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, FROM, 17, FROM, POOL, 1, RWD);
	add(ops, A, EXO_SYS_cap_derive, FROM, 0, FROM + 1, POOL + 1, 1, RWD);
	add(ops, A, EXO_SYS_cap_derive, FROM, 16, FROM + 1, POOL, 2, RWD);
	add(ops, B, EXO_SYS_cap_derive, FROM + 1, 0, FROM + 2, POOL, 2, RWD);
	add_map(ops, A, 0, EXO_MAP_PAGES, 3, 1, POOL + 1, 1, FROM + 1);
	add_map(ops, B, 0, EXO_MAP_PAGES, 3, 1, POOL, 1, FROM + 2);
	add_map(ops, B, 0, EXO_MAP_PAGES, 1, 2, POOL + 1, 1, FROM + 2);
	add_map(ops, B, 0, EXO_MAP_PAGES, 1, 3, POOL + 1, 1, FROM + 2);
}

#define SHAPE                                                                                      \
	{                                                                                          \
		.frames = POOL + 2, .homes = 4, .home = {BOOT_ACCOUNT, BOOT_ENV, 11, 18},          \
		.cpu = {NOBODY, 0, 1, 2}, .places = 4,                                             \
		.place = {0x8000000000, 0x8000001000, 0x8000002000, 0x8000003000}, .tables = 3,    \
		.table = {{0x8000000000, 3}, {0x8000000000, 2}, {0x8000000000, 1}},                \
	}

#define MENU(e, w, p, g)                                                                           \
	{                                                                                          \
		.env = e, .what = w, .from = FROM, .to = TO, .give = {16, g}, .pool = POOL,        \
		.frames = 2, .places = p                                                           \
	}

const struct plan plan_caps = {
	.name = "caps",
	.what = "3 environments derive, grant, drop, revoke and map 2 frames, 3 slots each",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 3,
	.probes = 2,
	.setup = setup,
	.menu = {MENU(HOME_FIRST, WHAT, 2, 17), MENU(A, WHAT, 2, 0), MENU(B, WHAT, 2, 17)},
};

const struct plan plan_revoke = {
	.name = "revoke",
	.what = "the same, from a tree of five with four mappings on: what is being taken back, "
		"used",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 4,
	.probes = 1,
	.setup = setup_revoke,
	.menu = {MENU(HOME_FIRST, M_REVOKE | M_DROP, 0, 0),
		 MENU(A, M_REVOKE | M_DROP | M_GRANT, 0, 0),
		 MENU(B, M_REVOKE | M_DROP | M_DERIVE | M_MAP, 4, 0)},
};
