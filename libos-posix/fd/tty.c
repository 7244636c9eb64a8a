/* tty.c - reading a terminal.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/console.h>
#include <libexo/time.h>

#define TENTH 100000000 /* of a second, in ns: what VTIME counts */

/* The console's input waits in a ring until somebody looks. */
static void look(struct px_tty *t)
{
	if (!t->pty)
		px_console_input();
}

static bool by_lines(const struct px_tty *t)
{
	return t->mode.c_lflag & ICANON && (t->pty || px_console_terminal());
}

static bool by_keys(const struct px_tty *t)
{
	return !(t->mode.c_lflag & ICANON) && (t->pty || px_console_terminal());
}

static bool at_end(const struct px_tty *t)
{
	return t->ended || t->hung;
}

bool px_tty_readable(const struct px_tty *t)
{
	size_t least = by_keys(t) && !t->mode.c_cc[VTIME] ? t->mode.c_cc[VMIN] : 1;

	return at_end(t) || t->ready - t->taken >= (least ? least : 1);
}

/* The mark of ^D is no byte. */
static bool is_end(const struct px_tty *t, uint64_t position)
{
	return t->ends[position % PX_TTY_BYTES / 64] >> position % 64 & 1;
}

static char byte_at(const struct px_tty *t, uint64_t position)
{
	return t->text[position % PX_TTY_BYTES];
}

size_t px_tty_waiting(const struct px_tty *t)
{
	size_t n = 0;

	for (uint64_t i = t->taken; i != t->ready; i++)
		n += !(is_end(t, i) && byte_at(t, i) == _POSIX_VDISABLE);
	return n;
}

/* Wait until something can be read, as VMIN and VTIME say if there are no lines. */
static int wait_for_input(struct px_tty *t, size_t n, uint32_t flags)
{
	bool keys = by_keys(t), timed = keys && !t->mode.c_cc[VMIN]; /* from the start on */
	size_t least = keys && t->mode.c_cc[VMIN] ? t->mode.c_cc[VMIN] : 1;
	exo_ns_t tenths = keys ? t->mode.c_cc[VTIME] : 0;

	if (least > n)
		least = n;
	while (!at_end(t) && t->ready - t->taken < least) {
		bool some = t->taken != t->ready;
		exo_ns_t until = tenths && (some || timed) ? xo_now() + tenths * TENTH : 0;
		int r;

		if (timed && !tenths)
			return 0;
		if (flags & O_NONBLOCK)
			return some ? 0 : -EAGAIN;
		r = px_await(&t->readers, until);
		look(t);
		if (r && !at_end(t) && t->ready - t->taken < least)
			return r == -ETIMEDOUT || t->taken != t->ready ? 0 : r;
	}
	return 0;
}

/* By lines: one at a time. */
static size_t take(struct px_tty *t, char *to, size_t n)
{
	bool lines = by_lines(t);
	size_t done = 0;

	while (done < n && t->taken != t->ready) {
		bool end = lines && is_end(t, t->taken);
		char byte = byte_at(t, t->taken++);

		if (!end || byte != _POSIX_VDISABLE)
			to[done++] = byte;
		if (end)
			break;
	}
	return done;
}

int px_tty_take(struct px_tty *t, char *to, size_t n, uint32_t flags)
{
	int r;

	look(t);
	r = wait_for_input(t, n, flags);
	return r ? r : (int)take(t, to, n);
}
