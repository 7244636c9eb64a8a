/* command.c - there is no command processor: POSIX lets a system say so.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int system(const char *command)
{
	if (!command)
		return 0;
	px_missing("system()");
	errno = ENOSYS;
	return -1;
}

FILE *popen(const char *command, const char *mode)
{
	(void)command;
	(void)mode;
	px_missing("popen()");
	errno = ENOSYS;
	return NULL;
}

int pclose(FILE *f)
{
	(void)f;
	errno = ECHILD;
	return -1;
}
