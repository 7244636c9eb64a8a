/* thread.h - what each thread has at FS base.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_THREAD_H
#define PX_THREAD_H

#include <stddef.h>
#include <stdint.h>

/* The compiler knows two offsets: the thread pointer itself at 0 and the
 * stack protector's value at 0x28.  Thread-local variables lie below:
 * the application's, for the libOS keeps its own in here. */
struct px_thread {
	struct px_thread *self;
	uintptr_t reserved[4];
	uintptr_t canary;
	uint32_t number; /* 1 for the first thread */
	int cancel_state;
	struct _reent *reent; /* newlib's per-thread state */
};
_Static_assert(offsetof(struct px_thread, canary) == 0x28, "x86-64 ABI");

static inline struct px_thread *px_self(void)
{
	struct px_thread *t;

	__asm__("mov %%fs:0, %0" : "=r"(t));
	return t;
}

/* Make the first thread's block and its thread-local variables, and set FS base. */
long px_thread_first(void);

#endif
