/* walk.c - what a process had mapped that could not say so itself: its page tables are read.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/slots.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <process/host.h>
#include <vm/frames.h>
#include <vm/owned.h>
#include <vm/vm.h>

#define LEVELS 4

struct walk {
	struct px_process *process;
	uint64_t *table[LEVELS]; /* a copy of the table of each level that is being read */
};

static uint64_t bytes_of(int level)
{
	return (uint64_t)EXO_PAGE_SIZE << (9 * level);
}

/* What belongs to the image, and what the host has noted already. */
static bool others(exo_va_t va)
{
	const struct px_arena *a = px_arena;
	exo_va_t end = a->window + (a->window_pages << EXO_PAGE_SHIFT);

	return (va >= (exo_va_t)a && va < end) ||
	       va - a->activations < (uint64_t)PX_ACTIVATION_BYTES * EXO_CPU_MAX ||
	       va - xo_start->console < sizeof(struct exo_console);
}

/* Without memory for a note the page goes now: nobody runs there any more. */
static void leaf(const struct walk *w, exo_va_t va, uint64_t e, uint32_t n)
{
	struct exo_map_op op = {
		.va = va, .count = n, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ};
	exo_pfn_t pfn = px_frame_of(e);

	if (others(va) || !px_frame_counted(pfn) || px_owned_run(w->process, pfn, n))
		return;
	if (xo_map_one(w->process->slot, &op) == 0)
		px_frames_give(pfn, n);
}

/* Those that its maker knew of are noted. */
static bool noted(const struct px_process *p, exo_pfn_t pfn)
{
	for (const struct px_owned *o = p->owned; o; o = o->next)
		for (uint64_t i = 0; i < o->runs; i++)
			if (pfn - o->run[i].first < o->run[i].count)
				return true;
	return false;
}

/* The table in frame pfn, of that level, which maps va on. */
static void read_table(const struct walk *w, exo_pfn_t pfn, int level, exo_va_t va)
{
	uint64_t *t = w->table[level - 1];
	int entries = level == LEVELS ? 255 : 512;

	if (exo_object_copy(EXO_SLOT_MEMORY, pfn, px_page_frame(t)) < 0)
		return;
	for (int i = 0; i < entries; i++, va += bytes_of(level - 1)) {
		if (!(t[i] & EXO_PTE_PRESENT))
			continue;
		if (level > 1 && !(t[i] & EXO_PTE_LARGE)) {
			read_table(w, px_frame_of(t[i]), level - 1, va);
			continue;
		}
		px_enter();
		leaf(w, va, t[i], level > 1 ? EXO_LARGE_FRAMES : 1);
		px_leave();
	}
	/* After what it leads to: that may have made room for the note. */
	if (level < LEVELS && !noted(w->process, pfn)) {
		px_enter();
		px_owned_add(w->process, pfn);
		px_leave();
	}
}

void px_tables_walk(struct px_process *p)
{
	struct walk w = {.process = p};
	bool room = true;

	px_enter();
	px_uncommit(p->promised); /* for the notes; all of it is free soon */
	p->promised = 0;
	px_leave();
	for (int i = 0; i < LEVELS; i++) {
		w.table[i] = px_page_get_dirty();
		room = room && w.table[i];
	}
	exo_env_stop(p->slot, 0);
	if (room)
		read_table(&w, p->root, LEVELS, 0);
	for (int i = 0; i < LEVELS; i++)
		if (w.table[i])
			px_page_put(w.table[i]);
}
