/* large.h - pages of 2 MiB.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Inside critical sections.  Only there in programs that call madvise, and in shared ones.
 */
#ifndef PX_LARGE_H
#define PX_LARGE_H

#include <exo/types.h>
#include <stdbool.h>
#include <stdint.h>

struct px_region;

#define PX_LARGE_BYTES (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)

#define PX_IF_LARGE __attribute__((weak, visibility("hidden")))

/* A page that is not there is touched at va, in r, which may be written: true if it is there now,
 * with all the 2 MiB around it. */
PX_IF_LARGE bool px_large_fill(const struct px_region *r, exo_va_t va);

/* Take away those that lie in [va, end) as a whole; returns how many frames became free. */
PX_IF_LARGE uint64_t px_large_unmap(exo_va_t va, exo_va_t end);

/* Who goes through pages meets one at va.  Small ones take its place: 0; or so many bytes are to be
 * passed over. */
PX_IF_LARGE uint64_t px_large_met(exo_va_t va);

/* madvise: HUGEPAGE or NOHUGEPAGE for [start, end). */
void px_large_advise(exo_va_t start, exo_va_t end, bool wanted);

/* In a new process: those there were are its parent's. */
PX_IF_LARGE void px_large_fork(void);

/* The process ends: note the frames of all on px_me->owned, and meet them no more.  False: no
 * memory for that. */
PX_IF_LARGE bool px_large_note(void);

#endif
