/* resource.c - limits and usage of the one process.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Limits are kept for whoever asks; the system's own bounds hold besides.
 */
#include <errno.h>
#include <fd/file.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <vm/frames.h>

#define NONE RLIM_INFINITY

static struct rlimit limits[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = {NONE, NONE},
	[RLIMIT_FSIZE] = {NONE, NONE},
	[RLIMIT_DATA] = {NONE, NONE},
	[RLIMIT_STACK] = {8 << 20, NONE},
	[RLIMIT_CORE] = {0, NONE},
	[RLIMIT_RSS] = {NONE, NONE},
	[RLIMIT_NPROC] = {NONE, NONE},
	[RLIMIT_NOFILE] = {OPEN_MAX, OPEN_MAX},
	[RLIMIT_MEMLOCK] = {NONE, NONE},
	[RLIMIT_AS] = {NONE, NONE},
	[RLIMIT_LOCKS] = {NONE, NONE},
	[RLIMIT_SIGPENDING] = {NONE, NONE},
	[RLIMIT_MSGQUEUE] = {819200, 819200},
	[RLIMIT_NICE] = {0, 0},
	[RLIMIT_RTPRIO] = {0, 0},
	[RLIMIT_RTTIME] = {NONE, NONE},
};

int getrlimit(int which, struct rlimit *l)
{
	if (which < 0 || which >= RLIM_NLIMITS)
		return (int)px_result(-EINVAL);
	*l = limits[which];
	return 0;
}

int setrlimit(int which, const struct rlimit *l)
{
	if (which < 0 || which >= RLIM_NLIMITS || l->rlim_cur > l->rlim_max)
		return (int)px_result(-EINVAL);
	if (which == RLIMIT_NOFILE && l->rlim_max > OPEN_MAX)
		return (int)px_result(-EPERM);
	limits[which] = *l;
	return 0;
}

int prlimit(pid_t pid, int which, const struct rlimit *new, struct rlimit *old)
{
	struct rlimit before;

	if (pid && pid != getpid())
		return (int)px_result(-ESRCH);
	if (getrlimit(which, &before) < 0 || (new &&setrlimit(which, new) < 0))
		return -1;
	if (old)
		*old = before;
	return 0;
}

int getrusage(int who, struct rusage *u)
{
	struct timespec t = {0};

	memset(u, 0, sizeof(*u));
	if (who == RUSAGE_SELF || who == RUSAGE_THREAD) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
		u->ru_utime.tv_sec = t.tv_sec;
		u->ru_utime.tv_usec = t.tv_nsec / 1000;
		u->ru_maxrss = (long)px_frames->out * 4;
	} else if (who != RUSAGE_CHILDREN) {
		return (int)px_result(-EINVAL);
	}
	return 0;
}
