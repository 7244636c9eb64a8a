/* plan_maps.c - address spaces: pages, tables and large pages, changed by their owner and another.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define FROM 18
#define TO   20
#define POOL 18 /* four frames */
#define A    2
#define RWX  (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC)

/* Both have the pool, so each can make an object of what the other maps. */
static void setup(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add_env(ops, A, 16, 11, 7);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL, 3, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 0, FROM, POOL, 4,
	    RWX | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, FROM, 16, FROM, POOL, 4,
	    RWX | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE);
	add(ops, A, EXO_SYS_cap_derive, FROM, 0, FROM + 1, POOL, 3, EXO_RIGHT_READ);
}

static void setup_large(struct ops *ops)
{
	setup(ops);
	add(ops, A, EXO_SYS_cap_drop, FROM + 1, 0, 0, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 16, FROM + 1, EXO_LARGE_FRAMES,
	    EXO_LARGE_FRAMES, RWX | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE);
	/* all but the last frame: too little for a large page */
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 16, FROM + 2, EXO_LARGE_FRAMES,
	    EXO_LARGE_FRAMES - 1, RWX | EXO_RIGHT_DERIVE);
}

#define SHAPE(large_too)                                                                           \
	{                                                                                          \
		.frames = POOL + 4, .run = large_too, .wx = true, .homes = 3,                      \
		.home = {BOOT_ACCOUNT, BOOT_ENV, 11}, .cpu = {NOBODY, 0, 1},                       \
		.places = 4 + large_too,                                                           \
		.place = {0x8000000000, 0x8000001000, 0x8000002000, 0x8000200000, 0x8000200000},   \
		.large = {false, false, false, false, true}, .tables = 4,                          \
		.table = {{0x8000000000, 3},                                                       \
			  {0x8000000000, 2},                                                       \
			  {0x8000000000, 1},                                                       \
			  {0x8000200000, 1}},                                                      \
	}

const struct plan plan_maps = {
	.name = "maps",
	.what = "2 environments map, protect and remove 4 frames and tables in one's space",
	.shape = SHAPE(false),
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 4,
	.probes = 2,
	.setup = setup,
	.menu = {{.env = HOME_FIRST,
		  .what = M_MAP | M_TABLE | M_PROTECT | M_REVOKE | M_FREE | M_ALLOC,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL,
		  .frames = 4,
		  .map_env = 16,
		  .places = 10,
		  .tables = 8},
		 {.env = A,
		  .what = M_MAP | M_TABLE | M_PROTECT | M_DROP,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL,
		  .frames = 4,
		  .places = 14,
		  .tables = 8}},
};

const struct plan plan_large = {
	.name = "large",
	.what = "2 environments map a run of 512 frames by 2 MiB and by 4 KiB",
	.shape = SHAPE(true),
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 4,
	.probes = 1,
	.setup = setup_large,
	.menu = {{.env = A,
		  .what = M_MAP | M_DROP | M_PROTECT,
		  .from = FROM,
		  .to = TO + 1,
		  .pool = EXO_LARGE_FRAMES,
		  .frames = 2,
		  .places = 26},
		 {.env = A,
		  .what = M_MAP | M_TABLE,
		  .from = FROM,
		  .to = TO,
		  .pool = POOL,
		  .frames = 1,
		  .places = 2,
		  .tables = 8},
		 {.env = HOME_FIRST,
		  .what = M_REVOKE | M_MAP,
		  .from = FROM,
		  .to = TO,
		  .also = {EXO_SLOT_MEMORY},
		  .pool = EXO_LARGE_FRAMES,
		  .frames = 2,
		  .map_env = 16,
		  .places = 24}},
};
