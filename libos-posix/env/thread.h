/* thread.h - what each thread has at FS base, in its process's memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What others need to know of a thread is struct px_thread in the arena (thread/sched.h).
 */
#ifndef PX_ENV_THREAD_H
#define PX_ENV_THREAD_H

#include <stddef.h>
#include <stdint.h>

struct px_thread;

/* The thread control block.  The compiler knows two offsets: the thread pointer itself at 0 and the
 * stack protector's value at 0x28.  Thread-local variables lie below: the application's, for the
 * libOS keeps its own in here. */
struct px_tcb {
	struct px_tcb *self;
	uintptr_t reserved[4];
	uintptr_t canary;
	struct px_thread *thread;
	struct _reent *reent; /* newlib's per-thread state */
	uint32_t id;          /* the thread's */
	int cancel_state;
};
_Static_assert(offsetof(struct px_tcb, canary) == 0x28, "x86-64 ABI");
_Static_assert(offsetof(struct px_tcb, thread) == 0x30, "px_this");

static inline struct px_tcb *px_self(void)
{
	struct px_tcb *t;

	__asm__("mov %%fs:0, %0" : "=r"(t));
	return t;
}

static inline struct px_thread *px_this(void)
{
	struct px_thread *t;

	__asm__("mov %%fs:0x30, %0" : "=r"(t));
	return t;
}

/* Make the first thread's block and its thread-local variables, and set FS base. */
long px_thread_first(void);

#endif
