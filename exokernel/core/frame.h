/* frame.h - the frame table: who owns each physical frame and what it is.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The table itself lies open to read (exo/info.h).  Everything here is under the kernel lock.
 */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include <exo/info.h>
#include <stdbool.h>

struct cap;

extern struct exo_frame_state *frames; /* [frames_end] */
extern uint64_t frames_end;

static inline bool frame_is_plain(exo_pfn_t pfn)
{
	return frames[pfn].type == EXO_FRAME_DATA && !frames[pfn].maps && !frames[pfn].wired &&
	       !frames[pfn].going &&
	       ~frames[pfn].generation; /* never wraps: old names would live */
}

/* May `cap` be used to make a kernel object of frame pfn?  0, -CAP or -BUSY. */
long frame_may_become(const struct cap *cap, exo_pfn_t pfn);

/* Turn a plain frame into an object's (cleared), and back. */
void *frame_become(exo_pfn_t pfn, enum exo_frame_type type);
void frame_release(exo_pfn_t pfn);

#endif
