/* barrier.c - barriers and spin locks.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <thread/object.h>
#include <thread/thread.h>

#define SPINS 100 /* before the CPU is given to somebody who might be the holder */

static struct px_barrier *of(pthread_barrier_t *b)
{
	return (struct px_barrier *)b;
}

static uint32_t how(const struct px_barrier *b)
{
	return b->shared ? PX_WORD_SHARED : 0;
}

/* The last to leave tells whoever destroys it. */
static void leave(struct px_barrier *b)
{
	uint32_t h = how(b);

	if (__atomic_sub_fetch(&b->inside, 1, __ATOMIC_RELEASE) == 0)
		px_word_wake(&b->inside, UINT32_MAX, h);
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct px_barrier *b = of(barrier);
	uint32_t round = __atomic_load_n(&b->round, __ATOMIC_ACQUIRE);
	bool last;

	__atomic_add_fetch(&b->inside, 1, __ATOMIC_RELAXED);
	last = __atomic_add_fetch(&b->arrived, 1, __ATOMIC_ACQ_REL) == b->count;
	if (last) {
		__atomic_store_n(&b->arrived, 0, __ATOMIC_RELAXED);
		__atomic_add_fetch(&b->round, 1, __ATOMIC_RELEASE);
		px_word_wake(&b->round, UINT32_MAX, how(b));
	}
	while (__atomic_load_n(&b->round, __ATOMIC_ACQUIRE) == round)
		if (px_word_wait(&b->round, round, 0,
				 px_how(b->shared, 0xffu & ~PX_ATTEND_CANCEL)) == -EINTR)
			px_interrupted();
	leave(b);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
			 unsigned count)
{
	if (!count || count > INT_MAX)
		return EINVAL;
	*of(barrier) = (struct px_barrier){
		.count = count, .shared = attr ? ((const struct px_variety *)attr)->kind : 0};
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct px_barrier *b = of(barrier);
	uint32_t inside;

	if (__atomic_load_n(&b->arrived, __ATOMIC_ACQUIRE))
		return EBUSY;
	while ((inside = __atomic_load_n(&b->inside, __ATOMIC_ACQUIRE)))
		px_word_wait(&b->inside, inside, 0, how(b));
	return 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
	*(struct px_variety *)attr = (struct px_variety){0};
	return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	((struct px_variety *)attr)->kind = (uint32_t)shared;
	return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *attr, int *shared)
{
	*shared = (int)((const struct px_variety *)attr)->kind;
	return 0;
}

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	*lock = 0;
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	(void)lock;
	return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	while (pthread_spin_trylock(lock)) {
		for (int i = 0; i < SPINS && *lock; i++)
			__asm__ volatile("pause");
		if (*lock)
			sched_yield();
	}
	return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}
