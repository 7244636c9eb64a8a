/* cond.c - condition variables.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each signal counts the turn up.  Who waits has read it while it held the mutex, and does not
 * sleep if it is another one by then; those who sleep are woken in the order in which they came.
 */
#include <errno.h>
#include <thread/object.h>
#include <thread/thread.h>

static struct px_cond *of(pthread_cond_t *c)
{
	return (struct px_cond *)c;
}

static uint32_t shared(const struct px_cond *c)
{
	return c->kind & PX_C_SHARED ? PX_WORD_SHARED : 0;
}

/* Whoever destroys it waits for the last to leave. */
static void leave(struct px_cond *c)
{
	uint32_t how = shared(c);

	if (__atomic_sub_fetch(&c->waiters, 1, __ATOMIC_RELEASE) == PX_C_DOOMED)
		px_word_wake(&c->waiters, 1, how);
}

/* A signal that finds nobody asleep has been seen by somebody on his way to sleep. */
static int sleep_on(struct px_cond *c, uint32_t turn, exo_ns_t deadline)
{
	int r = px_word_wait(&c->turn, turn, deadline, shared(c) | (PX_ATTEND_ALL & 0xff));

	leave(c);
	return r;
}

static int wait(struct px_cond *c, struct px_mutex *m, exo_ns_t deadline)
{
	uint32_t turn, count = m->count;
	int r, locked;

	px_cancel_point();
	if (m->kind & (PX_M_TYPE | PX_M_ROBUST) && (m->word & PX_M_OWNER) != px_self()->id)
		return EPERM;
	c->mutex = m;
	__atomic_add_fetch(&c->waiters, 1, __ATOMIC_RELAXED);
	turn = __atomic_load_n(&c->turn, __ATOMIC_RELAXED);
	m->count = 0;
	px_mutex_release(m);
	r = sleep_on(c, turn, deadline);
	locked = r != 1 && px_mutex_quick(m) ? 0 : px_mutex_take(m, r == 1);
	m->count = count;
	if (r == -EINTR)
		px_interrupted();
	return locked ? locked : r == -ETIMEDOUT ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return wait(of(cond), (struct px_mutex *)mutex, 0);
}

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
			   const struct timespec *until)
{
	exo_ns_t deadline;
	int r = px_until(clock, until, &deadline);

	return r ? r : wait(of(cond), (struct px_mutex *)mutex, deadline);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   const struct timespec *until)
{
	clockid_t clock = of(cond)->kind & PX_C_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME;

	return pthread_cond_clockwait(cond, mutex, clock, until);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	struct px_cond *c = of(cond);

	if (!__atomic_load_n(&c->waiters, __ATOMIC_ACQUIRE))
		return 0;
	__atomic_add_fetch(&c->turn, 1, __ATOMIC_RELEASE);
	px_word_wake(&c->turn, 1, shared(c));
	return 0;
}

/* If the caller holds the mutex, all but one would only run to wait for that: they wait for it at
 * once. */
int pthread_cond_broadcast(pthread_cond_t *cond)
{
	struct px_cond *c = of(cond);
	struct px_mutex *m = c->mutex;

	if (!__atomic_load_n(&c->waiters, __ATOMIC_ACQUIRE))
		return 0;
	__atomic_add_fetch(&c->turn, 1, __ATOMIC_RELEASE);
	if (!shared(c) && !(m->kind & PX_M_SHARED) && (m->word & PX_M_OWNER) == px_self()->id) {
		__atomic_or_fetch(&m->word, PX_M_WAITERS, __ATOMIC_RELAXED);
		px_word_move(&c->turn, &m->word);
	} else {
		px_word_wake(&c->turn, UINT32_MAX, shared(c));
	}
	return 0;
}

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	*of(cond) = (struct px_cond){.kind = attr ? ((const struct px_variety *)attr)->kind : 0};
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
	struct px_cond *c = of(cond);
	uint32_t left = __atomic_or_fetch(&c->waiters, PX_C_DOOMED, __ATOMIC_ACQUIRE);

	while (left != PX_C_DOOMED) {
		px_word_wait(&c->waiters, left, 0, shared(c));
		left = __atomic_load_n(&c->waiters, __ATOMIC_ACQUIRE);
	}
	return 0;
}
