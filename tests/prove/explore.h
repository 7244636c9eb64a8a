/* explore.h - all sequences of a plan's moves to a depth, each state once.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_EXPLORE_H
#define PROVE_EXPLORE_H

#include "plan.h"

struct limits {
	int depth, more; /* 0: the plan's; and so many more */
	long seconds;    /* 0: no limit */
	uint64_t states; /* 0: no limit */
};

/* True if nothing was wrong; prints one line of figures, or how to get to what is wrong. */
bool explore(const struct plan *plan, const struct limits *limits);

#endif
