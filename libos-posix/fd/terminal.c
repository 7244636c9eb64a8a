/* terminal.c - the line discipline: editing lines, echo, raw input.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <fd/tty.h>
#include <signal.h>
#include <string.h>

static char *at(const struct px_tty *t, uint64_t position)
{
	return &t->text[position % PX_TTY_BYTES];
}

bool px_tty_init(struct px_tty *t)
{
	static const struct termios as_on_linux = {
		.c_iflag = ICRNL | IXON,
		.c_oflag = OPOST | ONLCR,
		.c_cflag = B38400 | CS8 | CREAD,
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

	t->mode = as_on_linux;
	t->text = px_page_get_dirty();
	t->echo = px_page_get_dirty();
	return t->text && t->echo;
}

void px_tty_free(struct px_tty *t)
{
	if (t->text)
		px_page_put(t->text);
	if (t->echo)
		px_page_put(t->echo);
}

/* Say it to who sits there: where a line ends is their own affair on the console. */
static void show(struct px_tty *t, const char *text, size_t n)
{
	if (t->pty) {
		px_pty_show(t, text, n);
	} else if (n <= PX_TTY_BYTES - t->echoes) {
		memcpy(t->echo + t->echoes, text, n);
		t->echoes += n;
	}
}

/* Is it shown as two characters, like ^C? */
static bool is_control(const struct px_tty *t, char c)
{
	return t->mode.c_lflag & ECHOCTL && ((unsigned char)c < ' ' || c == 127) && c != '\n' &&
	       c != '\t';
}

static void echo(struct px_tty *t, char typed)
{
	char control[2] = {'^', (char)(typed ^ 64)};

	if (!(t->mode.c_lflag & ECHO) && !(typed == '\n' && t->mode.c_lflag & ECHONL))
		return;
	if (t->filled == t->ready)
		t->line = t->column;
	if (is_control(t, typed))
		show(t, control, sizeof(control));
	else
		show(t, &typed, 1);
}

static bool continues(const struct px_tty *t, char c)
{
	return t->mode.c_iflag & IUTF8 && (c & 0xc0) == 0x80;
}

/* How many columns back the tab goes that stood behind the end of the text. */
static uint32_t tab_width(const struct px_tty *t)
{
	uint32_t columns = 0;
	uint64_t i = t->filled;

	while (i != t->ready && *at(t, i - 1) != '\t') {
		char c = *at(t, --i);

		columns += is_control(t, c) ? 2 : !continues(t, c);
	}
	if (i == t->ready)
		columns += t->line;
	return 8 - columns % 8;
}

static void unshow(struct px_tty *t, char gone)
{
	if (!(t->mode.c_lflag & ECHO))
		return;
	if (!(t->mode.c_lflag & ECHOE)) {
		echo(t, t->mode.c_cc[VERASE]);
	} else if (gone == '\t') {
		for (uint32_t n = tab_width(t); n; n--)
			show(t, "\b", 1);
	} else if ((unsigned char)gone >= ' ' && gone != 127) {
		show(t, "\b \b", 3);
	} else if (is_control(t, gone)) {
		show(t, "\b \b\b \b", 6);
	}
}

/* The last character of the line that is typed goes, with all bytes of it; what is not even the end
 * of one stays, as on Linux. */
static bool erase(struct px_tty *t)
{
	uint64_t last = t->filled;

	while (last != t->ready && continues(t, *at(t, last - 1)))
		last--;
	if (last == t->ready)
		return false;
	t->filled = last - 1;
	unshow(t, *at(t, t->filled));
	return true;
}

static bool before_is_word(const struct px_tty *t)
{
	char c = *at(t, t->filled - 1), small = (char)(c | 0x20);

	return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* What is no word, then the word before it. */
static void erase_word(struct px_tty *t)
{
	while (t->filled != t->ready && !before_is_word(t) && erase(t))
		;
	while (t->filled != t->ready && before_is_word(t) && erase(t))
		;
}

static void erase_line(struct px_tty *t)
{
	const tcflag_t each = ECHO | ECHOE | ECHOKE;

	if (t->filled == t->ready)
		return;
	if ((t->mode.c_lflag & each) == each) {
		while (erase(t))
			;
		return;
	}
	t->filled = t->ready;
	if (!(t->mode.c_lflag & ECHO))
		return;
	echo(t, (char)t->mode.c_cc[VKILL]);
	if (t->mode.c_lflag & ECHOK)
		show(t, "\n", 1);
}

static void show_again(struct px_tty *t)
{
	if (!(t->mode.c_lflag & ECHO))
		return;
	echo(t, (char)t->mode.c_cc[VREPRINT]);
	show(t, "\n", 1);
	for (uint64_t i = t->ready; i != t->filled; i++)
		echo(t, *at(t, i));
}

static bool is(const struct px_tty *t, char typed, int which)
{
	return t->mode.c_cc[which] != _POSIX_VDISABLE &&
	       (unsigned char)typed == t->mode.c_cc[which];
}

static void send_signal(struct px_tty *t, int number)
{
	if (t->group && px_group_signal)
		px_group_signal(t->group, number);
	else if (!t->pty && number != SIGTSTP)
		t->signal = number;
}

static bool sends_signal(struct px_tty *t, char typed)
{
	int number = is(t, typed, VINTR)   ? SIGINT
		     : is(t, typed, VQUIT) ? SIGQUIT
		     : is(t, typed, VSUSP) ? SIGTSTP
					   : 0;

	if (!number || !(t->mode.c_lflag & ISIG) || (number == SIGTSTP && !t->pty && !t->group))
		return false;
	if (!(t->mode.c_lflag & NOFLSH)) {
		px_terminal_flush(t);
		if (t->pty)
			t->echoes = 0;
	}
	t->stopped = false;
	echo(t, typed);
	send_signal(t, number);
	return true;
}

/* ^S and ^Q: the console's output is not held back. */
static bool holds(struct px_tty *t, char typed)
{
	if (!t->pty || !(t->mode.c_iflag & IXON))
		return false;
	if (is(t, typed, VSTOP))
		t->stopped = true;
	else if (is(t, typed, VSTART))
		t->stopped = false;
	return is(t, typed, VSTOP) || is(t, typed, VSTART);
}

void px_tty_store(struct px_tty *t, char byte, bool ends)
{
	uint64_t bit = 1ull << t->filled % 64, *word = &t->ends[t->filled % PX_TTY_BYTES / 64];

	*at(t, t->filled++) = byte;
	*word = ends ? *word | bit : *word & ~bit;
	if (ends || !(t->mode.c_lflag & ICANON))
		t->ready = t->filled;
}

/* The last place is kept for the end of a line. */
static void store(struct px_tty *t, char typed, bool ends_line)
{
	bool line = t->mode.c_lflag & ICANON;

	if (px_tty_room(t) < (line && !ends_line ? 2 : 1)) {
		if (t->mode.c_iflag & IMAXBEL)
			show(t, "\a", 1);
		return;
	}
	echo(t, typed);
	px_tty_store(t, typed, line && ends_line);
}

/* True if it was one of the keys that edit. */
static bool edits(struct px_tty *t, char typed)
{
	bool more = t->mode.c_lflag & IEXTEN;

	if (is(t, typed, VEOF)) {
		if (px_tty_room(t))
			px_tty_store(t, _POSIX_VDISABLE, true);
	} else if (is(t, typed, VERASE) || (typed == '\b' && !t->pty)) {
		erase(t);
	} else if (is(t, typed, VKILL)) {
		erase_line(t);
	} else if (is(t, typed, VWERASE) && more) {
		erase_word(t);
	} else if (is(t, typed, VREPRINT) && more) {
		show_again(t);
	} else if (is(t, typed, VLNEXT) && more) {
		t->literal = true;
		if (t->mode.c_lflag & ECHO && t->mode.c_lflag & ECHOCTL)
			show(t, "^\b", 2);
	} else {
		return false;
	}
	return true;
}

static char translated(const struct px_tty *t, char typed)
{
	if (t->mode.c_iflag & ISTRIP)
		typed &= 0x7f;
	if (t->mode.c_iflag & IUCLC && t->mode.c_lflag & IEXTEN)
		typed = (char)(typed >= 'A' && typed <= 'Z' ? typed | 0x20 : typed);
	if (typed == '\r' && t->mode.c_iflag & ICRNL)
		return '\n';
	if (typed == '\n' && t->mode.c_iflag & INLCR)
		return '\r';
	return typed;
}

void px_terminal_typed(struct px_tty *t, char typed)
{
	bool literal = t->literal;

	t->literal = false;
	if (literal) {
		store(t, typed, false);
		return;
	}
	if (typed == '\r' && t->mode.c_iflag & IGNCR)
		return;
	typed = translated(t, typed);
	if (holds(t, typed) || sends_signal(t, typed) ||
	    (t->mode.c_lflag & ICANON && edits(t, typed)))
		return;
	store(t, typed, typed == '\n' || is(t, typed, VEOL) || is(t, typed, VEOL2));
}

void px_terminal_flush(struct px_tty *t)
{
	t->taken = t->ready = t->filled;
}

/* What was typed for a line becomes readable without one; what was not, for the next line. */
void px_terminal_set(struct px_tty *t, const struct termios *mode, bool flush)
{
	bool changes = (t->mode.c_lflag ^ mode->c_lflag) & ICANON;

	if (flush)
		px_terminal_flush(t);
	t->mode = *mode;
	if (changes)
		memset(t->ends, 0, sizeof(t->ends));
	if (!(mode->c_lflag & ICANON))
		t->ready = t->filled;
	if (!(mode->c_iflag & IXON))
		t->stopped = false;
}
