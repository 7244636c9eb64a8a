/* transmit.h - one call that sends or receives through a socket.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_TRANSMIT_H
#define PX_TRANSMIT_H

#include <fd/message.h>
#include <fs/path.h>

struct px_transmission {
	struct px_iov memory; /* the program's */
	size_t bytes;         /* in all of it */
	uint32_t flags;       /* the open file's, O_NONBLOCK also if MSG_DONTWAIT says so */
	int how;              /* MSG_... */
	int result;           /* MSG_... that the program is told */
	bool from_any;        /* received from a socket with an address: */
	struct px_address address;
	socklen_t length;           /* of the address to send to, or 0 */
	struct px_walk *walk;       /* for it */
	struct px_message *message; /* that is sent; a claim, or NULL */
	struct px_rights *rights;   /* that were received; a claim, or NULL */
	uint64_t until;             /* where the bytes of a stream end that came with those */
	bool told;                  /* who sent it is known: */
	struct ucred who;
};

/* Send; h: where the control part is, or NULL.  Outside.  Bytes sent or an error; what was not sent
 * is gone. */
ssize_t px_send(struct px_socket *s, struct px_transmission *t, const struct msghdr *h);

/* Receive.  Outside.  Bytes or an error; files that came are in t->rights then. */
ssize_t px_receive(struct px_socket *s, struct px_transmission *t);

/* The control part of a message: from the program, to it (fd/ancillary.c).  The latter gives the
 * files descriptors.  Outside.  0 or an error. */
int px_ancillary_from(struct px_message *m, const struct msghdr *h);
void px_ancillary_to(struct px_socket *s, struct px_transmission *t, struct msghdr *h);

/* The calls on descriptors, for the vnode's operations (fd/transmit.c). */
ssize_t px_socket_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags);
ssize_t px_socket_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			uint32_t flags);
ssize_t px_socket_vector(struct px_vnode *v, const struct iovec *user, int count, bool out,
			 uint32_t flags);

#endif
