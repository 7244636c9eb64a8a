/* plan_envs.c - environments made, given things, stopped and taken apart while others go on.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "moves.h"

#define FROM 16
#define TO   20
#define A    2 /* made by the first, with an address space, at frames 11 .. 17 */
#define B    3 /* made by A, of nothing but the frames POOL .. POOL + 2 */
#define POOL 18
#define ACTS 21 /* two frames for an activation, one for tables or slots */
#define RW   (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
#define RWA  (RW | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

#define SHAPE                                                                                      \
	{                                                                                          \
		.frames = ACTS + 3, .wx = true, .homes = 4,                                        \
		.home = {BOOT_ACCOUNT, BOOT_ENV, 11, POOL}, .cpu = {NOBODY, 0, 1, 2}, .places = 2, \
		.place = {0x8000000000, 0x8000001000}, .tables = 3,                                \
		.table = {{0x8000000000, 3}, {0x8000000000, 2}, {0x8000000000, 1}},                \
	}

static void begin(struct ops *ops)
{
	add(ops, HOME_FIRST, OP_RUN, 0, 0, 0, 0, 0, 0);
	add_env(ops, A, 16, 11, 7);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, POOL, 3, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, ACTS, 3, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, 0, 17, POOL, 6, RWA);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, 17, 16, 16, POOL, 6, RWA);
}

static void setup(struct ops *ops)
{
	begin(ops);
	add(ops, A, EXO_SYS_env_create, 16, POOL, POOL + 1, POOL + 2, 17, 4);
	add(ops, B, OP_RUN, 0, 0, 0, 0, 0, 0);
	add(ops, A, EXO_SYS_cap_derive, 16, 17, 16, ACTS, 3, RWA);
	add_map(ops, A, 0, EXO_MAP_PAGES, 3, 1, ACTS, 1, 16);
	add(ops, HOME_FIRST, EXO_SYS_activation_bind, 16, 0, 16, ACTS + 1, 5, 0);
}

/* An environment was here before, is gone, and names of it are left; another is in its place. */
static void setup_stale(struct ops *ops)
{
	begin(ops);
	add(ops, HOME_FIRST, EXO_SYS_env_create, 17, POOL, POOL + 1, POOL + 2, 18, 4);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, 18, 16, 17, 0, 0, 0xff & ~0x40);
	add(ops, HOME_FIRST, EXO_SYS_env_stop, 18, 3, 0, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_env_destroy, 18, 0, 0, 0, 0, 0);
	add(ops, A, EXO_SYS_env_create, 16, POOL, POOL + 1, POOL + 2, 18, 4);
	add(ops, B, OP_RUN, 0, 0, 0, 0, 0, 0);
}

const struct plan plan_envs = {
	.name = "envs",
	.what = "3 environments, each made by the one before: made, stopped, destroyed, "
		"activations",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 4,
	.probes = 1,
	.setup = setup,
	.menu = {{.env = HOME_FIRST,
		  .what = M_ENV | M_REVOKE | M_ACT | M_OPEN | M_DROP,
		  .from = FROM,
		  .to = TO,
		  .also = {EXO_SLOT_ACCOUNT},
		  .pool = ACTS,
		  .frames = 2},
		 {.env = A,
		  .what = M_ENV | M_REVOKE | M_GRANT | M_DROP | M_ACT,
		  .from = FROM,
		  .to = TO,
		  .give = {17},
		  .pool = ACTS,
		  .frames = 2,
		  .home = POOL},
		 {.env = B,
		  .what = M_DERIVE | M_DROP | M_REVOKE | M_GROW,
		  .from = FROM,
		  .to = TO,
		  .pool = ACTS + 2,
		  .frames = 1}},
};

const struct plan plan_stale = {
	.name = "stale",
	.what = "names of an environment that is gone, while another has its frame",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 3,
	.probes = 2,
	.setup = setup_stale,
	.menu = {{.env = HOME_FIRST,
		  .what = M_ENV | M_STATUS | M_ACT | M_GRANT | M_DROP | M_REVOKE,
		  .from = FROM + 1,
		  .to = TO,
		  .give = {18},
		  .pool = ACTS,
		  .frames = 2,
		  .map_env = 18},
		 {.env = A,
		  .what = M_ENV | M_STATUS | M_GRANT,
		  .from = FROM + 1,
		  .to = TO,
		  .give = {17, 18},
		  .pool = ACTS,
		  .frames = 2,
		  .home = POOL}},
};

/* Slices of CPUs 2 and 3, which nobody here runs on. */
static void setup_slices(struct ops *ops)
{
	begin(ops);
	add(ops, HOME_FIRST, EXO_SYS_activation_bind, 16, 0, 16, POOL, 5, 0);
	add(ops, HOME_FIRST, EXO_SYS_activation_bind, 16, 1, 16, POOL + 2, 5, 0);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_CPU, 0, 18, EXO_SLICE_OF(2, 1),
	    EXO_SLICE_OF(0, 1) + 1, EXO_RIGHT_BIND | EXO_RIGHT_LENGTH | EXO_RIGHT_DERIVE);
}

const struct plan plan_slices = {
	.name = "slices",
	.what = "slots of slice vectors: given on, filled, emptied, taken back, with and without a "
		"bound",
	.shape = SHAPE,
	.budget = 1,
	.limit = UINT64_MAX,
	.depth = 4,
	.probes = 1,
	.setup = setup_slices,
	.menu = {{.env = HOME_FIRST,
		  .what = M_SLICE | M_GRANT | M_REVOKE | M_DROP | M_ENV,
		  .from = FROM + 2,
		  .to = TO,
		  .also = {16},
		  .give = {16},
		  .pool = ACTS,
		  .frames = 2},
		 {.env = A,
		  .what = M_SLICE | M_DERIVE | M_DROP,
		  .from = FROM + 2,
		  .to = TO,
		  .also = {EXO_SLOT_SELF},
		  .pool = ACTS,
		  .frames = 2}},
};
