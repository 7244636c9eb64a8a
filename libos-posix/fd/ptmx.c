/* ptmx.c - the other side of pseudo-terminals: whoever sits there.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/pty.h>
#include <fs/device.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <util/fmt.h>
#include <vm/copy.h>

#define NAME_ROOM 16 /* of a number */

static struct px_pty *pty_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

/* Inside: what the terminal said. */
static ssize_t take(struct px_pty *p, char *to, size_t n, uint32_t flags)
{
	struct px_tty *t = &p->tty;
	int r = 0;

	while (!t->echoes) {
		if ((p->used && !p->users) || t->hung)
			return -EIO;
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		if (r)
			return r;
		r = px_await(&p->said, 0);
	}
	if (n > t->echoes)
		n = t->echoes;
	memcpy(to, t->echo, n);
	memmove(t->echo, t->echo + n, t->echoes - n);
	t->echoes -= n;
	px_tell(&p->taken);
	return (ssize_t)n;
}

static ssize_t ptmx_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	char bytes[PX_TTY_BYTES];
	ssize_t r;

	(void)offset;
	if (!pty_of(v))
		return -EIO;
	if (!n)
		return 0;
	px_enter();
	r = take(pty_of(v), bytes, n < sizeof(bytes) ? n : sizeof(bytes), flags);
	px_leave();
	if (r < 0)
		return r;
	return px_copy_to(to, bytes, (size_t)r) ? -EFAULT : r;
}

/* Is there a place for the next character?  Where lines are typed that no one can finish there is:
 * it is lost. */
static bool has_place(const struct px_tty *t)
{
	return px_tty_room(t) || (t->mode.c_lflag & ICANON && t->ready == t->taken);
}

/* Inside: type n bytes, unless nothing can be waited for. */
static ssize_t type(struct px_pty *p, const char *bytes, size_t n, uint32_t flags)
{
	struct px_tty *t = &p->tty;
	size_t done = 0;
	bool stopped = t->stopped;
	int r = 0;

	while (done < n) {
		if (has_place(t)) {
			px_terminal_typed(t, bytes[done++]);
			continue;
		}
		if (flags & O_NONBLOCK || r)
			break;
		px_tell(&t->readers);
		r = px_await(&p->heard, 0);
	}
	px_tell(&t->readers);
	if (t->echoes)
		px_tell(&p->said);
	if (stopped && !t->stopped)
		px_tell(&p->taken);
	return done ? (ssize_t)done : r ? r : -EAGAIN;
}

static ssize_t ptmx_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			  uint32_t flags)
{
	(void)offset;
	return pty_of(v) ? px_pty_write(pty_of(v), type, from, n, flags) : -EIO;
}

/* Those who have the terminal open find it dead. */
static void ptmx_close(struct px_vnode *v, uint32_t flags)
{
	struct px_pty *p = pty_of(v);
	struct px_name *e;
	char name[NAME_ROOM];

	if (!p || flags & O_PATH)
		return;
	if (px_tty_hangup)
		px_tty_hangup(&p->tty);
	px_dir_find(px_arena->memfs.pts, name, fmt_string(name, sizeof(name), "%u", p->number), &e);
	if (e)
		px_dir_remove(px_arena->memfs.pts, e);
	px_pty_hang(&p->tty);
	px_node_of(v)->object = NULL;
	px_vnode_put(&p->node->v);
}

static uint32_t ptmx_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_pty *p = pty_of(v);
	uint32_t ready = 0;

	(void)flags;
	if (!p)
		return POLLERR;
	look->news[0] = &p->said;
	look->news[1] = &p->heard;
	if (p->tty.echoes)
		ready |= POLLIN | POLLRDNORM;
	if ((p->used && !p->users) || p->tty.hung)
		ready |= POLLHUP;
	if (has_place(&p->tty))
		ready |= POLLOUT | POLLWRNORM;
	return ready;
}

static int64_t ptmx_waiting(struct px_vnode *v)
{
	return pty_of(v) ? (int64_t)pty_of(v)->tty.echoes : -EIO;
}

static struct px_tty *ptmx_terminal(struct px_vnode *v)
{
	return pty_of(v) ? &pty_of(v)->tty : NULL;
}

/* Open the terminal's side without its name. */
static int open_peer(struct px_pty *p, int flags)
{
	struct px_file *f;
	int r = -ENOMEM;

	px_enter();
	f = px_file_new(&p->node->v, flags & ~O_CLOEXEC);
	if (f) {
		p->users++;
		p->used = true;
		r = px_fd_install(f, 0, flags);
	}
	px_leave();
	return r;
}

static int flush(struct px_pty *p, long which)
{
	if (which < TCIFLUSH || which > TCIOFLUSH)
		return -EINVAL;
	px_enter();
	if (which != TCOFLUSH)
		px_pty_flush(&p->tty);
	if (which != TCIFLUSH)
		px_terminal_flush(&p->tty);
	px_leave();
	return 0;
}

static int ptmx_control(struct px_file *f, unsigned long request, void *user)
{
	struct px_pty *p = pty_of(f->vnode);
	int value;

	if (!p)
		return -EIO;
	switch (request) {
	case TIOCGPTN:
	case TIOCGPTLCK:
		value = request == TIOCGPTN ? (int)p->number : p->locked;
		return px_copy_to(user, &value, sizeof(value)) ? -EFAULT : 0;
	case TIOCSPTLCK:
		if (px_copy_from(&value, user, sizeof(value)))
			return -EFAULT;
		p->locked = value;
		return 0;
	case TIOCGPTPEER:
		return open_peer(p, (int)(long)user);
	case TCFLSH: /* what is input to one side is output of the other */
		return flush(p, (long)user);
	}
	return -ENOTTY;
}

/* /dev/ptmx: each time another one. */
static int ptmx_open(struct px_file *f, uint32_t flags)
{
	struct px_node *node;
	struct px_pty *p;
	int r = -ENOSPC;

	px_enter();
	node = px_node_new(S_IFCHR | 0666);
	p = node ? px_pty_new() : NULL;
	if (p) {
		node->v.kind = PX_PTMX;
		node->device = PX_DEV_PTMX;
		node->object = p;
		px_vnode_put(f->vnode);
		f->vnode = &node->v;
		node->v.refs++;
		f->flags = flags;
		r = 0;
	} else if (node) {
		px_node_check(node);
	}
	px_leave();
	return r;
}

const struct px_ops px_ptmx_ops = {
	.read = ptmx_read,
	.write = ptmx_write,
	.open = ptmx_open,
	.close = ptmx_close,
	.stat = px_mem_stat,
	.ready = ptmx_ready,
	.waiting = ptmx_waiting,
	.terminal = ptmx_terminal,
	.control = ptmx_control,
};

/* At the start: /dev/ptmx and where the others will stand. */
int px_pty_init(struct px_node *dev)
{
	struct px_node *ptmx = px_node_new(S_IFCHR | 0666), *pts = px_node_new(S_IFDIR | 0755);
	struct px_name *old;

	if (!ptmx || !pts || px_dir_complete(dev) < 0)
		return -ENOMEM;
	px_node_set_device(ptmx, PX_DEV_PTMX);
	ptmx->v.kind = PX_PTMX;
	px_dir_find(dev, "ptmx", 4, &old);
	if (old)
		px_dir_remove(dev, old);
	px_dir_find(dev, "pts", 3, &old);
	if (old)
		px_dir_remove(dev, old);
	px_arena->memfs.pts = pts;
	return px_dir_add(dev, "ptmx", 4, ptmx) || px_dir_add(dev, "pts", 3, pts) ? -ENOMEM : 0;
}

int posix_openpt(int flags)
{
	return open("/dev/ptmx", flags);
}
