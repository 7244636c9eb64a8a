/* frame.h - the frame table: who owns each physical frame and what it is.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything here is under the kernel lock.
 */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include <exo/types.h>
#include <stdbool.h>

struct cap;

enum frame_type {
	FRAME_ABSENT = 0, /* not RAM, or the kernel's for good */
	FRAME_FREE,
	FRAME_DATA,   /* an account's, for it to map */
	FRAME_INFO,   /* the kernel's, for others to read */
	FRAME_TABLE1, /* page tables by level; `maps` counts their entries in use */
	FRAME_TABLE2,
	FRAME_TABLE3,
	FRAME_TABLE4,
	FRAME_CAPS,    /* a page of capability slots */
	FRAME_ENV,     /* an environment's object */
	FRAME_ACCOUNT, /* an account's object */
};

struct frame {
	uint32_t account; /* frame number of the owner's object; of a free frame: the last owner's,
			     0 if none */
	uint32_t generation; /* raised when an object in it is destroyed: old names die */
	uint8_t type;
	uint8_t going;  /* 1: somebody above its account takes it; no more uses */
	uint16_t wired; /* uses by the kernel or a device that forbid any change */
	uint32_t maps;  /* mappings of it in all page tables; CAPS: the environment's object */
};
_Static_assert(sizeof(struct frame) == 16, "frame table");

extern struct frame *frames; /* [frames_end] */
extern uint64_t frames_end;

static inline bool frame_is_plain(exo_pfn_t pfn)
{
	return frames[pfn].type == FRAME_DATA && !frames[pfn].maps && !frames[pfn].wired &&
	       !frames[pfn].going &&
	       ~frames[pfn].generation; /* never wraps: old names would live */
}

/* May `cap` be used to make a kernel object of frame pfn?  0, -CAP or -BUSY. */
long frame_may_become(const struct cap *cap, exo_pfn_t pfn);

/* Turn a plain frame into an object's (cleared), and back. */
void *frame_become(exo_pfn_t pfn, enum frame_type type);
void frame_release(exo_pfn_t pfn);

#endif
