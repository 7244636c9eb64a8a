/* time.h - time from the information page, without a call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_TIME_H
#define LIBEXO_TIME_H

#include <exo/types.h>

/* Nanoseconds since the machine started: what sleep's deadline means. */
exo_ns_t xo_now(void);

/* Nanoseconds since 1970-01-01 UTC, or 0 if no clock told the kernel. */
uint64_t xo_wall_ns(void);

#endif
