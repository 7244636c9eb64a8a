/* slots.h - what this libOS puts into its capability slots.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The numbers mean the same in every process of an image.
 */
#ifndef PX_SLOTS_H
#define PX_SLOTS_H

#include <exo/cap.h>

enum px_slot {
	/* The frames of slot MEMORY once more.  A page that is mapped under this slot is private
	 * and would be writable, but for others that have its frame too: a write copies it. */
	PX_SLOT_COPY = EXO_SLOT_FREE,
	PX_SLOT_HOST,  /* ENV: the first process's environment, to be told of something */
	PX_SLOT_CHILD, /* ENV: the child that is being made, to map its memory */
	PX_SLOT_PEER,  /* ENV: others to hand the CPU to; so many: */
	PX_SLOT_PEERS = 8,
	PX_SLOT_HOSTED = 32, /* in the host's table: all processes, from here on */
};

#endif
