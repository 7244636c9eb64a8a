/* fork.h - what threads need when one of them copies the process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_THREAD_FORK_H
#define PX_THREAD_FORK_H

#include <stdbool.h>

enum px_fork_phase { PX_FORK_BEFORE, PX_FORK_PARENT, PX_FORK_CHILD };

/* What pthread_atfork was given: outside, with nothing held.  Before, in reverse order; after, in
 * order.  Only there if the program uses it. */
void px_atfork_run(enum px_fork_phase phase) __attribute__((weak, visibility("hidden")));

/* Around the copy: the C library's locks are held meanwhile, so nothing is half done in the child.
 * In the child the calling thread is the only one, has its new id, and the others' stacks are
 * free. */
void px_threads_fork(void);
void px_threads_forked(bool child);

/* stack.c, in the child.  Only there in programs with threads. */
void px_stacks_forked(void) __attribute__((weak, visibility("hidden")));

#endif
