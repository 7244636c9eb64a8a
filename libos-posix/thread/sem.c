/* sem.c - counting semaphores.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Value and number of waiters change together, so that who posts need not look at the semaphore
 * again: whom it let through may have freed it by then.
 */
#include <errno.h>
#include <fd/file.h>
#include <limits.h>
#include <signal/again.h>
#include <thread/object.h>
#include <thread/thread.h>

#define WAITER (1ull << 32)

static struct px_sem *of(sem_t *s)
{
	return (struct px_sem *)s;
}

static uint32_t value(uint64_t both)
{
	return (uint32_t)both;
}

static bool swap(struct px_sem *s, uint64_t *old, uint64_t new)
{
	return __atomic_compare_exchange_n(&s->value, old, new, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

/* Take one and `less` besides, if the value is not 0. */
static bool take(struct px_sem *s, uint64_t less)
{
	uint64_t both = __atomic_load_n(&s->value, __ATOMIC_ACQUIRE);

	while (value(both))
		if (swap(s, &both, both - 1 - less))
			return true;
	return false;
}

int sem_init(sem_t *sem, int shared, unsigned int start)
{
	if (start > SEM_VALUE_MAX)
		return (int)px_result(-EINVAL);
	*of(sem) = (struct px_sem){.value = start, .shared = shared != 0};
	return 0;
}

int sem_destroy(sem_t *sem)
{
	(void)sem;
	return 0;
}

int sem_trywait(sem_t *sem)
{
	return take(of(sem), 0) ? 0 : (int)px_result(-EAGAIN);
}

/* As one of those who wait. */
static int wait(struct px_sem *s, exo_ns_t deadline)
{
	int r;

	__atomic_add_fetch(&s->value, WAITER, __ATOMIC_ACQ_REL);
	for (;;) {
		if (take(s, WAITER))
			return 0;
		r = px_word_wait(&s->value, 0, deadline, px_how(s->shared, 0xff));
		if (r == -ETIMEDOUT || r == -EINTR)
			break;
	}
	if (take(s, WAITER))
		return 0;
	__atomic_sub_fetch(&s->value, WAITER, __ATOMIC_ACQ_REL);
	return r;
}

int sem_wait(sem_t *sem)
{
	int r;

	px_cancel_point();
	do
		r = take(of(sem), 0) ? 0 : wait(of(sem), 0);
	while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until)
{
	exo_ns_t deadline;
	int r;

	px_cancel_point();
	r = px_until(clock, until, &deadline);
	if (r)
		return (int)px_result(-r);
	do
		r = take(of(sem), 0) ? 0 : wait(of(sem), deadline);
	while (px_restarts(r, PX_AGAIN_QUIET));
	return (int)px_result(r);
}

int sem_timedwait(sem_t *sem, const struct timespec *until)
{
	return sem_clockwait(sem, CLOCK_REALTIME, until);
}

int sem_post(sem_t *sem)
{
	struct px_sem *s = of(sem);
	uint32_t how = s->shared ? PX_WORD_SHARED : 0;
	uint64_t both = __atomic_load_n(&s->value, __ATOMIC_RELAXED);

	do
		if (value(both) == SEM_VALUE_MAX)
			return (int)px_result(-EOVERFLOW);
	while (!swap(s, &both, both + 1));
	if (both >= WAITER)
		px_word_wake(&s->value, 1, how);
	return 0;
}

int sem_getvalue(sem_t *sem, int *result)
{
	*result = (int)value(__atomic_load_n(&of(sem)->value, __ATOMIC_RELAXED));
	return 0;
}
