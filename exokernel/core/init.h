/* init.h - from boot to running.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_INIT_H
#define CORE_INIT_H

#include <exo/types.h>

/* A started CPU: say so, then run what there is. */
void init_join(void) __attribute__((noreturn));

/* Make the init part of the image, frames [first, end) at va, free frames, and
 * run.  Takes the lock. */
void init_over(exo_va_t va, exo_pfn_t first, exo_pfn_t end) __attribute__((noreturn));

#endif
