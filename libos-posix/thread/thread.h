/* thread.h - what the parts of POSIX threads share: stacks, beginning and ending.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_THREAD_H
#define PX_THREAD_H

#include <env/thread.h>
#include <exo/types.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <thread/sched.h>

/* What pthread_attr_t holds; all zero but the sizes after pthread_attr_init. */
struct px_attr {
	uint64_t stack_bytes;
	uint64_t guard_bytes;
	void *stack;   /* lowest address, or NULL: ours to make */
	uint64_t cpus; /* 0: as the maker's */
	uint8_t detached;
	uint8_t own_policy; /* and own priority, not the maker's */
	uint8_t policy;
	uint8_t priority;
	uint8_t has_mask; /* `mask` is what it begins with */
	uint8_t zero[3];
	uint64_t mask;
};
_Static_assert(sizeof(struct px_attr) <= sizeof(pthread_attr_t), "room for it");

/* As pthread_attr_init makes them. */
void px_attr_default(struct px_attr *attr);

/* One region: guard, stack, and on top thread-local variables, tcb, newlib's state and room for
 * registers.  A stack of the program's own has neither guard nor stack in it. */
struct px_stack {
	struct px_stack *next, *before;    /* of those in use, or of the others */
	exo_va_t start, end;               /* of the region */
	exo_va_t low, high;                /* of the stack proper */
	uint64_t guard_bytes, stack_bytes; /* as asked for */
	struct px_tcb *tcb;
};

/* A stack with its tcb filled in but for the thread, or NULL: no memory.  Outside. */
struct px_stack *px_stack_get(const struct px_attr *attr);

/* Nobody runs on it any more, or will once the critical section is left.  Inside, as by
 * px_space_enter. */
void px_stack_put(struct px_stack *s);

/* Is this an address of the calling thread's stack?  For upcalls. */
bool px_stack_mine(uint64_t sp) __attribute__((weak, visibility("hidden")));

/* Room for a thread's registers when it is interrupted; for one that has no px_stack. */
struct px_saved *px_saved_new(void);

/* Run all that a thread does at its end, and end. */
_Noreturn void px_thread_exit(void *result);

/* Act on what the thread is to attend to: be canceled, handle a signal.  After a wait was
 * interrupted; outside.  Returns true, if it does. */
bool px_interrupted(void);

/* A cancellation point. */
void px_canceled(void) __attribute__((weak, visibility("hidden")));
static inline void px_cancel_point(void)
{
	if (__builtin_expect(px_self()->cancel_due, 0) && px_canceled)
		px_canceled();
}

/* The parts of that which are there if the program uses them. */
void px_keys_end(void) __attribute__((weak, visibility("hidden")));
void px_robust_end(struct px_tcb *t) __attribute__((weak, visibility("hidden")));

static inline struct px_tcb *px_tcb_of(pthread_t t)
{
	return (struct px_tcb *)t;
}

static inline const struct px_attr *px_attr_of(const pthread_attr_t *a)
{
	return (const struct px_attr *)a;
}

#define PX_STACK_BYTES (8ull << 20) /* if nobody says otherwise */
#define PX_GUARD_BYTES 4096ull

#endif
