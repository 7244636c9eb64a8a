/* vector.h - the signal that a processor exception is, by its vector (SDM vol. 3, table 6-1), as Linux
 * sends it.  The host tools need it too.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_SIGNAL_VECTOR_H
#define PX_SIGNAL_VECTOR_H

#include <signal.h>
#include <stdint.h>

static inline int px_signal_of(uint64_t vector)
{
	switch (vector) {
	case 0:
	case 16:
	case 19:
		return SIGFPE;
	case 1:
	case 3:
		return SIGTRAP;
	case 6:
		return SIGILL;
	case 11:
	case 12:
	case 17:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

#endif
