/* ioctl.c - ioctl(), and what terminals are asked and told.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/table.h>
#include <limits.h>
#include <signal.h>
#include <signal/again.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <vm/copy.h>

/* Bytes that can be read. */
static int count(struct px_file *f, int *user)
{
	const struct px_ops *ops = px_ops_of(f->vnode);
	int64_t n = -ENOTTY;
	int r;

	px_enter();
	if (ops->waiting)
		n = ops->waiting(f->vnode);
	else if (S_ISREG(f->vnode->mode))
		n = ops->size(f->vnode) - f->offset;
	px_leave();
	if (n < 0 && !S_ISREG(f->vnode->mode))
		return (int)n;
	r = n > INT_MAX ? INT_MAX : (int)n;
	return px_copy_to(user, &r, sizeof(r)) ? -EFAULT : 0;
}

static int set_nonblocking(struct px_file *f, const int *user)
{
	int on;

	if (px_copy_from(&on, user, sizeof(on)))
		return -EFAULT;
	px_enter();
	f->flags = on ? f->flags | O_NONBLOCK : f->flags & ~(uint32_t)O_NONBLOCK;
	px_leave();
	return 0;
}

static int set_mode(struct px_tty *tty, const struct termios *user, bool flush)
{
	struct termios t;

	if (px_copy_from(&t, user, sizeof(t)))
		return -EFAULT;
	px_enter();
	px_terminal_set(tty, &t, flush);
	px_tell(&tty->readers);
	if (tty->pty)
		px_pty_stop(tty, tty->stopped);
	px_leave();
	return 0;
}

static int get_mode(struct px_tty *tty, struct termios *user)
{
	struct termios t;

	px_enter();
	t = tty->mode;
	px_leave();
	return px_copy_to(user, &t, sizeof(t)) ? -EFAULT : 0;
}

/* Nobody knows how large the other end's window is, until it is set here. */
static int window_size(struct px_tty *tty, struct winsize *user, bool set)
{
	struct winsize s;

	if (set && px_copy_from(&s, user, sizeof(s)))
		return -EFAULT;
	px_enter();
	if (!set) {
		s = tty->size;
	} else if (memcmp(&s, &tty->size, sizeof(s)) != 0) {
		tty->size = s;
		if (tty->group && px_group_signal)
			px_group_signal(tty->group, SIGWINCH);
	}
	px_leave();
	return !set && px_copy_to(user, &s, sizeof(s)) ? -EFAULT : 0;
}

static int flush(struct px_tty *tty, long which)
{
	if (which < TCIFLUSH || which > TCIOFLUSH)
		return -EINVAL;
	px_enter();
	if (!tty->pty)
		px_console_input();
	else if (which != TCIFLUSH)
		px_pty_flush(tty);
	if (which != TCOFLUSH)
		px_terminal_flush(tty);
	px_leave();
	return 0;
}

/* What was written is with whoever sits there; the other side of a pseudo-terminal takes its time.
 */
static void drain(const struct px_tty *tty)
{
	if (!tty->pty)
		px_console_flush();
}

static int flow(struct px_tty *tty, long which)
{
	if (which < TCOOFF || which > TCION)
		return -EINVAL;
	px_enter();
	if (tty->pty && which <= TCOON)
		px_pty_stop(tty, which == TCOOFF);
	else if (tty->pty)
		px_pty_show(tty, (char *)&tty->mode.c_cc[which == TCIOFF ? VSTOP : VSTART], 1);
	px_leave();
	return 0;
}

static bool changes(unsigned long request)
{
	switch (request) {
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TCFLSH:
	case TCXONC:
	case TCSBRK:
	case TCSBRKP:
		return true;
	}
	return false;
}

static int may_change(struct px_tty *tty)
{
	int r;

	px_enter();
	r = px_tty_may(tty, SIGTTOU);
	px_leave();
	return r;
}

static int of_terminal(struct px_tty *tty, unsigned long request, void *user, bool other_side)
{
	int r = changes(request) ? may_change(tty) : 0;

	if (r)
		return r;
	switch (request) {
	case TCGETS:
		return get_mode(tty, user);
	case TCSETS:
		return set_mode(tty, user, false);
	case TCSETSW:
		drain(tty);
		return set_mode(tty, user, false);
	case TCSETSF:
		drain(tty);
		return flush(tty, TCIFLUSH) ?: set_mode(tty, user, true);
	case TCFLSH:
		return flush(tty, (long)user);
	case TCXONC:
		return flow(tty, (long)user);
	case TCSBRK:
	case TCSBRKP:
		drain(tty);
		return 0;
	case TIOCEXCL:
	case TIOCNXCL:
		tty->exclusive = request == TIOCEXCL;
		return 0;
	case TIOCGWINSZ:
	case TIOCSWINSZ:
		return window_size(tty, user, request == TIOCSWINSZ);
	}
	return px_job_control ? px_job_control(tty, request, user, other_side) : -ENOTTY;
}

static int control(struct px_file *f, int fd, unsigned long request, void *user)
{
	const struct px_ops *ops = px_ops_of(f->vnode);
	struct px_tty *tty;
	int r = -ENOTTY;

	if (f->flags & O_PATH)
		return -EBADF;
	switch (request) {
	case FIONREAD:
		return count(f, user);
	case FIONBIO:
		return set_nonblocking(f, user);
	case FIOCLEX:
	case FIONCLEX:
		*px_fd_flags(fd) = request == FIOCLEX ? FD_CLOEXEC : 0;
		return 0;
	}
	if (ops->control)
		r = ops->control(f, request, user);
	if (r != -ENOTTY)
		return r;
	tty = ops->terminal ? ops->terminal(f->vnode) : NULL;
	return tty ? of_terminal(tty, request, user, f->vnode->kind == PX_PTMX) : -ENOTTY;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;
	int r;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	do {
		struct px_file *f = px_file_use(fd);

		if (!f)
			return -1;
		r = control(f, fd, request, arg);
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

int tcgetattr(int fd, struct termios *t)
{
	return ioctl(fd, TCGETS, t);
}

int tcsetattr(int fd, int when, const struct termios *t)
{
	static const unsigned long request[] = {TCSETS, TCSETSW, TCSETSF};

	if (when < TCSANOW || when > TCSAFLUSH)
		return (int)px_result(-EINVAL);
	return ioctl(fd, request[when], t);
}

int tcflush(int fd, int which)
{
	return ioctl(fd, TCFLSH, (void *)(long)which);
}

int tcdrain(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return -1;
	px_console_flush();
	return 0;
}

/* Speeds mean nothing to a console; they are remembered. */
speed_t cfgetospeed(const struct termios *t)
{
	return t->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *t)
{
	return t->c_cflag & CBAUD;
}

int cfsetospeed(struct termios *t, speed_t speed)
{
	if (speed & ~(speed_t)CBAUD)
		return (int)px_result(-EINVAL);
	t->c_cflag = (t->c_cflag & ~(tcflag_t)CBAUD) | speed;
	t->c_ospeed = speed;
	return 0;
}

int cfsetispeed(struct termios *t, speed_t speed)
{
	if (speed & ~(speed_t)CBAUD)
		return (int)px_result(-EINVAL);
	t->c_ispeed = speed;
	return speed ? cfsetospeed(t, speed) : 0;
}

int cfsetspeed(struct termios *t, speed_t speed)
{
	return cfsetospeed(t, speed) < 0 ? -1 : cfsetispeed(t, speed);
}

void cfmakeraw(struct termios *t)
{
	t->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t->c_oflag &= ~(tcflag_t)OPOST;
	t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t->c_cflag = (t->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}
