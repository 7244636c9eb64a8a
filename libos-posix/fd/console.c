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
#include <fcntl.h>
#include <fd/file.h>
#include <fs/device.h>
#include <fs/mem.h>
#include <libexo/console.h>
#include <libexo/time.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <vm/copy.h>

#define ENDS   0x04
#define QUOTES 0x10
#define TENTH  100000000 /* of a second, in ns: what VTIME counts */

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

/* As they are, or with the marks that split them. */
void px_console_put(const char *bytes, size_t n, bool error)
{
	const char *output = xo_setting(&px_settings, "output"), *quote;
	char mark[2] = {QUOTES, error ? '2' : '1'};
	static char stream = '1';

	if (!output || strcmp(output, "split") != 0) {
		xo_console_write(bytes, n);
		return;
	}
	if (stream != mark[1])
		xo_console_write(mark, sizeof(mark));
	stream = mark[1];
	for (; (quote = memchr(bytes, QUOTES, n)); bytes = quote + 1) {
		xo_console_write(bytes, (size_t)(quote + 1 - bytes));
		xo_console_write(quote, 1);
		n -= (size_t)(quote + 1 - bytes);
	}
	xo_console_write(bytes, n);
}

bool px_console_room(struct px_console *c, size_t kept)
{
	if (c->taken && c->filled == sizeof(c->text)) {
		memmove(c->text, c->text + c->taken, c->filled - c->taken);
		c->filled -= c->taken;
		c->ready -= c->taken;
		c->taken = 0;
	}
	return c->filled < sizeof(c->text) - kept;
}

/* A plain stream; a quote may be the last byte so far. */
static void pass(struct px_console *c, char typed, bool quoted)
{
	if (c->ended)
		return;
	if (c->after_quote || (typed != ENDS && !(quoted && typed == QUOTES)))
		c->text[c->filled++] = typed;
	c->ended = !c->after_quote && typed == ENDS;
	c->after_quote = quoted && !c->after_quote && typed == QUOTES;
	c->ready = c->filled;
}

/* A stream's bytes are left in the ring until there is room, a terminal's are
 * dropped as a terminal does. */
void px_console_input(void)
{
	struct px_console *c = &px_arena->console;
	bool terminal = px_console_terminal(), quoted = is_quoted(), any = false;
	char typed;

	while ((terminal || px_console_room(c, 0)) && xo_console_read(&typed, 1)) {
		if (terminal)
			px_terminal_typed(c, typed);
		else
			pass(c, typed, quoted);
		any = true;
	}
	if (any)
		px_wake(&c->readers);
}

static void show_echo(void)
{
	struct px_console *c = &px_arena->console;
	char bytes[512];
	size_t n;

	while (c->echoes) {
		px_enter();
		n = c->echoes < sizeof(bytes) ? c->echoes : sizeof(bytes);
		memcpy(bytes, c->echo, n);
		memmove(c->echo, c->echo + n, c->echoes - n);
		c->echoes -= n;
		px_leave();
		px_console_put(bytes, n, false);
	}
}

/* Can be read now: at least `least` bytes where there are no lines. */
static bool readable(const struct px_console *c, size_t least)
{
	return c->ends || c->ended || c->signal || c->ready - c->taken >= least;
}

/* Inside: wait until something can be read, as VMIN and VTIME say if there are no lines. */
static int wait_for_input(struct px_console *c, size_t n, uint32_t flags, bool raw)
{
	size_t least = raw && c->mode.c_cc[VMIN] ? c->mode.c_cc[VMIN] : 1;
	bool timed = raw && !c->mode.c_cc[VMIN]; /* from the start, not from the first byte on */
	exo_ns_t tenths = raw ? c->mode.c_cc[VTIME] : 0;
	int r;

	px_console_input();
	if (least > n)
		least = n;
	while (!readable(c, least)) {
		bool some = c->taken < c->ready;
		exo_ns_t until = tenths && (some || timed) ? xo_now() + tenths * TENTH : 0;

		if (flags & O_NONBLOCK)
			return some ? 0 : -EAGAIN;
		r = px_block(&c->readers, until);
		px_console_input();
		if (r == -ETIMEDOUT)
			break;
		if (r && !readable(c, 1))
			return r;
	}
	return 0;
}

/* A terminal gives one line at a time. */
static size_t take_from(struct px_console *c, size_t n, bool lines)
{
	size_t most = c->ready - c->taken;
	const char *end;

	if (lines && most) {
		end = memchr(c->text + c->taken, '\n', most);
		if (end)
			most = (size_t)(end + 1 - (c->text + c->taken));
	}
	return n < most ? n : most;
}

/* Inside: the bytes there are; *signal: what was typed instead. */
static int take(struct px_console *c, char *to, size_t n, uint32_t flags, int *signal)
{
	bool terminal = px_console_terminal(), raw = terminal && !(c->mode.c_lflag & ICANON);
	bool wait = !raw || c->mode.c_cc[VMIN] || c->mode.c_cc[VTIME];
	int r;

	if (wait)
		r = wait_for_input(c, n, flags, raw);
	else
		r = (px_console_input(), 0);
	*signal = c->signal;
	c->signal = 0;
	if (r || *signal)
		return r;
	n = take_from(c, n, terminal && !raw);
	memcpy(to, c->text + c->taken, n);
	c->taken += n;
	if (!n && c->ends)
		c->ends--;
	if (c->taken == c->filled)
		c->taken = c->ready = c->filled = 0;
	return (int)n;
}

static ssize_t console_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_console *c = &px_arena->console;
	char bytes[512];
	int r, signal;

	(void)v;
	(void)offset;
	if (!n)
		return 0;
	do {
		px_enter();
		r = take(c, bytes, n < sizeof(bytes) ? n : sizeof(bytes), flags, &signal);
		px_leave();
		show_echo();
		if (signal)
			raise(signal);
	} while (signal);
	if (r < 0)
		return r;
	return px_copy_to(to, bytes, (size_t)r) ? -EFAULT : r;
}

static ssize_t console_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			     uint32_t flags)
{
	char bytes[512];
	size_t done = 0;

	(void)offset;
	(void)flags;
	while (done < n) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		if (px_copy_from(bytes, (const char *)from + done, part))
			return done ? (ssize_t)done : -EFAULT;
		px_console_put(bytes, part, px_node_of(v) == px_arena->memfs.errors);
		done += part;
	}
	return (ssize_t)n;
}

/* Whoever opens /dev/tty wants to talk to somebody. */
static int console_open(struct px_vnode *v, uint32_t flags)
{
	(void)flags;
	return px_node_of(v)->device == PX_DEV_TTY && !px_console_terminal() ? -ENXIO : 0;
}

static uint32_t console_ready(struct px_vnode *v, uint32_t flags, struct px_waitq *news[2])
{
	struct px_console *c = &px_arena->console;
	uint32_t hangup = !px_console_terminal() && c->ended && c->taken == c->ready ? POLLHUP : 0;

	(void)v;
	(void)flags;
	px_console_input();
	news[0] = &c->readers;
	return POLLOUT | POLLWRNORM | hangup | (readable(c, 1) ? POLLIN | POLLRDNORM : 0);
}

static int64_t console_waiting(struct px_vnode *v)
{
	(void)v;
	px_console_input();
	return (int64_t)(px_arena->console.ready - px_arena->console.taken);
}

const struct px_ops px_console_ops = {
	.read = console_read,
	.write = console_write,
	.open = console_open,
	.stat = px_mem_stat,
	.release = px_mem_release,
	.ready = console_ready,
	.waiting = console_waiting,
	.terminal = px_console_terminal,
};
