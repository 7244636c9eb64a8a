/* send.c - what is sent by sockets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/transmit.h>
#include <limits.h>
#include <signal.h>

#define TOGETHER 32768 /* bytes that come with what was sent with them */
#define OVERHEAD 32    /* what a message takes besides its bytes, as on Linux */

/* How many more bytes the other end has room for. */
static size_t room(const struct px_socket *s)
{
	const struct px_queue *q = &s->peer->bytes;
	size_t used = px_queue_bytes(q), most = (size_t)s->send_bytes, there = px_queue_room(q);

	if (used >= most)
		return 0;
	return there < most - used ? there : most - used;
}

/* Inside: why nothing can be sent to the other end any more, or 0. */
static int broken(const struct px_socket *s)
{
	if (!s->peer)
		return s->state == PX_SOCKET_CONNECTED ? -EPIPE : -ENOTCONN;
	if (s->shut & PX_SHUT_WRITE || s->peer->dead || s->peer->shut & PX_SHUT_READ)
		return -EPIPE;
	return 0;
}

/* Inside: wait for room for `want` bytes at the other end. */
static int wait_for_room(struct px_socket *s, size_t want, uint32_t flags)
{
	exo_ns_t deadline = px_socket_until(s->write_time);
	int r = 0, why;

	while (!(why = broken(s))) {
		px_queue_prepare(&s->peer->bytes, want);
		if (room(s) >= want)
			return 0;
		if (r)
			return r;
		r = px_socket_wait(&s->can_write, flags, deadline);
	}
	return why;
}

/* Inside: the message comes with the n bytes that were appended, and with those that will be. */
static void attach(struct px_socket *to, struct px_transmission *t, size_t n, size_t all)
{
	struct px_message *m = t->message;

	if (!m)
		return;
	m->start = to->bytes.in - n;
	m->end = m->start + (all < TOGETHER ? all : TOGETHER);
	px_message_done(m);
	px_message_append(to, m);
	t->message = NULL;
}

/* Inside, left for a while: up to `all` bytes of one buffer, as the only one who writes. */
static ssize_t append(struct px_socket *s, struct px_transmission *t, size_t all)
{
	size_t n = t->memory.now.iov_len;
	ssize_t r;

	if (n > room(s))
		n = room(s);
	if (n > all)
		n = all;
	r = px_queue_put_user(&s->peer->bytes, t->memory.now.iov_base, n);
	if (r > 0) {
		attach(s->peer, t, (size_t)r, all);
		px_iov_skip(&t->memory, (size_t)r);
		px_tell(&s->peer->can_read);
	}
	return r;
}

/* Inside. */
static ssize_t append_all(struct px_socket *s, struct px_transmission *t)
{
	struct px_message *m = t->message;
	struct px_socket *to = s->peer;
	size_t done = 0;
	ssize_t r = 0;

	while (done < t->bytes && !(r = wait_for_room(s, 1, t->flags))) {
		px_leave();
		r = px_iov_next(&t->memory) ? 0 : -EFAULT;
		px_enter();
		if (!r)
			r = broken(s);
		if (!r)
			r = append(s, t, t->bytes - done);
		if (r < 0)
			break;
		done += (size_t)r;
	}
	if (m && to->last == m && m->end > to->bytes.in)
		m->end = to->bytes.in; /* not all came */
	return done ? (ssize_t)done : r;
}

/* One after the other who sends much. */
static ssize_t stream_large(struct px_socket *s, struct px_transmission *t)
{
	struct px_vnode *to;
	ssize_t r;

	px_enter();
	r = broken(s);
	if (!r) {
		to = &s->peer->node->v;
		px_claim_vnode(to);
		px_lock_inside(&to->lock);
		r = append_all(s, t);
		px_unlock_inside(&to->lock);
		px_unclaim_vnode(to);
	}
	px_leave();
	return r;
}

/* Inside: wait for room and for who sends much, who may be away copying. */
static int wait_to_send(struct px_socket *s, size_t n, uint32_t flags)
{
	int r;

	do {
		r = wait_for_room(s, n, flags);
		if (r || !s->peer->node->v.lock.holder)
			break;
		r = flags & O_NONBLOCK ? -EAGAIN : px_block(&s->peer->node->v.lock.waiters, 0);
	} while (!r);
	return r;
}

/* Few bytes. */
static ssize_t stream_small(struct px_socket *s, struct px_transmission *t)
{
	char bytes[PX_QUEUE_SMALL];
	int r;

	if (px_iov_from(&t->memory, bytes, t->bytes))
		return -EFAULT;
	px_enter();
	r = t->bytes ? wait_to_send(s, t->bytes, t->flags) : broken(s);
	if (!r && t->bytes)
		r = px_queue_put(&s->peer->bytes, bytes, t->bytes);
	if (!r && t->bytes) {
		attach(s->peer, t, t->bytes, t->bytes);
		px_tell(&s->peer->can_read);
	}
	px_leave();
	return r ? r : (ssize_t)t->bytes;
}

/* Inside: who gets the message. */
static int find(struct px_socket *s, struct px_transmission *t, struct px_socket **to)
{
	*to = s->peer;
	if (t->length)
		return px_address_find(t->walk, &t->address.name, t->length, s->type, to);
	return s->peer ? 0 : -ENOTCONN;
}

/* Inside: why it does not take messages of s, or 0; -EAGAIN: not now. */
static int refuses(const struct px_socket *s, const struct px_socket *to, size_t bytes)
{
	bool full = s->sent && s->sent + bytes > (size_t)s->send_bytes;

	if (px_socket_pairs(s))
		return broken(s) ? broken(s) : full ? -EAGAIN : 0;
	if (to->dead)
		return -ECONNREFUSED;
	if (to->peer && to->peer != s)
		return -EPERM;
	if (s->shut & PX_SHUT_WRITE || to->shut & PX_SHUT_READ)
		return -EPIPE;
	return full || px_socket_is_full(to, s) ? -EAGAIN : 0;
}

/* Inside: until it might take one. */
static int wait_for_it(struct px_socket *s, struct px_socket *to, uint32_t flags, exo_ns_t deadline)
{
	bool full = px_socket_is_full(to, s);
	int r;

	px_claim_vnode(&to->node->v);
	r = px_socket_wait(full ? &to->can_write : &s->can_write, flags, deadline);
	px_unclaim_vnode(&to->node->v);
	return r;
}

/* Inside: find who takes this one, waiting if need be. */
static int addressee(struct px_socket *s, struct px_transmission *t, struct px_socket **to)
{
	exo_ns_t deadline = px_socket_until(s->write_time);
	int r, waited = 0;

	for (;;) {
		r = find(s, t, to);
		if (r)
			return r;
		r = refuses(s, *to, t->bytes);
		if (r == -ECONNREFUSED && !t->length)
			px_socket_leave(s); /* it is gone for good */
		if (r != -EAGAIN || waited)
			return r == -EAGAIN ? waited : r;
		waited = wait_for_it(s, *to, t->flags, deadline);
	}
}

/* Inside: the message changes hands. */
static int post(struct px_socket *s, struct px_transmission *t)
{
	struct px_message *m = t->message;
	struct px_socket *to;
	int r;

	if (s->told && !px_socket_pairs(s) && !s->address && (r = px_address_any(s)))
		return r;
	r = addressee(s, t, &to);
	if (r)
		return r;
	m->sender = s;
	m->from = s->address;
	if (m->from)
		m->from->refs++;
	m->told = true;
	px_message_done(m);
	px_message_append(to, m);
	t->message = NULL;
	px_tell(&to->can_read);
	return 0;
}

static ssize_t letter(struct px_socket *s, struct px_transmission *t)
{
	int r;

	if (px_message_fill(t->message, &t->memory))
		return -EFAULT;
	px_enter();
	r = post(s, t);
	px_leave();
	return r ? r : (ssize_t)t->bytes;
}

/* A message for what does not go as bytes alone. */
static int prepare(struct px_socket *s, struct px_transmission *t, const struct msghdr *h)
{
	bool stream = s->type == SOCK_STREAM, told, more = h && h->msg_controllen;

	px_enter();
	told = s->told || (s->peer && s->peer->told);
	px_leave();
	if (stream && !told && !more)
		return 0;
	if (!stream && t->bytes > (size_t)s->send_bytes - OVERHEAD)
		return -EMSGSIZE;
	t->message = px_message_new(stream ? 0 : t->bytes);
	if (!t->message)
		return -ENOBUFS;
	t->message->who = px_socket_who();
	t->message->told = told;
	return more ? px_ancillary_from(t->message, h) : 0;
}

ssize_t px_send(struct px_socket *s, struct px_transmission *t, const struct msghdr *h)
{
	ssize_t r = prepare(s, t, h);

	if (!r && s->type != SOCK_STREAM)
		r = letter(s, t);
	else if (!r)
		r = t->bytes <= PX_QUEUE_SMALL ? stream_small(s, t) : stream_large(s, t);
	if (t->message) {
		px_enter();
		px_message_done(t->message);
		px_message_free(t->message);
		px_leave();
	}
	if (r == -EPIPE && px_socket_pairs(s) && !(t->how & MSG_NOSIGNAL))
		raise(SIGPIPE);
	return r;
}
