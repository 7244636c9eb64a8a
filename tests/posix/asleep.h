/* asleep.h - waits until another process sleeps: what it does next has begun to wait.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef ASLEEP_H
#define ASLEEP_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void asleep(pid_t pid)
{
	char name[32], text[512] = "";

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	while (!strstr(text, ") S")) {
		int fd = open(name, O_RDONLY);
		ssize_t n = read(fd, text, sizeof(text) - 1);

		text[n > 0 ? n : 0] = '\0';
		close(fd);
		usleep(1000);
	}
}

#endif
