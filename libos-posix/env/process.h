/* process.h - the process as a whole: what the arena knows of it, how it ends and complains.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PROCESS_H
#define PX_PROCESS_H

#include <exo/types.h>
#include <libexo/settings.h>
#include <stdbool.h>
#include <stddef.h>

#define PX_FD_MAX  1024
#define PX_FD_PAGE 256

/* A descriptor: its open file, and FD_CLOEXEC. */
struct px_fd {
	struct px_file *file;
	uint32_t flags;
	uint32_t zero;
};

struct px_thread;

/* In the arena: what others need to inherit from it, or to clear up after it. */
struct px_process {
	struct px_process *next; /* in px_arena->process */
	uint32_t number;
	uint32_t umask;
	struct px_vnode *cwd;
	struct px_fd *fd[PX_FD_MAX / PX_FD_PAGE]; /* pages, made when needed */
	uint32_t fd_low;                          /* no descriptor below is free */
	struct px_thread *threads;                /* all of them, the first last */
	uint32_t thread_count;                    /* that have not ended */
	uint64_t promised;                        /* pages, of memory that ends with it */
};

extern struct px_process *px_me;
extern uint32_t px_process_number;

/* The first process.  Returns 0 or -ENOMEM. */
int px_process_init(void);

extern struct xo_settings px_settings;

/* Start of the main stack as main sees it: argc, argv and environ are made
 * from the settings and lie above it.  Returns the new stack pointer. */
uintptr_t px_arguments_init(const struct exo_archive *archive, uintptr_t stack);
extern int px_argc;
extern char **px_argv;

/* Everything written is let out; then the end. */
_Noreturn void px_stop(int status);

/* A start that cannot succeed: one sentence, status 127. */
_Noreturn void px_die(const char *why);

/* Bytes to standard error at once, past stdio. */
void px_print(const void *text, size_t n);

/* Say once that something asked for is not there. */
#define px_missing(what)                                                                           \
	do {                                                                                       \
		static bool said;                                                                  \
		if (!said)                                                                         \
			px_missing_line(what);                                                     \
		said = true;                                                                       \
	} while (0)
void px_missing_line(const char *what);

#endif
