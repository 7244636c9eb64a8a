/* rights.c - open files and who sends, in messages of sockets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char buf[5000];
static int got[300], count;

static int put(int s, const char *text, size_t n, const int *fd, int fds)
{
	char control[CMSG_SPACE(300 * sizeof(int))] = {0};
	struct iovec v = {(void *)text, n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	struct cmsghdr *c;

	if (fds) {
		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE(fds * sizeof(int));
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(fds * sizeof(int));
		memcpy(CMSG_DATA(c), fd, fds * sizeof(int));
	}
	return (int)sendmsg(s, &m, MSG_NOSIGNAL);
}

/* Room for so many bytes of control; what came is in got[]. */
static void take(int s, size_t n, size_t room, int flags)
{
	char control[2000];
	struct iovec v = {buf, n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control};
	ssize_t r;

	m.msg_controllen = room;
	count = 0;
	memset(buf, 0, sizeof(buf));
	errno = 0;
	r = recvmsg(s, &m, flags);
	printf("got %zd <%.20s> %x control %zu %s\n", r, buf, m.msg_flags,
	       r < 0 ? 0 : (size_t)m.msg_controllen, errno ? strerror(errno) : "");
	if (r < 0)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct ucred u;

		printf("  %d %d %zu", c->cmsg_level, c->cmsg_type, (size_t)c->cmsg_len);
		if (c->cmsg_type == SCM_RIGHTS) {
			count = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(got, CMSG_DATA(c), count * sizeof(int));
			printf(" files %d", count);
		} else {
			memcpy(&u, CMSG_DATA(c), sizeof(u));
			printf(" who %d %d %d", u.pid == getpid(), (int)u.uid, (int)u.gid);
		}
		printf("\n");
	}
}

static void drop(void)
{
	for (int i = 0; i < count; i++)
		close(got[i]);
	count = 0;
}

/* The pipe has an end: nobody has the side that writes.  Linux looks for what nobody can receive
 * some time after a socket was closed. */
static void ended(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int r = 0;

	for (int i = 0; i < 2000 && r == 0; i++) {
		r = poll(&p, 1, 50);
		close(socket(AF_UNIX, SOCK_DGRAM, 0));
	}
	printf("ended %d %x\n", r, p.revents);
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void passing(int type)
{
	int s[2], p[2], f = open("text", O_RDONLY), both[2];
	struct stat a, b;

	socketpair(AF_UNIX, type, 0, s);
	pipe(p);
	TRY(put(s[0], "file", 4, &f, 1));
	take(s[1], 100, sizeof(buf), 0);
	TRY(fstat(f, &a));
	TRY(fstat(got[0], &b));
	printf("%d %d\n", a.st_ino == b.st_ino, got[0] != f);
	TRY(read(got[0], buf, 2));
	TRY(lseek(f, 0, SEEK_CUR));
	TRY(fcntl(got[0], F_GETFD));
	drop();
	both[0] = p[0];
	both[1] = p[1];
	TRY(put(s[0], "ends", 4, both, 2));
	close(p[1]);
	take(s[1], 100, 2000, MSG_CMSG_CLOEXEC);
	TRY(fcntl(got[1], F_GETFD));
	TRY(write(got[1], "through", 7));
	TRY(read(p[0], buf, 20));
	drop();
	ended(p[0]);
	close(p[0]);
	TRY(put(s[0], "bad", 3, &(int){99}, 1));
	TRY(put(s[0], "none", 4, NULL, 0));
	take(s[1], 100, 2000, 0);
	close(s[0]);
	close(s[1]);
	close(f);
}

/* Bytes that came with files are not put together with those that did not. */
static void bounds(void)
{
	int s[2], f = open("text", O_RDONLY);

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	put(s[0], "plain", 5, NULL, 0);
	put(s[0], "with", 4, &f, 1);
	put(s[0], "after", 5, NULL, 0);
	put(s[0], "more", 4, &f, 1);
	take(s[1], 100, 2000, 0);
	drop();
	take(s[1], 100, 2000, 0);
	drop();
	take(s[1], 100, 2000, MSG_DONTWAIT);
	put(s[0], "in parts", 8, &f, 1);
	take(s[1], 3, 2000, 0);
	drop();
	put(s[0], "!", 1, NULL, 0);
	take(s[1], 100, 2000, 0);
	put(s[0], "twice", 5, &f, 1);
	take(s[1], 3, 2000, MSG_PEEK);
	printf("%d\n", open_files());
	drop();
	take(s[1], 100, 2000, 0);
	drop();
	put(s[0], "", 0, &f, 1);
	take(s[1], 100, 2000, MSG_DONTWAIT);
	memset(buf, 'x', sizeof(buf));
	put(s[0], buf, 5000, &f, 1);
	put(s[0], "y", 1, NULL, 0);
	take(s[1], 5000, 2000, 0);
	drop();
	take(s[1], 100, 2000, 0);
	close(s[0]);
	close(s[1]);
	close(f);
}

static void room(void)
{
	int s[2], p[2], fds[4], before;

	socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
	pipe(p);
	for (int i = 0; i < 4; i++)
		fds[i] = p[1];
	before = open_files();
	put(s[0], "four", 4, fds, 4);
	take(s[1], 100, CMSG_LEN(2 * sizeof(int)), 0);
	printf("%d\n", open_files() - before);
	drop();
	put(s[0], "four", 4, fds, 4);
	take(s[1], 100, CMSG_LEN(0) + 3, 0);
	printf("%d\n", open_files() - before);
	put(s[0], "four", 4, fds, 4);
	take(s[1], 100, 5, 0);
	put(s[0], "four", 4, fds, 4);
	take(s[1], 100, 0, 0);
	put(s[0], "four", 4, fds, 4);
	TRY(read(s[1], buf, 10));
	printf("%d\n", open_files() - before);
	put(s[0], "four", 4, fds, 4);
	put(s[0], "left", 4, fds, 4);
	close(p[1]);
	close(s[1]);
	ended(p[0]);
	close(s[0]);
	close(p[0]);
}

static void most(void)
{
	int s[2], fds[300], before;

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	before = open_files();
	for (int i = 0; i < 300; i++)
		fds[i] = 0;
	TRY(put(s[0], "x", 1, fds, 253));
	TRY(put(s[0], "x", 1, fds, 254));
	take(s[1], 100, 2000, 0);
	printf("%d\n", open_files() - before);
	drop();
	TRY(put(s[0], "x", 1, fds, 253));
	while (dup(0) >= 0)
		;
	close(1000);
	close(1001);
	take(s[1], 100, 2000, 0);
	for (int fd = s[1] + 1; fd < 1024; fd++)
		close(fd);
	close(s[0]);
	close(s[1]);
}

/* Sockets that nobody can ever receive. */
static void circles(void)
{
	int a[2], b[2], p[2], chain[60][2], fds[3];

	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, a);
	fds[0] = a[1];
	fds[1] = p[1];
	put(a[0], "self", 4, fds, 2);
	close(p[1]);
	close(a[0]);
	close(a[1]);
	ended(p[0]);
	close(p[0]);
	pipe(p);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, a);
	socketpair(AF_UNIX, SOCK_STREAM, 0, b);
	fds[0] = b[0];
	fds[1] = b[1];
	put(a[0], "b in a", 6, fds, 2);
	fds[0] = a[0];
	fds[1] = a[1];
	fds[2] = p[1];
	put(b[0], "a in b", 6, fds, 3);
	close(p[1]);
	close(b[0]);
	close(b[1]);
	close(a[0]);
	take(a[1], 100, 2000, MSG_PEEK);
	drop();
	close(a[1]);
	ended(p[0]);
	close(p[0]);
	pipe(p);
	fds[0] = p[1];
	for (int i = 0; i < 60; i++) {
		socketpair(AF_UNIX, SOCK_STREAM, 0, chain[i]);
		put(chain[i][0], "x", 1, fds, 1);
		close(chain[i][0]);
		close(fds[0]);
		fds[0] = chain[i][1];
	}
	for (int i = 0; i < 30; i++) {
		take(fds[0], 1, 2000, 0);
		close(fds[0]);
		fds[0] = got[0];
	}
	close(fds[0]);
	ended(p[0]);
	close(p[0]);
	printf("%d\n", open_files());
}

static void who(int type)
{
	char control[CMSG_SPACE(sizeof(struct ucred))] = {0};
	struct ucred u = {.pid = getpid(), .uid = getuid(), .gid = getgid()};
	struct iovec v = {"said", 4};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control};
	struct cmsghdr *c;
	int s[2], f = open("text", O_RDONLY), on = 1;

	socketpair(AF_UNIX, type, 0, s);
	TRY(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	put(s[0], "one", 3, NULL, 0);
	put(s[0], "two", 3, &f, 1);
	take(s[1], 3, 2000, 0);
	take(s[1], 3, 2000, 0);
	drop();
	put(s[0], "cut", 3, NULL, 0);
	take(s[1], 100, CMSG_LEN(4), 0);
	m.msg_controllen = sizeof(control);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_CREDENTIALS;
	c->cmsg_len = CMSG_LEN(sizeof(u));
	memcpy(CMSG_DATA(c), &u, sizeof(u));
	TRY(sendmsg(s[0], &m, 0));
	take(s[1], 100, 2000, 0);
	c->cmsg_len = CMSG_LEN(4);
	TRY(sendmsg(s[0], &m, 0));
	c->cmsg_type = 77;
	TRY(sendmsg(s[0], &m, 0));
	c->cmsg_level = 77;
	TRY(sendmsg(s[0], &m, 0));
	take(s[1], 100, 2000, 0);
	c->cmsg_len = 3;
	TRY(sendmsg(s[0], &m, 0));
	c->cmsg_len = 3000;
	TRY(sendmsg(s[0], &m, 0));
	m.msg_control = (void *)16;
	TRY(sendmsg(s[0], &m, 0));
	close(s[0]);
	close(s[1]);
	close(f);
}

int main(void)
{
	int before;

	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	before = open_files();
	passing(SOCK_STREAM);
	passing(SOCK_DGRAM);
	passing(SOCK_SEQPACKET);
	bounds();
	room();
	most();
	circles();
	who(SOCK_STREAM);
	who(SOCK_DGRAM);
	printf("%d\n", open_files() - before);
	return 0;
}
