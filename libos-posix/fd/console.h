/* console.h - the terminal's state, in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CONSOLE_H
#define PX_CONSOLE_H

#include <env/wait.h>
#include <stdbool.h>
#include <stddef.h>

struct px_console {
	char text[4096];  /* what was typed, from `taken` on whole lines up to `ready` */
	size_t filled;    /* bytes in text */
	size_t ready;     /* up to here they may be read */
	size_t taken;     /* up to here they were read */
	uint32_t ends;    /* ^D met at the start of a line: reads that return nothing */
	bool ended;       /* a plain stream: the end of input */
	bool after_quote; /* a plain stream: the last byte quotes the next */
	struct px_waitq readers;
};

/* Take up what was typed and wake the readers.  Inside a critical section. */
void px_console_input(void);

#endif
