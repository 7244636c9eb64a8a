/* rwlock.c - locks for many readers or one writer.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Readers pass by writers that wait, as with glibc, unless the lock is of the kind
 * PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP.
 */
#include <errno.h>
#include <thread/object.h>
#include <thread/thread.h>

#define WAITERS 0x80000000u
#define WRITER  0x7fffffffu
#define READERS 0x7fffffffu

static struct px_rwlock *of(pthread_rwlock_t *l)
{
	return (struct px_rwlock *)l;
}

static bool shared(const struct px_rwlock *l)
{
	return l->kind & PX_RW_SHARED;
}

static bool swap(struct px_rwlock *l, uint32_t *old, uint32_t new)
{
	return __atomic_compare_exchange_n(&l->word, old, new, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static bool may_read(const struct px_rwlock *l, uint32_t word)
{
	return (word & READERS) != WRITER &&
	       !(l->kind & PX_RW_WRITERS_FIRST && __atomic_load_n(&l->writers, __ATOMIC_RELAXED));
}

/* 0, EBUSY, or what else a try finds. */
static int try_read(struct px_rwlock *l)
{
	uint32_t word = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	do {
		if (!may_read(l, word))
			return EBUSY;
		if ((word & READERS) == WRITER - 1)
			return EAGAIN;
	} while (!swap(l, &word, word + 1));
	return 0;
}

static int try_write(struct px_rwlock *l)
{
	uint32_t word = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	do
		if (word & READERS)
			return EBUSY;
	while (!swap(l, &word, word | WRITER));
	l->writer = px_self()->id;
	return 0;
}

/* Until `try` succeeds. */
static int acquire(struct px_rwlock *l, int (*try)(struct px_rwlock *), exo_ns_t deadline)
{
	const uint32_t how = px_how(shared(l), 0xffu & ~PX_ATTEND_CANCEL);
	int r;

	while ((r = try(l)) == EBUSY) {
		uint32_t word = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

		if (l->writer == px_self()->id && (word & READERS) == WRITER)
			return EDEADLK;
		if (try == try_read ? may_read(l, word) : !(word & READERS))
			continue;
		if (!(word & WAITERS) && !swap(l, &word, word | WAITERS))
			continue;
		r = px_word_wait(&l->word, word | WAITERS, deadline, how);
		if (r == -ETIMEDOUT)
			return ETIMEDOUT;
		if (r == -EINTR)
			px_interrupted();
	}
	return r;
}

static int read_lock(struct px_rwlock *l, exo_ns_t deadline)
{
	int r = try_read(l);

	return r == EBUSY ? acquire(l, try_read, deadline) : r;
}

static int write_lock(struct px_rwlock *l, exo_ns_t deadline)
{
	int r = try_write(l);

	if (r != EBUSY)
		return r;
	__atomic_add_fetch(&l->writers, 1, __ATOMIC_RELAXED);
	r = acquire(l, try_write, deadline);
	__atomic_sub_fetch(&l->writers, 1, __ATOMIC_RELAXED);
	if (r == ETIMEDOUT && l->kind & PX_RW_WRITERS_FIRST)
		px_word_wake(&l->word, UINT32_MAX, shared(l) ? PX_WORD_SHARED : 0);
	return r;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return read_lock(of(lock), 0);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return write_lock(of(lock), 0);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return try_read(of(lock));
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return try_write(of(lock));
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
			       const struct timespec *until)
{
	exo_ns_t deadline;
	int r = try_read(of(lock));

	if (r != EBUSY)
		return r;
	r = px_until(clock, until, &deadline);
	return r ? r : read_lock(of(lock), deadline);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
			       const struct timespec *until)
{
	exo_ns_t deadline;
	int r = try_write(of(lock));

	if (r != EBUSY)
		return r;
	r = px_until(clock, until, &deadline);
	return r ? r : write_lock(of(lock), deadline);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *until)
{
	return pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, until);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *until)
{
	return pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, until);
}

/* The last one out lets all in who wait; they sort it out. */
int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct px_rwlock *l = of(lock);
	uint32_t how = shared(l) ? PX_WORD_SHARED : 0;
	uint32_t word = __atomic_load_n(&l->word, __ATOMIC_RELAXED), new;

	if ((word & READERS) == WRITER)
		l->writer = 0;
	do
		new = (word & READERS) == WRITER || (word & READERS) == 1 ? 0 : word - 1;
	while (!__atomic_compare_exchange_n(&l->word, &word, new, false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED));
	if (!new &&word & WAITERS)
		px_word_wake(&l->word, UINT32_MAX, how);
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr)
{
	*of(lock) = (struct px_rwlock){.kind = attr ? ((const struct px_variety *)attr)->kind : 0};
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	return of(lock)->word & READERS ? EBUSY : 0;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
	*(struct px_variety *)attr = (struct px_variety){0};
	return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int how)
{
	struct px_variety *k = (struct px_variety *)attr;

	if (how != PTHREAD_PROCESS_PRIVATE && how != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	k->kind = (k->kind & ~PX_RW_SHARED) | (how ? PX_RW_SHARED : 0);
	return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *attr, int *how)
{
	*how = ((const struct px_variety *)attr)->kind & PX_RW_SHARED ? PTHREAD_PROCESS_SHARED
								      : PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind)
{
	struct px_variety *k = (struct px_variety *)attr;

	if (kind < PTHREAD_RWLOCK_PREFER_READER_NP ||
	    kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return EINVAL;
	k->more = (uint32_t)kind;
	k->kind &= ~PX_RW_WRITERS_FIRST;
	if (kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		k->kind |= PX_RW_WRITERS_FIRST;
	return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *attr, int *kind)
{
	*kind = (int)((const struct px_variety *)attr)->more;
	return 0;
}
