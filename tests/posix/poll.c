/* poll.c - waiting for descriptors, asking and telling them, copying between them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static char buf[70000];

static void show(const struct pollfd *p, int n)
{
	for (int i = 0; i < n; i++)
		printf("%x ", (unsigned)p[i].revents);
	printf("\n");
}

static long passed(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - from->tv_sec) * 1000 + (now.tv_nsec - from->tv_nsec) / 1000000;
}

static void polling(void)
{
	int e[2], file = open("text", O_RDWR), dir = open("dir", O_RDONLY);
	struct timespec from, t = {0, 20000000};
	struct pollfd p[5];

	pipe(e);
	p[0] = (struct pollfd){e[0], POLLIN, 0};
	p[1] = (struct pollfd){e[1], POLLOUT, 0};
	p[2] = (struct pollfd){file, POLLIN | POLLOUT, 0};
	p[3] = (struct pollfd){-1, POLLIN, 99};
	p[4] = (struct pollfd){77, POLLIN, 0};
	TRY(poll(p, 5, -1));
	show(p, 5);
	TRY(poll(p, 1, 0));
	clock_gettime(CLOCK_MONOTONIC, &from);
	TRY(poll(p, 1, 30));
	printf("%d\n", passed(&from) >= 30);
	TRY(poll(NULL, 0, 10));
	TRY(ppoll(p, 1, &t, NULL));
	TRY(poll((void *)16, 1, 0));
	TRY(poll(p, 100000, 0));
	write(e[1], "abc", 3);
	TRY(poll(p, 1, -1));
	show(p, 1);
	p[0].events = 0;
	TRY(poll(p, 1, 0));
	close(e[1]);
	TRY(poll(p, 1, -1));
	show(p, 1);
	read(e[0], buf, 10);
	p[0].events = POLLIN;
	TRY(poll(p, 1, 0));
	show(p, 1);
	close(e[0]);
	pipe2(e, O_NONBLOCK);
	while (write(e[1], buf, 4096) > 0)
		;
	p[0] = (struct pollfd){e[1], POLLOUT, 0};
	TRY(poll(p, 1, 0));
	TRY(read(e[0], buf, 4095));
	TRY(poll(p, 1, 0));
	TRY(read(e[0], buf, 1));
	TRY(poll(p, 1, 0));
	close(e[0]);
	TRY(poll(p, 1, 0));
	show(p, 1);
	close(e[1]);
	p[0] = (struct pollfd){dir, POLLIN, 0};
	p[1] = (struct pollfd){open("/dev/null", O_RDWR), POLLIN | POLLOUT, 0};
	TRY(poll(p, 2, 0));
	show(p, 2);
	close(p[1].fd);
	close(file);
	close(dir);
}

static void selecting(void)
{
	struct timeval t = {0, 20000};
	fd_set in, out;
	int e[2];

	pipe(e);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(e[0], &in);
	FD_SET(e[1], &out);
	TRY(select(e[1] + 1, &in, &out, NULL, NULL));
	printf("%d %d\n", !!FD_ISSET(e[0], &in), !!FD_ISSET(e[1], &out));
	FD_SET(e[0], &in);
	TRY(select(e[1] + 1, &in, NULL, NULL, &t));
	printf("%ld %d\n", (long)t.tv_sec, (int)t.tv_usec);
	write(e[1], "x", 1);
	FD_SET(e[0], &in);
	t.tv_sec = 1000;
	TRY(select(e[1] + 1, &in, &out, NULL, &t));
	printf("%d\n", t.tv_sec >= 500);
	t = (struct timeval){0, 5000};
	TRY(select(0, NULL, NULL, NULL, &t));
	/* Linux looks at no more than its table has room for, which is 64 at least. */
	FD_ZERO(&in);
	FD_SET(60, &in);
	TRY(select(61, &in, NULL, NULL, NULL));
	TRY(select(-1, NULL, NULL, NULL, NULL));
	t.tv_sec = -1;
	TRY(select(0, NULL, NULL, NULL, &t));
	close(e[0]);
	close(e[1]);
}

static void asking(void)
{
	struct winsize w;
	struct termios t;
	int e[2], n = -1, on = 1, fd = open("text", O_RDONLY);

	pipe(e);
	write(e[1], "12345", 5);
	TRY(ioctl(e[0], FIONREAD, &n));
	printf("%d\n", n);
	read(fd, buf, 3);
	TRY(ioctl(fd, FIONREAD, &n));
	printf("%d\n", n);
	TRY(ioctl(e[0], FIONBIO, &on));
	read(e[0], buf, 5);
	TRY(read(e[0], buf, 1));
	TRY(ioctl(e[0], FIOCLEX));
	TRY(fcntl(e[0], F_GETFD));
	TRY(ioctl(e[0], TIOCGWINSZ, &w));
	TRY(ioctl(fd, TIOCGWINSZ, &w));
	TRY(ioctl(99, TIOCGWINSZ, &w));
	TRY(ioctl(fd, FIONREAD, (void *)16));
	TRY(tcgetattr(fd, &t));
	TRY(tcsetattr(fd, TCSANOW, &t));
	TRY(tcsetattr(fd, 9, &t));
	TRY(tcflush(fd, TCIFLUSH));
	TRY(tcdrain(e[0]));
	TRY(fcntl(e[0], F_GETPIPE_SZ));
	close(e[0]);
	close(e[1]);
	memset(&t, 0, sizeof(t));
	TRY(cfsetospeed(&t, B9600));
	TRY(cfgetospeed(&t) == B9600);
	TRY(cfsetispeed(&t, B38400));
	cfmakeraw(&t);
	printf("%x %x %x %x %d %d\n", t.c_iflag, t.c_oflag, t.c_cflag & ~CBAUD, t.c_lflag,
	       t.c_cc[VMIN], t.c_cc[VTIME]);
	TRY(ttyname(fd) == NULL);
	close(fd);
}

static void copying(void)
{
	int from = open("from", O_CREAT | O_RDWR, 0600), to = open("to", O_CREAT | O_RDWR, 0600);
	off_t at = 10, target = 5;
	int e[2];

	for (int i = 0; i < 70000; i++)
		buf[i] = (char)(i * 7 + i / 300);
	write(from, buf, 70000);
	lseek(from, 0, SEEK_SET);
	TRY(sendfile(to, from, NULL, 100));
	TRY(lseek(from, 0, SEEK_CUR));
	TRY(sendfile(to, from, &at, 1000000));
	printf("%ld\n", (long)at);
	TRY(lseek(to, 0, SEEK_CUR));
	TRY(sendfile(to, from, &at, 10));
	TRY(copy_file_range(from, NULL, to, &target, 50, 0));
	printf("%ld\n", (long)target);
	TRY(copy_file_range(from, &at, to, NULL, 50, 7));
	TRY(copy_file_range(from, NULL, 99, NULL, 50, 0));
	TRY(pread(to, buf, 60, 0));
	for (int i = 0; i < 60; i++)
		printf("%02x", (unsigned char)buf[i]);
	printf("\n");
	pipe(e);
	TRY(sendfile(e[1], from, NULL, 20));
	TRY(sendfile(to, e[0], NULL, 20));
	TRY(sendfile(to, 99, NULL, 20));
	TRY(copy_file_range(e[0], NULL, to, NULL, 50, 0));
	TRY(fallocate(to, FALLOC_FL_KEEP_SIZE, 0, 200000));
	TRY(lseek(to, 0, SEEK_END));
	TRY(fallocate(to, 0, 0, 200000));
	TRY(lseek(to, 0, SEEK_END));
	TRY(fallocate(e[0], 0, 0, 1));
	TRY(readahead(from, 0, 10));
	TRY(readahead(e[0], 0, 10));
	TRY(sync_file_range(from, 0, 0, 2));
	TRY(syncfs(from));
	TRY(fsync(e[0]));
	TRY(fsync(open("/dev/null", O_RDWR)));
	close(e[0]);
	close(e[1]);
	close(from);
	close(to);
}

/* What is there is enough: the second buffer is not waited for. */
static void vectors(void)
{
	struct iovec v[2] = {{buf, 3}, {buf + 10, 3}};
	int e[2];

	pipe(e);
	write(e[1], "abc", 3);
	TRY(readv(e[0], v, 2));
	TRY(writev(e[1], v, 2));
	TRY(readv(e[0], v, 2));
	v[1].iov_len = (size_t)-1;
	TRY(writev(e[1], v, 2));
	TRY(writev(e[1], v, 2000));
	close(e[0]);
	close(e[1]);
}

int main(void)
{
	struct statfs s;

	polling();
	selecting();
	asking();
	copying();
	vectors();
	TRY(statfs("none", &s));
	TRY(fstatfs(99, &s));
	TRY(statfs("text", &s));
	printf("%ld %d\n", (long)s.f_namelen, s.f_bfree <= s.f_blocks);
	TRY(euidaccess("text", R_OK));
	TRY(lchmod("link", 0600));
	TRY(futimesat(AT_FDCWD, "none", NULL));
	return 0;
}
