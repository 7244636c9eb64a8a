/* receive.c - what is received by sockets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/transmit.h>
#include <string.h>

/* Inside: what else there is to say if nothing can be read: 0 at the end, an error, 1: wait. */
static int nothing(struct px_socket *s)
{
	int error = s->error;

	s->error = 0;
	if (error)
		return -error;
	return s->shut & PX_SHUT_READ ? 0 : 1;
}

/* Inside: files of which others have references too. */
static struct px_rights *copy_of(const struct px_rights *from)
{
	struct px_rights *r = px_rights_new(from->count);

	if (!r)
		return NULL;
	r->count = from->count;
	for (uint32_t i = 0; i < r->count; i++) {
		r->file[i] = from->file[i];
		r->file[i]->refs++;
	}
	return r;
}

/* Inside: take what came with the message; when peeking it stays there too. */
static void take_rights(struct px_transmission *t, struct px_message *m)
{
	struct px_rights *r = m->rights;

	if (!r)
		return;
	if (t->how & MSG_PEEK)
		r = copy_of(r);
	else
		m->rights = NULL;
	if (r)
		px_rights_claim(r);
	t->rights = r;
}

/* Inside: the message that comes with the byte at a position, or the next one, or NULL. */
static struct px_message *message_at(const struct px_socket *s, uint64_t at)
{
	struct px_message *m = s->first;

	while (m && m->end <= at)
		m = m->next;
	return m;
}

/* Bytes of different people are not put together for who wants to know. */
static bool by_others(const struct px_socket *s, const struct px_transmission *t,
		      const struct px_message *m)
{
	if (!s->told || !t->told)
		return false;
	return !m || !m->told || memcmp(&m->who, &t->who, sizeof(t->who)) != 0;
}

/* Inside: what is known of the bytes at a position, and how many of n belong together. */
static size_t examine(struct px_socket *s, struct px_transmission *t, uint64_t at, size_t n)
{
	struct px_message *m = message_at(s, at);
	bool came = m && m->start <= at;

	if (m && n > (came ? m->end : m->start) - at)
		n = (came ? m->end : m->start) - at;
	if (came && !t->told && m->told) {
		t->told = true;
		t->who = m->who;
	}
	if (came && m->rights && !t->rights) {
		take_rights(t, m);
		t->until = m->end;
	}
	return n;
}

static void forget_messages(struct px_socket *s)
{
	while (s->first && s->first->end <= s->bytes.out) {
		struct px_message *m = s->first;

		px_message_remove(s);
		px_message_free(m);
	}
}

/* Inside, left for a while: up to n bytes, `done` bytes after the first of the call.  0: nothing
 * more belongs to those. */
static ssize_t take_part(struct px_socket *s, struct px_transmission *t, size_t n, size_t done)
{
	bool peek = t->how & MSG_PEEK;
	uint64_t at = s->bytes.out + (peek ? done : 0);
	ssize_t r;

	if (t->until && at >= t->until)
		return 0;
	if (done && by_others(s, t, message_at(s, at)))
		return 0;
	n = examine(s, t, at, n);
	r = px_queue_take_user(&s->bytes, t->memory.now.iov_base, n, peek ? done : 0, peek);
	if (!peek) {
		forget_messages(s);
		if (s->peer)
			px_tell(&s->peer->can_write);
		if (r < 0)
			px_tell(&s->can_read);
	}
	return r;
}

/* Inside: as many bytes as are asked for at least. */
static ssize_t stream_take(struct px_socket *s, struct px_transmission *t)
{
	size_t least =
		t->how & MSG_WAITALL || (size_t)s->low > t->bytes ? t->bytes : (size_t)s->low;
	exo_ns_t deadline = px_socket_until(s->read_time);
	size_t done = 0;
	ssize_t r = 0;
	int waited = 0;

	while (done < t->bytes) {
		size_t skip = t->how & MSG_PEEK ? done : 0;

		if (px_queue_bytes(&s->bytes) <= skip) {
			r = done >= least ? 0 : waited ? waited : nothing(s);
			if (r <= 0)
				break;
			waited = px_socket_wait(&s->can_read, t->flags, deadline);
			continue;
		}
		if (!t->memory.now.iov_len) {
			px_leave();
			r = px_iov_next(&t->memory) ? 0 : -EFAULT;
			px_enter();
			if (r)
				break;
			continue;
		}
		r = take_part(s, t, t->memory.now.iov_len, done);
		if (r <= 0)
			break;
		px_iov_skip(&t->memory, (size_t)r);
		done += (size_t)r;
	}
	return done ? (ssize_t)done : r;
}

static ssize_t stream_receive(struct px_socket *s, struct px_transmission *t)
{
	ssize_t r = -EINVAL;

	px_enter();
	if (s->state == PX_SOCKET_CONNECTED)
		r = t->bytes ? stream_take(s, t) : 0;
	if (r > 0 && s->peer && s->peer->address) {
		t->from_any = true;
		t->address = *s->peer->address;
	}
	px_leave();
	return r;
}

/* Inside: the first message, a claim; 0: there is none and will be none. */
static int take_message(struct px_socket *s, struct px_transmission *t, struct px_message **found)
{
	exo_ns_t deadline = px_socket_until(s->read_time);
	struct px_message *m;
	int r, waited = 0;

	while (s->error || !(m = s->first)) {
		r = nothing(s);
		if (r <= 0 || waited)
			return r <= 0 ? r : waited;
		waited = px_socket_wait(&s->can_read, t->flags, deadline);
	}
	if (t->how & MSG_PEEK)
		m->refs++;
	else
		px_message_remove(s);
	px_message_claim(m);
	take_rights(t, m);
	t->told = m->told;
	t->who = m->who;
	t->from_any = m->from;
	if (m->from)
		t->address = *m->from;
	*found = m;
	return 1;
}

static ssize_t message_receive(struct px_socket *s, struct px_transmission *t)
{
	struct px_message *m = NULL;
	size_t n;
	ssize_t r;

	px_enter();
	r = px_socket_pairs(s) && s->state != PX_SOCKET_CONNECTED ? -ENOTCONN
								  : take_message(s, t, &m);
	px_leave();
	if (r <= 0)
		return r;
	n = m->bytes < t->bytes ? m->bytes : t->bytes;
	if (n < m->bytes)
		t->result |= MSG_TRUNC;
	r = (ssize_t)(t->how & MSG_TRUNC ? m->bytes : n);
	if (px_message_copy(m, &t->memory, n))
		r = -EFAULT;
	px_enter();
	px_message_done(m);
	px_message_free(m);
	px_leave();
	return r;
}

ssize_t px_receive(struct px_socket *s, struct px_transmission *t)
{
	if (t->how & MSG_OOB)
		return -EOPNOTSUPP;
	return s->type == SOCK_STREAM ? stream_receive(s, t) : message_receive(s, t);
}
