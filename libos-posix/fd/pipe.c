/* pipe.c - pipes and FIFOs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/types.h>
#include <fcntl.h>
#include <fd/pipe.h>
#include <fd/queue.h>
#include <fs/mem.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define SLOTS 16

struct px_pipe {
	struct px_queue q;
	uint32_t readers, writers;
	uint32_t reader_opens, writer_opens; /* all that ever were, for who waits in open() */
	struct px_news can_read, can_write;
	struct px_waitq opened;
	bool nameless; /* pipe() made it: who opens it (/dev/fd) waits for nobody */
};

static struct px_pipe *pipe_of(struct px_vnode *v)
{
	return px_node_of(v)->pipe;
}

/* Inside: wait for bytes.  1, 0 at the end, or an error. */
static __attribute__((noinline)) int wait_for_bytes(struct px_pipe *p, uint32_t flags)
{
	int r = 0;

	while (!px_queue_bytes(&p->q)) {
		if (!p->writers || r)
			return r;
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		r = px_await(&p->can_read, 0);
	}
	return 1;
}

/* Few bytes are copied twice and need nothing held. */
static ssize_t read_small(struct px_pipe *p, void *to, size_t n, uint32_t flags)
{
	char bytes[PX_QUEUE_SMALL];
	uint64_t at;
	bool full;
	int r = 1;

	px_enter();
	if (!px_queue_bytes(&p->q) && (r = wait_for_bytes(p, flags)) <= 0) {
		px_leave();
		return r;
	}
	full = p->can_write.watches && px_queue_room(&p->q) < PIPE_BUF;
	at = p->q.out;
	n = px_queue_take(&p->q, bytes, n);
	px_tell_edge(&p->can_write, full);
	px_leave();
	if (!px_copy_to(to, bytes, n))
		return (ssize_t)n;
	px_enter();
	px_queue_return(&p->q, at, bytes, n);
	px_tell(&p->can_read);
	px_leave();
	return -EFAULT;
}

static __attribute__((noinline)) ssize_t read_large(struct px_pipe *p, char *to, size_t n,
						    uint32_t flags)
{
	size_t done = 0;
	ssize_t r;

	px_enter();
	r = wait_for_bytes(p, flags);
	while (r > 0 && done < n && px_queue_bytes(&p->q)) {
		bool full = px_queue_room(&p->q) < PIPE_BUF;

		r = px_queue_take_user(&p->q, to + done, n - done, 0, false);
		px_tell_edge(&p->can_write, full);
		if (r > 0)
			done += (size_t)r;
		else if (px_queue_bytes(&p->q))
			px_tell(&p->can_read);
	}
	px_leave();
	return done ? (ssize_t)done : r;
}

static ssize_t pipe_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	(void)offset;
	if (!n)
		return 0;
	return n <= PX_QUEUE_SMALL ? read_small(pipe_of(v), to, n, flags)
				   : read_large(pipe_of(v), to, n, flags);
}

/* Inside, as the only writer: wait for room for `want` bytes. */
static int wait_for_room(struct px_pipe *p, size_t want, uint32_t flags)
{
	int r = 0;

	px_queue_prepare(&p->q, want);
	while (p->readers && px_queue_room(&p->q) < want) {
		if (r)
			return r;
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		r = px_await(&p->can_write, 0);
		px_queue_prepare(&p->q, want);
	}
	return p->readers ? 0 : -EPIPE;
}

/* Inside: until the writer there is has done, or might have. */
static int wait_for_writer(struct px_vnode *v, uint32_t flags)
{
	return flags & O_NONBLOCK ? -EAGAIN : px_block(&v->lock.waiters, 0);
}

/* Inside, which it leaves: the same as below, but it waits for room and for who writes much, who
 * may be away copying to the queue's end. */
static __attribute__((noinline)) ssize_t write_later(struct px_vnode *v, const char *bytes,
						     size_t n, uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);
	int r;

	do
		r = wait_for_room(p, n, flags);
	while (!r && v->lock.holder && !(r = wait_for_writer(v, flags)));
	if (!r)
		r = px_queue_put(&p->q, bytes, n);
	if (!r)
		px_tell(&p->can_read);
	px_leave();
	if (r == -EPIPE)
		raise(SIGPIPE);
	return r ? r : (ssize_t)n;
}

static ssize_t write_small(struct px_vnode *v, const void *from, size_t n, uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);
	char bytes[PX_QUEUE_SMALL];

	if (px_copy_from(bytes, from, n))
		return -EFAULT;
	px_enter();
	if (!p->readers || v->lock.holder || px_queue_room(&p->q) < n ||
	    px_queue_put(&p->q, bytes, n))
		return write_later(v, bytes, n, flags);
	px_tell(&p->can_read);
	px_leave();
	return (ssize_t)n;
}

/* Up to PIPE_BUF bytes go in one piece or not at all. */
static __attribute__((noinline)) ssize_t write_large(struct px_vnode *v, const char *from, size_t n,
						     uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);
	size_t done = 0;
	ssize_t r = 0;

	px_enter();
	while (!r && v->lock.holder)
		r = wait_for_writer(v, flags);
	if (r) {
		px_leave();
		return r;
	}
	px_lock_inside(&v->lock);
	while (r >= 0 && done < n) {
		size_t room;

		r = wait_for_room(p, n <= PIPE_BUF ? n - done : 1, flags);
		if (r)
			break;
		room = px_queue_room(&p->q);
		r = px_queue_put_user(&p->q, from + done, n - done < room ? n - done : room);
		px_tell(&p->can_read);
		if (r > 0)
			done += (size_t)r;
	}
	px_unlock_inside(&v->lock);
	px_leave();
	if (r == -EPIPE)
		raise(SIGPIPE);
	return done ? (ssize_t)done : r;
}

static ssize_t pipe_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			  uint32_t flags)
{
	(void)offset;
	if (n <= PX_QUEUE_SMALL)
		return n ? write_small(v, from, n, flags) : 0;
	return write_large(v, from, n, flags);
}

static void count(struct px_pipe *p, uint32_t flags, int change)
{
	if ((flags & O_ACCMODE) != O_WRONLY)
		p->readers += (uint32_t)change;
	if ((flags & O_ACCMODE) != O_RDONLY)
		p->writers += (uint32_t)change;
}

static void pipe_close(struct px_vnode *v, uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);

	if (flags & O_PATH)
		return;
	count(p, flags, -1);
	px_tell(&p->can_read);
	px_tell(&p->can_write);
	if (!p->readers && !p->writers)
		px_queue_empty(&p->q);
}

static void pipe_discard(struct px_node *node)
{
	if (node->pipe)
		px_queue_free(&node->pipe->q);
	px_free(node->pipe);
}

struct px_node *px_fifo_new(uint32_t mode)
{
	return px_node_new(S_IFIFO | mode);
}

static struct px_pipe *pipe_new(void)
{
	struct px_pipe *p = px_alloc(sizeof(*p));

	if (p && !px_queue_init(&p->q, SLOTS)) {
		px_free(p);
		return NULL;
	}
	return p;
}

/* Inside: wait until somebody has the other end. */
static int wait_for_other(struct px_pipe *p, uint32_t mode)
{
	uint32_t *others = mode == O_RDONLY ? &p->writer_opens : &p->reader_opens;
	uint32_t before = *others;
	int r = 0;

	while (!r && *others == before && !(mode == O_RDONLY ? p->writers : p->readers))
		r = px_block(&p->opened, 0);
	return r;
}

static int pipe_open(struct px_file *f, uint32_t flags)
{
	struct px_node *node = px_node_of(f->vnode);
	uint32_t mode = flags & O_ACCMODE;
	struct px_pipe *p;
	int r = 0;

	px_enter();
	if (!node->pipe)
		node->pipe = pipe_new();
	p = node->pipe;
	if (!p)
		r = -ENOMEM;
	else if (!p->nameless && mode == O_WRONLY && flags & O_NONBLOCK && !p->readers)
		r = -ENXIO;
	if (!r) {
		count(p, flags, 1);
		f->flags = flags;
		p->reader_opens += mode != O_WRONLY;
		p->writer_opens += mode != O_RDONLY;
		px_wake(&p->opened);
		if (!p->nameless && mode != O_RDWR && !(flags & O_NONBLOCK))
			r = wait_for_other(p, mode);
	}
	px_leave();
	return r;
}

static uint32_t pipe_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_pipe *p = pipe_of(v);
	uint32_t ready = 0;

	if ((flags & O_ACCMODE) != O_WRONLY) {
		look->news[0] = &p->can_read;
		ready |= px_queue_bytes(&p->q) ? POLLIN | POLLRDNORM : 0;
		ready |= p->writers || !p->writer_opens ? 0 : POLLHUP;
	}
	if ((flags & O_ACCMODE) != O_RDONLY) {
		look->news[1] = &p->can_write;
		if (!px_queue_bytes(&p->q) || px_queue_room(&p->q) >= PIPE_BUF)
			ready |= POLLOUT | POLLWRNORM;
		ready |= p->readers ? 0 : POLLERR;
	}
	return ready;
}

ssize_t px_pipe_peek(struct px_vnode *v, char *to, size_t n, size_t skip, uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);
	int r;

	px_enter();
	r = wait_for_bytes(p, flags);
	if (r > 0)
		n = px_queue_peek(&p->q, to, n, skip);
	px_leave();
	return r > 0 ? (ssize_t)n : r;
}

void px_pipe_skip(struct px_vnode *v, size_t n)
{
	struct px_pipe *p = pipe_of(v);

	px_enter();
	px_queue_skip(&p->q, n < px_queue_bytes(&p->q) ? n : px_queue_bytes(&p->q));
	px_tell(&p->can_write);
	px_leave();
}

static int64_t pipe_waiting(struct px_vnode *v)
{
	return (int64_t)px_queue_bytes(&pipe_of(v)->q);
}

/* Of the size, which is a power of two of pages, or change it. */
static int pipe_size(struct px_vnode *v, long bytes)
{
	struct px_queue *q = &pipe_of(v)->q;
	uint32_t slots = 1;
	int r = 0;

	if (bytes >= 0) {
		while (slots < PX_QUEUE_SLOTS && slots * EXO_PAGE_SIZE < (unsigned long)bytes)
			slots *= 2;
		if (slots * EXO_PAGE_SIZE < (unsigned long)bytes)
			return -EPERM;
		r = slots == q->slots ? 0 : px_queue_resize(q, slots);
		px_tell(&pipe_of(v)->can_write);
	}
	return r ? r : (int)(q->slots * EXO_PAGE_SIZE);
}

const struct px_ops px_pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.open = pipe_open,
	.close = pipe_close,
	.discard = pipe_discard,
	.stat = px_mem_stat,
	.ready = pipe_ready,
	.waiting = pipe_waiting,
	.pipe_size = pipe_size,
};

static struct px_file *end_of(struct px_node *node, int flags)
{
	struct px_file *f = px_file_new(&node->v, flags);

	if (f)
		count(node->pipe, (uint32_t)flags, 1);
	return f;
}

/* Inside: both ends, or none. */
static int make(struct px_file *end[2], int flags)
{
	struct px_node *node = px_fifo_new(0600);

	if (!node)
		return -ENFILE;
	node->pipe = pipe_new();
	if (node->pipe) {
		node->pipe->nameless = true;
		node->pipe->reader_opens = node->pipe->writer_opens = 1;
	}
	end[0] = node->pipe ? end_of(node, O_RDONLY | flags) : NULL;
	end[1] = end[0] ? end_of(node, O_WRONLY | flags) : NULL;
	if (end[1])
		return 0;
	if (end[0])
		px_file_put(end[0]);
	else
		px_node_check(node);
	return -ENFILE;
}

int pipe2(int fd[2], int flags)
{
	struct px_file *end[2];
	int new[2], r;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return (int)px_result(-EINVAL);
	px_enter();
	r = make(end, flags & O_NONBLOCK);
	if (!r)
		r = px_fd_install_two(end, flags, new);
	px_leave();
	return (int)px_result(r ? r : px_fd_give_two(new, fd));
}

int pipe(int fd[2])
{
	return pipe2(fd, 0);
}
