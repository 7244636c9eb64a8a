/* console.c - the environment's console as a file: a terminal, or a plain stream.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As a terminal it edits lines as terminal.c says.  With the setting tty=0 (input comes from a
 * pipe or file) bytes pass as they are, nothing is echoed, and the byte 0x04
 * ends the input for good.  With input=quoted besides, a byte 0x10 says that the next one is
 * meant as it is, so that input can hold every byte.
 *
 * What goes out is one stream, as the machine has one console.  With output=split a byte 0x10 and
 * '1' or '2' stand before what belongs to standard output or standard error from there on, and
 * 0x10 twice for the byte itself; whoever reads it can part the two.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fs/device.h>
#include <fs/mem.h>
#include <libexo/console.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <poll.h>
#include <signal.h>
#include <signal/signals.h>
#include <string.h>
#include <sys/stat.h>
#include <vm/copy.h>

#define ENDS   0x04
#define QUOTES 0x10
#define PART   256
#define PAUSE  1000000 /* ns: looked again after this long, should the event go astray */

/* Only there if the program makes threads or processes. */
extern void px_console_pause(void) __attribute__((weak, visibility("hidden")));

bool px_console_terminal(void)
{
	const char *tty = xo_setting(&px_settings, "tty");

	return !tty || strcmp(tty, "0") != 0;
}

static bool is_quoted(void)
{
	const char *input = xo_setting(&px_settings, "input");

	return input && strcmp(input, "quoted") == 0;
}

static bool is_split(void)
{
	const char *output = xo_setting(&px_settings, "output");

	return output && strcmp(output, "split") == 0;
}

/* Inside: the rings are every process's. */
static void resume(void)
{
	if (px_arena->forked)
		xo_console_resume();
}

/* For a moment, until whoever serves the console has taken something.  Also in an upcall, where
 * nobody can be waited for. */
static void wait_a_bit(void)
{
	if (px_console_pause)
		px_console_pause();
	else
		exo_sleep(EXO_EVENT_CONSOLE_OUT, xo_now() + PAUSE, EXO_SLOT_NONE, 0);
	xo_events_take(xo_self(), EXO_EVENT_CONSOLE_OUT);
}

/* Enter when there is room for `bytes`. */
static void enter_with_room(size_t bytes)
{
	for (;;) {
		px_enter();
		resume();
		if (xo_console_room() >= bytes)
			return;
		px_leave();
		wait_a_bit();
	}
}

/* The bytes with the marks that split them; returns how many it became. */
static size_t mark(char *to, const char *bytes, size_t n, bool error)
{
	char *stream = &px_arena->console.stream, now = error ? '2' : '1', *p = to;

	if (*stream != now && (*stream || error)) {
		*p++ = QUOTES;
		*p++ = now;
	}
	*stream = now;
	for (; n; n--) {
		if (*bytes == QUOTES)
			*p++ = QUOTES;
		*p++ = *bytes++;
	}
	return (size_t)(p - to);
}

/* So many bytes of one call come out in one piece. */
void px_console_put(const char *bytes, size_t n, bool error)
{
	bool split = is_split();
	char marked[2 * PART + 2];

	if (!px_arena) {
		xo_console_write(bytes, n);
		return;
	}
	for (size_t part; n; bytes += part, n -= part) {
		part = n < PART ? n : PART;
		enter_with_room(split ? 2 * part + 2 : part);
		if (split)
			xo_console_put(marked, mark(marked, bytes, part, error));
		else
			xo_console_put(bytes, part);
		px_leave();
	}
}

static void show_echo(void)
{
	struct px_tty *t = &px_arena->console.tty;
	char bytes[512];
	size_t n;

	while (t->echoes) {
		px_enter();
		n = t->echoes < sizeof(bytes) ? t->echoes : sizeof(bytes);
		memcpy(bytes, t->echo, n);
		memmove(t->echo, t->echo + n, t->echoes - n);
		t->echoes -= n;
		px_leave();
		px_console_put(bytes, n, false);
	}
}

void px_console_flush(void)
{
	if (!px_arena) {
		xo_console_flush();
		return;
	}
	show_echo();
	enter_with_room(XO_CONSOLE_ROOM);
	px_leave();
}

/* A plain stream; a quote may be the last byte so far. */
static void pass(struct px_tty *t, char typed, bool quoted)
{
	if (t->ended)
		return;
	if (t->after_quote || (typed != ENDS && !(quoted && typed == QUOTES)))
		px_tty_store(t, typed, false);
	t->ended = !t->after_quote && typed == ENDS;
	t->after_quote = quoted && !t->after_quote && typed == QUOTES;
	t->ready = t->filled;
}

/* Nobody is in the foreground: it is for the program.  One that has nothing of signals linked in is
 * the image's only process and does what all do by default. */
static void interrupt(struct px_tty *t)
{
	int number = t->signal;

	t->signal = 0;
	if (px_signal_typed)
		px_signal_typed(number);
	else
		px_stop_by(number);
}

/* A stream's bytes are left in the ring until there is room, a terminal's are
 * dropped as a terminal does. */
void px_console_input(void)
{
	struct px_tty *t = &px_arena->console.tty;
	bool terminal = px_console_terminal(), quoted = is_quoted(), any = false;
	char typed;

	resume();
	while ((terminal || px_tty_room(t)) && xo_console_read(&typed, 1)) {
		if (terminal)
			px_terminal_typed(t, typed);
		else
			pass(t, typed, quoted);
		any = true;
	}
	if (any)
		px_tell(&t->readers);
	if (t->signal)
		interrupt(t);
}

static ssize_t console_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_tty *t = &px_arena->console.tty;
	char bytes[512];
	int r;

	(void)v;
	(void)offset;
	if (!n)
		return 0;
	px_enter();
	r = px_tty_may(t, SIGTTIN);
	if (!r)
		r = px_tty_take(t, bytes, n < sizeof(bytes) ? n : sizeof(bytes), flags);
	px_leave();
	show_echo();
	if (r < 0)
		return r;
	return px_copy_to(to, bytes, (size_t)r) ? -EFAULT : r;
}

static int may_write(void)
{
	int r;

	px_enter();
	r = px_tty_may(&px_arena->console.tty, SIGTTOU);
	px_leave();
	return r;
}

static ssize_t console_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			     uint32_t flags)
{
	int may = px_arena->console.tty.mode.c_lflag & TOSTOP ? may_write() : 0;
	char bytes[512];
	size_t done = 0;

	(void)offset;
	(void)flags;
	if (may)
		return may;
	while (done < n) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		if (px_copy_from(bytes, (const char *)from + done, part))
			return done ? (ssize_t)done : -EFAULT;
		px_console_put(bytes, part, px_node_of(v) == px_arena->memfs.errors);
		done += part;
	}
	return (ssize_t)n;
}

/* /dev/tty is the session's terminal, whatever that is. */
static int console_open(struct px_file *f, uint32_t flags)
{
	int r = 0;

	if (px_node_of(f->vnode)->device != PX_DEV_TTY)
		return 0;
	px_enter();
	if (!px_me->tty)
		r = -ENXIO;
	else if (px_me->tty->pty)
		r = px_pty_open_as(f, px_me->tty, flags);
	px_leave();
	return r;
}

static uint32_t console_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_tty *t = &px_arena->console.tty;
	uint32_t ready = POLLOUT | POLLWRNORM;

	(void)v;
	(void)flags;
	px_console_input();
	look->news[0] = &t->readers;
	if (px_tty_readable(t))
		ready |= POLLIN | POLLRDNORM;
	if (t->ended && t->taken == t->ready)
		ready |= POLLHUP;
	return ready;
}

static int64_t console_waiting(struct px_vnode *v)
{
	(void)v;
	px_console_input();
	return (int64_t)px_tty_waiting(&px_arena->console.tty);
}

static struct px_tty *console_terminal(struct px_vnode *v)
{
	(void)v;
	return px_console_terminal() ? &px_arena->console.tty : NULL;
}

const struct px_ops px_console_ops = {
	.read = console_read,
	.write = console_write,
	.open = console_open,
	.stat = px_mem_stat,
	.ready = console_ready,
	.waiting = console_waiting,
	.terminal = console_terminal,
};
