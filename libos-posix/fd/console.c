/* console.c - the environment's console as a file: a terminal, or a plain stream.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As a terminal it hands out whole lines, echoes what is typed, lets backspace
 * and ^U correct and takes ^D for the end.  With the setting tty=0 (input comes from a
 * pipe or file) bytes pass as they are, nothing is echoed, and the byte 0x04
 * ends the input for good.  With input=quoted besides, a byte 0x10 says that the next one is
 * meant as it is, so that input can hold every byte.
 */
#include <env/process.h>
#include <errno.h>
#include <exo/ring.h>
#include <fd/file.h>
#include <libexo/console.h>
#include <string.h>
#include <sys/stat.h>

#define ENDS           0x04 /* ^D */
#define ERASES         0x7f
#define QUOTES         0x10
#define KILLS          0x15   /* ^U */
#define CONSOLE_DEVICE 0x0501 /* what Linux's /dev/console has */

static struct {
	char text[4096];
	size_t filled, taken; /* taken < filled: bytes to hand out */
	bool ended;           /* ^D was met: one empty read (for good with tty=0) */
} line;

static bool is_terminal(void)
{
	const char *tty = xo_setting(&px_settings, "tty");

	return !tty || strcmp(tty, "0") != 0;
}

/* Sleep until something was typed.  The event is taken before looking, so
 * nothing that comes in between is slept over. */
static size_t typed(char *to, size_t n)
{
	size_t got;

	while (!(got = xo_console_read(to, n)))
		px_wait(EXO_EVENT_CONSOLE_IN, 0);
	return got;
}

static void erase(size_t n)
{
	for (; n && line.filled; n--) {
		line.filled--;
		px_print("\b \b", 3);
	}
}

/* One typed byte; true when the line is complete. */
static bool edit(char c)
{
	if (c == '\r')
		c = '\n';
	if (c == ENDS) {
		line.ended = line.filled == 0;
		return true;
	}
	if (c == ERASES || c == '\b') {
		erase(1);
		return false;
	}
	if (c == KILLS) {
		erase(line.filled);
		return false;
	}
	if (line.filled < sizeof(line.text) - (c != '\n')) {
		line.text[line.filled++] = c;
		px_print(&c, 1);
	}
	return c == '\n';
}

static void fill_line(void)
{
	char c;

	do
		typed(&c, 1);
	while (!edit(c));
}

static bool is_quoted(void)
{
	const char *input = xo_setting(&px_settings, "input");

	return input && strcmp(input, "quoted") == 0;
}

/* What came in, without quotes, up to the end of input.  A quote may be the last byte so far. */
static void fill_stream(void)
{
	static bool after_quote;
	bool quoted = is_quoted();
	size_t n = typed(line.text, sizeof(line.text)), to = 0;

	for (size_t i = 0; i < n && !line.ended; i++) {
		char c = line.text[i];

		if (after_quote || (c != ENDS && !(quoted && c == QUOTES)))
			line.text[to++] = c;
		line.ended = !after_quote && c == ENDS;
		after_quote = quoted && !after_quote && c == QUOTES;
	}
	line.filled = to;
}

static ssize_t console_read(struct px_vnode *v, void *to, size_t n, int64_t offset)
{
	bool terminal = is_terminal();

	(void)v;
	(void)offset;
	if (n && line.taken == line.filled && !line.ended) {
		line.taken = line.filled = 0;
		if (terminal)
			fill_line();
		else
			do
				fill_stream();
			while (line.filled == 0 && !line.ended);
	}
	if (n > line.filled - line.taken)
		n = line.filled - line.taken;
	memcpy(to, line.text + line.taken, n);
	line.taken += n;
	if (n == 0 && terminal)
		line.ended = false;
	return (ssize_t)n;
}

static ssize_t console_write(struct px_vnode *v, const void *from, size_t n, int64_t offset)
{
	(void)v;
	(void)offset;
	px_print(from, n);
	return (ssize_t)n;
}

/* A terminal is a character device; a plain stream looks like a pipe. */
static int console_stat(struct px_vnode *v, struct stat *st)
{
	bool terminal = is_terminal();

	(void)v;
	*st = (struct stat){
		.st_ino = 1,
		.st_nlink = 1,
		.st_mode = (terminal ? S_IFCHR : S_IFIFO) | 0600,
		.st_rdev = terminal ? CONSOLE_DEVICE : 0,
		.st_blksize = terminal ? 1024 : 4096,
	};
	return 0;
}

static bool console_terminal(void)
{
	return is_terminal();
}

const struct px_ops px_console_ops = {
	.read = console_read,
	.write = console_write,
	.stat = console_stat,
	.terminal = console_terminal,
};
