/* sysconf.c - what the system can say of itself.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <exo/types.h>
#include <fd/file.h>
#include <libexo/cpu.h>
#include <libexo/start.h>
#include <limits.h>
#include <process/limit.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/types.h>
#include <unistd.h>
#include <vm/frames.h>

int getpagesize(void)
{
	return EXO_PAGE_SIZE;
}

int getdtablesize(void)
{
	return (int)px_limit(RLIMIT_NOFILE, OPEN_MAX);
}

int get_nprocs(void)
{
	return (int)xo_cpus(); /* threads run on all that the image has slices of */
}

int get_nprocs_conf(void)
{
	return get_nprocs();
}

long get_phys_pages(void)
{
	return (long)xo_info->frames_ram;
}

long get_avphys_pages(void)
{
	return (long)(px_frames->total - px_frames->out);
}

static long limit(int which)
{
	struct rlimit l;

	return getrlimit(which, &l) < 0 || l.rlim_cur == RLIM_INFINITY ? -1 : (long)l.rlim_cur;
}

/* Bounds; -1: there is none. */
static long bound(int name)
{
	switch (name) {
	case _SC_OPEN_MAX:
		return getdtablesize();
	case _SC_CHILD_MAX:
		return limit(RLIMIT_NPROC);
	case _SC_SIGQUEUE_MAX:
		return limit(RLIMIT_SIGPENDING);
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_NGROUPS_MAX:
		return 65536;
	case _SC_LINE_MAX:
	case _SC_BC_DIM_MAX:
		return 2048;
	case _SC_BC_BASE_MAX:
	case _SC_BC_SCALE_MAX:
		return 99;
	case _SC_BC_STRING_MAX:
		return 1000;
	case _SC_COLL_WEIGHTS_MAX:
		return 255;
	case _SC_EXPR_NEST_MAX:
	case _SC_TTY_NAME_MAX:
		return 32;
	case _SC_RE_DUP_MAX:
		return 255;
	case _SC_STREAM_MAX:
		return 16;
	case _SC_LOGIN_NAME_MAX:
		return 256;
	case _SC_HOST_NAME_MAX:
		return 64;
	case _SC_GETGR_R_SIZE_MAX:
	case _SC_GETPW_R_SIZE_MAX:
		return 1024;
	case _SC_ATEXIT_MAX:
	case _SC_DELAYTIMER_MAX:
		return INT_MAX;
	case _SC_THREAD_STACK_MIN:
		return PTHREAD_STACK_MIN;
	case _SC_THREAD_KEYS_MAX:
		return PTHREAD_KEYS_MAX;
	case _SC_THREAD_DESTRUCTOR_ITERATIONS:
		return PTHREAD_DESTRUCTOR_ITERATIONS;
	case _SC_MQ_PRIO_MAX:
		return MQ_PRIO_MAX;
	case _SC_AIO_PRIO_DELTA_MAX:
		return AIO_PRIO_DELTA_MAX;
	case _SC_RTSIG_MAX:
		return 32;
	case _SC_SEM_VALUE_MAX:
		return INT_MAX;
	}
	return -1;
}

/*
 * Options, POSIX.1-2017, sysconf and section 2.1.3: there, 0: not.  Not there: mutexes that inherit
 * priorities or have ceilings, the sporadic server, tracing, typed memory, and the network so far.
 */
static long option(int name)
{
	switch (name) {
	case _SC_VERSION:
	case _SC_2_VERSION:
	case _SC_2_C_BIND:
	case _SC_ADVISORY_INFO:
	case _SC_ASYNCHRONOUS_IO:
	case _SC_BARRIERS:
	case _SC_CLOCK_SELECTION:
	case _SC_CPUTIME:
	case _SC_FSYNC:
	case _SC_MAPPED_FILES:
	case _SC_MEMLOCK:
	case _SC_MEMLOCK_RANGE:
	case _SC_MEMORY_PROTECTION:
	case _SC_MESSAGE_PASSING:
	case _SC_MONOTONIC_CLOCK:
	case _SC_PRIORITY_SCHEDULING:
	case _SC_READER_WRITER_LOCKS:
	case _SC_REALTIME_SIGNALS:
	case _SC_SEMAPHORES:
	case _SC_SHARED_MEMORY_OBJECTS:
	case _SC_SPAWN:
	case _SC_SPIN_LOCKS:
	case _SC_SYNCHRONIZED_IO:
	case _SC_THREADS:
	case _SC_THREAD_ATTR_STACKADDR:
	case _SC_THREAD_ATTR_STACKSIZE:
	case _SC_THREAD_CPUTIME:
	case _SC_THREAD_PRIORITY_SCHEDULING:
	case _SC_THREAD_PROCESS_SHARED:
	case _SC_THREAD_SAFE_FUNCTIONS:
	case _SC_TIMEOUTS:
	case _SC_TIMERS:
		return _POSIX_VERSION;
	case _SC_JOB_CONTROL:
	case _SC_REGEXP:
	case _SC_SAVED_IDS:
	case _SC_SHELL:
	case _SC_V7_LP64_OFF64:
	case _SC_XOPEN_ENH_I18N:
	case _SC_XOPEN_SHM:
	case _SC_XOPEN_UNIX:
		return 1;
	case _SC_XOPEN_VERSION:
		return 700;
	}
	return 0;
}

long sysconf(int name)
{
	if (name < 0 || name > _SC_LEVEL3_CACHE_SIZE + 8)
		return px_result(-EINVAL);
	switch (name) {
	case _SC_PAGESIZE:
		return EXO_PAGE_SIZE;
	case _SC_CLK_TCK:
		return 100;
	case _SC_NPROCESSORS_CONF:
		return get_nprocs_conf();
	case _SC_NPROCESSORS_ONLN:
		return get_nprocs();
	case _SC_PHYS_PAGES:
		return get_phys_pages();
	case _SC_AVPHYS_PAGES:
		return get_avphys_pages();
	}
	return option(name) ?: bound(name);
}

static long path_bound(int name)
{
	switch (name) {
	case _PC_LINK_MAX:
		return 127;
	case _PC_MAX_CANON:
	case _PC_MAX_INPUT:
		return 255;
	case _PC_NAME_MAX:
		return NAME_MAX;
	case _PC_PATH_MAX:
		return PATH_MAX;
	case _PC_PIPE_BUF:
	case _PC_REC_INCR_XFER_SIZE:
	case _PC_REC_MIN_XFER_SIZE:
	case _PC_REC_XFER_ALIGN:
	case _PC_ALLOC_SIZE_MIN:
		return 4096;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
	case _PC_2_SYMLINKS:
		return 1;
	case _PC_VDISABLE:
		return 0;
	case _PC_FILESIZEBITS:
		return 64;
	case _PC_ASYNC_IO:
	case _PC_PRIO_IO:
	case _PC_SYNC_IO:
	case _PC_SYMLINK_MAX:
	case _PC_REC_MAX_XFER_SIZE:
		return -1;
	}
	return px_result(-EINVAL);
}

long fpathconf(int fd, int name)
{
	struct stat s;

	return fstat(fd, &s) < 0 ? -1 : path_bound(name);
}

long pathconf(const char *path, int name)
{
	struct stat s;

	return stat(path, &s) < 0 ? -1 : path_bound(name);
}

size_t confstr(int name, char *buffer, size_t size)
{
	static const char path[] = "/bin:/usr/bin";

	if (name != _CS_PATH) {
		errno = EINVAL;
		return 0;
	}
	if (buffer && size) {
		strncpy(buffer, path, size);
		buffer[size - 1] = '\0';
	}
	return sizeof(path);
}

/* Nobody keeps averages of the load. */
int getloadavg(double *load, int n)
{
	(void)load;
	(void)n;
	return -1;
}
