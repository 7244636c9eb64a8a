/* again.h - calls that were interrupted: do they begin again?
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * px_block ends with -EINTR when there is something to attend to.  The call gives up what it holds,
 * and asks here before it says so to the program.  And what may not be interrupted.
 */
#ifndef PX_AGAIN_H
#define PX_AGAIN_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <thread/thread.h>

enum px_again {
	PX_AGAIN_RESTART, /* unless a handler without SA_RESTART has run: most calls */
	PX_AGAIN_QUIET,   /* unless any handler has run: who sleeps, polls, waits for signals */
};

/* deliver.c.  Only there if something can send signals. */
bool px_again(enum px_again how) __attribute__((weak, visibility("hidden")));

/* Outside, with nothing held; r is what the call came to: attend to what interrupted it, and say
 * whether it begins again. */
static inline bool px_restarts(long r, enum px_again how)
{
	if (__builtin_expect(r != -EINTR, 1))
		return false;
	px_cancel_point();
	return px_again && px_again(how);
}

/* deliver.c. */
void px_signals_due(void) __attribute__((weak, visibility("hidden")));

/* Until px_signals_release nothing interrupts the calling thread; they nest. */
static inline void px_signals_hold(void)
{
	px_self()->hold++;
}

static inline void px_signals_release(void)
{
	if (!--px_self()->hold && px_this()->attention & PX_ATTEND_SIGNAL && px_signals_due)
		px_signals_due();
}

/* wait.c: block others while a call waits.  If it was interrupted, handlers run before the mask is
 * as it was. */
void px_mask_for(const sigset_t *mask) __attribute__((weak, visibility("hidden")));
void px_mask_back(bool interrupted) __attribute__((weak, visibility("hidden")));

static inline void px_masked_begin(const sigset_t *mask)
{
	if (mask && px_mask_for)
		px_mask_for(mask);
}

static inline void px_masked_end(const sigset_t *mask, bool interrupted)
{
	if (mask && px_mask_for)
		px_mask_back(interrupted);
}

#endif
