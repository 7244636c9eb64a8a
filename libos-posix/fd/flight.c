/* flight.c - open files that are in messages nobody received yet.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Such a file has its reference like any other, so that it stays open.  A socket can be in a
 * message that waits at the socket itself, or at another one that waits at the first: then nobody
 * can ever receive it.  So whenever a socket is left with references of messages alone, those that
 * are are gone through: which of them can still be come by from an open socket?  The messages of
 * the others are dropped, and with them the sockets.
 *
 * How long that takes is bounded by how many files may be in messages at once.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/message.h>
#include <fd/table.h>

#define MOST 2048

static struct px_socket *socket_of(const struct px_file *f)
{
	return f->vnode->kind == PX_SOCKET ? px_socket_of(f->vnode) : NULL;
}

int px_flight_begin(struct px_file *f)
{
	struct px_sockets *all = &px_arena->sockets;
	struct px_socket *s = socket_of(f);

	if (all->in_flight >= MOST)
		return -ETOOMANYREFS;
	all->in_flight++;
	if (!f->in_flight++ && s) {
		s->next_flight = all->flight;
		s->flight = &all->flight;
		if (s->next_flight)
			s->next_flight->flight = &s->next_flight;
		all->flight = s;
	}
	return 0;
}

void px_flight_end(struct px_file *f)
{
	struct px_socket *s = socket_of(f);

	px_arena->sockets.in_flight--;
	if (--f->in_flight || !s)
		return;
	*s->flight = s->next_flight;
	if (s->next_flight)
		s->next_flight->flight = s->flight;
}

/* What is done with each socket that waits in a message. */
typedef void each_fn(struct px_socket *s, struct px_socket **found);

static void in_messages(const struct px_socket *s, each_fn *each, struct px_socket **found)
{
	for (const struct px_message *m = s->first; m; m = m->next)
		for (uint32_t i = 0; m->rights && i < m->rights->count; i++)
			if (socket_of(m->rights->file[i]))
				each(socket_of(m->rights->file[i]), found);
}

/* At a socket, and at those that wait to be accepted by it. */
static void at(const struct px_socket *s, each_fn *each, struct px_socket **found)
{
	in_messages(s, each, found);
	for (const struct px_socket *p = s->pending; p; p = p->next_pending)
		in_messages(p, each, found);
}

/* `unseen` counts the references from elsewhere than messages of sockets that are counted so
 * themselves.  REACHED: it can be received. */
#define REACHED (-1)

static void seen(struct px_socket *s, struct px_socket **found)
{
	(void)found;
	if (s->unseen != REACHED)
		s->unseen--;
}

static void reach(struct px_socket *s, struct px_socket **found)
{
	if (s->unseen == REACHED)
		return;
	s->unseen = REACHED;
	s->next_found = *found;
	*found = s;
}

/* Mark those that can still be received. */
static void mark(struct px_socket *first)
{
	struct px_socket *found = NULL, *s;

	for (s = first; s; s = s->next_flight)
		s->unseen =
			s->file->refs == s->file->in_flight ? (int64_t)s->file->in_flight : REACHED;
	for (s = first; s; s = s->next_flight)
		if (s->unseen != REACHED)
			at(s, seen, NULL);
	for (s = first; s; s = s->next_flight)
		if (s->unseen > 0)
			reach(s, &found);
	while ((s = found)) {
		found = s->next_found;
		at(s, reach, &found);
	}
}

void px_flight_collect(void)
{
	struct px_socket *first = px_arena->sockets.flight;

	mark(first);
	for (struct px_socket *s = first; s; s = s->next_flight) {
		if (s->unseen == REACHED)
			continue;
		px_messages_drop(s);
		for (struct px_socket *p = s->pending; p; p = p->next_pending)
			px_messages_drop(p);
	}
}

void px_flight_check(struct px_file *f)
{
	if (!socket_of(f))
		return;
	px_arena->sockets.check = true;
	px_messages_go();
}
