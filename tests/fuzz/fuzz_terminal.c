/* fuzz_terminal.c - fuzz target: what is typed at a terminal, and what programs ask of it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle keeps the line that is typed and the lines before it as plain lists, as termios(3) has
 * it; and a screen of one line shows what was echoed: it must be the line as it is now.
 */
#include "fuzz.h"

#include <sys/ioctl.h>
#define ioctl px_ioctl
#include <fd/ioctl.c>
#include <fd/pty.c>
#include <fd/terminal.c>
#define take tty_take
#include <fd/tty.c>
#undef take

#define FD   3
#define MANY 6000

#define NEVER(result, name, ...)                                                                   \
	result name(__VA_ARGS__)                                                                   \
	{                                                                                          \
		abort();                                                                           \
	}
NEVER(struct px_node *, px_node_new, uint32_t mode)
NEVER(void, px_node_check, struct px_node *n)
NEVER(void *, px_alloc, size_t n)
NEVER(void, px_free, void *p)
NEVER(void, px_vnode_ref, struct px_vnode *v)
NEVER(void, px_vnode_put, struct px_vnode *v)
NEVER(void, px_mem_stat, struct px_vnode *v, struct stat *st)
NEVER(int, px_dir_find, struct px_node *d, const char *name, size_t n, struct px_name **e)
NEVER(int, px_dir_add, struct px_node *d, const char *name, size_t n, struct px_node *node)
NEVER(void *, px_page_get_dirty, void)
NEVER(void, px_page_put, void *page)
NEVER(void, px_unclaim, struct px_file *f)
NEVER(struct px_file *, px_file_counted, int fd)
NEVER(int, px_block, struct px_waitq *q, exo_ns_t until)
NEVER(exo_ns_t, xo_now, void)
NEVER(bool, px_console_terminal, void)
NEVER(void, px_console_input, void)
NEVER(struct px_fd *, px_fd_at, int fd)

struct px_arena *px_arena;
bool px_files_counted;
static char text[PX_TTY_BYTES], said[PX_TTY_BYTES];
static struct px_node node;
static struct px_pty pty;
static struct px_file file;
static struct px_tty *const tty = &pty.tty;
static int depth;
static uint32_t flag;

/* What was typed and not read: the line, and what may be read; `end`: of a line. */
static struct typed {
	char c;
	bool end;
} line[MANY], ready[MANY];
static size_t lines, readies;
static bool literal, stopped;
static unsigned int signals;

/* The screen's line. */
static char cell[MANY];
static size_t column, prompt;

void px_enter(void)
{
	depth++;
}

void px_leave(void)
{
	must(depth--);
}

long px_result(long r)
{
	return r;
}

void px_wake(struct px_waitq *q)
{
	(void)q;
}

void px_console_flush(void)
{
}

size_t px_copy_from(void *to, const void *user, size_t n)
{
	must(!depth);
	if (!user)
		return n;
	memcpy(to, user, n);
	return 0;
}

size_t px_copy_to(void *user, const void *from, size_t n)
{
	must(!depth);
	if (!user)
		return n;
	memcpy(user, from, n);
	return 0;
}

uint32_t *px_fd_flags(int fd)
{
	must(fd == FD);
	return &flag;
}

struct px_file *px_file(int fd)
{
	must(fd == FD);
	return &file;
}

void px_group_signal(pid_t group, int number)
{
	must(group == 1 && number);
	signals += number != SIGWINCH;
}

const struct px_ops *const px_ops[PX_KINDS] = {[PX_PTS] = &px_pts_ops};

static bool key(int which, char c)
{
	return tty->mode.c_cc[which] && tty->mode.c_cc[which] == (uint8_t)c;
}

static bool l_flag(tcflag_t bit)
{
	return tty->mode.c_lflag & bit;
}

static void keep(char c, bool end)
{
	line[lines++] = (struct typed){c, end};
	if (end || !l_flag(ICANON)) {
		memcpy(ready + readies, line, lines * sizeof(*line));
		readies += lines;
		lines = 0;
	}
}

static bool follows(char c)
{
	return tty->mode.c_iflag & IUTF8 && (c & 0xc0) == 0x80;
}

/* One character back; half of one stays. */
static bool back(void)
{
	size_t n = lines;

	while (n && follows(line[n - 1].c))
		n--;
	if (!n)
		return false;
	lines = n - 1;
	return true;
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static void kill_word(void)
{
	while (lines && !is_word(line[lines - 1].c) && back())
		;
	while (lines && is_word(line[lines - 1].c) && back())
		;
}

/* Shown or not: with all echo, character by character. */
static void kill_line(void)
{
	if ((~tty->mode.c_lflag & (ECHO | ECHOE | ECHOKE)) == 0)
		while (back())
			;
	else
		lines = 0;
}

static void expect(char c)
{
	tcflag_t in = tty->mode.c_iflag;
	bool canon = l_flag(ICANON), more = l_flag(IEXTEN), quoted = literal;

	literal = false;
	if (!quoted && c == '\r' && in & IGNCR)
		return;
	if (!quoted) {
		c = in & ISTRIP ? c & 0x7f : c;
		c = in & IUCLC && more && c >= 'A' && c <= 'Z' ? c + 32 : c;
		c = c == '\r' && in & ICRNL ? '\n' : c == '\n' && in & INLCR ? '\r' : c;
		if (in & IXON && (key(VSTOP, c) || key(VSTART, c))) {
			stopped = key(VSTOP, c);
			return;
		}
		if (l_flag(ISIG) && (key(VINTR, c) || key(VQUIT, c) || key(VSUSP, c))) {
			stopped = false;
			signals--;
			if (!l_flag(NOFLSH))
				lines = readies = 0;
			return;
		}
	}
	if (!quoted && canon) {
		if (key(VEOF, c)) {
			if (lines + readies < PX_TTY_BYTES)
				keep(0, true);
			return;
		}
		if (key(VERASE, c) || key(VKILL, c) || (more && key(VWERASE, c))) {
			if (key(VERASE, c))
				back();
			else if (key(VKILL, c))
				kill_line();
			else
				kill_word();
			return;
		}
		if (more && key(VREPRINT, c))
			return;
		if (more && key(VLNEXT, c)) {
			literal = true;
			return;
		}
	}
	quoted = !canon || quoted || !(c == '\n' || key(VEOL, c) || key(VEOL2, c));
	if (lines + readies < PX_TTY_BYTES - (size_t)(canon && quoted))
		keep(c, !quoted);
}

/* Read: by lines, or whatever is there. */
static void try_read(struct input *in)
{
	size_t n = 1 + get_below(in, 100), want = 0, used = 0, least = 1, count = 0;
	char got[100], due[100];
	int r;

	for (size_t i = 0; i < readies; i++)
		count += !(ready[i].end && !ready[i].c);
	must(px_tty_waiting(tty) == count);
	if (!l_flag(ICANON) && tty->mode.c_cc[VMIN])
		least = tty->mode.c_cc[VMIN] < n ? tty->mode.c_cc[VMIN] : n;
	px_enter();
	r = px_tty_take(tty, got, n, O_NONBLOCK);
	px_leave();
	if (readies < least && !readies) {
		must(r == (l_flag(ICANON) || tty->mode.c_cc[VMIN] || tty->mode.c_cc[VTIME] ? -EAGAIN
											   : 0));
		return;
	}
	while (want < n && used < readies) {
		struct typed t = ready[used++];

		if (!t.end || t.c || !l_flag(ICANON))
			due[want++] = t.c;
		if (t.end && l_flag(ICANON))
			break;
	}
	must(r == (int)want && !memcmp(got, due, want));
	readies -= used;
	memmove(ready, ready + used, readies * sizeof(*ready));
}

static const unsigned long requests[] = {TCSETS,   TCSETSW, TCSETSF,    TCGETS,     TCFLSH,
					 TCXONC,   TCSBRK,  TIOCGWINSZ, TIOCSWINSZ, TIOCEXCL,
					 FIONREAD, FIONBIO, FIOCLEX};

/* A mode like those that programs set, or any. */
static struct termios some_mode(struct input *in)
{
	struct termios t = tty->mode;
	uint8_t how = (uint8_t)get_bytes(in, 1);

	t.c_lflag ^= 1u << get_below(in, 16);
	if (how & 1)
		t.c_iflag ^= 1u << get_below(in, 16);
	if (how & 2)
		t.c_cc[get_below(in, 17)] = (cc_t)get_bytes(in, 1);
	if (how & 4)
		t.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ECHOKE | ECHOCTL | IEXTEN;
	if (how == 0xff)
		t.c_oflag = (tcflag_t)get_bytes(in, 4);
	return t;
}

static void change(const struct termios *now)
{
	if ((now->c_lflag ^ tty->mode.c_lflag) & ICANON)
		for (size_t i = 0; i < MANY; i++)
			ready[i].end = line[i].end = false;
	if (!(now->c_lflag & ICANON)) {
		memcpy(ready + readies, line, lines * sizeof(*line));
		readies += lines;
		lines = 0;
	}
	if (!(now->c_iflag & IXON))
		stopped = false;
}

static void try_ioctl(struct input *in)
{
	unsigned long request =
		get_below(in, 8) ? requests[get_below(in, sizeof(requests) / sizeof(*requests))]
				 : get_number(in);
	struct termios t = some_mode(in);
	char room[sizeof(t)];
	void *arg = get_below(in, 16) ? memcpy(room, &t, sizeof(t)) : NULL;
	bool sets = request == TCSETS || request == TCSETSW || request == TCSETSF;

	if (request == TCFLSH || request == TCXONC)
		arg = (void *)(get_below(in, 8) ? get_below(in, 4) : get_number(in));
	if (request == TCSETSF ||
	    (request == TCFLSH && (arg == (void *)TCIFLUSH || arg == (void *)TCIOFLUSH)))
		lines = readies = 0;
	if (sets && arg)
		change(&t);
	if (request == TCXONC && (long)arg >= TCOOFF && (long)arg <= TCOON)
		stopped = (long)arg == TCOOFF;
	if (px_ioctl(FD, request, arg) == 0 && request == TCGETS)
		must(!memcmp(arg, &tty->mode, sizeof(t)));
	must(!sets || !arg || !memcmp(&tty->mode, &t, sizeof(t)));
	tty->echoes = 0;
}

static void put_cell(char c)
{
	if (c == '\b')
		column -= column > 0;
	else if (c == '\t')
		column = (column / 8 + 1) * 8;
	else if (!follows(c))
		cell[column++] = (uint8_t)c > 127 ? 'U' : c;
}

/* What is said moves the screen. */
static void show_said(void)
{
	for (size_t i = 0; i < tty->echoes; i++)
		put_cell(tty->echo[i]);
	tty->echoes = 0;
}

/* The line as it is, shown from where it began. */
static void check_screen(void)
{
	static char is[MANY];
	size_t there = column, n;

	memcpy(is, cell, sizeof(is));
	memset(cell + prompt, ' ', sizeof(cell) - prompt);
	column = prompt;
	for (size_t i = 0; i < lines; i++) {
		char c = line[i].c;
		bool control = ((uint8_t)c < 32 && c != '\t') || c == 127;

		if (control)
			put_cell('^');
		put_cell(control ? c ^ 64 : c);
	}
	n = column > there ? column : there;
	if (!(column == there && !memcmp(is, cell, n))) {
		fprintf(stderr, "DEBUG prompt %zu col %zu there %zu utf %d line:", prompt, column,
			there, !!(tty->mode.c_iflag & IUTF8));
		for (size_t i = 0; i < lines; i++)
			fprintf(stderr, " %02x", (uint8_t)line[i].c);
		fprintf(stderr, "| is <%.*s> <%.*s>\n", (int)n, is, (int)n, cell);
	}
	must(column == there && !memcmp(is, cell, n));
}

/* Typed with all echo there is: keys, and how the line looks after each. */
static void edit(struct input *in)
{
	tty->mode.c_lflag = ICANON | ECHO | ECHOE | ECHOK | ECHOKE | ECHOCTL | IEXTEN;
	tty->mode.c_iflag = get_below(in, 2) ? IUTF8 : 0;
	memset(cell, ' ', sizeof(cell));
	column = 0;
	for (prompt = get_below(in, 12); column < prompt;)
		px_pty_show(tty, "$", 1), show_said();
	while (in->at < in->end && lines < 500) {
		static const char often[] = "\t\x7f\x17\x15 ab_\xc3\xa4";
		uint8_t c = (uint8_t)get_bytes(in, 1);

		if (c >= 0xd0)
			c = (uint8_t)often[c % (sizeof(often) - 1)];
		if (c == '\n' || key(VEOF, (char)c) || key(VREPRINT, (char)c) ||
		    key(VLNEXT, (char)c) || (c == '\r' && tty->mode.c_iflag & ICRNL))
			continue;
		expect((char)c);
		px_enter();
		px_terminal_typed(tty, (char)c);
		px_leave();
		show_said();
		check_screen();
	}
}

static void use_it(struct input *in)
{
	for (int i = 0; i < 2000 && in->at < in->end; i++) {
		uint8_t what = (uint8_t)get_bytes(in, 1);

		if (what < 4) {
			try_ioctl(in);
		} else if (what < 12) {
			try_read(in);
		} else {
			uint8_t c = what == 255 ? (uint8_t)get_bytes(in, 1) : what;

			for (uint64_t n = what == 254 ? get_below(in, 4096) : 1; n; n--) {
				expect((char)c);
				px_enter();
				px_terminal_typed(tty, (char)c);
				px_leave();
			}
			if (tty->echoes > 2000)
				tty->echoes = 0;
		}
		must(tty->echoes <= PX_TTY_BYTES && tty->literal == literal);
		must(tty->stopped == stopped && !signals);
		must(tty->ready - tty->taken == readies && tty->filled - tty->ready == lines);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	memset(&pty, 0, sizeof(pty));
	memset(&file, 0, sizeof(file));
	node.v.kind = PX_PTS;
	node.v.mode = S_IFCHR;
	node.object = &pty;
	file.vnode = &node.v;
	pty.node = &node;
	tty->pty = &pty;
	tty->text = text;
	tty->echo = said;
	tty->group = 1;
	tty->filled = tty->ready = tty->taken = get_bytes(&in, 2);
	tty->mode = (struct termios){.c_iflag = ICRNL | IXON, .c_oflag = OPOST | ONLCR};
	tty->mode.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
	memcpy(tty->mode.c_cc, "\x03\x1c\x7f\x15\x04\0\x01\0\x11\x13\x1a\0\x12\x0f\x17\x16", 16);
	lines = readies = signals = 0;
	literal = stopped = false;
	if (get_below(&in, 3))
		use_it(&in);
	else
		edit(&in);
	must(!depth);
	return 0;
}
