/* thread.h - what each thread has at FS base, in its process's memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What others need to know of a thread is struct px_thread in the arena (thread/sched.h).
 */
#ifndef PX_ENV_THREAD_H
#define PX_ENV_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct px_mutex;
struct px_thread;
struct px_value;

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
	int cancel_state, cancel_type;
	uint32_t cancel_due;    /* pthread_cancel was called */
	uint32_t flags;         /* PX_TCB_*; inside only */
	struct px_saved *saved; /* for registers when it is interrupted */
	struct px_stack *stack; /* NULL: of the first thread */
	struct _pthread_cleanup_context *cleanup;
	uint32_t hold;      /* signals are not taken (signal/signals.h) */
	uint8_t handled;    /* what handlers have run (signal/deliver.c) */
	uint8_t mask_due;   /* when a handler has run the mask is... */
	uint64_t mask_after; /* ...this one */
	uint64_t alt_stack, alt_bytes; /* sigaltstack(); bytes 0: none */
	struct px_value **values;     /* of keys */
	struct px_mutex *robust;      /* robust ones that it holds */
	struct px_mutex *robust_next; /* that it is about to take or to give back */
	void *(*start)(void *);
	void *result; /* or, before it runs, start's argument */
	char name[16];
};

#define PX_TCB_DETACHED 1u
#define PX_TCB_JOINED   2u /* somebody waits for its end */
#define PX_TCB_LEAVING  4u /* it runs its last handlers: cannot be canceled any more */

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

/* Does the calling thread have to end, as soon as it can? */
static inline bool px_cancel_ready(void)
{
	const struct px_tcb *t = px_self();

	return t->cancel_due && !t->cancel_state && !(t->flags & PX_TCB_LEAVING);
}

/* Make the first thread's block and its thread-local variables, and set FS base. */
long px_thread_first(void);

#endif
