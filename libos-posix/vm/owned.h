/* owned.h - what outlives the environment of a process for a moment: its frames.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * In the arena, so that whoever takes a dead process apart can read it.
 */
#ifndef PX_OWNED_H
#define PX_OWNED_H

#include <env/process.h>
#include <exo/types.h>
#include <stdbool.h>

/* Frames, among them page tables, that lose a reference when the environment is gone, and not
 * before.  A list of pieces. */
#define PX_OWNED_MAX 61

struct px_owned {
	struct px_owned *next;
	uint64_t runs;
	struct {
		uint32_t first, count;
	} run[PX_OWNED_MAX];
};

/* Inside.  False: no memory to note them, and none is. */
bool px_owned_run(struct px_process *p, exo_pfn_t first, uint64_t n);

static inline bool px_owned_add(struct px_process *p, exo_pfn_t pfn)
{
	return px_owned_run(p, pfn, 1);
}

/* Inside: this process has made a page table of the frame.  It may be in the middle of a page
 * fault, so nothing is touched but its own memory. */
void px_owned_table(exo_pfn_t pfn);

/* The same table is none any more, but will be again, and lies nowhere meanwhile: note it now.
 * False: no memory, or it may not be noted. */
bool px_owned_keep(exo_pfn_t pfn);

/* In a new process: the tables made so far are its parent's. */
void px_owned_fork(void);

/* Add the tables to the list, those too that are made meanwhile.  False: no memory, or there were
 * too many to remember. */
bool px_owned_tables(void);

/* Write to what px_owned_table writes to, so that it is not copied later. */
void px_owned_touch(void);

/* Undo what was added since the list ended with `runs` runs in `piece`, the last of `count` frames.
 */
void px_owned_forget(struct px_process *p, struct px_owned *piece, uint64_t runs, uint32_t count);

/* The environment is gone: give them back. */
void px_owned_give(struct px_process *p);

#endif
