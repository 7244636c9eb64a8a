/* env.h - why an environment stopped.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_ENV_H
#define EXO_ENV_H

#include <exo/types.h>

enum exo_stop {
	EXO_STOP_SELF = 1,	/* it said so; status is its own */
	EXO_STOP_OTHER = 2,	/* whoever controls it said so */
	EXO_STOP_UPCALL = 3,	/* it could not take an upcall; status: the exception's vector, or 255 */
	EXO_STOP_REVOKED = 4,	/* the frames of an activation were taken from it */
};

/* What sleep returns. */
#define EXO_SLEPT_TIME	0	/* the deadline came */
#define EXO_SLEPT_EVENT	1	/* one of the event bits is set */
#define EXO_SLEPT_GUEST	2	/* the guest sleeps, waits to be called, yielded or stopped */

#define EXO_STATUS_STOPPED	(1ull << 40)
#define EXO_STATUS_REASON(s)	((uint32_t)((s) >> 32) & 0xff)
#define EXO_STATUS_CODE(s)	((uint32_t)(s))

#endif
