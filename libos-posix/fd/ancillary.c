/* ancillary.c - the control part of a message: open files, and who sends.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/transmit.h>
#include <string.h>
#include <vm/copy.h>

#define MOST 4096 /* bytes of it that are sent */

/* More files for the message, from `fds` on in the program's memory: all or none. */
static int add_rights(struct px_message *m, const int *fds, uint32_t count)
{
	uint32_t before = m->rights ? m->rights->count : 0;
	struct px_rights *r;
	int error = 0;

	if (before + count > PX_RIGHTS_MOST)
		return -EINVAL;
	if (!count)
		return 0;
	r = px_rights_new(before + count);
	if (!r)
		return -ENOMEM;
	r->flying = true;
	for (; r->count < before; r->count++)
		r->file[r->count] = m->rights->file[r->count];
	if (m->rights) {
		m->rights->count = 0;
		px_rights_free(m->rights);
	}
	m->rights = r;
	for (uint32_t i = 0; !error && i < count; i++) {
		struct px_file *f = px_file(fds[i]);

		error = f ? px_flight_begin(f) : -EBADF;
		if (error)
			break;
		f->refs++;
		r->file[r->count++] = f;
	}
	return error;
}

/* Who may say who it is: the superuser anything. */
static int set_who(struct px_message *m, const void *data, size_t n)
{
	if (n != sizeof(m->who))
		return -EINVAL;
	memcpy(&m->who, data, n);
	m->told = true;
	return 0;
}

static int one(struct px_message *m, const struct cmsghdr *c, const void *data, size_t n)
{
	int r;

	if (c->cmsg_level != SOL_SOCKET)
		return 0;
	switch (c->cmsg_type) {
	case SCM_RIGHTS:
		px_enter();
		r = add_rights(m, data, (uint32_t)(n / sizeof(int)));
		px_leave();
		return r;
	case SCM_CREDENTIALS:
		return set_who(m, data, n);
	}
	return -EINVAL;
}

int px_ancillary_from(struct px_message *m, const struct msghdr *h)
{
	_Alignas(struct cmsghdr) char text[MOST];
	size_t n = h->msg_controllen;
	int r = 0;

	if (n > sizeof(text))
		return -ENOBUFS;
	if (px_copy_from(text, h->msg_control, n))
		return -EFAULT;
	for (size_t at = 0; !r && n - at >= sizeof(struct cmsghdr);) {
		const struct cmsghdr *c = (const void *)(text + at);

		if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > n - at)
			return -EINVAL;
		r = one(m, c, text + at + CMSG_LEN(0), c->cmsg_len - CMSG_LEN(0));
		at += CMSG_ALIGN(c->cmsg_len) < n - at ? CMSG_ALIGN(c->cmsg_len) : n - at;
	}
	return r;
}

/* Where the next part goes. */
struct room {
	char *to;
	size_t left;
};

static bool put(struct room *room, int type, const void *data, size_t n)
{
	struct cmsghdr c = {.cmsg_len = CMSG_LEN(n), .cmsg_level = SOL_SOCKET, .cmsg_type = type};
	size_t all = CMSG_SPACE(n) < room->left ? CMSG_SPACE(n) : room->left;
	bool cut = false;

	if (room->left < CMSG_LEN(0))
		return false;
	if (c.cmsg_len > room->left) {
		c.cmsg_len = room->left;
		n = room->left - CMSG_LEN(0);
		cut = true;
	}
	if (px_copy_to(room->to, &c, sizeof(c)) || px_copy_to(room->to + CMSG_LEN(0), data, n))
		return false;
	room->to += all;
	room->left -= all;
	return !cut;
}

/* Descriptors for the first of the files, as far as there is room; how many. */
static uint32_t install(struct px_rights *r, uint32_t most, int flags, int *fds)
{
	uint32_t n = 0;

	px_enter();
	while (n < r->count && n < most && !px_fd_room()) {
		struct px_file *f = r->file[n];

		if (r->flying)
			px_flight_end(f);
		f->refs++;
		fds[n++] = px_fd_install(f, 0, flags);
		px_file_put(f);
	}
	memmove(r->file, r->file + n, (r->count - n) * sizeof(*r->file));
	r->count -= n;
	px_leave();
	return n;
}

/* What does not fit is closed. */
static bool put_rights(struct room *room, struct px_rights *r, int flags)
{
	uint32_t most = room->left < CMSG_LEN(0) ? 0 : (room->left - CMSG_LEN(0)) / sizeof(int);
	int fds[PX_RIGHTS_MOST];
	uint32_t n = install(r, most, flags, fds);

	return (n == 0 || put(room, SCM_RIGHTS, fds, n * sizeof(int))) && !r->count;
}

void px_ancillary_to(struct px_socket *s, struct px_transmission *t, struct msghdr *h)
{
	static const struct ucred nobody = {.pid = 0, .uid = 65534, .gid = 65534};
	struct room room = {h->msg_control, h->msg_control ? h->msg_controllen : 0};
	size_t before = room.left;

	if (s->told && !put(&room, SCM_CREDENTIALS, t->told ? &t->who : &nobody, sizeof(t->who)))
		t->result |= MSG_CTRUNC;
	if (t->rights && !put_rights(&room, t->rights, t->how & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0))
		t->result |= MSG_CTRUNC;
	if (t->rights) {
		px_enter();
		px_rights_done(t->rights);
		px_rights_free(t->rights);
		px_messages_go();
		px_leave();
	}
	t->rights = NULL;
	h->msg_controllen = before - room.left;
}
