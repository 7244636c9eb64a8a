/* message.h - what sockets send besides a stream's bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Inside critical sections, unless it says otherwise.
 */
#ifndef PX_MESSAGE_H
#define PX_MESSAGE_H

#include <fd/claim.h>
#include <fd/iov.h>
#include <fd/socket.h>

#define PX_RIGHTS_MOST 253 /* files in one message, as on Linux */

/* Open files on their way, a reference each. */
struct px_rights {
	struct px_rights *outer; /* claim of who receives, interrupted by a handler that does */
	uint32_t count;
	bool flying;            /* they count as in flight */
	struct px_file *file[]; /* at most PX_RIGHTS_MOST */
};

struct px_message {
	struct px_message *next;  /* in its queue, or of those that are dropped */
	struct px_message *outer; /* claim of who sends, interrupted by a handler that does */
	uint32_t refs;            /* the queue's or the claim's, and of those who peek */
	bool told;                /* `who` is known */
	struct ucred who;
	struct px_socket *sender; /* counted; NULL: a stream's */
	struct px_address *from;  /* counted, or NULL */
	struct px_rights *rights; /* or NULL */
	uint64_t start, end;      /* a stream's: the bytes it came with */
	size_t bytes;             /* others: its own */
	char **page;              /* a page with those they lie in; NULL: they are inline */
	char text[];
};

/* A message for `bytes` bytes of its own, which is the claim of the calling thread; NULL: no
 * memory. Outside too. */
struct px_message *px_message_new(size_t bytes);

/* It is a claim; it is none any more, as it is somebody else's now. */
void px_message_claim(struct px_message *m);
void px_message_done(struct px_message *m);

/* A reference goes, and with the last one the message and the files in it. */
void px_message_free(struct px_message *m);

/* The same in two steps: noted, and then all that are. */
void px_message_lose(struct px_message *m);
void px_messages_go(void);

/* Its bytes from a program's memory; the first n of them to one.  Outside; what was not copied. */
size_t px_message_fill(struct px_message *m, struct px_iov *from);
size_t px_message_copy(const struct px_message *m, struct px_iov *to, size_t n);

/* Put it into a socket's queue; take the first one out. */
void px_message_append(struct px_socket *to, struct px_message *m);
void px_message_remove(struct px_socket *s);

/* All that a socket has are noted. */
void px_messages_drop(struct px_socket *s);

/* Room for files, and what was in it goes.  NULL: no memory. */
struct px_rights *px_rights_new(uint32_t count);
void px_rights_free(struct px_rights *r);

/* As for messages. */
void px_rights_claim(struct px_rights *r);
void px_rights_done(struct px_rights *r);

/* The innermost claims go, for who was killed.  Only there with sockets. */
void px_message_drop(struct px_claims *c) PX_IF_USED;
void px_rights_drop(struct px_claims *c) PX_IF_USED;

/* A file goes into a message, and comes out of it: 0, -ETOOMANYREFS. */
int px_flight_begin(struct px_file *f);
void px_flight_end(struct px_file *f);

/* Note the messages that nobody can receive (fd/flight.c). */
void px_flight_collect(void);

#endif
