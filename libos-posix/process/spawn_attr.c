/* spawn_attr.c - what a process that posix_spawn makes begins with.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <spawn.h>

#define ALL                                                                                        \
	(POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |                    \
	 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSCHEDPARAM | POSIX_SPAWN_SETSCHEDULER |           \
	 POSIX_SPAWN_USEVFORK | POSIX_SPAWN_SETSID)

int posix_spawnattr_init(posix_spawnattr_t *a)
{
	*a = (posix_spawnattr_t){.__flags = 0};
	return 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *a)
{
	(void)a;
	return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *a, short flags)
{
	if (flags & ~ALL)
		return EINVAL;
	a->__flags = flags;
	return 0;
}

#define ACCESS(name, type, field)                                                                  \
	int posix_spawnattr_get##name(const posix_spawnattr_t *restrict a, type *restrict value)   \
	{                                                                                          \
		*value = a->field;                                                                 \
		return 0;                                                                          \
	}

#define STORE(name, type, value)                                                                   \
	int posix_spawnattr_set##name(posix_spawnattr_t *restrict a, type restrict value)

ACCESS(flags, short, __flags)
ACCESS(pgroup, pid_t, __group)
ACCESS(sigdefault, sigset_t, __defaults)
ACCESS(sigmask, sigset_t, __mask)
ACCESS(schedparam, struct sched_param, __param)
ACCESS(schedpolicy, int, __policy)

int posix_spawnattr_setpgroup(posix_spawnattr_t *a, pid_t group)
{
	a->__group = group;
	return 0;
}

STORE(sigdefault, const sigset_t *, set)
{
	a->__defaults = *set;
	return 0;
}

STORE(sigmask, const sigset_t *, set)
{
	a->__mask = *set;
	return 0;
}

STORE(schedparam, const struct sched_param *, param)
{
	a->__param = *param;
	return 0;
}

int posix_spawnattr_setschedpolicy(posix_spawnattr_t *a, int policy)
{
	if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR)
		return EINVAL;
	a->__policy = policy;
	return 0;
}
