/* verdict.h - how a machine ended, by what its kernel said on the debug console.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The console belongs to the program, which may print anything there; the
 * debug console belongs to the kernel, which ends with one line:
 *
 *     exo: exit STATUS          the program's own status
 *     exo: stop REASON CODE     it could not go on (exo/env.h)
 *     exo: refuse TEXT          the kernel cannot start here
 *     exo: panic TEXT           the kernel found itself broken
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

enum {
	STATUS_HUNG = 124,   /* as timeout(1) */
	STATUS_DIED = 125,   /* no status: refused, panicked, or without a word */
	STATUS_SIGNAL = 128, /* + signal, as in the shell */
};

/* Has the last line been written? */
bool verdict_there(const char *debug_path);

/* The status to end with, or -1 if there is no last line.  Says on stderr
 * what no status can say. */
int verdict_read(const char *debug_path);

/* Everything the kernel wrote, to stderr. */
void verdict_show(const char *debug_path);

#endif
