/* console.c - the environment's console as a file: a terminal, or a plain stream.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As a terminal it hands out whole lines, echoes what is typed, lets backspace
 * and ^U correct and takes ^D for the end.  With the setting tty=0 (input comes from a
 * pipe or file) bytes pass as they are, nothing is echoed, and the byte 0x04
 * ends the input for good.  With input=quoted besides, a byte 0x10 says that the next one is
 * meant as it is, so that input can hold every byte.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <libexo/console.h>
#include <string.h>
#include <sys/stat.h>
#include <vm/copy.h>

#define ENDS           0x04 /* ^D */
#define ERASES         0x7f
#define QUOTES         0x10
#define KILLS          0x15   /* ^U */
#define CONSOLE_DEVICE 0x0501 /* what Linux's /dev/console has */

static bool is_terminal(void)
{
	const char *tty = xo_setting(&px_settings, "tty");

	return !tty || strcmp(tty, "0") != 0;
}

static bool is_quoted(void)
{
	const char *input = xo_setting(&px_settings, "input");

	return input && strcmp(input, "quoted") == 0;
}

/* Only what is not ready yet can be erased. */
static void erase(struct px_console *c, size_t n)
{
	for (; n && c->filled > c->ready; n--) {
		c->filled--;
		px_print("\b \b", 3);
	}
}

/* Room for one more byte; the last one is kept for the end of a line. */
static bool has_room(struct px_console *c, char next)
{
	if (c->taken && c->filled == sizeof(c->text)) {
		memmove(c->text, c->text + c->taken, c->filled - c->taken);
		c->filled -= c->taken;
		c->ready -= c->taken;
		c->taken = 0;
	}
	return c->filled < sizeof(c->text) - (next != '\n');
}

static void edit(struct px_console *c, char typed)
{
	if (typed == '\r')
		typed = '\n';
	if (typed == ENDS) {
		c->ends += c->filled == c->ready;
		c->ready = c->filled;
	} else if (typed == ERASES || typed == '\b') {
		erase(c, 1);
	} else if (typed == KILLS) {
		erase(c, c->filled);
	} else if (has_room(c, typed)) {
		c->text[c->filled++] = typed;
		px_print(&typed, 1);
		if (typed == '\n')
			c->ready = c->filled;
	}
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
	bool terminal = is_terminal(), quoted = is_quoted();
	char typed;

	while ((terminal || has_room(c, '\n')) && xo_console_read(&typed, 1))
		if (terminal)
			edit(c, typed);
		else
			pass(c, typed, quoted);
	px_wake(&c->readers);
}

static bool readable(const struct px_console *c)
{
	return c->taken < c->ready || c->ends || c->ended;
}

/* Inside: wait until something can be read. */
static int wait_for_input(struct px_console *c, uint32_t flags)
{
	px_console_input();
	while (!readable(c)) {
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		px_block(&c->readers, 0);
		px_console_input();
	}
	return 0;
}

/* A terminal gives one line at a time. */
static size_t take_from(struct px_console *c, size_t n, bool terminal)
{
	size_t most = c->ready - c->taken;
	const char *end;

	if (terminal && most) {
		end = memchr(c->text + c->taken, '\n', most);
		if (end)
			most = (size_t)(end + 1 - (c->text + c->taken));
	}
	return n < most ? n : most;
}

static ssize_t console_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_console *c = &px_arena->console;
	char bytes[512];
	size_t part;
	int r;

	(void)v;
	(void)offset;
	if (!n)
		return 0;
	px_enter();
	r = wait_for_input(c, flags);
	part = r ? 0 : take_from(c, n < sizeof(bytes) ? n : sizeof(bytes), is_terminal());
	memcpy(bytes, c->text + c->taken, part);
	c->taken += part;
	if (!r && !part && c->ends)
		c->ends--;
	if (c->taken == c->filled)
		c->taken = c->ready = c->filled = 0;
	px_leave();
	if (r)
		return r;
	return px_copy_to(to, bytes, part) ? -EFAULT : (ssize_t)part;
}

static ssize_t console_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			     uint32_t flags)
{
	char bytes[512];
	size_t done = 0;

	(void)v;
	(void)offset;
	(void)flags;
	while (done < n) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		if (px_copy_from(bytes, (const char *)from + done, part))
			return done ? (ssize_t)done : -EFAULT;
		px_print(bytes, part);
		done += part;
	}
	return (ssize_t)n;
}

/* A terminal is a character device; a plain stream looks like a pipe. */
static void console_stat(struct px_vnode *v, struct stat *st)
{
	bool terminal = is_terminal();

	px_mem_ops.stat(v, st);
	if (terminal)
		return;
	st->st_mode = S_IFIFO | 0600;
	st->st_rdev = 0;
	st->st_blksize = 4096;
}

static bool console_terminal(void)
{
	return is_terminal();
}

const struct px_ops px_console_ops = {
	.read = console_read,
	.write = console_write,
	.stat = console_stat,
	.release = px_mem_release,
	.terminal = console_terminal,
};
