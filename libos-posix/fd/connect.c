/* connect.c - sockets that listen, those that connect to them, and the end of talking.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/message.h>
#include <fs/path.h>
#include <libexo/time.h>
#include <signal/again.h>
#include <unistd.h>
#include <vm/copy.h>

exo_ns_t px_socket_until(exo_ns_t time)
{
	return time ? xo_now() + time : 0;
}

int px_socket_wait(struct px_news *news, uint32_t flags, exo_ns_t deadline)
{
	int r;

	if (flags & O_NONBLOCK)
		return -EAGAIN;
	r = px_await(news, deadline);
	return r == -ETIMEDOUT ? -EAGAIN : r;
}

static int start_listening(struct px_socket *s, int backlog)
{
	if (!px_socket_pairs(s))
		return -EOPNOTSUPP;
	if (!s->address || s->state == PX_SOCKET_CONNECTED)
		return -EINVAL;
	s->state = PX_SOCKET_LISTENS;
	s->backlog = backlog < 0 || backlog > SOMAXCONN ? SOMAXCONN : (uint32_t)backlog;
	s->who = px_socket_who();
	px_tell(&s->can_write); /* who waits for a place */
	return 0;
}

int listen(int fd, int backlog)
{
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);
	int r;

	if (!s)
		return -1;
	px_enter();
	r = start_listening(s, backlog);
	px_leave();
	px_file_done(f);
	return (int)px_result(r);
}

/* The other end, which waits to be accepted; NULL: no memory. */
static struct px_socket *other_end(struct px_socket *s, struct px_socket *listener)
{
	struct px_socket *e = px_socket_new(s->type);

	if (!e)
		return NULL;
	e->address = listener->address;
	e->address->refs++;
	e->peer_who = px_socket_who();
	e->told = listener->told;
	s->peer_who = listener->who;
	px_socket_join(s, e);
	px_socket_join(e, s);
	px_socket_ref(e);
	*(listener->pending ? &listener->pending_last->next_pending : &listener->pending) = e;
	listener->pending_last = e;
	listener->pendings++;
	px_tell(&listener->can_read);
	return e;
}

/* Inside: to a socket that listens.  The listener is looked for again after each wait. */
static int connect_pair(struct px_socket *s, struct px_walk *w, const struct sockaddr_un *a,
			socklen_t length, uint32_t flags)
{
	exo_ns_t deadline = px_socket_until(s->write_time);
	struct px_socket *to;
	int r, waited = 0;

	for (;;) {
		r = px_address_find(w, a, length, s->type, &to);
		if (r)
			return r;
		if (to->state != PX_SOCKET_LISTENS || to->dead || to->shut & PX_SHUT_READ)
			return -ECONNREFUSED;
		if (s->state != PX_SOCKET_NEW)
			return s->state == PX_SOCKET_CONNECTED ? -EISCONN : -EINVAL;
		if (to->pendings <= to->backlog)
			return other_end(s, to) ? 0 : -ENOMEM;
		if (waited)
			return waited;
		px_claim_vnode(&to->node->v);
		waited = px_socket_wait(&to->can_write, flags, deadline);
		px_unclaim_vnode(&to->node->v);
	}
}

/* Inside: what was not received is lost, and who was connected in both directions learns that. */
static void part(struct px_socket *s)
{
	struct px_socket *peer = s->peer;

	if (peer && s->first) {
		px_messages_drop(s);
		px_messages_go();
		if (!peer->dead && peer->peer == s) {
			peer->error = ECONNRESET;
			px_socket_tell(peer);
		}
	}
	px_socket_leave(s);
}

/* Inside: where datagrams go, and where they alone come from, from now on. */
static int connect_letters(struct px_socket *s, struct px_walk *w, const struct sockaddr_un *a,
			   socklen_t length)
{
	struct px_socket *to;
	int r = px_address_find(w, a, length, s->type, &to);

	if (r)
		return r;
	if (to->peer && to->peer != s)
		return -EPERM;
	if (s->told && !s->address && (r = px_address_any(s)))
		return r;
	if (s->peer != to) {
		part(s);
		px_socket_join(s, to);
	}
	px_tell(&s->can_write);
	return 0;
}

static int connect_to(struct px_socket *s, const struct sockaddr *user, socklen_t n, uint32_t flags)
{
	struct sockaddr_un a;
	struct px_walk w;
	socklen_t length;
	int r = px_address_from(&a, &length, user, n);

	if (r || !length)
		return r ? r : -EINVAL;
	px_enter();
	if (px_socket_pairs(s))
		r = connect_pair(s, &w, &a, length, flags);
	else
		r = connect_letters(s, &w, &a, length);
	px_leave();
	return r;
}

/* Datagrams go nowhere any more. */
static int disconnect(struct px_socket *s)
{
	if (px_socket_pairs(s))
		return -EINVAL;
	px_enter();
	part(s);
	s->state = PX_SOCKET_NEW;
	px_leave();
	return 0;
}

int connect(int fd, const struct sockaddr *user, socklen_t n)
{
	sa_family_t family = AF_UNIX;
	int r;

	px_cancel_point();
	do {
		struct px_file *f;
		struct px_socket *s = px_socket_use(fd, &f);

		if (!s)
			return -1;
		if (n < sizeof(family))
			r = -EINVAL;
		else if (px_copy_from(&family, user, sizeof(family)))
			r = -EFAULT;
		else
			r = family == AF_UNSPEC ? disconnect(s) : connect_to(s, user, n, f->flags);
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

/* Inside: the first of those that wait, with an open file that is a claim. */
static int take_pending(struct px_socket *s, uint32_t flags, int type, struct px_socket **found)
{
	exo_ns_t deadline = px_socket_until(s->read_time);
	struct px_socket *p;
	int r = 0;

	while (!(p = s->pending)) {
		if (s->shut & PX_SHUT_READ)
			return -EINVAL;
		if (r)
			return r;
		r = px_socket_wait(&s->can_read, flags, deadline);
	}
	if (!px_socket_open(p, type))
		return -ENFILE;
	px_claim(p->file);
	s->pending = p->next_pending;
	s->pendings--;
	px_tell(&s->can_write);
	px_socket_put(p);
	*found = p;
	return 0;
}

/* A descriptor for it, unless its peer's name cannot be told. */
static int give(struct px_socket *s, int type, struct sockaddr *user, socklen_t *n)
{
	struct px_file *f = s->file;
	struct px_address copy;
	bool any = false;
	int r = 0;

	px_enter();
	if (s->peer && (any = s->peer->address))
		copy = *s->peer->address;
	px_leave();
	if (user)
		r = px_address_to(any ? &copy : NULL, user, n);
	px_enter();
	px_claim_keep(f);
	if (r)
		px_file_put(f);
	else
		r = px_fd_install(f, 0, type & SOCK_CLOEXEC ? O_CLOEXEC : 0);
	px_leave();
	return r;
}

static int accept_on(struct px_socket *s, uint32_t flags, struct sockaddr *user, socklen_t *n,
		     int type)
{
	struct px_socket *new = NULL;
	int r = 0;

	if (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	px_enter();
	if (!px_socket_pairs(s))
		r = -EOPNOTSUPP;
	else if (s->state != PX_SOCKET_LISTENS)
		r = -EINVAL;
	if (!r)
		r = px_fd_room();
	if (!r)
		r = take_pending(s, flags, type, &new);
	px_leave();
	return r ? r : give(new, type, user, n);
}

int accept4(int fd, struct sockaddr *restrict user, socklen_t *restrict n, int type)
{
	enum px_again how;
	int r;

	px_cancel_point();
	do {
		struct px_file *f;
		struct px_socket *s = px_socket_use(fd, &f);

		if (!s)
			return -1;
		how = s->read_time ? PX_AGAIN_QUIET : PX_AGAIN_RESTART;
		r = accept_on(s, f->flags, user, n, type);
		px_file_done(f);
	} while (px_restarts(r, how));
	return (int)px_result(r);
}

int accept(int fd, struct sockaddr *restrict user, socklen_t *restrict n)
{
	return accept4(fd, user, n, 0);
}

static void stop(struct px_socket *s, uint32_t what)
{
	s->shut |= what;
	px_socket_tell(s);
}

/* What one end does not read any more the other need not write. */
int shutdown(int fd, int how)
{
	static const uint32_t other[] = {0, PX_SHUT_WRITE, PX_SHUT_READ, PX_SHUT_BOTH};
	uint32_t what = (uint32_t)how + 1;
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);

	if (!s)
		return -1;
	if (how >= SHUT_RD && how <= SHUT_RDWR) {
		px_enter();
		stop(s, what);
		if (s->peer && px_socket_pairs(s))
			stop(s->peer, other[what]);
		px_leave();
	}
	px_file_done(f);
	return how >= SHUT_RD && how <= SHUT_RDWR ? 0 : (int)px_result(-EINVAL);
}
