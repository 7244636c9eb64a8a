/* fuzz_sockets.c - fuzz target: addresses and options of UNIX sockets, as programs give them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle keeps names as strings in lists, as unix(7) tells of them, and options as numbers, as
 * socket(7) does.  Everything taken is given back in the end.
 */
#include "fuzz.h"

#include <env/arena.h>
#include <errno.h>
#include <fs/path.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/time.h>

int px_setsockopt(int fd, int level, int name, const void *value, socklen_t n);
int px_getsockopt(int fd, int level, int name, void *value, socklen_t *n);

#define bind        px_bind
#define getsockname px_getsockname
#define getpeername px_getpeername
#define setsockopt  px_setsockopt
#define getsockopt  px_getsockopt
#define sockatmark  px_sockatmark
#include <fd/address.c>
#undef HEAD
#define get_number option_number
#include <fd/option.c>
#include <fs/may.c>
#undef get_number

#define SOCKETS 6
#define NAMES   8

static struct px_arena arena;
struct px_arena *px_arena = &arena;
static struct px_process process;
struct px_process *px_me = &process;
bool px_files_counted;

static struct px_file file;
static struct px_socket sockets[SOCKETS];
static int depth, objects, memory;

/* What a socket should be called, and what is in the file system. */
static struct name {
	bool has;
	socklen_t n;
	char text[sizeof(struct sockaddr_un)];
} names[SOCKETS];
static struct px_node *nodes[NAMES];
static char paths[NAMES][sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
static int node_count;

void px_enter(void)
{
	must(!depth++);
}

void px_leave(void)
{
	must(depth-- == 1);
}

long px_result(long r)
{
	return r;
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

void *px_alloc(size_t n)
{
	must(depth == 1);
	if (!memory)
		return NULL;
	memory--;
	objects++;
	return calloc(1, n);
}

void px_free(void *p)
{
	must(depth == 1);
	objects -= p != NULL;
	free(p);
}

struct px_node *px_node_new(uint32_t mode)
{
	struct px_node *node = px_alloc(sizeof(*node));

	if (node)
		node->v.mode = mode, node->v.kind = PX_MEM;
	return node;
}

void px_node_check(struct px_node *node)
{
	px_free(node);
}

void px_vnode_ref(struct px_vnode *v)
{
	v->refs++;
}

void px_vnode_put(struct px_vnode *v)
{
	must(v->refs--);
}

static int path_at(const char *path)
{
	for (int i = 0; i < node_count; i++)
		if (!strcmp(paths[i], path))
			return i;
	return -1;
}

int px_walk_new(struct px_walk *w, int dirfd, const char *path, bool directory)
{
	must(dirfd == AT_FDCWD && !directory && strlen(path) < sizeof(paths[0]));
	if (path_at(path) >= 0)
		return -EEXIST;
	strcpy(w->text, path);
	px_enter();
	return 0;
}

int px_walk_add(struct px_walk *w, struct px_node *node)
{
	if (node_count == NAMES) {
		px_node_check(node);
		return -ENOSPC;
	}
	strcpy(paths[node_count], w->text);
	nodes[node_count++] = node;
	return 0;
}

int px_walk(struct px_walk *w, int dirfd, unsigned int flags)
{
	int i = path_at(w->text);

	must(dirfd == AT_FDCWD && flags == PX_FOLLOW);
	w->node = i < 0 ? NULL : nodes[i];
	return 0;
}

void px_wake(struct px_waitq *q)
{
	(void)q;
}

void px_unclaim(struct px_file *f)
{
	(void)f;
}

struct px_socket *px_socket_use(int fd, struct px_file **f)
{
	*f = &file;
	return &sockets[fd];
}

/* An address, mostly one that can be. */
static socklen_t some_address(struct input *in, struct sockaddr_un *a)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	socklen_t n = (socklen_t)(how & 1 ? get_below(in, 120) : 2 + get_below(in, 6));

	memset(a, how & 2 ? 'x' : 0, sizeof(*a));
	a->sun_family = (sa_family_t)((how & 0xe0) == 0xe0 ? get_bytes(in, 2) : AF_UNIX);
	for (uint64_t i = how >> 2 & 1, k = get_below(in, 6); k; k--, i++)
		a->sun_path[i] = (char)get_below(in, 3);
	return n;
}

/* The same name, as a text of so many bytes; or the error. */
static int named(const struct sockaddr_un *a, socklen_t n, struct name *to)
{
	memset(to, 0, sizeof(*to));
	if (n < 2 || n > sizeof(*a) || a->sun_family != AF_UNIX)
		return -EINVAL;
	for (to->n = 0; to->n < n - 2 && (!a->sun_path[0] || a->sun_path[to->n]); to->n++)
		to->text[to->n] = a->sun_path[to->n];
	return 0;
}

static bool same(const struct name *a, const struct name *b)
{
	return a->n == b->n && !memcmp(a->text, b->text, a->n);
}

static bool is_taken(int i, const struct name *want)
{
	if (want->text[0])
		return path_at(want->text) >= 0;
	for (int k = 0; k < SOCKETS; k++)
		if (names[k].has && sockets[k].type == sockets[i].type && same(&names[k], want))
			return true;
	return false;
}

static void try_bind(struct input *in, int i)
{
	struct sockaddr_un a;
	struct name want;
	socklen_t n = some_address(in, &a);
	void *given = copy_of(&a, n < sizeof(a) ? n : sizeof(a));
	int due = named(&a, n, &want), r;
	bool any = !due && !want.n;

	if (!due && (any || names[i].has))
		due = names[i].has && !any ? -EINVAL : 0;
	else if (!due)
		due = is_taken(i, &want) ? -EADDRINUSE : 0;
	if (!due && want.text[0] && node_count == NAMES)
		due = -ENOSPC;
	memory = get_below(in, 16) ? 100 : (int)get_below(in, 2);
	r = px_bind(i, given, n);
	must(r == due || ((r == -ENOMEM || r == -ENOSPC) && !memory));
	free(given);
	if (r || (any && names[i].has))
		return;
	if (any) { /* five digits after a zero, like nobody else's */
		want.n = 6;
		memcpy(want.text, sockets[i].address->name.sun_path, 6);
		must(!want.text[0] && strspn(want.text + 1, "0123456789abcdef") == 5);
		must(!is_taken(i, &want));
	}
	names[i] = want;
	names[i].has = true;
}

static void try_name(struct input *in, int i)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	socklen_t n = (socklen_t)get_number(in), room = n, full;
	char *to = malloc(room < 200 ? room + 1 : 200);

	full = 2 + (names[i].has ? names[i].n + (names[i].text[0] != 0) : 0);
	memcpy(a.sun_path, names[i].text, sizeof(a.sun_path));
	if ((int)room < 0) {
		must(px_getsockname(i, (void *)to, &n) == -EINVAL && n == room);
	} else {
		must(!px_getsockname(i, (void *)to, &n) && n == full);
		n = room < full ? room : full;
		must(!memcmp(to, &a, n < sizeof(a) ? n : sizeof(a)));
		must(n <= sizeof(a) || !to[sizeof(a)]);
	}
	free(to);
}

static void try_find(struct input *in)
{
	static struct px_walk w;
	struct px_socket *found = NULL;
	struct sockaddr_un a, mine;
	struct name want;
	socklen_t n = some_address(in, &a), length;
	int type = 1 + (int)get_below(in, 2), due = named(&a, n, &want), k, r;
	void *given = copy_of(&a, n < sizeof(a) ? n : sizeof(a));

	r = px_address_from(&mine, &length, given, n);
	free(given);
	must(r == due);
	if (r)
		return;
	px_enter();
	r = px_address_find(&w, &mine, length, type, &found);
	px_leave();
	for (k = 0; k < SOCKETS; k++)
		if (names[k].has && same(&names[k], &want) && want.n &&
		    (want.text[0] || sockets[k].type == type))
			break;
	due = k < SOCKETS ? sockets[k].type == type ? 0 : -EPROTOTYPE : -ECONNREFUSED;
	if (k == SOCKETS && want.text[0] && path_at(want.text) < 0)
		due = -ENOENT;
	must(r == due && (r || found == &sockets[k]));
}

/* Its name in the file system stays, and leads nowhere. */
static void end(int i)
{
	px_enter();
	px_address_end(&sockets[i]);
	px_address_put(sockets[i].address);
	px_leave();
	names[i].has = false;
	memset(&sockets[i], 0, sizeof(sockets[i]));
	sockets[i].type = 1 + i % 2;
}

static int doubled(int v, int least)
{
	wide twice = (wide)(v < 0 || v > PX_SOCKET_MOST ? PX_SOCKET_MOST : v) * 2;

	return twice < (wide)least ? least : (int)twice;
}

/* What is set is what is got, as far as it can be. */
static void try_option(struct input *in, int i)
{
	static const int list[] = {SO_SNDBUF, SO_RCVBUF,    SO_RCVLOWAT, SO_PASSCRED, SO_KEEPALIVE,
				   SO_LINGER, SO_REUSEADDR, SO_RCVTIMEO, SO_SNDTIMEO, SO_TYPE};
	int name = get_below(in, 4) ? list[get_below(in, 10)] : (int)get_number(in), r;
	int level = get_below(in, 16) ? SOL_SOCKET : (int)get_number(in);
	_Alignas(8) int v[6] = {0}, got[6] = {0};
	bool time = name == SO_RCVTIMEO || name == SO_SNDTIMEO;
	socklen_t size = time ? 16 : name == SO_LINGER ? 8 : 4, n = (socklen_t)get_below(in, 20);
	void *given;

	for (int k = 0; k < 4; k++)
		v[k] = (int)get_number(in);
	given = copy_of(v, n);
	r = px_setsockopt(i, level, name, given, n);
	free(given);
	must(level == SOL_SOCKET ? n >= size || r == -EINVAL : r == -EOPNOTSUPP);
	if (r == -EDOM)
		must(time && (((int64_t *)v)[1] < 0 || ((int64_t *)v)[1] > 999999));
	n = (socklen_t)get_below(in, 20);
	given = malloc(n + 1u);
	size = n < size ? n : size;
	if (!px_getsockopt(i, level, name, given, &n) && !r) {
		must(n == size);
		memcpy(got, given, n);
		if (name == SO_SNDBUF || name == SO_RCVBUF)
			v[0] = doubled(v[0], name == SO_SNDBUF ? 4608 : 2304);
		else if (name == SO_RCVLOWAT)
			v[0] = v[0] < 0 ? INT_MAX : v[0] ? v[0] : 1;
		else if (!time && name != SO_LINGER)
			v[0] = v[0] != 0;
		if (time && (((int64_t *)v)[0] < 0 || ((int64_t *)v)[0] > INT64_MAX / 2000000000))
			n = 0;
		must(!memcmp(got, v, n));
	}
	free(given);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	memset(&arena, 0, sizeof(arena));
	arena.sockets.next_name = (uint32_t)get_number(&in);
	memory = 100;
	for (int i = 0; i < SOCKETS; i++)
		end(i);
	for (int i = 0; i < 60 && in.at < in.end; i++) {
		uint8_t what = (uint8_t)get_bytes(&in, 1);
		int s = what / 8 % SOCKETS;

		if (what % 8 < 3)
			try_bind(&in, s);
		else if (what % 8 == 3)
			try_name(&in, s);
		else if (what % 8 == 4)
			try_find(&in);
		else if (what % 8 == 5)
			end(s);
		else
			try_option(&in, s);
	}
	for (int i = 0; i < SOCKETS; i++)
		end(i);
	must(!arena.sockets.named);
	for (; node_count; node_count--) {
		must(!nodes[node_count - 1]->v.refs && !nodes[node_count - 1]->object);
		free(nodes[node_count - 1]);
		objects--;
	}
	must(!objects && !depth);
	return 0;
}
