/* once.c - once, and values of threads under keys.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <thread/object.h>
#include <thread/thread.h>

enum { NEVER, RUNNING, AWAITED, DONE };

/* Who was to do it was canceled in the middle: somebody else has to. */
static void undo(void *once)
{
	uint32_t *state = once;

	if (__atomic_exchange_n(state, NEVER, __ATOMIC_RELEASE) == AWAITED)
		px_word_wake(state, UINT32_MAX, 0);
}

static void run(uint32_t *state, void (*routine)(void))
{
	struct _pthread_cleanup_context c;

	_pthread_cleanup_push(&c, undo, state);
	routine();
	_pthread_cleanup_pop(&c, 0);
	if (__atomic_exchange_n(state, DONE, __ATOMIC_RELEASE) == AWAITED)
		px_word_wake(state, UINT32_MAX, 0);
}

int pthread_once(pthread_once_t *once, void (*routine)(void))
{
	uint32_t *state = (uint32_t *)&once->__state, now;

	while ((now = __atomic_load_n(state, __ATOMIC_ACQUIRE)) != DONE) {
		uint32_t next = now == NEVER ? RUNNING : AWAITED;

		if (now != next && !__atomic_compare_exchange_n(state, &now, next, false,
								__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			continue;
		if (next == RUNNING) {
			run(state, routine);
			break;
		}
		if (px_word_wait(state, AWAITED, 0, 0xffu & ~PX_ATTEND_CANCEL) == -EINTR)
			px_interrupted();
	}
	return 0;
}
