/* owned.c - the frames that a process leaves behind.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <vm/frames.h>
#include <vm/owned.h>

bool px_owned_run(struct px_process *p, exo_pfn_t first, uint64_t n)
{
	struct px_owned *o = p->owned;

	if (o && o->run[o->runs - 1].first + o->run[o->runs - 1].count == first) {
		o->run[o->runs - 1].count += (uint32_t)n;
		return true;
	}
	if (!o || o->runs == PX_OWNED_MAX) {
		o = px_alloc(sizeof(*o));
		if (!o)
			return false;
		o->next = p->owned;
		p->owned = o;
	}
	o->run[o->runs].first = (uint32_t)first;
	o->run[o->runs++].count = (uint32_t)n;
	return true;
}

#define TABLES_MAX 256 /* made at run time: for half a gigabyte of memory */

static uint32_t table[TABLES_MAX];
static uint32_t tables;

/* At its end a process still wakes others, whose records may lie where it has no page table yet. */
static void note_late(exo_pfn_t pfn)
{
	if (px_me->lates < PX_LATE_MAX)
		px_me->late[px_me->lates++] = (uint32_t)pfn;
}

void px_owned_table(exo_pfn_t pfn)
{
	if (px_me && px_me->noted) {
		note_late(pfn);
		return;
	}
	if (tables < TABLES_MAX)
		table[tables] = (uint32_t)pfn;
	tables++;
}

bool px_owned_keep(exo_pfn_t pfn)
{
	uint32_t i = 0;

	if (tables > TABLES_MAX)
		return false;
	while (i < tables && table[i] != pfn)
		i++;
	if (i == tables)
		return true; /* who made the process noted it */
	if (!px_owned_add(px_me, pfn))
		return false;
	if (tables <= TABLES_MAX)
		table[i] = table[--tables];
	return true;
}

void px_owned_fork(void)
{
	tables = 0;
}

void px_owned_touch(void)
{
	volatile uint32_t *first = table, *last = &table[TABLES_MAX - 1], *count = &tables;

	*first = *first;
	*last = *last;
	*count = *count;
}

bool px_owned_tables(void)
{
	bool good = true;

	px_enter();
	for (uint32_t i = 0; good && i < tables; i++)
		good = i < TABLES_MAX && px_owned_add(px_me, table[i]);
	px_me->noted = good;
	px_leave();
	return good;
}

void px_owned_give(struct px_process *p)
{
	struct px_owned *o;

	p->large = 0;
	while (p->lates)
		px_frames_give(p->late[--p->lates], 1);
	while ((o = p->owned)) {
		p->owned = o->next;
		for (uint64_t i = 0; i < o->runs; i++)
			px_frames_give(o->run[i].first, o->run[i].count);
		px_free(o);
	}
}

void px_owned_forget(struct px_process *p, struct px_owned *piece, uint64_t runs, uint32_t count)
{
	while (p->owned != piece) {
		struct px_owned *o = p->owned;

		p->owned = o->next;
		px_free(o);
	}
	if (piece) {
		piece->runs = runs;
		piece->run[runs - 1].count = count;
	}
}
