/* message.c - what sockets send besides a stream's bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <fd/message.h>

#define INLINE 1024 /* bytes that lie in the message itself */

static uint64_t pages_of(const struct px_message *m)
{
	return m->page ? (m->bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE : 0;
}

static bool get_pages(struct px_message *m)
{
	m->page = px_page_get();
	if (!m->page)
		return false;
	for (uint64_t i = 0; i < pages_of(m); i++) {
		m->page[i] = px_page_get_dirty();
		if (!m->page[i])
			return false;
	}
	return true;
}

struct px_rights *px_rights_new(uint32_t count)
{
	size_t bytes = sizeof(struct px_rights) + count * sizeof(struct px_file *);

	return bytes > PX_ALLOC_MAX ? px_page_get() : px_alloc(bytes);
}

void px_rights_free(struct px_rights *r)
{
	for (uint32_t i = 0; i < r->count; i++) {
		if (r->flying)
			px_flight_end(r->file[i]);
		px_file_put(r->file[i]);
	}
	if ((uintptr_t)r % EXO_PAGE_SIZE == 0)
		px_page_put(r);
	else
		px_free(r);
}

static void let_go(struct px_message *m)
{
	for (uint64_t i = 0; i < pages_of(m); i++)
		if (m->page[i])
			px_page_put(m->page[i]);
	if (m->page)
		px_page_put(m->page);
	if (m->rights)
		px_rights_free(m->rights);
	if (m->sender) {
		m->sender->sent -= m->bytes;
		px_tell(&m->sender->can_write);
		px_socket_put(m->sender);
	}
	px_address_put(m->from);
	px_free(m);
}

/* A file that goes can be a socket with messages in which there are files ...: so it is one after
 * the other, and whoever comes in between only adds to the list. */
void px_messages_go(void)
{
	struct px_sockets *all = &px_arena->sockets;
	struct px_message *m;

	if (all->dropping)
		return;
	all->dropping = true;
	while (all->dropped || all->check) {
		m = all->dropped;
		if (m) {
			all->dropped = m->next;
			let_go(m);
		} else {
			all->check = false;
			px_flight_collect();
		}
	}
	all->dropping = false;
}

void px_message_lose(struct px_message *m)
{
	if (--m->refs)
		return;
	m->next = px_arena->sockets.dropped;
	px_arena->sockets.dropped = m;
}

void px_message_free(struct px_message *m)
{
	px_message_lose(m);
	px_messages_go();
}

void px_message_claim(struct px_message *m)
{
	struct px_claims *c = &px_this()->claims;

	m->outer = c->message;
	c->message = m;
}

void px_message_done(struct px_message *m)
{
	px_this()->claims.message = m->outer;
}

void px_message_drop(struct px_claims *c)
{
	struct px_message *m = c->message;

	c->message = m->outer;
	px_message_free(m);
}

void px_rights_claim(struct px_rights *r)
{
	struct px_claims *c = &px_this()->claims;

	r->outer = c->rights;
	c->rights = r;
}

void px_rights_done(struct px_rights *r)
{
	px_this()->claims.rights = r->outer;
}

void px_rights_drop(struct px_claims *c)
{
	struct px_rights *r = c->rights;

	c->rights = r->outer;
	px_rights_free(r);
}

struct px_message *px_message_new(size_t bytes)
{
	size_t inside = bytes <= INLINE ? bytes : 0;
	struct px_message *m;

	px_enter();
	m = px_alloc(sizeof(*m) + inside);
	if (m) {
		m->refs = 1;
		m->bytes = bytes;
		px_message_claim(m);
	}
	if (m && inside < bytes && !get_pages(m)) {
		px_message_drop(&px_this()->claims);
		m = NULL;
	}
	px_leave();
	return m;
}

size_t px_message_fill(struct px_message *m, struct px_iov *from)
{
	size_t left = 0;

	if (!m->page)
		return px_iov_from(from, m->text, m->bytes);
	for (uint64_t at = 0; at < m->bytes && !left; at += EXO_PAGE_SIZE) {
		size_t n = m->bytes - at < EXO_PAGE_SIZE ? m->bytes - at : EXO_PAGE_SIZE;

		left = px_iov_from(from, m->page[at / EXO_PAGE_SIZE], n);
	}
	return left;
}

size_t px_message_copy(const struct px_message *m, struct px_iov *to, size_t n)
{
	size_t left = 0;

	if (!m->page)
		return px_iov_to(to, m->text, n);
	for (uint64_t at = 0; at < n && !left; at += EXO_PAGE_SIZE) {
		size_t part = n - at < EXO_PAGE_SIZE ? n - at : EXO_PAGE_SIZE;

		left = px_iov_to(to, m->page[at / EXO_PAGE_SIZE], part);
	}
	return left;
}

void px_message_append(struct px_socket *to, struct px_message *m)
{
	m->next = NULL;
	*(to->last ? &to->last->next : &to->first) = m;
	to->last = m;
	if (m->sender) {
		to->letters++;
		m->sender->sent += m->bytes;
		px_socket_ref(m->sender);
	}
}

/* Who waits to send a message, or is connected to do so, hears that there is room again. */
static void has_room(struct px_socket *s)
{
	px_wake(&s->can_write.waiters);
	for (struct px_socket *p = s->clients; p; p = p->next_client)
		px_tell(&p->can_write);
}

void px_message_remove(struct px_socket *s)
{
	struct px_message *m = s->first;

	s->first = m->next;
	if (!s->first)
		s->last = NULL;
	if (m->sender && s->letters-- == PX_SOCKET_LETTERS + 1)
		has_room(s);
}

void px_messages_drop(struct px_socket *s)
{
	while (s->first) {
		struct px_message *m = s->first;

		px_message_remove(s);
		px_message_lose(m);
	}
}
