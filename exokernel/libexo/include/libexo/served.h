/* served.h - how long slices were served, with what is not counted yet.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The kernel counts when a turn ends.  Who is alone on a CPU has no end of a turn for a long time:
 * exo_slice.used alone would stand still.
 */
#ifndef LIBEXO_SERVED_H
#define LIBEXO_SERVED_H

#include <exo/info.h>
#include <exo/types.h>

/* What CPU `c` has not counted yet at the time `now` (xo_now), if it serves `slot` of its slices;
 * EXO_SLICE_MAX: if it idles. */
static inline exo_ns_t xo_not_counted(const volatile struct exo_cpu_info *c, uint32_t slot,
				      exo_ns_t now)
{
	uint32_t serving = c->serving;
	exo_ns_t since = c->since;

	if (serving != (slot == EXO_SLICE_MAX ? 0 : slot + 1) || !since || since > now)
		return 0;
	return now - since;
}

/* How long `slot` of the slices `s` of CPU `c` was served since the start.  Read while the kernel
 * counts on another CPU it can be a turn too large or too small for a moment: who takes differences
 * takes none below 0. */
static inline exo_ns_t xo_served(const volatile struct exo_cpu_info *c,
				 const volatile struct exo_slice *s, uint32_t slot, exo_ns_t now)
{
	exo_ns_t since, sum;

	do {
		since = c->since;
		sum = s[slot].used + xo_not_counted(c, slot, now);
	} while (c->since != since);
	return sum;
}

/* How long CPU `c` was idle. */
static inline exo_ns_t xo_idle(const volatile struct exo_cpu_info *c, exo_ns_t now)
{
	exo_ns_t since, sum;

	do {
		since = c->since;
		sum = c->idle_ns + xo_not_counted(c, EXO_SLICE_MAX, now);
	} while (c->since != since);
	return sum;
}

#endif
