/* console.h - the environment's console.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CONSOLE_H
#define PX_CONSOLE_H

#include <fd/tty.h>

struct px_console {
	struct px_tty tty;
	char stream; /* with output=split: where bytes go now, '1' or '2' */
};

/* Bytes to standard output or standard error, at once. */
void px_console_put(const char *bytes, size_t n, bool error);

/* Until all of them have been taken. */
void px_console_flush(void);

/* Is the console a terminal, or a plain stream? */
bool px_console_terminal(void);

/* Take up what was typed and wake the readers.  Inside a critical section. */
void px_console_input(void);

#endif
