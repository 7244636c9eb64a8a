/* resource.c - limits as they are, and what was used.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <limits.h>
#include <process/limit.h>
#include <process/process.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define NONE RLIM_INFINITY

struct rlimit px_limit_default(int which)
{
	switch (which) {
	case RLIMIT_STACK:
		return (struct rlimit){8 << 20, NONE};
	case RLIMIT_CORE:
		return (struct rlimit){0, NONE};
	case RLIMIT_NOFILE:
		return (struct rlimit){OPEN_MAX, OPEN_MAX};
	case RLIMIT_MSGQUEUE:
		return (struct rlimit){819200, 819200};
	case RLIMIT_NICE:
	case RLIMIT_RTPRIO:
		return (struct rlimit){0, 0};
	}
	return (struct rlimit){NONE, NONE};
}

int getrlimit(int which, struct rlimit *l)
{
	struct rlimit now;

	if (which < 0 || which >= RLIM_NLIMITS)
		return (int)px_result(-EINVAL);
	now = px_limit_default(which);
	px_enter();
	if (px_me->limits)
		now = (struct rlimit){px_me->limits->soft[which], px_me->limits->hard[which]};
	px_leave();
	*l = now;
	return 0;
}

int getrusage(int who, struct rusage *usage)
{
	struct rusage room; /* theirs may be nowhere */
	struct timespec t;

	if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
		return (int)px_result(-EINVAL);
	px_enter();
	if (who == RUSAGE_CHILDREN)
		px_usage_children(px_me, &room);
	else
		px_usage_self(px_me, &room);
	px_leave();
	*usage = room;
	if (who == RUSAGE_CHILDREN)
		return 0;
	clock_gettime(who == RUSAGE_SELF ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID, &t);
	usage->ru_utime = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
	return 0;
}
