/* word.h - waiting for a word of the program's memory to change.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All objects of POSIX threads are words that are changed by atomic instructions; only who has to
 * wait, or to wake, comes here.  A word is known by its address within the process or, if processes
 * share it, by its place in RAM.
 */
#ifndef PX_WORD_H
#define PX_WORD_H

#include <exo/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define PX_WORD_SHARED 0x100u /* with other processes; or'ed to PX_ATTEND_* */

/* Outside.  If *word is `value` still, wait to be woken, until the deadline (0: none), or until
 * there is something of `how` to attend to.  0, 1: and was moved to another word (px_word_move)
 * before, -EAGAIN: it is not, -ETIMEDOUT, -EINTR. */
int px_word_wait(const void *word, uint32_t value, exo_ns_t deadline, uint32_t how);

/* Wake the first `count` of those who wait for it; how: PX_WORD_SHARED or 0.  Returns how many
 * there were.  The word itself is not touched. */
uint32_t px_word_wake(const void *word, uint32_t count, uint32_t how);

/* Wake the first who waits for `from`; let the others wait for `to`.  Both are of this process
 * alone. */
void px_word_move(const void *from, const void *to);

/* When `until` on that clock is, on the clock of exo_sleep: 0, or EINVAL.  Never 0, so that a time
 * long past is a deadline too.  NULL: no deadline. */
int px_until(clockid_t clock, const struct timespec *until, exo_ns_t *deadline);

#endif
