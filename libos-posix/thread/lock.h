/* lock.h - the C library's locks where threads wait for one another.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_THREAD_LOCK_H
#define PX_THREAD_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#define PX_LOCK_AWAITED 0x80000000u /* in a lock's word, beside its owner's id */

/* Wait until the calling thread has it; wake one who waits.  Only there in programs with threads.
 */
void px_lock_wait(uint32_t *owner) __attribute__((weak, visibility("hidden")));
void px_lock_wake(uint32_t *owner) __attribute__((weak, visibility("hidden")));

/* There is about to be a second thread. */
void px_locks_on(void);

/* libc/locks.c, for fork: nobody else is in the middle of anything while a copy is made.  In the
 * copy
 * (`child`), which has one thread under another id, all other locks are free. */
void px_locks_fork(void);
void px_locks_forked(bool child);

#endif
