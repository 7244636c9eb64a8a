/* pty.c - pseudo-terminals: made and ended, and what goes to and fro.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/pty.h>
#include <fs/device.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <util/fmt.h>
#include <vm/copy.h>

#define MOST      256 /* pseudo-terminals */
#define NAME_ROOM 16  /* of a number */
#define PART      128 /* bytes in one critical section */

static struct px_pty *pty_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

/* What is written comes out. */
static size_t spaces(char to[PX_PTY_WIDE], size_t n)
{
	memset(to, ' ', n);
	return n;
}

size_t px_pty_form(struct px_tty *t, char c, char to[PX_PTY_WIDE])
{
	tcflag_t mode = t->mode.c_oflag;

	to[0] = c;
	if (!(mode & OPOST))
		return 1;
	switch (c) {
	case '\n':
		if (mode & ONLRET)
			t->column = 0;
		if (!(mode & ONLCR))
			return 1;
		memcpy(to, "\r\n", 2);
		t->column = 0;
		return 2;
	case '\r':
		if (mode & ONOCR && !t->column)
			return 0;
		if (mode & OCRNL) {
			to[0] = '\n';
			if (!(mode & ONLRET))
				return 1;
		}
		t->column = 0;
		return 1;
	case '\t':
		if ((mode & TABDLY) == XTABS) {
			size_t n = 8 - t->column % 8;

			t->column += (uint32_t)n;
			return spaces(to, n);
		}
		t->column += 8 - t->column % 8;
		return 1;
	case '\b':
		t->column -= t->column > 0;
		return 1;
	}
	if (mode & OLCUC && c >= 'a' && c <= 'z')
		to[0] = (char)(c - 'a' + 'A');
	if ((unsigned char)c >= ' ' && c != 127 && !(t->mode.c_iflag & IUTF8 && (c & 0xc0) == 0x80))
		t->column++;
	return 1;
}

/* One character, if there is room for it. */
static bool say(struct px_tty *t, char c)
{
	char bytes[PX_PTY_WIDE];
	size_t n;

	if (t->echoes + PX_PTY_WIDE > PX_TTY_BYTES)
		return false;
	n = px_pty_form(t, c, bytes);
	memcpy(t->echo + t->echoes, bytes, n);
	t->echoes += n;
	return true;
}

void px_pty_show(struct px_tty *t, const char *text, size_t n)
{
	for (size_t i = 0; i < n && say(t, text[i]); i++)
		;
}

void px_pty_flush(struct px_tty *t)
{
	t->echoes = 0;
	px_tell(&t->pty->taken);
}

void px_pty_stop(struct px_tty *t, bool stop)
{
	t->stopped = stop;
	px_tell(&t->pty->taken);
}

/* The terminal's side. */
static ssize_t pts_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_pty *p = pty_of(v);
	char bytes[PX_TTY_BYTES];
	int r;

	(void)offset;
	if (!n)
		return 0;
	px_enter();
	r = p->tty.hung ? 0 : px_tty_may(&p->tty, SIGTTIN);
	if (!r && !p->tty.hung)
		r = px_tty_take(&p->tty, bytes, n < sizeof(bytes) ? n : sizeof(bytes), flags);
	px_tell(&p->heard);
	px_leave();
	if (r < 0)
		return r;
	return px_copy_to(to, bytes, (size_t)r) ? -EFAULT : r;
}

/* Inside: n bytes, unless nothing can be waited for. */
static ssize_t write_part(struct px_pty *p, const char *bytes, size_t n, uint32_t flags)
{
	struct px_tty *t = &p->tty;
	size_t done = 0;
	int r = t->mode.c_lflag & TOSTOP ? px_tty_may(t, SIGTTOU) : 0;

	if (r)
		return r;
	while (done < n) {
		if (t->hung)
			return -EIO;
		if (!t->stopped && say(t, bytes[done])) {
			done++;
			continue;
		}
		px_tell(&p->said);
		if (flags & O_NONBLOCK || r)
			break;
		r = px_await(&p->taken, 0);
	}
	px_tell(&p->said);
	return done ? (ssize_t)done : r ? r : -EAGAIN;
}

ssize_t px_pty_write(struct px_pty *p, px_pty_part *write, const char *from, size_t n,
		     uint32_t flags)
{
	char bytes[PART];
	size_t done = 0;
	ssize_t r = 0;

	while (done < n && r >= 0) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		if (px_copy_from(bytes, from + done, part)) {
			r = -EFAULT;
			break;
		}
		px_enter();
		r = write(p, bytes, part, flags);
		px_leave();
		if (r > 0)
			done += (size_t)r;
		if (r < (ssize_t)part)
			break;
	}
	return done ? (ssize_t)done : r;
}

static ssize_t pts_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			 uint32_t flags)
{
	(void)offset;
	return px_pty_write(pty_of(v), write_part, from, n, flags);
}

static void use(struct px_file *f, struct px_pty *p, uint32_t flags)
{
	p->users++;
	p->used = true;
	f->flags = flags;
	px_tell(&p->said);
}

static int pts_open(struct px_file *f, uint32_t flags)
{
	struct px_pty *p = pty_of(f->vnode);
	int r = 0;

	px_enter();
	if (p->locked || p->tty.hung)
		r = -EIO;
	else
		use(f, p, flags);
	if (!r && px_tty_opened)
		px_tty_opened(&p->tty, flags);
	px_leave();
	return r;
}

int px_pty_open_as(struct px_file *f, struct px_tty *t, uint32_t flags)
{
	if (t->hung)
		return -EIO;
	px_vnode_put(f->vnode);
	f->vnode = &t->pty->node->v;
	px_vnode_ref(f->vnode);
	use(f, t->pty, flags);
	return 0;
}

void px_pty_hang(struct px_tty *t)
{
	t->hung = true;
	px_tell(&t->readers);
	px_tell(&t->pty->taken);
	px_tell(&t->pty->said);
}

static void pts_close(struct px_vnode *v, uint32_t flags)
{
	struct px_pty *p = pty_of(v);

	if (flags & O_PATH)
		return;
	p->users--;
	px_tell(&p->said);
}

static uint32_t pts_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_pty *p = pty_of(v);
	uint32_t ready = 0;

	(void)flags;
	look->news[0] = &p->tty.readers;
	look->news[1] = &p->taken;
	if (p->tty.hung)
		return POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM;
	if (px_tty_readable(&p->tty))
		ready |= POLLIN | POLLRDNORM;
	if (!p->tty.stopped && p->tty.echoes < PX_TTY_BYTES / 2)
		ready |= POLLOUT | POLLWRNORM;
	return ready;
}

static int64_t pts_waiting(struct px_vnode *v)
{
	struct px_pty *p = pty_of(v);

	return p->tty.hung ? -EIO : (int64_t)px_tty_waiting(&p->tty);
}

static struct px_tty *pty_terminal(struct px_vnode *v)
{
	struct px_pty *p = pty_of(v);

	return p ? &p->tty : NULL;
}

static int pts_control(struct px_file *f, unsigned long request, void *user)
{
	(void)request;
	(void)user;
	return pty_of(f->vnode)->tty.hung ? -EIO : -ENOTTY;
}

static void pts_discard(struct px_node *node)
{
	struct px_pty *p = node->object;

	if (!p)
		return;
	if (px_tty_hangup)
		px_tty_hangup(&p->tty);
	px_tty_free(&p->tty);
	px_free(p);
}

const struct px_ops px_pts_ops = {
	.read = pts_read,
	.write = pts_write,
	.open = pts_open,
	.close = pts_close,
	.discard = pts_discard,
	.stat = px_mem_stat,
	.ready = pts_ready,
	.waiting = pts_waiting,
	.terminal = pty_terminal,
	.control = pts_control,
};

struct px_pty *px_pty_new(void)
{
	struct px_node *dir = px_arena->memfs.pts, *node = px_node_new(S_IFCHR | 0620);
	struct px_pty *p = node ? px_alloc(sizeof(*p)) : NULL;
	char name[NAME_ROOM];
	struct px_name *e;
	size_t n;

	if (p) {
		node->v.kind = PX_PTS;
		node->object = p;
		node->gid = 5; /* tty */
		p->node = node;
		p->locked = true;
		p->tty.pty = p;
		px_vnode_ref(&node->v);
	}
	for (; p; p->number++) {
		n = fmt_string(name, sizeof(name), "%u", p->number);
		px_dir_find(dir, name, n, &e);
		if (!e)
			break;
	}
	if (p && p->number < MOST && px_tty_init(&p->tty) && px_dir_add(dir, name, n, node) == 0) {
		node->device = PX_DEV_PTS | p->number;
		return p;
	}
	if (p)
		px_vnode_put(&node->v);
	else if (node)
		px_node_check(node);
	return NULL;
}
