/* c11.c - the threads of C11, which are those of POSIX.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <threads.h>

static int result(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case ENOMEM:
		return thrd_nomem;
	case ETIMEDOUT:
		return thrd_timedout;
	case EBUSY:
		return thrd_busy;
	}
	return thrd_error;
}

/* An int in eax is what the caller of a function that returns a pointer finds in rax: the low half
 * is all that thrd_join looks at. */
int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	int r = pthread_create(thread, NULL, (void *(*)(void *))(void (*)(void))start, arg);

	return r == EAGAIN ? thrd_nomem : result(r);
}

int thrd_equal(thrd_t a, thrd_t b)
{
	return a == b;
}

thrd_t thrd_current(void)
{
	return pthread_self();
}

int thrd_sleep(const struct timespec *t, struct timespec *left)
{
	int r = clock_nanosleep(CLOCK_REALTIME, 0, t, left);

	return r == 0 ? 0 : r == EINTR ? -1 : -2;
}

void thrd_exit(int status)
{
	pthread_exit((void *)(long)status);
}

int thrd_detach(thrd_t thread)
{
	return result(pthread_detach(thread));
}

int thrd_join(thrd_t thread, int *status)
{
	void *value;
	int r = pthread_join(thread, &value);

	if (!r && status)
		*status = (int)(long)value;
	return result(r);
}

void thrd_yield(void)
{
	sched_yield();
}

int mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t attr;

	if (type & ~(mtx_recursive | mtx_timed))
		return thrd_error;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE
							      : PTHREAD_MUTEX_NORMAL);
	return result(pthread_mutex_init(mutex, &attr));
}

int mtx_lock(mtx_t *mutex)
{
	return result(pthread_mutex_lock(mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	return result(pthread_mutex_timedlock(mutex, until));
}

int mtx_trylock(mtx_t *mutex)
{
	return result(pthread_mutex_trylock(mutex));
}

int mtx_unlock(mtx_t *mutex)
{
	return result(pthread_mutex_unlock(mutex));
}

void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(mutex);
}

void call_once(once_flag *flag, void (*routine)(void))
{
	pthread_once(flag, routine);
}

int cnd_init(cnd_t *cond)
{
	return result(pthread_cond_init(cond, NULL));
}

int cnd_signal(cnd_t *cond)
{
	return result(pthread_cond_signal(cond));
}

int cnd_broadcast(cnd_t *cond)
{
	return result(pthread_cond_broadcast(cond));
}

int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return result(pthread_cond_wait(cond, mutex));
}

int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
		  const struct timespec *restrict until)
{
	return result(pthread_cond_timedwait(cond, mutex, until));
}

void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy(cond);
}

int tss_create(tss_t *key, tss_dtor_t destructor)
{
	return result(pthread_key_create(key, destructor));
}

void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
	return result(pthread_setspecific(key, value));
}

void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}
