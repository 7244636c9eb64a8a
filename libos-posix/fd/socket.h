/* socket.h - UNIX sockets, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A socket is the object of a vnode without a name, which is counted: by its open file, by those
 * who are connected to it, by the queue of a socket that listens.  After its file was closed it is
 * dead, and only what the others still ask of it is left.
 *
 * What is sent lies with who receives it: bytes in a queue, or messages.  The bytes of a stream
 * with which something came - open files, who sent them - are told by messages too.
 *
 * Everything here runs inside a critical section unless it says otherwise.
 */
#ifndef PX_SOCKET_H
#define PX_SOCKET_H

#include <fd/queue.h>
#include <fs/mem.h>
#include <sys/socket.h>
#include <sys/un.h>

#define PX_SHUT_READ  1u
#define PX_SHUT_WRITE 2u
#define PX_SHUT_BOTH  3u

#define PX_SOCKET_SLOTS   64     /* pages of a stream's queue */
#define PX_SOCKET_BYTES   212992 /* what may be sent and not received, as on Linux */
#define PX_SOCKET_MOST    212992 /* what may be asked for, which counts twice */
#define PX_SOCKET_LETTERS 10     /* messages that wait for who did not ask for them */

struct px_message; /* fd/message.h */

struct px_address {
	uint32_t refs;
	socklen_t length;
	struct sockaddr_un name;
	char end; /* 0: of a path that fills the name */
};

enum px_socket_state { PX_SOCKET_NEW, PX_SOCKET_LISTENS, PX_SOCKET_CONNECTED };

struct px_socket {
	struct px_node *node;
	struct px_file *file; /* NULL: not accepted yet, or dead */
	int type;             /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
	int error;            /* for who asks next */
	uint32_t state;       /* enum px_socket_state */
	uint32_t shut;        /* PX_SHUT_READ, PX_SHUT_WRITE */
	uint32_t options;     /* a bit for each SO_... that is only remembered */
	bool dead;
	bool told;                             /* SO_PASSCRED: it wants to know who sends */
	struct px_socket *peer;                /* to whom it is connected; counted */
	struct px_address *address;            /* its own, or NULL */
	struct px_node *bound;                 /* the name it has in the file system; counted */
	struct px_socket *next_named, **named; /* of those with a name of their own making */
	struct ucred who, peer_who;

	struct px_queue bytes;                   /* of a stream */
	struct px_message *first, *last;         /* messages */
	uint32_t letters;                        /* how many messages */
	size_t sent;                             /* bytes of ours that nobody received yet */
	struct px_socket *next_client, **client; /* of those connected to the same (SOCK_DGRAM) */
	struct px_socket *clients;               /* who is connected to this one */

	struct px_socket *pending, *pending_last; /* connected, and not accepted */
	struct px_socket *next_pending;
	uint32_t pendings, backlog;

	struct px_news can_read, can_write;
	exo_ns_t read_time, write_time; /* how long one waits, or 0 */
	struct linger linger;
	int send_bytes, receive_bytes, low; /* SO_SNDBUF, SO_RCVBUF, SO_RCVLOWAT */

	struct px_socket *next_flight, **flight; /* of those whose files are in messages */
	struct px_socket *next_found;            /* see fd/flight.c */
	int64_t unseen;
};

/* What the sockets of the image have in common. */
struct px_sockets {
	struct px_socket *named;  /* those whose names are not in the file system */
	struct px_socket *flight; /* those whose files are in messages that nobody received */
	uint32_t in_flight;       /* files in such messages */
	uint32_t next_name;       /* for who asks for any */
	struct px_message *dropped;
	bool dropping, check;
};

static inline struct px_socket *px_socket_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

static inline bool px_socket_pairs(const struct px_socket *s)
{
	return s->type != SOCK_DGRAM;
}

/* The socket behind a descriptor, its open file in *f (px_file_done); NULL and errno EBADF,
 * ENOTSOCK.  Outside. */
struct px_socket *px_socket_use(int fd, struct px_file **f);

/* A new one with its vnode, which nobody counts; NULL: no memory. */
struct px_socket *px_socket_new(int type);
void px_socket_ref(struct px_socket *s);
void px_socket_put(struct px_socket *s);

/* An open file for it; 0 or an error. */
struct px_file *px_socket_open(struct px_socket *s, int flags);

/* Its file is closed, or it never had one. */
void px_socket_end(struct px_socket *s);

/* `to` becomes its peer; it has none any more. */
void px_socket_join(struct px_socket *s, struct px_socket *to);
void px_socket_leave(struct px_socket *s);

/* Something changed for everybody who waits for it. */
void px_socket_tell(struct px_socket *s);

/* Who calls. */
struct ucred px_socket_who(void);

/* Does it have as many messages as it takes from who it is not connected to? */
static inline bool px_socket_is_full(const struct px_socket *to, const struct px_socket *from)
{
	return to != from && to->peer != from && to->letters > PX_SOCKET_LETTERS;
}

/* When somebody who waits so long gives up; 0: never. */
exo_ns_t px_socket_until(exo_ns_t time);

/* Wait for news of a socket: 0, -EAGAIN if `flags` or the time say so, -EINTR. */
int px_socket_wait(struct px_news *news, uint32_t flags, exo_ns_t deadline);

/* Operations of the vnode (fd/option.c). */
uint32_t px_socket_ready(struct px_vnode *v, uint32_t flags, struct px_look *look);
int px_socket_control(struct px_file *f, unsigned long request, void *user);

/* Addresses (fd/address.c).  Taking a program's over: outside; *length 0: none of its own.
 * Errors as of bind(). */
int px_address_from(struct sockaddr_un *a, socklen_t *length, const struct sockaddr *user,
		    socklen_t n);
/* What to tell of an address, which may be NULL; outside, on a copy. */
int px_address_to(const struct px_address *a, struct sockaddr *user, socklen_t *n);
struct px_address *px_address_new(const struct sockaddr_un *a, socklen_t length);
void px_address_put(struct px_address *a);
/* Forget the name of a socket that ends. */
void px_address_end(struct px_socket *s);
/* One that nobody else has, if it has none. */
int px_address_any(struct px_socket *s);

struct px_walk;
/* The socket with that address, of type `type`, not counted.  `walk` is room for it.  -ENOENT and
 * its like, -ECONNREFUSED, -EPROTOTYPE. */
int px_address_find(struct px_walk *walk, const struct sockaddr_un *a, socklen_t length, int type,
		    struct px_socket **found);

#endif
