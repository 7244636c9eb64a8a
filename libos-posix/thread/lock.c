/* lock.c - the C library's locks where threads wait for one another.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/thread.h>
#include <fd/file.h>
#include <reent.h>
#include <thread/lock.h>
#include <thread/word.h>
#include <vm/heap.h>

/* Nothing ends this wait but the lock: who calls the C library does not expect it. */
void px_lock_wait(uint32_t *owner)
{
	uint32_t me = px_self()->id | PX_LOCK_AWAITED;

	for (;;) {
		uint32_t now = __atomic_load_n(owner, __ATOMIC_RELAXED);

		if (!now) {
			if (__atomic_compare_exchange_n(owner, &now, me, false, __ATOMIC_ACQUIRE,
							__ATOMIC_RELAXED))
				return;
			continue;
		}
		if (now & PX_LOCK_AWAITED ||
		    __atomic_compare_exchange_n(owner, &now, now | PX_LOCK_AWAITED, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			px_word_wait(owner, now | PX_LOCK_AWAITED, 0, 0);
	}
}

void px_lock_wake(uint32_t *owner)
{
	px_word_wake(owner, 1, 0);
}

/* newlib's, not declared where it is installed; only there if the program has streams. */
extern void __sinit(struct _reent *) __attribute__((weak));

/* exit() flushes what the first thread has begun to use, so that one has, even if only others
 * write. */
void px_locks_on(void)
{
	if (__sinit && !_GLOBAL_REENT->__cleanup)
		__sinit(_GLOBAL_REENT);
	px_heap_threads = 1;
	px_files_counted = true;
}
