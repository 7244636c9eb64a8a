/* tty.h - a terminal: the console, or a pseudo-terminal.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All of it lies in the arena, and everything here runs inside a critical section.
 */
#ifndef PX_TTY_H
#define PX_TTY_H

#include <fd/news.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

#define PX_TTY_BYTES 4096 /* of each buffer: a page */

struct px_pty; /* fd/pty.c */

/* Positions in the text count all bytes since the start; a byte stands at its position mod
 * PX_TTY_BYTES. */
struct px_tty {
	char *text;                       /* what was typed */
	uint64_t ends[PX_TTY_BYTES / 64]; /* a bit for each byte that ends a line */
	uint64_t taken, ready, filled;    /* were read; may be read; are there */
	int signal;                       /* typed, and nobody is in the foreground */
	bool ended;                       /* a plain stream: the end of input */
	bool after_quote;                 /* a plain stream: the last byte quotes the next */
	bool literal;                     /* a terminal: ^V came before */
	bool hung;       /* a pseudo-terminal: nobody has the other side any more */
	bool stopped;    /* output waits: ^S, or tcflow() */
	bool exclusive;  /* TIOCEXCL */
	uint32_t line;   /* the column in which the line that is typed began */
	uint32_t column; /* where the next character goes */
	struct px_news readers;
	struct termios mode;
	struct winsize size;
	char *echo; /* shown by who leaves the critical section; a pseudo-terminal: what it says */
	size_t echoes;
	pid_t session, group; /* whose terminal it is; who of them is in front; 0: nobody */
	struct px_pty *pty;   /* NULL: the console */
};

/* Buffers and mode of a new one, which is zeroed; false if there is no memory. */
bool px_tty_init(struct px_tty *t);
void px_tty_free(struct px_tty *t);

/* The line discipline (terminal.c). */
void px_terminal_typed(struct px_tty *t, char typed);
void px_terminal_set(struct px_tty *t, const struct termios *mode, bool flush);
void px_terminal_flush(struct px_tty *t);

/* A byte is appended to the text; `ends`: it is the last of a line. */
void px_tty_store(struct px_tty *t, char byte, bool ends);

/* How many bytes more there is room for. */
static inline size_t px_tty_room(const struct px_tty *t)
{
	return PX_TTY_BYTES - (t->filled - t->taken);
}

/* Reading (tty.c): can it be done now; bytes there are; do it, waiting if need be, into the
 * libOS's memory. */
bool px_tty_readable(const struct px_tty *t);
size_t px_tty_waiting(const struct px_tty *t);
int px_tty_take(struct px_tty *t, char *to, size_t n, uint32_t flags);

/* Only there if something in the program can make pseudo-terminals. */
#define PX_TTY_IF_USED __attribute__((weak, visibility("hidden")))

/* Say bytes to the other side of a pseudo-terminal, as the mode has it. */
void px_pty_show(struct px_tty *t, const char *text, size_t n) PX_TTY_IF_USED;

/* Its output is dropped; is held back or goes on. */
void px_pty_flush(struct px_tty *t) PX_TTY_IF_USED;
void px_pty_stop(struct px_tty *t, bool stop) PX_TTY_IF_USED;

/* Send a signal to a process group.  Only there if something can make processes. */
void px_group_signal(pid_t group, int number) PX_TTY_IF_USED;

/* TIOCGPGRP, TIOCSPGRP, TIOCGSID, TIOCSCTTY, TIOCNOTTY: 0 or an error.  Outside; the same. */
int px_job_control(struct px_tty *t, unsigned long request, void *user,
		   bool other_side) PX_TTY_IF_USED;

/* May the calling process, if it is in the background, read (SIGTTIN), write or change it
 * (SIGTTOU)?  0, -EIO, or -EINTR: its group got the signal.  Inside; the same. */
int px_tty_check(struct px_tty *t, int number) PX_TTY_IF_USED;
static inline int px_tty_may(struct px_tty *t, int number)
{
	return px_tty_check ? px_tty_check(t, number) : 0;
}

/* It was opened: it may become the session's.  And: it is dead.  Inside; the same. */
void px_tty_opened(struct px_tty *t, uint32_t flags) PX_TTY_IF_USED;
void px_tty_hangup(struct px_tty *t) PX_TTY_IF_USED;

/* Inside: nothing goes to and fro any more.  And: f, which is about to be open, is the terminal's
 * side of it. */
struct px_file;
void px_pty_hang(struct px_tty *t) PX_TTY_IF_USED;
int px_pty_open_as(struct px_file *f, struct px_tty *t, uint32_t flags) PX_TTY_IF_USED;

#endif
