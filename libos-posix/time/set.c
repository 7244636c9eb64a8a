/* set.c - the wall clock is the machine's, and no image's to set.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The answers are those a process without CAP_SYS_TIME gets on Linux.
 */
#include <errno.h>
#include <fd/file.h>
#include <sys/time.h>
#include <time.h>

int clock_settime(clockid_t clock, const struct timespec *t)
{
	if (clock != CLOCK_REALTIME || t->tv_sec < 0 || t->tv_nsec < 0 || t->tv_nsec > 999999999)
		return (int)px_result(-EINVAL);
	return (int)px_result(-EPERM);
}

int settimeofday(const struct timeval *t, const struct timezone *zone)
{
	(void)zone;
	if (t && (t->tv_sec < 0 || t->tv_usec < 0 || t->tv_usec > 999999))
		return (int)px_result(-EINVAL);
	return (int)px_result(-EPERM);
}
