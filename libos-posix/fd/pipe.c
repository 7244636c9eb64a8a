/* pipe.c - pipes and FIFOs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Bytes lie in up to 16 pages.  A position counts all bytes since the start;
 * its page stands at (position / page size) mod 16.  Bytes below `in` are not
 * written again while somebody holds their page, so they can be copied out
 * after `out` has passed them.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/types.h>
#include <fcntl.h>
#include <fs/mem.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define SLOTS 16
#define SMALL 256 /* bytes that go over the stack */

struct px_pipe {
	uint64_t in, out;
	uint32_t readers, writers;
	uint32_t reader_opens, writer_opens; /* all that ever were, for who waits in open() */
	struct px_waitq can_read, can_write, opened;
	char *page[SLOTS];
};

static struct px_pipe *pipe_of(struct px_vnode *v)
{
	return px_node_of(v)->pipe;
}

static char **slot_of(struct px_pipe *p, uint64_t position)
{
	return &p->page[position / EXO_PAGE_SIZE % SLOTS];
}

static size_t room(const struct px_pipe *p)
{
	return (p->out / EXO_PAGE_SIZE + SLOTS) * EXO_PAGE_SIZE - p->in;
}

/* What was read to its end goes; the page of a pipe that is in use stays. */
static void drop_page(struct px_pipe *p, uint64_t position)
{
	char **slot = slot_of(p, position);

	if (*slot)
		px_page_put(*slot);
	*slot = NULL;
}

/* Inside: up to n bytes of one page; *held is that page. */
static const char *take(struct px_pipe *p, size_t *n, char **held)
{
	size_t inside = p->out % EXO_PAGE_SIZE;
	char *page = *slot_of(p, p->out);

	if (*n > p->in - p->out)
		*n = p->in - p->out;
	if (*n > EXO_PAGE_SIZE - inside)
		*n = EXO_PAGE_SIZE - inside;
	px_frame_ref(px_page_frame(page));
	*held = page;
	p->out += *n;
	if (p->out % EXO_PAGE_SIZE == 0)
		drop_page(p, p->out - 1);
	px_wake(&p->can_write);
	return page + inside;
}

/* An empty pipe has room for 16 whole pages, as on Linux; unless somebody still
 * copies from the page. */
static void rewind_empty(struct px_pipe *p)
{
	const char *page = *slot_of(p, p->in);

	if (p->in == p->out && page && px_frame_refs(px_page_frame(page)) == 1)
		p->in = p->out = p->in & -(uint64_t)EXO_PAGE_SIZE;
}

/* Inside: wait for bytes.  1, 0 at the end, or an error. */
static int wait_for_bytes(struct px_pipe *p, uint32_t flags)
{
	int r = 0;

	while (p->in == p->out) {
		if (!p->writers || r)
			return r;
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		r = px_block(&p->can_read, 0);
	}
	return 1;
}

/* Inside: few bytes are copied twice and need nothing held; they may lie in two pages. */
static size_t take_small(struct px_pipe *p, char *to, size_t n)
{
	size_t done = 0;

	while (done < n && p->in != p->out) {
		size_t part = n - done, inside = p->out % EXO_PAGE_SIZE;

		if (part > p->in - p->out)
			part = p->in - p->out;
		if (part > EXO_PAGE_SIZE - inside)
			part = EXO_PAGE_SIZE - inside;
		memcpy(to + done, *slot_of(p, p->out) + inside, part);
		done += part;
		p->out += part;
		if (p->out % EXO_PAGE_SIZE == 0)
			drop_page(p, p->out - 1);
	}
	px_wake(&p->can_write);
	return done;
}

static ssize_t read_small(struct px_pipe *p, void *to, size_t n, uint32_t flags)
{
	char bytes[SMALL];
	size_t done = 0;
	int r;

	px_enter();
	r = wait_for_bytes(p, flags);
	if (r > 0) {
		done = take_small(p, bytes, n);
		rewind_empty(p);
	}
	px_leave();
	if (r <= 0)
		return r;
	return px_copy_to(to, bytes, done) ? -EFAULT : (ssize_t)done;
}

static ssize_t read_large(struct px_pipe *p, char *to, size_t n, uint32_t flags)
{
	size_t done = 0, left = 0;
	int r;

	px_enter();
	r = wait_for_bytes(p, flags);
	while (r > 0 && done < n && p->in != p->out && !left) {
		size_t part = n - done;
		char *held;
		const char *from = take(p, &part, &held);

		px_leave();
		left = px_copy_to(to + done, from, part);
		px_enter();
		px_page_put(held);
		done += part - left;
	}
	rewind_empty(p);
	px_leave();
	if (r < 0)
		return r;
	return done || !left ? (ssize_t)done : -EFAULT;
}

static ssize_t pipe_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	(void)offset;
	if (!n)
		return 0;
	return n <= SMALL ? read_small(pipe_of(v), to, n, flags)
			  : read_large(pipe_of(v), to, n, flags);
}

/* Inside, as the only writer: wait for room for `want` bytes. */
static int wait_for_room(struct px_pipe *p, size_t want, uint32_t flags)
{
	int r = 0;

	while (p->readers && room(p) < want) {
		if (r)
			return r;
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		r = px_block(&p->can_write, 0);
	}
	return p->readers ? 0 : -EPIPE;
}

/* Inside: until the writer there is has done, or might have. */
static int wait_for_writer(struct px_vnode *v, uint32_t flags)
{
	if (flags & O_NONBLOCK)
		return -EAGAIN;
	return px_block(&v->lock.waiters, 0);
}

/* Inside: up to n bytes into one page; leaves while it copies. */
static ssize_t put(struct px_pipe *p, const char *from, size_t n)
{
	size_t inside = p->in % EXO_PAGE_SIZE, left;
	char **slot = slot_of(p, p->in);

	if (n > EXO_PAGE_SIZE - inside)
		n = EXO_PAGE_SIZE - inside;
	if (!*slot)
		*slot = px_page_get_dirty();
	if (!*slot || !px_frame_ref(px_page_frame(*slot)))
		return -ENOMEM;
	char *page = *slot;

	px_leave();
	left = px_copy_from(page + inside, from, n);
	px_enter();
	px_page_put(page);
	p->in += n - left;
	px_wake(&p->can_read);
	return left < n ? (ssize_t)(n - left) : -EFAULT;
}

/* Inside: few bytes, for which there is room.  0 or an error. */
static int put_small(struct px_pipe *p, const char *from, size_t n)
{
	while (n) {
		size_t inside = p->in % EXO_PAGE_SIZE;
		size_t part = n < EXO_PAGE_SIZE - inside ? n : EXO_PAGE_SIZE - inside;
		char **slot = slot_of(p, p->in);

		if (!*slot)
			*slot = px_page_get_dirty();
		if (!*slot)
			return -ENOMEM;
		memcpy(*slot + inside, from, part);
		p->in += part;
		from += part;
		n -= part;
	}
	px_wake(&p->can_read);
	return 0;
}

/* Who writes much may be away copying to where p->in stands. */
static ssize_t write_small(struct px_vnode *v, const void *from, size_t n, uint32_t flags)
{
	struct px_pipe *p = pipe_of(v);
	char bytes[SMALL];
	int r;

	if (px_copy_from(bytes, from, n))
		return -EFAULT;
	px_enter();
	do
		r = wait_for_room(p, n, flags);
	while (!r && v->lock.holder && !(r = wait_for_writer(v, flags)));
	if (!r)
		r = put_small(p, bytes, n);
	px_leave();
	return r ? r : (ssize_t)n;
}

/* Up to PIPE_BUF bytes go in one piece or not at all. */
static ssize_t write_large(struct px_vnode *v, const char *from, size_t n, uint32_t flags)
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
		r = wait_for_room(p, n <= PIPE_BUF ? n - done : 1, flags);
		if (r == 0)
			r = put(p, from + done, n - done < room(p) ? n - done : room(p));
		if (r > 0)
			done += (size_t)r;
	}
	px_unlock_inside(&v->lock);
	px_leave();
	if (r == -EPIPE && done)
		raise(SIGPIPE);
	return done ? (ssize_t)done : r;
}

static ssize_t pipe_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			  uint32_t flags)
{
	ssize_t r;

	(void)offset;
	if (!n)
		return 0;
	r = n <= SMALL ? write_small(v, from, n, flags) : write_large(v, from, n, flags);
	if (r == -EPIPE)
		raise(SIGPIPE);
	return r;
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
	px_wake(&p->can_read);
	px_wake(&p->can_write);
	if (p->readers || p->writers)
		return;
	for (int i = 0; i < SLOTS; i++)
		drop_page(p, (uint64_t)i * EXO_PAGE_SIZE);
	p->in = p->out = 0;
}

struct px_node *px_fifo_new(uint32_t mode)
{
	return px_node_new(S_IFIFO | mode);
}

/* A FIFO is open when somebody has the other end. */
static int pipe_open(struct px_vnode *v, uint32_t flags)
{
	struct px_node *node = px_node_of(v);
	uint32_t mode = flags & O_ACCMODE, *others, before;
	struct px_pipe *p;
	int r = 0;

	px_enter();
	if (!node->pipe)
		node->pipe = px_alloc(sizeof(*node->pipe));
	p = node->pipe;
	if (!p || (mode == O_WRONLY && flags & O_NONBLOCK && !p->readers)) {
		px_leave();
		return p ? -ENXIO : -ENOMEM;
	}
	count(p, flags, 1);
	p->reader_opens += mode != O_WRONLY;
	p->writer_opens += mode != O_RDONLY;
	px_wake(&p->opened);
	others = mode == O_RDONLY ? &p->writer_opens : &p->reader_opens;
	before = *others;
	while (!r && mode != O_RDWR && !(flags & O_NONBLOCK) && *others == before &&
	       !(mode == O_RDONLY ? p->writers : p->readers))
		r = px_block(&p->opened, 0);
	if (r)
		pipe_close(v, flags);
	px_leave();
	return r;
}

static uint32_t pipe_ready(struct px_vnode *v, uint32_t flags, struct px_waitq *news[2])
{
	struct px_pipe *p = pipe_of(v);
	uint32_t ready = 0;

	if ((flags & O_ACCMODE) != O_WRONLY) {
		news[0] = &p->can_read;
		ready |= p->in != p->out ? POLLIN | POLLRDNORM : 0;
		ready |= p->writers || !p->writer_opens ? 0 : POLLHUP;
	}
	if ((flags & O_ACCMODE) != O_RDONLY) {
		news[1] = &p->can_write;
		ready |= room(p) >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0;
		ready |= p->readers ? 0 : POLLERR;
	}
	return ready;
}

static int64_t pipe_waiting(struct px_vnode *v)
{
	return (int64_t)(pipe_of(v)->in - pipe_of(v)->out);
}

const struct px_ops px_pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.open = pipe_open,
	.close = pipe_close,
	.release = px_mem_release,
	.stat = px_mem_stat,
	.ready = pipe_ready,
	.waiting = pipe_waiting,
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
	node->pipe = px_alloc(sizeof(*node->pipe));
	if (node->pipe)
		node->pipe->reader_opens = node->pipe->writer_opens = 1;
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
	px_leave();
	if (r)
		return (int)px_result(r);
	new[0] = px_fd_install(end[0], 0, flags);
	if (new[0] < 0) {
		px_file_put(end[1]);
		return (int)px_result(new[0]);
	}
	new[1] = px_fd_install(end[1], 0, flags);
	if (new[1] < 0) {
		close(new[0]);
		return (int)px_result(new[1]);
	}
	if (px_copy_to(fd, new, sizeof(new))) {
		close(new[0]);
		close(new[1]);
		return (int)px_result(-EFAULT);
	}
	return 0;
}

int pipe(int fd[2])
{
	return pipe2(fd, 0);
}
