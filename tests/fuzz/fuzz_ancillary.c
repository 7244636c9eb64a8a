/* fuzz_ancillary.c - fuzz target: control parts of messages, and addresses of sockets, as programs
 * give them. SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle walks the headers with the host's own CMSG_NXTHDR.  What is sent is then received into
 * a buffer of any size: it must hold as many of the descriptors as fit, and the files that do not
 * are nobody's.
 */
#include "fuzz.h"

#include <errno.h>
#include <fd/ancillary.c>
#include <fd/table.h>
#include <sys/un.h>

#define FILES 12

struct px_process *px_me;
struct px_arena *px_arena;
static struct px_file files[FILES];
static struct px_file *installed[600];
static int installs, depth, most_fds;

void px_enter(void)
{
	must(!depth++);
}

void px_leave(void)
{
	must(depth-- == 1);
}

size_t px_copy_from(void *to, const void *user, size_t n)
{
	must(!depth);
	memcpy(to, user, n);
	return 0;
}

size_t px_copy_to(void *user, const void *from, size_t n)
{
	must(!depth);
	memcpy(user, from, n);
	return 0;
}

struct px_file *px_file(int fd)
{
	return fd >= 0 && fd < FILES ? &files[fd] : NULL;
}

int px_flight_begin(struct px_file *f)
{
	return f == &files[FILES - 1] ? -ETOOMANYREFS : 0;
}

void px_flight_end(struct px_file *f)
{
	must(f >= files && f < files + FILES);
}

struct px_rights *px_rights_new(uint32_t count)
{
	return calloc(1, sizeof(struct px_rights) + count * sizeof(struct px_file *));
}

void px_rights_free(struct px_rights *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		px_file_put(r->file[i]);
	free(r);
}

void px_rights_done(struct px_rights *r)
{
	(void)r;
}

void px_messages_go(void)
{
}

int px_fd_room(void)
{
	return installs < most_fds ? 0 : -EMFILE;
}

int px_fd_install(struct px_file *f, int from, int flags)
{
	(void)from, (void)flags; /* the reference is its */
	installed[installs] = f;
	return 1000 + installs++;
}

void px_file_put(struct px_file *f)
{
	must(f->refs > 1);
	f->refs--;
}

/* What was asked for, by the host's macros. */
static int other_read(struct msghdr *h, int *fds, unsigned int *count, bool *told)
{
	size_t n = h->msg_controllen;

	if (n > 4096)
		return -ENOBUFS;
	for (const struct cmsghdr *c = CMSG_FIRSTHDR(h); c;) {
		size_t at = (size_t)((const char *)c - (const char *)h->msg_control), data;

		if (c->cmsg_len < sizeof(*c) || c->cmsg_len > n - at)
			return -EINVAL;
		data = c->cmsg_len - sizeof(*c);
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
			if (*count + data / 4 > PX_RIGHTS_MOST)
				return -EINVAL;
			for (size_t i = 0; i < data / 4; i++) {
				int fd;

				memcpy(&fd, CMSG_DATA(c) + 4 * i, 4);
				if (!px_file(fd))
					return -EBADF;
				if (fd == FILES - 1)
					return -ETOOMANYREFS;
				fds[(*count)++] = fd;
			}
		} else if (c->cmsg_level == SOL_SOCKET) {
			if (c->cmsg_type != SCM_CREDENTIALS || data != sizeof(struct ucred))
				return -EINVAL;
			*told = true;
		}
		if (at + CMSG_ALIGN(c->cmsg_len) + sizeof(*c) > n)
			break;
		c = (const void *)((const char *)c + CMSG_ALIGN(c->cmsg_len));
	}
	return 0;
}

static void receive(struct input *in, struct px_message *m, const int *fds, unsigned int count)
{
	size_t room = get_bytes(in, 2) % 1300, seen = 0, want;
	struct px_socket s = {.told = get_bytes(in, 1) & 1};
	struct px_transmission t = {.rights = m->rights, .told = m->told, .who = m->who};
	char *to = malloc(room ? room : 1);
	struct msghdr h = {.msg_control = to, .msg_controllen = room};

	most_fds = (int)get_bytes(in, 2) % 300;
	installs = 0;
	px_ancillary_to(&s, &t, &h);
	must(h.msg_controllen <= room && !depth);
	for (size_t at = 0; at + sizeof(struct cmsghdr) <= h.msg_controllen;) {
		struct cmsghdr c;

		memcpy(&c, to + at, sizeof(c));
		must(c.cmsg_level == SOL_SOCKET && c.cmsg_len >= sizeof(c) &&
		     c.cmsg_len <= room - at);
		for (size_t i = 0; c.cmsg_type == SCM_RIGHTS && i < (c.cmsg_len - sizeof(c)) / 4;
		     i++) {
			int fd;

			memcpy(&fd, to + at + sizeof(c) + 4 * i, 4);
			must(fd == 1000 + (int)seen && installed[seen] == &files[fds[seen]]);
			seen++;
		}
		at += CMSG_ALIGN(c.cmsg_len);
	}
	must(seen == (size_t)installs);
	want = s.told ? CMSG_SPACE(sizeof(struct ucred)) : 0;
	want = room >= want + sizeof(struct cmsghdr) ? (room - want - sizeof(struct cmsghdr)) / 4
						     : 0;
	want = want < count ? want : count;
	must(seen == (want < (size_t)most_fds ? want : (size_t)most_fds));
	must(!(seen < count) || t.result & MSG_CTRUNC);
	for (int i = 0; i < installs; i++)
		installed[i]->refs--;
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static _Alignas(16) char text[5000];
	struct input in = {data, data + size};
	size_t n = 0;
	struct px_message m = {0};
	struct msghdr h = {.msg_control = text};
	int fds[PX_RIGHTS_MOST], r, want;
	unsigned int count = 0;
	bool told = false;

	for (int i = 0; i < FILES; i++)
		files[i].refs = 1;
	while (n < 4000 && get_bytes(&in, 1) & 3) { /* headers mostly in order */
		uint8_t how = (uint8_t)get_bytes(&in, 1);
		size_t bytes = how & 1 ? sizeof(struct ucred) : get_bytes(&in, 2) % 1100;
		struct cmsghdr c = {
			.cmsg_len = how & 2 && how & 4 ? get_number(&in) : CMSG_LEN(bytes),
			.cmsg_level = how & 8 && how & 16 ? (int)get_bytes(&in, 4) : SOL_SOCKET,
			.cmsg_type = how & 1                ? SCM_CREDENTIALS
				     : how & 32 && how & 64 ? (int)get_bytes(&in, 1)
							    : SCM_RIGHTS};

		memset(text + n, 0,
		       CMSG_SPACE(bytes) < sizeof(text) - n ? CMSG_SPACE(bytes) : sizeof(text) - n);
		memcpy(text + n, &c, sizeof(c));
		for (size_t i = 0; i + 4 <= bytes && n + sizeof(c) + i + 4 <= sizeof(text); i += 4)
			text[n + sizeof(c) + i] =
				(char)(get_bytes(&in, 1) % (FILES + (how & 128 ? 1 : -1)));
		n += CMSG_SPACE(bytes);
	}
	h.msg_controllen = n < 4200 ? n : 4200;
	if (get_bytes(&in, 1) & 1)
		h.msg_controllen -= get_bytes(&in, 1) % (h.msg_controllen + 1);
	want = other_read(&h, fds, &count, &told);
	h.msg_control = copy_of(text, h.msg_controllen);
	r = px_ancillary_from(&m, &h);
	must(r == want && !depth);
	if (!r) {
		must(m.told == told && (m.rights ? m.rights->count : 0) == count);
		for (unsigned int i = 0; i < count; i++)
			must(m.rights->file[i] == &files[fds[i]]);
		receive(&in, &m, fds, count);
	} else if (m.rights) {
		px_rights_free(m.rights);
	}
	for (int i = 0; i < FILES; i++)
		must(files[i].refs == 1);
	free(h.msg_control);
	return 0;
}
