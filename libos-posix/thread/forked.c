/* forked.c - what threads need when one of them copies the process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/thread.h>
#include <signal/again.h>
#include <stddef.h>
#include <thread/fork.h>
#include <thread/lock.h>

void px_threads_fork(void)
{
	if (px_atfork_run)
		px_atfork_run(PX_FORK_BEFORE);
	px_signals_hold();
	px_locks_fork();
}

/* Robust mutexes are the parent's still. */
void px_threads_forked(bool child)
{
	if (child) {
		px_self()->robust = px_self()->robust_next = NULL;
		if (px_stacks_forked)
			px_stacks_forked();
	}
	px_locks_forked(child);
	px_signals_release();
	if (px_atfork_run)
		px_atfork_run(child ? PX_FORK_CHILD : PX_FORK_PARENT);
}
