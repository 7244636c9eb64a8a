/* longest_env.c - the longest steps of making an environment and taking one apart.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The environment first runs, to derive what only it can derive; then everything is taken
 * from its address space that it needed for that, and put there what takes longest to take away.
 */
#include "longest.h"

#include <libexo/start.h>

#define LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)
#define CHILD       (EXO_SLOT_FREE + 1) /* ENV, in our table */
#define PARENT      (EXO_SLOT_FREE + 2) /* ENV: we, in its table */
#define OWN         (EXO_SLOT_FREE + 3) /* its first free slot */
#define SLICE_NS    10000000
#define STACK_BYTES 4096
#define GIVEN       200 /* slots of ours with what it gave us */
#define STEP_LEAVES 255 /* half a table */

static char stack[STACK_BYTES] __attribute__((aligned(64)));
static volatile bool derived;

static void child(void *arg)
{
	(void)arg;
	for (exo_cap_t to = EXO_CAP_SLOTS; to < EXO_CAP_SLOTS + GIVEN; to++)
		exo_cap_derive(EXO_SLOT_MEMORY, PARENT, to, 0, 1, EXO_RIGHT_READ);
	for (exo_cap_t to = OWN; to < EXO_CAP_SLOTS; to++)
		exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, to, 0, 1, EXO_RIGHT_READ);
	derived = true;
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

static void take_away(exo_va_t va, exo_va_t end)
{
	const struct xo_space space = {.env = CHILD};
	struct exo_map_op op = {
		.va = va, .count = 1, .kind = EXO_MAP_UNTABLE, .prot = EXO_PROT_READ};

	bench_want("unmap", xo_unmap_run(&space, va, (end - va) / EXO_PAGE_SIZE), 0);
	for (; op.count <= 3; op.count++)
		xo_map_one(CHILD, &op);
}

/* Activations 1 .. 63, bound to slices 1 .. 63. */
static void bind_all(exo_pfn_t acts)
{
	for (uint32_t i = 1; i < EXO_CPU_MAX; i++) {
		exo_pfn_t pfn = acts + 2 * i;

		bench_want("activation_bind",
			   TIMED("activation_bind",
				 exo_activation_bind(CHILD, i, EXO_SLOT_MEMORY, pfn, 0)),
			   0);
		bench_want(
			"slice_bind",
			TIMED("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, i, CHILD, i, SLICE_NS)),
			0);
	}
}

/* What it has mapped at the end, at the upper end of every table on the way. */
static void leaves_only(const struct xo_space *space, exo_pfn_t pfn)
{
	bench_want("map",
		   xo_map_run(space, EXO_VA_TOP - STEP_LEAVES * EXO_PAGE_SIZE, pfn, STEP_LEAVES,
			      EXO_PROT_READ, EXO_SLOT_MEMORY),
		   0);
}

static uint32_t stride; /* or how many */

/* One page in so many of eight tables: where steps end differs, and gaps are gone through. */

static void spread(const struct xo_space *space, exo_pfn_t pfn)
{
	for (exo_va_t va = EXO_VA_TOP - 8 * LARGE_BYTES; va < EXO_VA_TOP;
	     va += stride * EXO_PAGE_SIZE)
		bench_want("map", xo_map_run(space, va, pfn, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
}

/* So many pages, which end with a table, and then a page of 2 MiB. */
static void before_large(const struct xo_space *space, exo_pfn_t pfn)
{
	struct exo_map_op op = {.va = EXO_VA_TOP - LARGE_BYTES,
				.pfn = (pfn + EXO_LARGE_FRAMES - 1) & -(uint64_t)EXO_LARGE_FRAMES,
				.count = 1,
				.cap = EXO_SLOT_MEMORY,
				.kind = EXO_MAP_LARGE,
				.prot = EXO_PROT_READ};

	for (exo_va_t va = op.va - stride * EXO_PAGE_SIZE; va < op.va; va += EXO_PAGE_SIZE)
		bench_want("map", xo_map_run(space, va, pfn, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	bench_want("map large", xo_map_one(CHILD, &op), 0);
}

/* Empty tables, a full one, some leaves and then a large page. */
static void mixture(const struct xo_space *space, exo_pfn_t pfn)
{
	exo_va_t va = EXO_VA_TOP - 16 * LARGE_BYTES;
	struct exo_map_op op = {.cap = EXO_SLOT_MEMORY, .prot = EXO_PROT_READ};

	for (int i = 0; i < 5; i++, va += LARGE_BYTES) {
		leaves_only(space, pfn); /* so that the upper tables are there */
		bench_want("map", xo_map_run(space, va, pfn, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
		bench_want("unmap", xo_unmap_run(space, va, 1), 0);
	}
	for (int i = 0; i < 4; i++)
		bench_want("map",
			   xo_map_run(space, va + i * EXO_MAP_MAX * EXO_PAGE_SIZE, pfn, EXO_MAP_MAX,
				      EXO_PROT_READ, EXO_SLOT_MEMORY),
			   0);
	va += LARGE_BYTES;
	bench_want("map", xo_map_run(space, va, pfn, 127, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
	op.va = va + LARGE_BYTES;
	op.pfn = (pfn + EXO_LARGE_FRAMES - 1) & -(uint64_t)EXO_LARGE_FRAMES;
	op.count = 1;
	op.kind = EXO_MAP_LARGE;
	bench_want("map large", xo_map_one(CHILD, &op), 0);
}

/* One that never ran and has nothing. */
static void make_and_unmake(exo_pfn_t own)
{
	long r = TIMED("env_create",
		       exo_env_create(EXO_SLOT_MEMORY, own, own + 1, own + 2, CHILD, 0));

	bench_want("env_create", r, 0);
	exo_env_stop(CHILD, 0);
	while ((r = TIMED("env_destroy", exo_env_destroy(CHILD))) == 1)
		;
	bench_want("env_destroy", r, 0);
	exo_cap_drop(CHILD);
}

static void live_and_die(struct xo_begin *b, exo_pfn_t act, exo_pfn_t acts,
			 void (*furnish)(const struct xo_space *, exo_pfn_t), exo_pfn_t pfn)
{
	struct xo_space space = bench_space;
	exo_pfn_t own = bench_frames(3);
	long r;

	make_and_unmake(own);
	derived = false;
	bench_peer(b, CHILD, own, act);
	bench_want("cap_derive", exo_cap_derive(EXO_SLOT_SELF, CHILD, PARENT, 0, 0, EXO_RIGHT_GIVE),
		   0);
	bench_want("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, 1, CHILD, 0, SLICE_NS), 0);
	while (!derived)
		exo_yield(EXO_SLOT_NONE, 0);
	bench_want("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, 1, CHILD, 0, 0), 0);
	take_away((exo_va_t)__image_start & -(uint64_t)EXO_PAGE_SIZE, (exo_va_t)__image_end);
	take_away((exo_va_t)b->activation, (exo_va_t)b->activation + 2 * EXO_PAGE_SIZE);
	space.env = CHILD;
	furnish(&space, pfn);
	bind_all(acts);
	TIMED("env_status", exo_env_status(CHILD));
	bench_want("env_stop", TIMED("env_stop", exo_env_stop(CHILD, 0)), 0);
	while ((r = TIMED("env_destroy", exo_env_destroy(CHILD))) == 1)
		;
	bench_want("env_destroy", r, 0);
	exo_cap_drop(CHILD);
	for (exo_cap_t slot = EXO_CAP_SLOTS; slot < EXO_CAP_SLOTS + GIVEN; slot++)
		bench_want("cap_drop", exo_cap_drop(slot), 0);
}

void longest_envs(void)
{
	static struct xo_begin begin = {.fn = child};
	exo_pfn_t pfn = bench_frames(2 * EXO_LARGE_FRAMES), acts = bench_frames(2 * EXO_CPU_MAX);
	exo_pfn_t act = bench_activation(&begin, 0, stack, STACK_BYTES, LONGEST_VA);
	struct exo_activation *a = (struct exo_activation *)(LONGEST_VA + LARGE_BYTES);

	/* all have a version, no more: nobody enters them */
	for (uint32_t i = 1; i < EXO_CPU_MAX; i++) {
		bench_map((exo_va_t)a, acts + 2 * i, 1);
		a->version = begin.activation->version;
	}
	live_and_die(&begin, act, acts, leaves_only, pfn);
	begin.activation->depth = 0;
	live_and_die(&begin, act, acts, mixture, pfn);
	for (stride = 1; stride <= 9; stride++) {
		begin.activation->depth = 0;
		live_and_die(&begin, act, acts, spread, pfn);
	}
	for (stride = 64; stride <= 1024; stride += 64) {
		begin.activation->depth = 0;
		live_and_die(&begin, act, acts, before_large, pfn);
	}
}
