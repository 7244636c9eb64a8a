/* socket.c - UNIX sockets: made, joined, ended.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <fd/transmit.h>
#include <libexo/time.h>
#include <sys/stat.h>
#include <unistd.h>

struct px_socket *px_socket_use(int fd, struct px_file **f)
{
	return px_anon_use(fd, PX_SOCKET, ENOTSOCK, f);
}

void px_socket_ref(struct px_socket *s)
{
	s->node->v.refs++;
}

void px_socket_put(struct px_socket *s)
{
	px_vnode_put(&s->node->v);
}

struct px_socket *px_socket_new(int type)
{
	struct px_socket *s = px_alloc(sizeof(*s));
	struct px_node *node = s ? px_node_new(S_IFSOCK | 0777) : NULL;

	if (!node || (type == SOCK_STREAM && !px_queue_init(&s->bytes, PX_SOCKET_SLOTS))) {
		if (node)
			px_node_check(node);
		px_free(s);
		return NULL;
	}
	node->v.kind = PX_SOCKET;
	node->object = s;
	s->node = node;
	s->type = type;
	s->send_bytes = s->receive_bytes = PX_SOCKET_BYTES;
	s->low = 1;
	s->peer_who = (struct ucred){.pid = 0, .uid = (uid_t)-1, .gid = (gid_t)-1};
	return s;
}

struct px_file *px_socket_open(struct px_socket *s, int flags)
{
	s->file = px_file_new(&s->node->v, O_RDWR | (flags & SOCK_NONBLOCK ? O_NONBLOCK : 0));
	return s->file;
}

struct ucred px_socket_who(void)
{
	return (struct ucred){.pid = (pid_t)px_me->number, .uid = geteuid(), .gid = getegid()};
}

void px_socket_tell(struct px_socket *s)
{
	px_tell(&s->can_read);
	px_tell(&s->can_write);
}

/* A datagram socket knows who is connected to it, so that they hear when it has room. */
void px_socket_join(struct px_socket *s, struct px_socket *to)
{
	px_socket_ref(to);
	s->peer = to;
	s->state = PX_SOCKET_CONNECTED;
	if (px_socket_pairs(s))
		return;
	s->next_client = to->clients;
	s->client = &to->clients;
	if (s->next_client)
		s->next_client->client = &s->next_client;
	to->clients = s;
}

void px_socket_leave(struct px_socket *s)
{
	struct px_socket *peer = s->peer;

	if (!peer)
		return;
	if (!px_socket_pairs(s)) {
		*s->client = s->next_client;
		if (s->next_client)
			s->next_client->client = s->client;
	}
	s->peer = NULL;
	px_socket_put(peer);
}

/* What came with part of what was never read is lost; who sent it learns that. */
static void hang_up(struct px_socket *s, bool lost)
{
	struct px_socket *peer = s->peer;

	if (!peer || !px_socket_pairs(s))
		return;
	peer->shut = PX_SHUT_BOTH;
	if (lost)
		peer->error = ECONNRESET;
	px_socket_tell(peer);
}

static bool unread(const struct px_socket *s)
{
	return s->first || (s->bytes.page && px_queue_bytes(&s->bytes));
}

void px_socket_end(struct px_socket *s)
{
	struct px_socket *p;

	if (s->dead)
		return;
	hang_up(s, unread(s) || !s->file);
	s->dead = true;
	s->file = NULL;
	s->shut = PX_SHUT_BOTH;
	px_address_end(s);
	px_messages_drop(s);
	if (s->bytes.page)
		px_queue_empty(&s->bytes);
	while ((p = s->pending)) {
		s->pending = p->next_pending;
		px_socket_end(p);
		px_socket_put(p);
	}
	for (p = s->clients; p; p = p->next_client)
		px_tell(&p->can_write);
	px_socket_tell(s);
	px_socket_leave(s);
	px_messages_go();
}

static void socket_close(struct px_vnode *v, uint32_t flags)
{
	(void)flags;
	px_socket_end(px_socket_of(v));
}

static void socket_discard(struct px_node *node)
{
	struct px_socket *s = node->object;

	px_queue_free(&s->bytes);
	px_address_put(s->address);
	px_free(s);
}

static int64_t socket_waiting(struct px_vnode *v)
{
	const struct px_socket *s = px_socket_of(v);
	int64_t n = 0;

	if (s->state == PX_SOCKET_LISTENS)
		return -EINVAL;
	if (s->type == SOCK_STREAM)
		return (int64_t)px_queue_bytes(&s->bytes);
	for (const struct px_message *m = s->first; m; m = m->next) {
		n += (int64_t)m->bytes;
		if (s->type == SOCK_DGRAM)
			break;
	}
	return n;
}

const struct px_ops px_socket_ops = {
	.read = px_socket_read,
	.write = px_socket_write,
	.vector = px_socket_vector,
	.close = socket_close,
	.discard = socket_discard,
	.stat = px_anon_stat,
	.ready = px_socket_ready,
	.waiting = socket_waiting,
	.control = px_socket_control,
};

/* The type without its flags.  Other families are not there. */
static int check(int family, int *type, int protocol)
{
	int kind = *type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (kind & ~0xf)
		return -EINVAL;
	if (family != AF_UNIX)
		return -EAFNOSUPPORT;
	if (protocol && protocol != PF_UNIX)
		return -EPROTONOSUPPORT;
	if (kind != SOCK_STREAM && kind != SOCK_DGRAM && kind != SOCK_SEQPACKET && kind != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	*type = kind == SOCK_RAW ? SOCK_DGRAM : kind;
	return 0;
}

static struct px_file *make(int type, int flags)
{
	struct px_socket *s = px_socket_new(type);
	struct px_file *f = s ? px_socket_open(s, flags) : NULL;

	if (s && !f)
		px_node_check(s->node);
	return f;
}

static int descriptor_flags(int type)
{
	return type & SOCK_CLOEXEC ? O_CLOEXEC : 0;
}

int socket(int family, int type, int protocol)
{
	int flags = type, r = check(family, &type, protocol);
	struct px_file *f;

	if (r)
		return (int)px_result(r);
	px_enter();
	f = make(type, flags);
	r = f ? px_fd_install(f, 0, descriptor_flags(flags)) : -ENOBUFS;
	px_leave();
	return (int)px_result(r);
}

/* Inside: both, or none. */
static int make_two(struct px_file *end[2], int type, int flags)
{
	struct px_socket *s[2];

	end[0] = make(type, flags);
	end[1] = end[0] ? make(type, flags) : NULL;
	if (!end[1]) {
		if (end[0])
			px_file_put(end[0]);
		return -ENOBUFS;
	}
	for (int i = 0; i < 2; i++) {
		s[i] = px_socket_of(end[i]->vnode);
		s[i]->peer_who = px_socket_who();
	}
	px_socket_join(s[0], s[1]);
	px_socket_join(s[1], s[0]);
	return 0;
}

int socketpair(int family, int type, int protocol, int user[2])
{
	int flags = type, r = check(family, &type, protocol), fd[2];
	struct px_file *end[2];

	if (r)
		return (int)px_result(r);
	px_enter();
	r = make_two(end, type, flags);
	if (!r)
		r = px_fd_install_two(end, descriptor_flags(flags), fd);
	px_leave();
	return (int)px_result(r ? r : px_fd_give_two(fd, user));
}
