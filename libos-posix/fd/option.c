/* option.c - what sockets are asked and told besides talking.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/message.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <vm/copy.h>

#define LEAST_SEND    4608
#define LEAST_RECEIVE 2304
#define US            1000000ull

/* Options that change nothing here. */
#define REMEMBERED                                                                                 \
	(1u << SO_DEBUG | 1u << SO_REUSEADDR | 1u << SO_DONTROUTE | 1u << SO_BROADCAST |           \
	 1u << SO_KEEPALIVE | 1u << SO_OOBINLINE | 1u << SO_REUSEPORT | 1u << SO_TIMESTAMP)

static bool is_remembered(int name)
{
	return name > 0 && name < 32 && REMEMBERED >> name & 1;
}

/* Inside: those that are one number. */
static int get_number(struct px_socket *s, int name, int *value)
{
	switch (name) {
	case SO_TYPE:
		*value = s->type;
		return 0;
	case SO_DOMAIN:
		*value = AF_UNIX;
		return 0;
	case SO_PROTOCOL:
		*value = 0;
		return 0;
	case SO_ACCEPTCONN:
		*value = s->state == PX_SOCKET_LISTENS;
		return 0;
	case SO_ERROR:
		*value = s->error;
		s->error = 0;
		return 0;
	case SO_PASSCRED:
		*value = s->told;
		return 0;
	case SO_SNDBUF:
		*value = s->send_bytes;
		return 0;
	case SO_RCVBUF:
		*value = s->receive_bytes;
		return 0;
	case SO_RCVLOWAT:
		*value = s->low;
		return 0;
	case SO_SNDLOWAT:
		*value = 1;
		return 0;
	}
	if (!is_remembered(name))
		return -ENOPROTOOPT;
	*value = (int)(s->options >> name & 1);
	return 0;
}

union value {
	int number;
	struct linger linger;
	struct timeval time;
	struct ucred who;
};

/* Inside. */
static int get(struct px_socket *s, int name, union value *v, socklen_t *n)
{
	exo_ns_t ns;

	switch (name) {
	case SO_LINGER:
		v->linger = s->linger;
		*n = sizeof(v->linger);
		return 0;
	case SO_PEERCRED:
		v->who = s->peer_who;
		*n = sizeof(v->who);
		return 0;
	case SO_RCVTIMEO:
	case SO_SNDTIMEO:
		ns = name == SO_RCVTIMEO ? s->read_time : s->write_time;
		v->time.tv_sec = (time_t)(ns / 1000 / US);
		v->time.tv_usec = (suseconds_t)(ns / 1000 % US);
		*n = sizeof(v->time);
		return 0;
	}
	*n = sizeof(v->number);
	return get_number(s, name, &v->number);
}

static int get_option(struct px_socket *s, int level, int name, void *user, socklen_t *user_n)
{
	union value v;
	socklen_t n, room;
	int r;

	if (px_copy_from(&room, user_n, sizeof(room)))
		return -EFAULT;
	if ((int)room < 0)
		return -EINVAL;
	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	px_enter();
	r = get(s, name, &v, &n);
	px_leave();
	if (r)
		return r;
	n = room < n ? room : n;
	return px_copy_to(user, &v, n) || px_copy_to(user_n, &n, sizeof(n)) ? -EFAULT : 0;
}

int getsockopt(int fd, int level, int name, void *restrict user, socklen_t *restrict n)
{
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);
	int r;

	if (!s)
		return -1;
	r = get_option(s, level, name, user, n);
	px_file_done(f);
	return (int)px_result(r);
}

/* A buffer has room for what the kernel of Linux needs besides, so it counts twice. */
static int buffer(int value, int least)
{
	if (value < 0 || value > INT_MAX / 2 || value > PX_SOCKET_MOST)
		value = PX_SOCKET_MOST;
	return value * 2 < least ? least : value * 2;
}

/* Inside. */
static int set_number(struct px_socket *s, int name, int value)
{
	switch (name) {
	case SO_TYPE:
	case SO_DOMAIN:
	case SO_PROTOCOL:
	case SO_ACCEPTCONN:
	case SO_ERROR:
	case SO_PEERCRED:
	case SO_SNDLOWAT:
		return -ENOPROTOOPT;
	case SO_PASSCRED:
		s->told = value;
		return 0;
	case SO_SNDBUF:
		s->send_bytes = buffer(value, LEAST_SEND);
		px_tell(&s->can_write);
		return 0;
	case SO_RCVBUF:
		s->receive_bytes = buffer(value, LEAST_RECEIVE);
		return 0;
	case SO_RCVLOWAT:
		s->low = value < 0 ? INT_MAX : value ? value : 1;
		return 0;
	}
	if (!is_remembered(name))
		return -ENOPROTOOPT;
	s->options = (s->options & ~(1u << name)) | (value ? 1u << name : 0);
	return 0;
}

static int set_time(struct px_socket *s, int name, const struct timeval *t)
{
	exo_ns_t ns;

	if (t->tv_usec < 0 || t->tv_usec >= (suseconds_t)US)
		return -EDOM;
	ns = t->tv_sec < 0 ? 1 /* at once, as on Linux */
	     : (uint64_t)t->tv_sec > INT64_MAX / US / 2000
		     ? 0
		     : ((uint64_t)t->tv_sec * US + (uint64_t)t->tv_usec) * 1000;
	*(name == SO_RCVTIMEO ? &s->read_time : &s->write_time) = ns;
	return 0;
}

static socklen_t size_of(int name)
{
	if (name == SO_LINGER)
		return sizeof(struct linger);
	return name == SO_RCVTIMEO || name == SO_SNDTIMEO ? sizeof(struct timeval) : sizeof(int);
}

static int set_option(struct px_socket *s, int level, int name, const void *user, socklen_t n)
{
	union value v;
	int r = 0;

	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	if (n < size_of(name))
		return -EINVAL;
	if (px_copy_from(&v, user, size_of(name)))
		return -EFAULT;
	px_enter();
	if (name == SO_LINGER)
		s->linger = v.linger;
	else if (name == SO_RCVTIMEO || name == SO_SNDTIMEO)
		r = set_time(s, name, &v.time);
	else
		r = set_number(s, name, v.number);
	px_leave();
	return r;
}

int setsockopt(int fd, int level, int name, const void *user, socklen_t n)
{
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);
	int r;

	if (!s)
		return -1;
	r = set_option(s, level, name, user, n);
	px_file_done(f);
	return (int)px_result(r);
}

/* Nothing is ever urgent. */
int sockatmark(int fd)
{
	struct px_file *f;

	if (!px_socket_use(fd, &f))
		return -1;
	px_file_done(f);
	return (int)px_result(-ENOTTY);
}

static int number_to(int *user, size_t n)
{
	int value = n > INT_MAX ? INT_MAX : (int)n;

	return px_copy_to(user, &value, sizeof(value)) ? -EFAULT : 0;
}

/* How much of what was sent nobody received yet. */
int px_socket_control(struct px_file *f, unsigned long request, void *user)
{
	const struct px_socket *s = px_socket_of(f->vnode);
	size_t n;

	if (request != TIOCOUTQ)
		return -ENOTTY;
	if (s->state == PX_SOCKET_LISTENS)
		return -EINVAL;
	px_enter();
	n = s->type == SOCK_STREAM ? (s->peer ? px_queue_bytes(&s->peer->bytes) : 0) : s->sent;
	px_leave();
	return number_to(user, n);
}

static bool writable(const struct px_socket *s)
{
	size_t sent = s->sent;

	if (s->state == PX_SOCKET_LISTENS)
		return false;
	if (s->type == SOCK_STREAM)
		sent = s->peer ? px_queue_bytes(&s->peer->bytes) : 0;
	if (s->type == SOCK_DGRAM && s->peer && px_socket_is_full(s->peer, s))
		return false;
	return sent * 4 <= (size_t)s->send_bytes;
}

uint32_t px_socket_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_socket *s = px_socket_of(v);
	uint32_t ready = s->error ? POLLERR : 0;

	(void)flags;
	look->news[0] = &s->can_read;
	look->news[1] = &s->can_write;
	if (s->shut == PX_SHUT_BOTH || (px_socket_pairs(s) && s->state == PX_SOCKET_NEW))
		ready |= POLLHUP;
	if (s->shut & PX_SHUT_READ)
		ready |= POLLRDHUP | POLLIN | POLLRDNORM;
	if (s->first || s->pending || (s->bytes.page && px_queue_bytes(&s->bytes)))
		ready |= POLLIN | POLLRDNORM;
	if (writable(s))
		ready |= POLLOUT | POLLWRNORM | POLLWRBAND;
	return ready;
}
