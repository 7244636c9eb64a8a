/* log.h - what the kernel itself has to say, and its last words.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * With QEMU's debug console there, all of it goes to that channel, one line
 * each beginning with "exo: ", where no program can write; else to COM1.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdbool.h>

struct trap;

extern bool log_channel; /* the debug console is there */

/* One line.  kind: "log", or in the last line of the machine's run "exit"
 * (status), "stop" (reason, status) or "refuse" (why). */
void log_line(const char *kind, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An invariant of the kernel is broken: say what, where, and stop. */
void panic(const struct trap *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
