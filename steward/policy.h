/* policy.h - whether an image that ended starts again, and when.  Pure C.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef POLICY_H
#define POLICY_H

#include "list.h"

#define PAUSE_FIRST 100000000ull   /* ns before an image starts again, */
#define PAUSE_MOST  10000000000ull /* twice as long each time it ends soon, up to this */
#define SOON        10000000000ull /* it ended soon if it ran for less than that */

/* It ended with this status and has been started again so often: once more? */
static inline bool policy_again(const struct share *s, uint32_t restarted, int code)
{
	if (s->restart == RESTART_NEVER || (s->restart == RESTART_ON_FAILURE && !code))
		return false;
	return !s->restarts || restarted < s->restarts;
}

/* How long to wait after it ended soon so many times in a row. */
static inline exo_ns_t policy_pause(uint32_t soon)
{
	exo_ns_t pause = PAUSE_FIRST;

	for (; soon > 1 && pause < PAUSE_MOST; soon--)
		pause *= 2;
	return pause < PAUSE_MOST ? pause : PAUSE_MOST;
}

#endif
