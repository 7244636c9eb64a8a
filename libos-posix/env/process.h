/* process.h - the process as a whole: how it ends, waits and complains.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PROCESS_H
#define PX_PROCESS_H

#include <exo/types.h>
#include <libexo/settings.h>
#include <stdbool.h>
#include <stddef.h>

extern struct xo_settings px_settings;

/* Start of the main stack as main sees it: argc, argv and environ are made
 * from the settings and lie above it.  Returns the new stack pointer. */
uintptr_t px_arguments_init(const struct exo_archive *archive, uintptr_t stack);
extern int px_argc;
extern char **px_argv;

/* The only place that waits: until one of the event bits `mask` of activation
 * 0 is set or `deadline` (0: none) has come.  Bits that are set are taken. */
uint64_t px_wait(uint64_t mask, exo_ns_t deadline);

/* Nanoseconds spent waiting so far. */
exo_ns_t px_waited(void);

/* Everything written is let out; then the end. */
_Noreturn void px_stop(int status);

/* A start that cannot succeed: one sentence, status 127. */
_Noreturn void px_die(const char *why);

/* End as by signal `number`: status 128 + number, with the callers printed. */
_Noreturn void px_crash(int number);

/* Bytes to the console at once, past stdio. */
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
