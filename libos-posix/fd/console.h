/* console.h - the terminal's state, in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CONSOLE_H
#define PX_CONSOLE_H

#include <env/wait.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <termios.h>

struct px_console {
	char text[4096];  /* what was typed, from `taken` on whole lines up to `ready` */
	size_t filled;    /* bytes in text */
	size_t ready;     /* up to here they may be read */
	size_t taken;     /* up to here they were read */
	uint32_t ends;    /* ^D met at the start of a line: reads that return nothing */
	int signal;       /* that was typed: for who reads */
	bool ended;       /* a plain stream: the end of input */
	bool after_quote; /* a plain stream: the last byte quotes the next */
	bool literal;     /* a terminal: ^V came before */
	struct px_waitq readers;
	struct termios mode;
	struct winsize size;
	char echo[4096]; /* to be shown by who leaves the critical section */
	size_t echoes;
};

/* Bytes to standard output or standard error, at once. */
void px_console_put(const char *bytes, size_t n, bool error);

/* Is the console a terminal, or a plain stream? */
bool px_console_terminal(void);

/* Take up what was typed and wake the readers.  Inside a critical section. */
void px_console_input(void);

/* terminal.c: the line discipline.  Inside. */
void px_terminal_init(struct px_console *c);
void px_terminal_typed(struct px_console *c, char typed);
void px_terminal_set(struct px_console *c, const struct termios *mode, bool flush);
void px_terminal_flush(struct px_console *c);

/* Room for one more byte, `kept` being kept free; what was read makes room. */
bool px_console_room(struct px_console *c, size_t kept);

#endif
