/* spawn.h - what is done with descriptors before a new program begins.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_SPAWN_H
#define PX_SPAWN_H

#include <spawn.h>
#include <stdbool.h>

struct __spawn_action {
	enum {
		PX_SPAWN_OPEN,
		PX_SPAWN_DUP,
		PX_SPAWN_CLOSE,
		PX_SPAWN_CHDIR,
		PX_SPAWN_FCHDIR,
		PX_SPAWN_CLOSE_FROM,
		PX_SPAWN_FRONT
	} kind;
	int fd, to;
	int flags;
	mode_t mode;
	char *path;
};

/* Do them all; 0, or -1 and errno. */
int px_spawn_act(const posix_spawn_file_actions_t *all);

/* execl.c: execvpe; `shell`: what is no program is for the shell. */
int px_exec_search(const char *file, char *const argv[], char *const env[], bool shell);

#endif
