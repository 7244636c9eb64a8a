/* pty.h - pseudo-terminals: a terminal, and whoever sits there is a program.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The terminal's side is the node /dev/pts/N, which exists as long as the other side is open, and
 * longer for who has it open.  It holds the struct px_pty.
 */
#ifndef PX_PTY_H
#define PX_PTY_H

#include <fd/tty.h>
#include <fs/mem.h>

struct px_pty {
	struct px_tty tty;
	struct px_node *node; /* of the terminal's side; counted by the other one */
	uint32_t number;
	uint32_t users;       /* open files of the terminal's side */
	bool used;            /* there were some */
	bool locked;          /* until unlockpt() */
	struct px_news said;  /* there is something to read on the other side */
	struct px_news taken; /* and there is room again */
	struct px_news heard; /* what was typed was read */
};

/* A character as the terminal's mode has it: at most PX_PTY_WIDE bytes; returns how many. */
#define PX_PTY_WIDE 8
size_t px_pty_form(struct px_tty *t, char c, char to[PX_PTY_WIDE]);

/* n bytes of the program's in parts, each given to `part` inside: as one of the two sides writes.
 * Outside.  Returns how many went, or what the first part returned. */
typedef ssize_t px_pty_part(struct px_pty *p, const char *bytes, size_t n, uint32_t flags);
ssize_t px_pty_write(struct px_pty *p, px_pty_part *part, const char *from, size_t n,
		     uint32_t flags);

/* A new one under the lowest number that is free; its node is counted.  NULL: no memory, or there
 * are too many.  Inside. */
struct px_pty *px_pty_new(void);

#endif
