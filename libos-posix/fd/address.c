/* address.c - addresses of UNIX sockets: names in the file system, and others.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A name in the file system is a node there that knows the socket; one that begins with a zero byte
 * is in nobody's directory, but in a list of all such.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/socket.h>
#include <fs/may.h>
#include <fs/path.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define HEAD   offsetof(struct sockaddr_un, sun_path)
#define DIGITS 5 /* of a name that was not chosen */

int px_address_from(struct sockaddr_un *a, socklen_t *length, const struct sockaddr *user,
		    socklen_t n)
{
	memset(a, 0, sizeof(*a));
	*length = 0;
	if (n < HEAD || n > sizeof(*a))
		return -EINVAL;
	if (px_copy_from(a, user, n))
		return -EFAULT;
	if (a->sun_family != AF_UNIX)
		return -EINVAL;
	if (n > HEAD && a->sun_path[0]) /* a path ends where it ends */
		n = (socklen_t)(HEAD + strnlen(a->sun_path, sizeof(a->sun_path)) + 1);
	*length = n > HEAD ? n : 0;
	return 0;
}

int px_address_to(const struct px_address *a, struct sockaddr *user, socklen_t *user_n)
{
	static const struct sockaddr_un none = {.sun_family = AF_UNIX};
	const void *from = a ? &a->name : &none;
	socklen_t room, n = a ? a->length : HEAD;

	if (px_copy_from(&room, user_n, sizeof(room)))
		return -EFAULT;
	if ((int)room < 0)
		return -EINVAL;
	if (px_copy_to(user, from, room < n ? room : n) || px_copy_to(user_n, &n, sizeof(n)))
		return -EFAULT;
	return 0;
}

struct px_address *px_address_new(const struct sockaddr_un *from, socklen_t length)
{
	struct px_address *a = px_alloc(sizeof(*a));

	if (!a)
		return NULL;
	a->refs = 1;
	a->length = length;
	memcpy(&a->name, from, length < sizeof(a->name) ? length : sizeof(a->name));
	return a;
}

void px_address_put(struct px_address *a)
{
	if (a && --a->refs == 0)
		px_free(a);
}

void px_address_end(struct px_socket *s)
{
	if (s->bound) {
		s->bound->object = NULL;
		px_vnode_put(&s->bound->v);
		s->bound = NULL;
	}
	if (s->named) {
		*s->named = s->next_named;
		if (s->next_named)
			s->next_named->named = s->named;
		s->named = NULL;
	}
}

static struct px_socket *find_named(const struct sockaddr_un *a, socklen_t length, int type)
{
	struct px_socket *s = px_arena->sockets.named;

	while (s && !(s->type == type && s->address->length == length &&
		      memcmp(&s->address->name, a, length) == 0))
		s = s->next_named;
	return s;
}

int px_address_find(struct px_walk *walk, const struct sockaddr_un *a, socklen_t length, int type,
		    struct px_socket **found)
{
	int r;

	if (!length)
		return -ECONNREFUSED;
	if (!a->sun_path[0]) {
		*found = find_named(a, length, type);
		return *found ? 0 : -ECONNREFUSED;
	}
	memcpy(walk->text, a->sun_path, sizeof(a->sun_path));
	walk->text[sizeof(a->sun_path)] = '\0';
	r = px_walk(walk, AT_FDCWD, PX_FOLLOW);
	if (r)
		return r;
	if (!walk->node)
		return -ENOENT;
	r = px_may(walk->node, PX_MAY_WRITE);
	if (r)
		return r;
	*found = S_ISSOCK(walk->node->v.mode) && walk->node->v.kind == PX_MEM ? walk->node->object
									      : NULL;
	if (!*found)
		return -ECONNREFUSED;
	return (*found)->type == type ? 0 : -EPROTOTYPE;
}

static int name_it(struct px_socket *s, const struct sockaddr_un *a, socklen_t length)
{
	struct px_socket **all = &px_arena->sockets.named;

	if (find_named(a, length, s->type))
		return -EADDRINUSE;
	s->address = px_address_new(a, length);
	if (!s->address)
		return -ENOMEM;
	s->next_named = *all;
	s->named = all;
	if (s->next_named)
		s->next_named->named = &s->next_named;
	*all = s;
	return 0;
}

int px_address_any(struct px_socket *s)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int r = s->address ? 0 : -EADDRINUSE;

	while (r == -EADDRINUSE) {
		uint32_t n = px_arena->sockets.next_name++;

		for (int i = DIGITS; i > 0; i--, n /= 16)
			a.sun_path[i] = "0123456789abcdef"[n % 16];
		r = name_it(s, &a, HEAD + 1 + DIGITS);
	}
	return r;
}

/* In the file system.  Inside: the path was walked to a name that is new. */
static int name_in(struct px_socket *s, struct px_walk *w, const struct sockaddr_un *a,
		   socklen_t length)
{
	struct px_node *node = px_node_new(S_IFSOCK | (0777 & ~px_me->umask));
	int r;

	s->address = node ? px_address_new(a, length) : NULL;
	if (!s->address) {
		if (node)
			px_node_check(node);
		return -ENOSPC;
	}
	r = px_walk_add(w, node);
	if (r) {
		px_address_put(s->address);
		s->address = NULL;
		return r;
	}
	node->object = s;
	s->bound = node;
	px_vnode_ref(&node->v);
	return 0;
}

static int bind_path(struct px_socket *s, const struct sockaddr_un *a, socklen_t length)
{
	char path[sizeof(a->sun_path) + 1] = {0};
	struct px_walk w;
	int r;

	memcpy(path, a->sun_path, sizeof(a->sun_path));
	r = px_walk_new(&w, AT_FDCWD, path, false);
	if (r)
		return r == -EEXIST ? -EADDRINUSE : r;
	r = s->address ? -EINVAL : name_in(s, &w, a, length);
	px_leave();
	return r;
}

static int bind_other(struct px_socket *s, const struct sockaddr_un *a, socklen_t length)
{
	int r;

	px_enter();
	if (!length)
		r = px_address_any(s);
	else
		r = s->address ? -EINVAL : name_it(s, a, length);
	px_leave();
	return r;
}

int bind(int fd, const struct sockaddr *user, socklen_t n)
{
	struct sockaddr_un a;
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);
	socklen_t length;
	int r;

	if (!s)
		return -1;
	r = px_address_from(&a, &length, user, n);
	if (!r && length && a.sun_path[0])
		r = s->address ? -EINVAL : bind_path(s, &a, length);
	else if (!r)
		r = bind_other(s, &a, length);
	px_file_done(f);
	return (int)px_result(r);
}

/* A copy, as the program's memory is not touched inside. */
static int tell(struct px_socket *s, bool peer, struct sockaddr *user, socklen_t *n)
{
	struct px_address copy;
	bool any = false;
	int r = 0;

	px_enter();
	if (peer)
		s = s->peer;
	if (!s)
		r = -ENOTCONN;
	else if ((any = s->address))
		copy = *s->address;
	px_leave();
	return r ? r : px_address_to(any ? &copy : NULL, user, n);
}

static int name_of(int fd, bool peer, struct sockaddr *user, socklen_t *n)
{
	struct px_file *f;
	struct px_socket *s = px_socket_use(fd, &f);
	int r;

	if (!s)
		return -1;
	r = tell(s, peer, user, n);
	px_file_done(f);
	return (int)px_result(r);
}

int getsockname(int fd, struct sockaddr *restrict user, socklen_t *restrict n)
{
	return name_of(fd, false, user, n);
}

int getpeername(int fd, struct sockaddr *restrict user, socklen_t *restrict n)
{
	return name_of(fd, true, user, n);
}
