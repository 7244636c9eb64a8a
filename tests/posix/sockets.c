/* sockets.c - UNIX sockets: streams, datagrams, packets, names, options.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static char buf[300000];

static void show(int fd)
{
	struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP | POLLPRI, 0};

	poll(&p, 1, 0);
	printf("ready %x\n", (unsigned)p.revents);
}

static struct sockaddr_un named(const char *name, socklen_t *n)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	memcpy(a.sun_path + (*name == '@'), name + (*name == '@'), strlen(name) - (*name == '@'));
	*n = offsetof(struct sockaddr_un, sun_path) + strlen(name) + (*name != '@');
	return a;
}

static int to(int (*call)(int, const struct sockaddr *, socklen_t), int fd, const char *name)
{
	socklen_t n;
	struct sockaddr_un a = named(name, &n);

	return call(fd, (void *)&a, n);
}

static void name(const char *what, int r, const struct sockaddr_un *a, socklen_t n)
{
	printf("%s %d %s", what, r, r < 0 ? strerror(errno) : "");
	if (r >= 0) {
		printf("%d %d ", n, a->sun_family);
		for (socklen_t i = 2; i < n && i < 30; i++)
			printf(a->sun_path[i - 2] ? "%c" : "@", a->sun_path[i - 2]);
	}
	printf("\n");
}

static void names(int fd)
{
	struct sockaddr_un a = {0};
	socklen_t n = sizeof(a);

	name("own", getsockname(fd, (void *)&a, &n), &a, n);
	n = sizeof(a);
	memset(&a, 0, sizeof(a));
	name("peer", getpeername(fd, (void *)&a, &n), &a, n);
}

static void pairs(int type)
{
	int s[2], n = 0;
	struct stat st;

	TRY(socketpair(AF_UNIX, type, 0, s));
	show(s[0]);
	names(s[0]);
	TRY(fstat(s[0], &st));
	printf("%o %d\n", st.st_mode, (int)st.st_nlink);
	TRY(write(s[0], "hello", 5));
	TRY(send(s[0], "world", 5, 0));
	show(s[1]);
	TRY(ioctl(s[1], FIONREAD, &n));
	printf("%d\n", n);
	TRY(recv(s[1], buf, 3, MSG_PEEK));
	TRY(recv(s[1], buf, 3, 0));
	memset(buf, 0, 20);
	TRY(read(s[1], buf, 20));
	printf("%s\n", buf);
	TRY(recv(s[1], buf, 20, MSG_DONTWAIT));
	TRY(recv(s[1], buf, 20, MSG_DONTWAIT));
	TRY(lseek(s[0], 0, SEEK_SET));
	TRY(pread(s[0], buf, 1, 0));
	TRY(ftruncate(s[0], 0));
	TRY(shutdown(s[0], SHUT_WR));
	show(s[0]);
	show(s[1]);
	TRY(recv(s[1], buf, 20, MSG_DONTWAIT));
	TRY(send(s[0], "x", 1, MSG_NOSIGNAL));
	TRY(send(s[1], "y", 1, MSG_NOSIGNAL));
	TRY(shutdown(s[1], 77));
	TRY(close(s[0]));
	show(s[1]);
	TRY(recv(s[1], buf, 20, MSG_DONTWAIT));
	TRY(recv(s[1], buf, 20, MSG_DONTWAIT));
	TRY(send(s[1], "z", 1, MSG_NOSIGNAL));
	TRY(send(s[1], "z", 1, MSG_NOSIGNAL));
	names(s[1]);
	close(s[1]);
}

static void large(int type)
{
	struct iovec v[3] = {{buf, 1000}, {buf + 2000, 0}, {buf + 3000, 70000}};
	static char in[300000];
	int s[2], sum = 0;

	socketpair(AF_UNIX, type, 0, s);
	for (int i = 0; i < 300000; i++)
		buf[i] = (char)(i * 7 + i / 300);
	TRY(send(s[0], buf, 100000, 0));
	TRY(writev(s[0], v, 3));
	v[0].iov_base = in;
	v[1] = (struct iovec){in + 1000, 99000};
	v[2] = (struct iovec){in + 100000, 100000};
	if (type == SOCK_STREAM) {
		TRY(recv(s[1], in, 171000, MSG_WAITALL));
	} else {
		TRY(readv(s[1], v, 3));
		printf("%d\n", memcmp(buf, in, 100000));
		TRY(recv(s[1], in + 100000, 100, MSG_TRUNC));
	}
	for (int i = 0; i < 171000; i++)
		sum = sum * 31 + (type == SOCK_STREAM ? in[i] : 0);
	printf("%d %d\n", sum, memcmp(buf, in, 100000));
	TRY(send(s[0], buf, 220000, MSG_DONTWAIT) > 100000);
	TRY(send(s[0], (void *)16, 1000, MSG_DONTWAIT));
	TRY(recv(s[1], (void *)16, 0, MSG_DONTWAIT));
	close(s[0]);
	close(s[1]);
}

static void streams(void)
{
	int l = socket(AF_UNIX, SOCK_STREAM, 0),
	    c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int d = socket(AF_UNIX, SOCK_STREAM, 0), a, n;
	struct sockaddr_un from;
	socklen_t length = sizeof(from);
	struct stat st;

	show(c);
	TRY(recv(c, buf, 1, 0));
	TRY(send(c, buf, 1, MSG_NOSIGNAL));
	TRY(to(connect, c, "none"));
	TRY(to(connect, c, "text"));
	TRY(to(connect, c, "text/x"));
	TRY(listen(l, 1));
	TRY(accept(l, NULL, NULL));
	umask(022);
	TRY(to(bind, l, "here"));
	TRY(to(bind, l, "there"));
	TRY(to(bind, d, "here"));
	TRY(to(bind, d, "dir/none/x"));
	TRY(stat("here", &st));
	printf("%o\n", st.st_mode);
	TRY(open("here", O_RDWR));
	TRY(to(connect, c, "here"));
	TRY(listen(l, 1));
	show(l);
	names(l);
	TRY(to(bind, c, "client"));
	TRY(to(connect, c, "here"));
	TRY(to(connect, c, "here"));
	TRY(listen(c, 1));
	show(l);
	show(c);
	names(c);
	TRY(send(c, "early", 5, 0));
	TRY(to(connect, d, "here"));
	n = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	TRY(to(connect, n, "here"));
	TRY((a = accept4(l, (void *)&from, &length, SOCK_CLOEXEC | SOCK_NONBLOCK)) > 0);
	name("from", 0, &from, length);
	TRY(to(connect, n, "here"));
	names(a);
	TRY(fcntl(a, F_GETFD));
	TRY(fcntl(a, F_GETFL));
	TRY(recv(a, buf, 9, 0));
	TRY(recv(a, buf, 9, 0));
	TRY(send(a, "back", 4, 0));
	TRY(recvfrom(c, buf, 9, 0, (void *)&from, &length));
	printf("%d\n", length);
	TRY(sendto(c, "x", 1, 0, (void *)&from, sizeof(from)));
	TRY(close(a));
	show(c);
	TRY(recv(c, buf, 9, 0));
	TRY(recv(c, buf, 9, 0));
	TRY(close(l));
	show(d);
	TRY(recv(d, buf, 9, 0));
	TRY(recv(d, buf, 9, 0));
	TRY(send(d, buf, 9, MSG_NOSIGNAL));
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	TRY(to(connect, l, "here"));
	TRY(unlink("here"));
	close(l);
	close(c);
	close(d);
	close(n);
}

/* What is lost when the other end is closed is an error, once. */
static void lost(void)
{
	int s[2], error = -1;
	socklen_t n = sizeof(error);

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	write(s[0], "abc", 3);
	write(s[1], "def", 3);
	close(s[1]);
	show(s[0]);
	TRY(recv(s[0], buf, 2, 0));
	TRY(getsockopt(s[0], SOL_SOCKET, SO_ERROR, &error, &n));
	printf("%d\n", error);
	TRY(recv(s[0], buf, 2, 0));
	TRY(recv(s[0], buf, 2, 0));
	close(s[0]);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	write(s[0], "abc", 3);
	close(s[1]);
	TRY(recv(s[0], buf, 2, 0));
	TRY(recv(s[0], buf, 2, 0));
	close(s[0]);
}

static void datagrams(void)
{
	int a = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0), n = 0;
	int b = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un from, at;
	socklen_t length;

	show(a);
	TRY(to(bind, a, "@first"));
	TRY(to(bind, b, "@first"));
	TRY(to(bind, b, "second"));
	TRY(to(connect, s, "second"));
	TRY(send(b, "x", 1, 0));
	at = named("@first", &length);
	TRY(sendto(b, "datagram", 8, 0, (void *)&at, length));
	TRY(sendto(b, "", 0, 0, (void *)&at, length));
	TRY(sendto(b, "x", 1, 0, (void *)&at, length - 1));
	TRY(sendto(b, "x", 1, 0, (void *)&at, 2));
	TRY(sendto(b, "x", 1, 0, (void *)&at, 1));
	show(a);
	length = sizeof(from);
	TRY(recvfrom(a, buf, 4, 0, (void *)&from, &length));
	name("from", 0, &from, length);
	length = 4;
	TRY(recvfrom(a, buf, 4, 0, (void *)&from, &length));
	printf("%d\n", length);
	TRY(recv(a, buf, 4, 0));
	TRY(to(connect, b, "@first"));
	show(b);
	while (send(b, "many", 4, 0) == 4)
		n++;
	printf("%d\n", n);
	TRY(send(b, "many", 4, 0));
	show(b);
	TRY(recv(a, buf, 4, 0));
	show(b);
	TRY(send(b, "many", 4, 0));
	TRY(to(connect, a, "second"));
	TRY(send(b, "more", 4, 0));
	TRY(send(a, "back", 4, 0));
	TRY(to(connect, s, "@first"));
	length = 2;
	at.sun_family = AF_UNSPEC;
	TRY(connect(b, (void *)&at, sizeof(at)));
	names(b);
	TRY(send(b, "x", 1, 0));
	TRY(to(connect, b, "@first"));
	close(a);
	show(b);
	TRY(send(b, "x", 1, 0));
	TRY(send(b, "x", 1, 0));
	TRY(to(connect, b, "@first"));
	close(b);
	close(s);
	unlink("second");
	a = socket(AF_UNIX, SOCK_DGRAM, 0);
	at.sun_family = AF_UNIX;
	TRY(bind(a, (void *)&at, 2));
	length = sizeof(from);
	TRY(getsockname(a, (void *)&from, &length));
	printf("%d %d\n", length, from.sun_path[0]);
	TRY(connect(a, (void *)&from, length));
	TRY(send(a, "self", 4, 0));
	TRY(recv(a, buf, 9, 0));
	TRY(shutdown(a, SHUT_RD));
	TRY(recv(a, buf, 9, 0));
	close(a);
}

static void packets(void)
{
	int l = socket(AF_UNIX, SOCK_SEQPACKET, 0), c = socket(AF_UNIX, SOCK_SEQPACKET, 0), a;
	struct iovec v = {buf, 3};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};

	TRY(recv(c, buf, 1, 0));
	TRY(send(c, buf, 1, MSG_NOSIGNAL));
	to(bind, l, "@packets");
	listen(l, 0);
	TRY(to(connect, c, "@packets"));
	a = accept(l, NULL, NULL);
	TRY(send(c, "one", 3, MSG_EOR));
	TRY(send(c, "two two", 7, 0));
	TRY(recvmsg(a, &m, 0));
	printf("%x\n", m.msg_flags);
	TRY(recvmsg(a, &m, 0));
	printf("%x %.3s\n", m.msg_flags, buf);
	TRY(send(c, buf, 200000, 0));
	TRY(recv(a, buf, 200001, 0));
	close(c);
	TRY(recv(a, buf, 10, 0));
	show(a);
	close(a);
	close(l);
}

static int option(int fd, int name)
{
	int value = -77;
	socklen_t n = sizeof(value);
	int r = getsockopt(fd, SOL_SOCKET, name, &value, &n);

	printf("%d %d: ", value, n);
	return r;
}

static int set(int fd, int name, int value)
{
	return setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

static void options(void)
{
	static const int remembered[] = {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE};
	int s = socket(AF_UNIX, SOCK_STREAM, 0), p[2];
	struct timeval t = {0, 30000};
	struct linger g = {1, 5};
	struct ucred who;
	socklen_t n = sizeof(t);

	TRY(option(s, SO_TYPE));
	TRY(option(s, SO_DOMAIN));
	TRY(option(s, SO_PROTOCOL));
	TRY(option(s, SO_ACCEPTCONN));
	TRY(option(s, SO_SNDBUF));
	TRY(option(s, SO_RCVBUF));
	TRY(option(s, SO_RCVLOWAT));
	TRY(option(s, SO_SNDLOWAT));
	TRY(option(s, SO_PASSCRED));
	TRY(option(s, 9999));
	for (int i = 0; i < 4; i++) {
		TRY(option(s, remembered[i]));
		TRY(set(s, remembered[i], 5));
		TRY(option(s, remembered[i]));
	}
	TRY(set(s, SO_SNDBUF, 10000));
	TRY(option(s, SO_SNDBUF));
	TRY(set(s, SO_RCVBUF, 1));
	TRY(option(s, SO_RCVBUF));
	TRY(set(s, SO_TYPE, 1));
	TRY(set(s, SO_RCVLOWAT, 0));
	TRY(option(s, SO_RCVLOWAT));
	TRY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &n, 3));
	TRY(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (void *)16, 4));
	TRY(setsockopt(s, 77, SO_REUSEADDR, &n, 4));
	TRY(getsockopt(s, SOL_SOCKET, SO_TYPE, &n, (void *)16));
	TRY(setsockopt(s, SOL_SOCKET, SO_LINGER, &g, sizeof(g)));
	memset(&g, 0, sizeof(g));
	TRY(getsockopt(s, SOL_SOCKET, SO_LINGER, &g, &(socklen_t){sizeof(g)}));
	printf("%d %d\n", g.l_onoff, g.l_linger);
	n = sizeof(who);
	TRY(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &who, &n));
	printf("%d %d %d\n", who.pid, who.uid, who.gid);
	socketpair(AF_UNIX, SOCK_STREAM, 0, p);
	TRY(getsockopt(p[0], SOL_SOCKET, SO_PEERCRED, &who, &n));
	printf("%d %d %d\n", who.pid == getpid(), who.uid == getuid(), who.gid == getgid());
	TRY(setsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	TRY(recv(p[0], buf, 1, 0));
	n = sizeof(t);
	TRY(getsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &t, &n));
	printf("%ld %d\n", (long)t.tv_sec, t.tv_usec > 20000);
	t.tv_usec = 2000000;
	TRY(setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	t.tv_usec = 10000;
	TRY(setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
	while (send(p[0], buf, 4096, MSG_DONTWAIT) > 0)
		;
	TRY(send(p[0], buf, 300000, 0));
	show(p[0]);
	TRY(recv(p[1], buf, 4096, 0));
	show(p[0]);
	TRY(set(p[1], SO_RCVLOWAT, 10000));
	TRY(recv(p[1], buf, 5000, 0));
	close(p[0]);
	close(p[1]);
	close(s);
}

static void mistakes(void)
{
	struct sockaddr_un a = {.sun_family = AF_INET};
	int s = socket(AF_UNIX, SOCK_STREAM, 0), f = open("text", O_RDONLY), p[2];
	struct msghdr m = {0};

	TRY(socket(AF_UNIX, 77, 0));
	TRY(socket(AF_UNIX, SOCK_STREAM | 0x100, 0));
	TRY(socket(AF_UNIX, SOCK_STREAM, 77));
	TRY(close(socket(AF_UNIX, SOCK_STREAM, PF_UNIX)));
	TRY(close(socket(AF_UNIX, SOCK_RAW, 0)));
	TRY(socket(77, SOCK_STREAM, 0));
	TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, (void *)16));
	TRY(bind(s, (void *)&a, sizeof(a)));
	TRY(bind(s, (void *)16, sizeof(a)));
	TRY(bind(s, (void *)&a, 200));
	TRY(connect(s, (void *)&a, 1));
	TRY(bind(f, (void *)&a, sizeof(a)));
	TRY(bind(99, (void *)&a, sizeof(a)));
	TRY(send(f, "x", 1, 0));
	TRY(send(99, "x", 1, 0));
	TRY(accept4(s, NULL, NULL, 77));
	TRY(getpeername(s, (void *)&a, (void *)16));
	TRY(listen(f, 1));
	TRY(shutdown(s, SHUT_RDWR));
	show(s);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
	TRY(listen(p[0], 1));
	TRY(accept(p[0], NULL, NULL));
	m.msg_iovlen = 2000;
	TRY(sendmsg(p[0], &m, 0));
	m.msg_iovlen = 1;
	m.msg_iov = (void *)16;
	TRY(sendmsg(p[0], &m, 0));
	TRY(recvmsg(p[0], (void *)16, MSG_DONTWAIT));
	TRY(send(p[0], buf, 250000, 0));
	signal(SIGPIPE, SIG_IGN);
	close(p[1]);
	TRY(write(p[0], "x", 1));
	close(p[0]);
	socketpair(AF_UNIX, SOCK_STREAM, 0, p);
	close(p[1]);
	TRY(write(p[0], "x", 1));
	close(p[0]);
	close(s);
	close(f);
}

static void several(void)
{
	struct iovec v[3] = {{"one", 3}, {"three", 5}, {"seventh", 7}};
	struct mmsghdr m[3];
	int p[2];

	memset(m, 0, sizeof(m));
	for (int i = 0; i < 3; i++) {
		m[i].msg_hdr.msg_iov = &v[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
	TRY(sendmmsg(p[0], m, 3, 0));
	v[0] = v[1] = v[2] = (struct iovec){buf, 4};
	TRY(recvmmsg(p[1], m, 3, MSG_WAITFORONE, NULL));
	for (int i = 0; i < 3; i++)
		printf("%u %x\n", m[i].msg_len, m[i].msg_hdr.msg_flags);
	TRY(recvmmsg(p[1], m, 3, MSG_DONTWAIT, NULL));
	close(p[0]);
	close(p[1]);
}

int main(void)
{
	static const int type[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

	for (int i = 0; i < 3; i++) {
		pairs(type[i]);
		large(type[i]);
	}
	streams();
	lost();
	datagrams();
	packets();
	options();
	mistakes();
	several();
	return 0;
}
