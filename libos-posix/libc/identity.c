/* identity.c - who the process is, and what the system can say of itself.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <exo/types.h>
#include <fd/file.h>
#include <libexo/start.h>
#include <limits.h>
#include <sys/types.h>
#include <unistd.h>
#include <vm/frames.h>

pid_t getpid(void)
{
	return 1;
}

pid_t getppid(void)
{
	return 0;
}

uid_t getuid(void)
{
	return 0;
}

uid_t geteuid(void)
{
	return 0;
}

gid_t getgid(void)
{
	return 0;
}

gid_t getegid(void)
{
	return 0;
}

int issetugid(void)
{
	return 0;
}

/* Nobody logged in. */
char *getlogin(void)
{
	errno = ENXIO;
	return NULL;
}

int getpagesize(void)
{
	return EXO_PAGE_SIZE;
}

long sysconf(int name)
{
	switch (name) {
	case _SC_PAGESIZE:
		return EXO_PAGE_SIZE;
	case _SC_CLK_TCK:
		return 100;
	case _SC_OPEN_MAX:
		return OPEN_MAX;
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_IOV_MAX:
		return IOV_MAX;
	case _SC_NPROCESSORS_CONF:
		return xo_info->cpus;
	case _SC_NPROCESSORS_ONLN:
		return 1; /* that this process runs on */
	case _SC_PHYS_PAGES:
		return (long)xo_info->frames_ram;
	case _SC_AVPHYS_PAGES:
		return (long)(px_frames->total - px_frames->out);
	case _SC_VERSION:
		return _POSIX_VERSION;
	}
	return px_result(-EINVAL);
}
