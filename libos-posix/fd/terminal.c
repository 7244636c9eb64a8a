/* terminal.c - the console as a terminal: editing lines, echo, raw input.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fd/console.h>
#include <signal.h>
#include <string.h>

void px_terminal_init(struct px_console *c)
{
	static const struct termios as_on_linux = {
		.c_iflag = ICRNL | IXON,
		.c_oflag = OPOST | ONLCR,
		.c_cflag = B38400 | CS8 | CREAD | HUPCL,
		.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
		.c_cc = {[VINTR] = 3,
			 [VQUIT] = 28,
			 [VERASE] = 127,
			 [VKILL] = 21,
			 [VEOF] = 4,
			 [VMIN] = 1,
			 [VSTART] = 17,
			 [VSTOP] = 19,
			 [VSUSP] = 26,
			 [VREPRINT] = 18,
			 [VDISCARD] = 15,
			 [VWERASE] = 23,
			 [VLNEXT] = 22},
		.c_ispeed = B38400,
		.c_ospeed = B38400,
	};

	c->mode = as_on_linux;
}

static void show(struct px_console *c, const char *text, size_t n)
{
	if (n > sizeof(c->echo) - c->echoes)
		return;
	memcpy(c->echo + c->echoes, text, n);
	c->echoes += n;
}

/* Is it shown as two characters, like ^C? */
static bool is_control(const struct px_console *c, char typed)
{
	return c->mode.c_lflag & ECHOCTL && ((unsigned char)typed < ' ' || typed == 127) &&
	       typed != '\n' && typed != '\t';
}

static void echo(struct px_console *c, char typed)
{
	char control[2] = {'^', (char)(typed ^ 64)};

	if (!(c->mode.c_lflag & ECHO) && !(typed == '\n' && c->mode.c_lflag & ECHONL))
		return;
	if (is_control(c, typed))
		show(c, control, sizeof(control));
	else
		show(c, &typed, 1);
}

/* The last character that is not ready yet goes, with all bytes of it. */
static bool erase(struct px_console *c)
{
	char gone;

	if (c->filled == c->ready)
		return false;
	do
		gone = c->text[--c->filled];
	while (c->mode.c_iflag & IUTF8 && (gone & 0xc0) == 0x80 && c->filled > c->ready);
	if (c->mode.c_lflag & ECHO && c->mode.c_lflag & ECHOE)
		show(c, "\b \b\b \b", is_control(c, gone) ? 6 : 3);
	return true;
}

static bool before_is_space(const struct px_console *c)
{
	return c->filled > c->ready && strchr(" \t", c->text[c->filled - 1]);
}

static void erase_word(struct px_console *c)
{
	while (before_is_space(c))
		erase(c);
	while (!before_is_space(c) && erase(c))
		;
}

static bool is(const struct px_console *c, char typed, int which)
{
	return c->mode.c_cc[which] != _POSIX_VDISABLE &&
	       (unsigned char)typed == c->mode.c_cc[which];
}

static bool sends_signal(struct px_console *c, char typed)
{
	int number = is(c, typed, VINTR) ? SIGINT : is(c, typed, VQUIT) ? SIGQUIT : 0;

	if (!number || !(c->mode.c_lflag & ISIG))
		return false;
	if (!(c->mode.c_lflag & NOFLSH))
		px_terminal_flush(c);
	echo(c, typed);
	c->signal = number;
	return true;
}

static void store(struct px_console *c, char typed, bool ends_line)
{
	bool line = c->mode.c_lflag & ICANON;

	/* The last byte is kept for the end of a line. */
	if (!px_console_room(c, line && !ends_line))
		return;
	c->text[c->filled++] = typed;
	echo(c, typed);
	if (ends_line || !line)
		c->ready = c->filled;
}

/* True if it was one of the keys that edit. */
static bool edits(struct px_console *c, char typed)
{
	if (is(c, typed, VEOF)) {
		c->ends += c->filled == c->ready;
		c->ready = c->filled;
	} else if (is(c, typed, VERASE) || typed == '\b') {
		erase(c);
	} else if (is(c, typed, VKILL)) {
		while (erase(c))
			;
	} else if (is(c, typed, VWERASE) && c->mode.c_lflag & IEXTEN) {
		erase_word(c);
	} else if (is(c, typed, VLNEXT) && c->mode.c_lflag & IEXTEN) {
		c->literal = true;
	} else {
		return false;
	}
	return true;
}

void px_terminal_typed(struct px_console *c, char typed)
{
	bool literal = c->literal;

	c->literal = false;
	if (!literal) {
		if (typed == '\r' && c->mode.c_iflag & IGNCR)
			return;
		if (typed == '\r' && c->mode.c_iflag & ICRNL)
			typed = '\n';
		else if (typed == '\n' && c->mode.c_iflag & INLCR)
			typed = '\r';
		if (sends_signal(c, typed) || (c->mode.c_lflag & ICANON && edits(c, typed)))
			return;
	}
	store(c, typed, !literal && (typed == '\n' || is(c, typed, VEOL) || is(c, typed, VEOL2)));
}

void px_terminal_flush(struct px_console *c)
{
	c->filled = c->ready = c->taken = 0;
	c->ends = 0;
}

/* What was typed for a line becomes readable without one. */
void px_terminal_set(struct px_console *c, const struct termios *mode, bool flush)
{
	if (flush)
		px_terminal_flush(c);
	c->mode = *mode;
	if (!(mode->c_lflag & ICANON))
		c->ready = c->filled;
}
