/* child.h - a child that says only what is its own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 0 in the child; a fork that fails is the end. */
static pid_t begin(void)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	return pid;
}

#endif
