/* longest.c - how long each call can keep interrupts off, at most.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Under `-icount shift=0` a tick of the TSC is an instruction, so what lies
 * between two reads of it around a call is its length, and the same in every run.
 * For each call this does the worst that is known; the most is printed.
 *
 * Left out: machine, and the first environment's env_stop, which end with the
 * machine off; waiting for other CPUs to flush their TLBs.
 */
#include "longest.h"

#include <libexo/console.h>
#include <libexo/frames.h>
#include <libexo/start.h>
#include <libexo/string.h>

#define ROWS      56
#define CHILDREN  300 /* of one slot: more than cap_drop moves in a step */
#define SLOT_TOP  EXO_SLOT_FREE
#define OUT_BYTES sizeof(((struct exo_console *)0)->out_data)

static struct {
	const char *name;
	uint64_t ticks;
} rows[ROWS];

void longest_note(const char *name, uint64_t ticks)
{
	int i;

	for (i = 0; rows[i].name && strcmp(rows[i].name, name); i++)
		if (i == ROWS - 2)
			bench_fail("too many rows", 0);
	rows[i].name = name;
	if (ticks > rows[i].ticks)
		rows[i].ticks = ticks;
}

void longest_rows(void)
{
	for (int i = 0; rows[i].name; i++)
		bench_row(rows[i].name, rows[i].ticks * 10, "ticks");
}

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind != EXO_UP_EVENT)
		bench_fail("unexpected upcall, rip", (long)f->rip);
}

static void frames(void)
{
	exo_pfn_t first = bench_frames(EXO_RUN_MAX);

	bench_want("frame_free",
		   TIMED("frame_free", exo_frame_free(EXO_SLOT_MEMORY, first, EXO_RUN_MAX)), 0);
	bench_want("frame_alloc",
		   TIMED("frame_alloc", exo_frame_alloc(EXO_SLOT_MEMORY, first, EXO_RUN_MAX)),
		   EXO_RUN_MAX);
}

/* A slot with hundreds of descendants, in all tables the caller can have. */
static void caps(void)
{
	exo_cap_t slot = EXO_CAP_SLOTS;
	long r;

	bench_want("cap_derive",
		   exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, SLOT_TOP, 0, xo_info->pfn_end,
				  EXO_RIGHT_READ | EXO_RIGHT_DERIVE),
		   0);
	for (int i = 0; i < CHILDREN; i++, slot++) {
		if (slot % EXO_CAP_SLOTS == 0)
			bench_want(
				"cap_grow",
				TIMED("cap_grow", exo_cap_grow(EXO_SLOT_MEMORY, bench_frames(1))),
				slot);
		r = TIMED("cap_derive",
			  exo_cap_derive(SLOT_TOP, EXO_SLOT_NONE, slot, 0, 1, EXO_RIGHT_READ));
		bench_want("cap_derive", r, 0);
	}
	while ((r = TIMED("cap_drop", exo_cap_drop(SLOT_TOP))) == 1)
		;
	bench_want("cap_drop", r, 0);
	while (slot-- > EXO_CAP_SLOTS)
		bench_want("cap_drop", TIMED("cap_drop", exo_cap_drop(slot)), 0);
}

/* What the kernel keeps in each of its objects is copied; environments are opened. */
void longest_objects(exo_cap_t slot)
{
	const volatile struct exo_frame_state *table =
		xo_frame_table(&bench_space, LONGEST_VA + 0x30000000);
	exo_pfn_t to = bench_frames(1);

	if (!table)
		bench_fail("the frame table", 0);
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++) {
		uint8_t type = table[pfn].type;

		if (type >= EXO_FRAME_TABLE1)
			bench_want("object_copy",
				   TIMED("object_copy", exo_object_copy(EXO_SLOT_MEMORY, pfn, to)),
				   0);
		if (type != EXO_FRAME_ENV)
			continue;
		TIMED("account_open", exo_account_open(EXO_SLOT_ACCOUNT, pfn, slot));
		exo_cap_drop(slot);
	}
}

/* Queue n bytes of white space behind libexo's back, and tell the kernel. */
uint64_t longest_kick(uint32_t n)
{
	struct exo_console *c = (struct exo_console *)xo_start->console;
	uint64_t start;

	memset(c->out_data, '\n', OUT_BYTES);
	__atomic_store_n(&c->out.head, c->out.tail + n, __ATOMIC_RELEASE);
	start = bench_ticks();
	exo_console_kick(EXO_SLOT_CONSOLE);
	start = bench_ticks() - start;
	while (c->out.tail != c->out.head)
		exo_console_kick(EXO_SLOT_CONSOLE);
	xo_console_init(c, EXO_SLOT_CONSOLE);
	return start;
}

void exo_main(struct exo_start *start)
{
	(void)start;
	bench_frames_init();
	TIMED("null", exo_null());
	frames();
	caps();
	xo_console_flush();
	longest_note("console_kick", longest_kick(LONGEST_KICK));
	longest_maps();
	longest_envs();
	longest_slices();
	longest_revokes();
	longest_chains();
	longest_rows();
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, 0);
	__builtin_trap();
}
