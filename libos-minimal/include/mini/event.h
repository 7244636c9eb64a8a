/* event.h - time and events.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_EVENT_H
#define MINI_EVENT_H

#include <exo/types.h>

#define MINI_NS_PER_MS 1000000ull

/* Nanoseconds since the machine started. */
exo_ns_t mini_now(void);

/* Nanoseconds since 1970, or 0 if the machine does not know. */
uint64_t mini_wall_ns(void);

/* Do nothing for ns nanoseconds. */
void mini_sleep(exo_ns_t ns);

/* Event bits: 0..7 are the kernel's (exo/ring.h), the others the program's. */
#define MINI_EVENT(n) (1ull << (8 + (n)))

/* Sleep until one of this CPU's event bits `mask` is set, or until `deadline`
 * (0: none).  Returns the bits that were set, now cleared; 0 at the deadline. */
uint64_t mini_wait(uint64_t mask, exo_ns_t deadline);

/* Set event bits of the activation on CPU `cpu`.  Returns 0 or an error. */
long mini_notify(uint32_t cpu, uint64_t bits);

#endif
