/* fault.h - the program's own page faults, exceptions and events.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_FAULT_H
#define MINI_FAULT_H

#include <exo/upcall.h>
#include <stdbool.h>

/* Called when an exception interrupted the program.  `frame` holds its
 * registers, to be looked at and changed; addr is the address of a page fault, else that of the
 * instruction.  Returns true to go on with the frame, false if it cannot help:
 * then the program ends with a report.  It runs on a stack of its own and may
 * do anything, fault itself included, until EXO_FRAME_DEPTH are nested.  A page fault on
 * that stack or on that of its own activation cannot be served. */
typedef bool mini_handler(struct exo_frame *frame, uint64_t addr);

/* Let `handler` (NULL: nobody) serve exceptions of `vector` on all CPUs. */
void mini_on_exception(unsigned vector, mini_handler *handler);

/* The same for page faults. */
void mini_on_fault(mini_handler *handler);

/* Call handler with the bits as soon as event bits of `mask` are set for the
 * calling CPU, also in the midst of something else. */
void mini_on_event(uint64_t mask, void (*handler)(uint64_t bits));

/* Call what mini_on_event named for bits that are set; by mini_unlock. */
void mini_events_deliver(void);

#endif
