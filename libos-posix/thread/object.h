/* object.h - the objects of POSIX threads as they lie in the program's memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All zero bytes are a valid object of the default kind.  sys/_pthreadtypes.h has the room for
 * each.
 */
#ifndef PX_OBJECT_H
#define PX_OBJECT_H

#include <env/thread.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <thread/sched.h>
#include <thread/word.h>

/* A mutex's word: who holds it, and... */
#define PX_M_WAITERS 0x80000000u /* somebody waits */
#define PX_M_DIED    0x40000000u /* who held it ended */
#define PX_M_GONE    0x3fffffffu /* it did, and nobody made it consistent */
#define PX_M_OWNER   0x3fffffffu

/* Its kind: a PTHREAD_MUTEX_* type, and... */
#define PX_M_TYPE    0x03u
#define PX_M_SHARED  0x04u
#define PX_M_ROBUST  0x08u
#define PX_M_INHERIT 0x10u
#define PX_M_PROTECT 0x20u
#define PX_M_BROKEN  0x40u /* taken over from one who ended, not yet consistent */

struct px_mutex {
	uint32_t word;
	uint32_t kind;
	uint32_t count; /* recursive: how often beyond the first time */
	uint32_t ceiling;
	struct px_mutex *next, *prev; /* robust ones held by one thread */
};
_Static_assert(sizeof(struct px_mutex) <= sizeof(pthread_mutex_t), "room");

struct px_cond {
	uint32_t turn;    /* counts signals; the word waited for */
	uint32_t waiters; /* that have not left yet */
	uint32_t kind;    /* PX_C_* */
	uint32_t zero;
	struct px_mutex *mutex; /* of those who wait */
};
#define PX_C_SHARED    1u
#define PX_C_MONOTONIC 2u
#define PX_C_DOOMED    0x80000000u /* of waiters: it is being destroyed */
_Static_assert(sizeof(struct px_cond) <= sizeof(pthread_cond_t), "room");

struct px_rwlock {
	uint32_t word;    /* readers, or all ones: a writer; the highest bit: somebody waits */
	uint32_t writer;  /* its id */
	uint32_t writers; /* that wait */
	uint32_t kind;    /* PX_RW_* */
};
#define PX_RW_SHARED        1u
#define PX_RW_WRITERS_FIRST 2u
_Static_assert(sizeof(struct px_rwlock) <= sizeof(pthread_rwlock_t), "room");

struct px_barrier {
	uint32_t round; /* the word waited for */
	uint32_t count;
	uint32_t arrived;
	uint32_t inside; /* that have not left yet */
	uint32_t shared;
};
_Static_assert(sizeof(struct px_barrier) <= sizeof(pthread_barrier_t), "room");

struct px_sem {
	uint64_t
		value; /* in the low half, which is the word waited for; waiters in the high half */
	uint32_t shared;
};
_Static_assert(sizeof(struct px_sem) <= sizeof(sem_t), "room");

/* What an attribute object holds: a kind as above, and ceiling or clock. */
struct px_variety {
	uint32_t kind, more;
};

/* Wait for the word in vain or not, as long as `attend` allows. */
static inline uint32_t px_how(bool shared, uint32_t attend)
{
	return attend | (shared ? PX_WORD_SHARED : 0);
}

/* mutex.c, for condition variables: `waited` if others might wait, too.  Nobody is canceled in it.
 */
int px_mutex_take(struct px_mutex *m, bool waited);
int px_mutex_give(struct px_mutex *m);

/* A mutex without further properties that nobody has. */
static inline bool px_mutex_quick(struct px_mutex *m)
{
	uint32_t none = 0;

	return __builtin_expect(!m->kind, 1) &&
	       __atomic_compare_exchange_n(&m->word, &none, px_self()->id, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline int px_mutex_release(struct px_mutex *m)
{
	if (__builtin_expect(m->kind != 0, 0))
		return px_mutex_give(m);
	if (__atomic_exchange_n(&m->word, 0, __ATOMIC_RELEASE) & PX_M_WAITERS)
		px_word_wake(&m->word, 1, 0);
	return 0;
}

#endif
