/* frames.h - which frames of RAM the image has left.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Frames come in order from the runs the start block names; those given back
 * are marked in a bitmap and used again first.  Pages are promised before they
 * are used (px_commit), so memory that was promised is always there when it is
 * touched.
 */
#ifndef PX_FRAMES_H
#define PX_FRAMES_H

#include <exo/start.h>
#include <stdbool.h>

struct px_frames {
	struct exo_extent run[EXO_START_RAM_MAX];
	uint64_t before[EXO_START_RAM_MAX]; /* frames in earlier runs: bitmap index of run[i].first
					     */
	uint32_t runs;
	uint32_t current;    /* run that new frames come from */
	uint64_t used;       /* frames of it that were handed out or taken */
	uint64_t taken;      /* frames of it that the account has */
	uint64_t total, out; /* frames there are; handed out now */
	uint64_t promised;   /* pages */
	uint64_t *freed;     /* bitmap of frames given back */
	uint64_t freed_count, freed_hint;
};

extern struct px_frames *px_frames;

/* Fill f from the start block; returns the bytes its bitmap needs, whole pages. */
uint64_t px_frames_init(struct px_frames *f, const struct exo_start *start);

/* Up to `want` consecutive frames from *first on; returns how many, 0 for none. */
uint64_t px_frames_take(uint64_t want, exo_pfn_t *first);
void px_frames_give(exo_pfn_t first, uint64_t count);

/* Promise `pages` pages; false if that is more than there are. */
bool px_commit(uint64_t pages);
void px_uncommit(uint64_t pages);

#endif
