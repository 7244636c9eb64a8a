/* transmit.c - the calls that send and receive.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/transmit.h>
#include <limits.h>
#include <signal/again.h>
#include <string.h>
#include <thread/thread.h>
#include <vm/copy.h>

#define MOST 0x7ffff000 /* bytes in one call, as on Linux */

static uint32_t flags_of(uint32_t flags, int how)
{
	return how & MSG_DONTWAIT ? flags | O_NONBLOCK : flags;
}

static struct px_transmission of_buffer(const void *buffer, size_t n, uint32_t flags, int how)
{
	struct px_transmission t;

	t = (struct px_transmission){
		.bytes = n < MOST ? n : MOST, .flags = flags_of(flags, how), .how = how};
	t.memory.now = (struct iovec){.iov_base = (void *)buffer, .iov_len = t.bytes};
	return t;
}

/* Files that came, and nobody asked for, are closed. */
static ssize_t receive(struct px_socket *s, struct px_transmission *t)
{
	struct msghdr none = {0};
	ssize_t r = px_receive(s, t);

	if (t->rights)
		px_ancillary_to(s, t, &none);
	return r;
}

/* Few bytes of a stream with nothing else: 0 if it is not so simple. */
static ssize_t read_quickly(struct px_socket *s, void *to, size_t n)
{
	char bytes[PX_QUEUE_SMALL];
	uint64_t at;

	px_enter();
	if (!px_queue_bytes(&s->bytes) || s->first || s->low > 1 ||
	    s->state != PX_SOCKET_CONNECTED || s->type != SOCK_STREAM) {
		px_leave();
		return 0;
	}
	at = s->bytes.out;
	n = px_queue_take(&s->bytes, bytes, n);
	if (s->peer)
		px_tell(&s->peer->can_write);
	px_leave();
	if (!px_copy_to(to, bytes, n))
		return (ssize_t)n;
	px_enter();
	px_queue_return(&s->bytes, at, bytes, n);
	px_tell(&s->can_read);
	px_leave();
	return -EFAULT;
}

ssize_t px_socket_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_socket *s = px_socket_of(v);
	struct px_transmission t;
	ssize_t r;

	(void)offset;
	if (!n)
		return 0;
	if (n <= PX_QUEUE_SMALL && (r = read_quickly(s, to, n)))
		return r;
	t = of_buffer(to, n, flags, 0);
	return receive(s, &t);
}

static ssize_t write_quickly(struct px_socket *s, const void *from, size_t n)
{
	char bytes[PX_QUEUE_SMALL];
	struct px_socket *peer;

	if (px_copy_from(bytes, from, n))
		return -EFAULT;
	px_enter();
	peer = s->peer;
	if (s->type != SOCK_STREAM || !peer || s->told || peer->told || s->shut & PX_SHUT_WRITE ||
	    peer->shut & PX_SHUT_READ || peer->node->v.lock.holder ||
	    px_queue_bytes(&peer->bytes) + n > (size_t)s->send_bytes ||
	    px_queue_room(&peer->bytes) < n || px_queue_put(&peer->bytes, bytes, n)) {
		px_leave();
		return 0;
	}
	px_tell(&peer->can_read);
	px_leave();
	return (ssize_t)n;
}

ssize_t px_socket_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			uint32_t flags)
{
	struct px_socket *s = px_socket_of(v);
	struct px_transmission t;
	ssize_t r;

	(void)offset;
	if (n && n <= PX_QUEUE_SMALL && (r = write_quickly(s, from, n)))
		return r;
	t = of_buffer(from, n, flags, 0);
	return px_send(s, &t, NULL);
}

/* Buffers of a program, as one. */
static int of_buffers(struct px_transmission *t, const struct iovec *user, int count)
{
	ssize_t total = px_iov_total(user, count);

	if (total < 0)
		return (int)total;
	t->bytes = total < MOST ? (size_t)total : MOST;
	t->memory = (struct px_iov){.user = user, .count = count};
	return 0;
}

ssize_t px_socket_vector(struct px_vnode *v, const struct iovec *user, int count, bool out,
			 uint32_t flags)
{
	struct px_socket *s = px_socket_of(v);
	struct px_transmission t = {.flags = flags};
	int r = of_buffers(&t, user, count);

	if (r)
		return r;
	if (out)
		return px_send(s, &t, NULL);
	return t.bytes ? receive(s, &t) : 0;
}

/* Where it is sent to: a stream goes where it is connected. */
static int set_address(struct px_socket *s, struct px_transmission *t, const void *user,
		       socklen_t n)
{
	int r;

	if (!user || !n || s->type == SOCK_SEQPACKET)
		return 0;
	if (s->type == SOCK_STREAM)
		return s->state == PX_SOCKET_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	r = px_address_from(&t->address.name, &t->length, user, n);
	return r ? r : t->length ? 0 : -EINVAL;
}

static ssize_t send_to(int fd, struct px_transmission *t, const struct msghdr *h)
{
	enum px_again how;
	struct px_walk walk;
	ssize_t r;

	do {
		struct px_file *f;
		struct px_socket *s = px_socket_use(fd, &f);

		if (!s)
			return -1;
		how = s->write_time ? PX_AGAIN_QUIET : PX_AGAIN_RESTART;
		t->walk = &walk;
		t->flags = flags_of(f->flags, t->how);
		r = t->how & MSG_OOB ? -EOPNOTSUPP : set_address(s, t, h->msg_name, h->msg_namelen);
		if (!r)
			r = px_send(s, t, h);
		px_file_done(f);
	} while (px_restarts(r, how));
	return px_result(r);
}

ssize_t sendto(int fd, const void *buffer, size_t n, int how, const struct sockaddr *to,
	       socklen_t length)
{
	px_cancel_point();
	struct msghdr h = {.msg_name = (void *)to, .msg_namelen = length};
	struct px_transmission t = of_buffer(buffer, n, 0, how);

	return send_to(fd, &t, &h);
}

ssize_t send(int fd, const void *buffer, size_t n, int how)
{
	px_cancel_point();
	return sendto(fd, buffer, n, how, NULL, 0);
}

/* The header of a message and its buffers. */
static int header(struct msghdr *h, const struct msghdr *user, struct px_transmission *t)
{
	if (px_copy_from(h, user, sizeof(*h)))
		return -EFAULT;
	if (h->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	if ((int)h->msg_namelen < 0)
		return -EINVAL;
	return of_buffers(t, h->msg_iov, (int)h->msg_iovlen);
}

ssize_t sendmsg(int fd, const struct msghdr *user, int how)
{
	px_cancel_point();
	struct px_transmission t = {.how = how};
	struct msghdr h;
	int r = header(&h, user, &t);

	if (r)
		return px_file(fd) ? px_result(r) : -1;
	return send_to(fd, &t, &h);
}

static ssize_t receive_from(int fd, struct px_transmission *t, struct msghdr *h)
{
	enum px_again how;
	ssize_t r;

	do {
		struct px_file *f;
		struct px_socket *s = px_socket_use(fd, &f);

		if (!s)
			return -1;
		how = s->read_time ? PX_AGAIN_QUIET : PX_AGAIN_RESTART;
		t->flags = flags_of(f->flags, t->how);
		r = px_receive(s, t);
		if (r >= 0 || t->rights)
			px_ancillary_to(s, t, h);
		px_file_done(f);
	} while (px_restarts(r, how));
	return px_result(r);
}

/* The sender's name, as much of it as there is room for; its length. */
static int give_address(const struct px_transmission *t, void *user, socklen_t room, socklen_t *n)
{
	*n = t->from_any ? t->address.length : 0;
	if (!user || !*n)
		return 0;
	return px_copy_to(user, &t->address.name, *n < room ? *n : room) ? -EFAULT : 0;
}

ssize_t recvfrom(int fd, void *restrict buffer, size_t n, int how, struct sockaddr *restrict user,
		 socklen_t *restrict length)
{
	px_cancel_point();
	struct px_transmission t = of_buffer(buffer, n, 0, how);
	struct msghdr none = {0};
	socklen_t room, all;
	ssize_t r = receive_from(fd, &t, &none);

	if (r < 0 || !user)
		return r;
	if (px_copy_from(&room, length, sizeof(room)) || give_address(&t, user, room, &all) ||
	    px_copy_to(length, &all, sizeof(all)))
		return px_result(-EFAULT);
	return r;
}

ssize_t recv(int fd, void *buffer, size_t n, int how)
{
	px_cancel_point();
	return recvfrom(fd, buffer, n, how, NULL, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *user, int how)
{
	px_cancel_point();
	struct px_transmission t = {.how = how};
	struct msghdr h;
	int error = header(&h, user, &t);
	ssize_t r;

	if (error)
		return px_file(fd) ? px_result(error) : -1;
	r = receive_from(fd, &t, &h);
	if (r < 0)
		return r;
	h.msg_flags = t.result | (how & MSG_CMSG_CLOEXEC);
	if (give_address(&t, h.msg_name, h.msg_namelen, &h.msg_namelen) ||
	    px_copy_to(user, &h, sizeof(h)))
		return px_result(-EFAULT);
	return r;
}

/* Several messages, until one is not sent or received at once. */
int sendmmsg(int fd, struct mmsghdr *m, unsigned int n, int how)
{
	unsigned int done = 0;

	for (; done < n && done < IOV_MAX; done++) {
		ssize_t r = sendmsg(fd, &m[done].msg_hdr, how);

		if (r < 0)
			break;
		m[done].msg_len = (unsigned int)r;
	}
	return done || !n ? (int)done : -1;
}

int recvmmsg(int fd, struct mmsghdr *m, unsigned int n, int how, struct timespec *time)
{
	unsigned int done = 0;

	(void)time; /* as on Linux it is looked at between messages only, and those are there */
	for (; done < n && done < IOV_MAX; done++) {
		ssize_t r = recvmsg(fd, &m[done].msg_hdr, how & ~MSG_WAITFORONE);

		if (r < 0)
			break;
		m[done].msg_len = (unsigned int)r;
		if (how & MSG_WAITFORONE)
			how |= MSG_DONTWAIT;
	}
	return done || !n ? (int)done : -1;
}
