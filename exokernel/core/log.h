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

extern bool log_channel;	/* the debug console is there */

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last line of the machine's run: "exit N", "stop R N", "refuse TEXT". */
void log_end(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An invariant of the kernel is broken: say what, where, and stop. */
void panic(const struct trap *t, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
