/* frames.h - physical memory by number.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All frames that were free when the program started are handed out here; the
 * kernel is asked for them when somebody wants them, by number.
 */
#ifndef MINI_FRAMES_H
#define MINI_FRAMES_H

#include <exo/types.h>

/* Which frames are wanted: `count` consecutive ones, the first congruent to
 * `phase` modulo `align`, the last below `below`.  0 means 1, 1, 0 and "no
 * limit".  So {.count = 512, .align = 512} is a 2 MiB page, {.below = 0x100000}
 * lies under 4 GiB, {.align = 16, .phase = 3} has colour 3 of 16. */
struct mini_want {
	uint64_t count;
	uint64_t align;
	uint64_t phase;
	exo_pfn_t below;
};

/* Take such frames.  Returns the first's number, or 0 if there are none.
 * Their contents are what they happen to be. */
exo_pfn_t mini_frames_take(const struct mini_want *want);

/* Take any one frame; quicker.  Returns 0 if there is none. */
exo_pfn_t mini_frame(void);

/* Give frames back.  They must not be mapped any more. */
void mini_frames_give(exo_pfn_t first, uint64_t count);

/* For a program that hands out memory by itself: let go of all frames that nobody has, but for `keep`
 * of the largest run, and list them in `to` (EXO_START_RAM_MAX at most).  Returns how many extents
 * they are.  What is left is for everything above. */
uint32_t mini_frames_let_go(uint64_t keep, struct exo_extent *to);

/* How many are left. */
uint64_t mini_frames_left(void);

/* Called once at the start, by mini_begin. */
void mini_frames_init(void);

#endif
