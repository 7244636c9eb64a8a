/* mutex.c - mutexes: normal, recursive, error checking, robust, of one process or of several.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <thread/object.h>
#include <thread/thread.h>

static struct px_mutex *of(pthread_mutex_t *m)
{
	return (struct px_mutex *)m;
}

static bool swap(uint32_t *word, uint32_t *old, uint32_t new)
{
	return __atomic_compare_exchange_n(word, old, new, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* Robust ones stand in a list of the thread, and in `robust_next` while they are about to. */
static void enlist(struct px_mutex *m)
{
	struct px_tcb *me = px_self();

	m->prev = NULL;
	m->next = me->robust;
	if (m->next)
		m->next->prev = m;
	me->robust = m;
	me->robust_next = NULL;
}

static void strike(struct px_mutex *m)
{
	struct px_tcb *me = px_self();

	me->robust_next = m;
	if (m->prev)
		m->prev->next = m->next;
	else
		me->robust = m->next;
	if (m->next)
		m->next->prev = m->prev;
}

/* It is ours now; `word` is what it was before. */
static int taken(struct px_mutex *m, uint32_t word)
{
	if (!(m->kind & PX_M_ROBUST))
		return 0;
	enlist(m);
	if (!(word & PX_M_DIED))
		return 0;
	m->kind |= PX_M_BROKEN;
	m->count = 0;
	return EOWNERDEAD;
}

/* By the one who holds it already. */
static int again(struct px_mutex *m)
{
	if ((m->kind & PX_M_TYPE) == PTHREAD_MUTEX_ERRORCHECK)
		return EDEADLK;
	if (m->count == UINT32_MAX)
		return EAGAIN;
	m->count++;
	return 0;
}

/* Sets the bit that says that somebody waits, and waits. */
static int wait(struct px_mutex *m, uint32_t word, exo_ns_t deadline, uint32_t attend)
{
	uint32_t waited = word | PX_M_WAITERS;

	if (word != waited && !swap(&m->word, &word, waited))
		return 0;
	return px_word_wait(&m->word, waited, deadline, px_how(m->kind & PX_M_SHARED, attend));
}

/* Who has waited leaves the bit set: others may wait, too. */
static int acquire(struct px_mutex *m, exo_ns_t deadline, bool waited, uint32_t attend)
{
	uint32_t me = px_self()->id;

	if (m->kind & PX_M_ROBUST)
		px_self()->robust_next = m;
	for (;;) {
		uint32_t word = __atomic_load_n(&m->word, __ATOMIC_RELAXED);
		uint32_t new = me | (waited ? PX_M_WAITERS : word & PX_M_WAITERS);
		int r;

		if ((word & PX_M_OWNER) == PX_M_GONE)
			return ENOTRECOVERABLE;
		if (!(word & PX_M_OWNER)) {
			if (swap(&m->word, &word, new))
				return taken(m, word);
			continue;
		}
		r = wait(m, word, deadline, attend);
		if (r == -ETIMEDOUT)
			return ETIMEDOUT;
		if (r == -EINTR)
			px_interrupted();
		waited = true;
	}
}

static bool mine(const struct px_mutex *m)
{
	return (__atomic_load_n(&m->word, __ATOMIC_RELAXED) & PX_M_OWNER) == px_self()->id;
}

static int take(struct px_mutex *m, exo_ns_t deadline, bool waited, uint32_t attend)
{
	if (m->kind & PX_M_TYPE && mine(m))
		return again(m);
	return acquire(m, deadline, waited, attend);
}

int px_mutex_take(struct px_mutex *m, bool waited)
{
	return take(m, 0, waited, 0xffu & ~PX_ATTEND_CANCEL);
}

/* It is no cancellation point; but who is to be canceled wherever it is does not go on waiting. */
static int lock(struct px_mutex *m, exo_ns_t deadline)
{
	uint32_t never = px_self()->cancel_type == PTHREAD_CANCEL_DEFERRED ? PX_ATTEND_CANCEL : 0;

	return take(m, deadline, false, 0xffu & ~never);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	struct px_mutex *m = of(mutex);

	return px_mutex_quick(m) ? 0 : lock(m, 0);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	struct px_mutex *m = of(mutex);
	uint32_t word = __atomic_load_n(&m->word, __ATOMIC_RELAXED);

	if ((m->kind & PX_M_TYPE) == PTHREAD_MUTEX_RECURSIVE && mine(m))
		return again(m);
	if ((word & PX_M_OWNER) == PX_M_GONE)
		return ENOTRECOVERABLE;
	if (m->kind & PX_M_ROBUST)
		px_self()->robust_next = m;
	if (word & PX_M_OWNER || !swap(&m->word, &word, px_self()->id | (word & PX_M_WAITERS)))
		return EBUSY;
	return taken(m, word);
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	exo_ns_t deadline;
	int r = pthread_mutex_trylock(mutex);

	if (r != EBUSY)
		return r;
	r = px_until(clock, until, &deadline);
	return r ? r : lock(of(mutex), deadline);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

/* One that was never made consistent is lost for all. */
int px_mutex_give(struct px_mutex *m)
{
	bool broken = m->kind & PX_M_BROKEN, shared = m->kind & PX_M_SHARED;
	uint32_t word;

	if (m->kind & PX_M_ROBUST)
		strike(m);
	word = __atomic_exchange_n(&m->word, broken ? PX_M_GONE : 0, __ATOMIC_RELEASE);
	px_self()->robust_next = NULL;
	if (word & PX_M_WAITERS)
		px_word_wake(&m->word, broken ? UINT32_MAX : 1, shared ? PX_WORD_SHARED : 0);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	struct px_mutex *m = of(mutex);

	if (m->kind & (PX_M_TYPE | PX_M_ROBUST)) {
		if (!mine(m))
			return EPERM;
		if (m->count) {
			m->count--;
			return 0;
		}
	}
	return px_mutex_release(m);
}

int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct px_mutex *m = of(mutex);

	if (!(m->kind & PX_M_ROBUST) || !mine(m) || !(m->kind & PX_M_BROKEN))
		return EINVAL;
	m->kind &= ~PX_M_BROKEN;
	return 0;
}

/* Those that the thread holds go to whoever comes next, with a note. */
static void give_up(struct px_mutex *m, uint32_t id)
{
	uint32_t word = __atomic_load_n(&m->word, __ATOMIC_RELAXED);

	if ((word & PX_M_OWNER) != id)
		return;
	m->kind &= ~PX_M_BROKEN;
	word = __atomic_exchange_n(&m->word, PX_M_DIED, __ATOMIC_RELEASE);
	if (word & PX_M_WAITERS)
		px_word_wake(&m->word, 1, m->kind & PX_M_SHARED ? PX_WORD_SHARED : 0);
}

void px_robust_end(struct px_tcb *t)
{
	struct px_mutex *next;

	for (struct px_mutex *m = t->robust; m; m = next) {
		next = m->next;
		give_up(m, t->id);
	}
	if (t->robust_next)
		give_up(t->robust_next, t->id);
	t->robust = t->robust_next = NULL;
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	const struct px_variety *k = (const struct px_variety *)attr;

	*of(mutex) = (struct px_mutex){.kind = k ? k->kind : 0, .ceiling = k ? k->more : 0};
	if ((of(mutex)->kind & PX_M_TYPE) == PTHREAD_MUTEX_ADAPTIVE_NP)
		of(mutex)->kind &= ~PX_M_TYPE;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return of(mutex)->word & PX_M_OWNER && !(of(mutex)->kind & PX_M_ROBUST) ? EBUSY : 0;
}

int pthread_mutex_consistent_np(pthread_mutex_t *mutex)
	__attribute__((alias("pthread_mutex_consistent")));
