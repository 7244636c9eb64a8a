/* mutexattr.c - attributes of mutexes and condition variables.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <thread/object.h>

static struct px_variety *of(const void *attr)
{
	return (struct px_variety *)attr;
}

static int put(const void *attr, uint32_t bits, bool on)
{
	of(attr)->kind = (of(attr)->kind & ~bits) | (on ? bits : 0);
	return 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	*of(attr) = (struct px_variety){0};
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ADAPTIVE_NP)
		return EINVAL;
	put(attr, PX_M_TYPE, false);
	return put(attr, (uint32_t)type, true);
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *type)
{
	*type = (int)(of(attr)->kind & PX_M_TYPE);
	return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	return put(attr, PX_M_SHARED, shared == PTHREAD_PROCESS_SHARED);
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *attr, int *shared)
{
	*shared = of(attr)->kind & PX_M_SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
	if (robust != PTHREAD_MUTEX_STALLED && robust != PTHREAD_MUTEX_ROBUST)
		return EINVAL;
	return put(attr, PX_M_ROBUST, robust == PTHREAD_MUTEX_ROBUST);
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *attr, int *robust)
{
	*robust = of(attr)->kind & PX_M_ROBUST ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED;
	return 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
	(void)attr;
	if (protocol == PTHREAD_PRIO_INHERIT || protocol == PTHREAD_PRIO_PROTECT)
		return ENOTSUP;
	return protocol == PTHREAD_PRIO_NONE ? 0 : EINVAL;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *attr, int *protocol)
{
	(void)attr;
	*protocol = PTHREAD_PRIO_NONE;
	return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
	*of(attr) = (struct px_variety){0};
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	return put(attr, PX_C_MONOTONIC, clock == CLOCK_MONOTONIC);
}

int pthread_condattr_getclock(const pthread_condattr_t *attr, clockid_t *clock)
{
	*clock = of(attr)->kind & PX_C_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME;
	return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	return put(attr, PX_C_SHARED, shared == PTHREAD_PROCESS_SHARED);
}

int pthread_condattr_getpshared(const pthread_condattr_t *attr, int *shared)
{
	*shared = of(attr)->kind & PX_C_SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
	(void)attr;
	return ceiling < 1 || ceiling > 99 ? EINVAL : ENOTSUP;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *attr, int *ceiling)
{
	(void)attr;
	(void)ceiling;
	return ENOTSUP;
}

/* No mutex has the protocol that ceilings are for. */
int pthread_mutex_setprioceiling(pthread_mutex_t *mutex, int ceiling, int *old)
{
	(void)mutex;
	(void)ceiling;
	(void)old;
	return EINVAL;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *mutex, int *ceiling)
{
	(void)mutex;
	(void)ceiling;
	return EINVAL;
}

int pthread_mutexattr_getrobust_np(const pthread_mutexattr_t *attr, int *robust)
	__attribute__((alias("pthread_mutexattr_getrobust")));
int pthread_mutexattr_setrobust_np(pthread_mutexattr_t *attr, int robust)
	__attribute__((alias("pthread_mutexattr_setrobust")));
