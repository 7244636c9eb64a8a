/* pty.c - pseudo-terminals and their line discipline.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static char buf[10000];

static void print(const char *what, const char *s, ssize_t n)
{
	printf("%s %zd <", what, n);
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' || (unsigned char)s[i] > 126)
			printf("\\%03o", (unsigned char)s[i]);
		else
			putchar(s[i]);
	printf(">\n");
}

/* What the terminal says: so many bytes, as soon as they come, and what there is besides. */
static void said(int m, ssize_t bytes)
{
	struct pollfd p = {.fd = m, .events = POLLIN};
	ssize_t n = 0, r;

	while (poll(&p, 1, n < bytes ? 20000 : 10) == 1 && p.revents & POLLIN &&
	       (r = read(m, buf + n, 1000)) > 0)
		n += r;
	print("said", buf, n);
}

static void type(int m, const char *s)
{
	write(m, s, strlen(s));
}

static void line(int t)
{
	struct pollfd p = {.fd = t, .events = POLLIN};
	ssize_t n;

	if (poll(&p, 1, 30) != 1) {
		printf("nothing\n");
		return;
	}
	errno = 0;
	n = read(t, buf, 5000);
	print(n < 0 ? strerror(errno) : "line", buf, n);
}

static void change(int t, tcflag_t off, tcflag_t on, tcflag_t input, tcflag_t output)
{
	struct termios m;

	tcgetattr(t, &m);
	m.c_lflag = (m.c_lflag & ~off) | on;
	m.c_iflag = input;
	m.c_oflag = output;
	tcsetattr(t, TCSANOW, &m);
}

static void making(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), t;
	char name[64];
	struct stat st;

	TRY(m > 2);
	TRY(fstat(m, &st));
	printf("%o %lx\n", st.st_mode & S_IFMT, (long)st.st_rdev);
	TRY(isatty(m));
	TRY(grantpt(m));
	strcpy(name, ptsname(m));
	printf("%d\n", strncmp(name, "/dev/pts/", 9));
	TRY(open(name, O_RDWR | O_NOCTTY));
	TRY(unlockpt(m));
	TRY((t = open(name, O_RDWR | O_NOCTTY)) > 2);
	TRY(fstat(t, &st));
	printf("%o %lx\n", st.st_mode & S_IFMT, (long)st.st_rdev & ~0xff);
	TRY(isatty(t));
	TRY(strcmp(ttyname(t), name));
	TRY(ptsname_r(m, buf, 3));
	TRY(ptsname_r(t, buf, 30) == ENOTTY);
	TRY(ptsname_r(99, buf, 30) == EBADF);
	TRY(grantpt(0));
	TRY(unlockpt(99));
	TRY(lseek(m, 0, SEEK_SET));
	TRY(close(m));
	TRY(access(name, F_OK));
	TRY(read(t, buf, 1));
	TRY(write(t, buf, 1));
	TRY(isatty(t));
	struct pollfd p = {t, POLLIN | POLLOUT, 0};
	TRY(poll(&p, 1, 0));
	printf("%x\n", p.revents);
	close(t);
}

static void lines(int m, int t)
{
	type(m, "hello\n");
	line(t);
	said(m, 7);
	type(m, "abc\rx\177yz\025new\b\n");
	line(t);
	line(t);
	said(m, 24);
	type(m, "two words_here \027\027last\n");
	line(t);
	said(m, 66);
	type(m, "a\tb\tc\177\177\177\177\n");
	line(t);
	said(m, 27);
	type(m, "ctrl\001\033\177\177x\n");
	line(t);
	said(m, 23);
	type(m, "part\004");
	line(t);
	type(m, "\004");
	line(t);
	type(m, "then\004more\n");
	line(t);
	line(t);
	said(m, 14);
	type(m, "literal\026\004\026\003\n");
	line(t);
	said(m, 17);
	type(m, "again\022\n");
	line(t);
	said(m, 16);
	type(m, "one\ntwo\nthree");
	said(m, 15);
	TRY(ioctl(t, FIONREAD, (int *)buf));
	printf("%d\n", *(int *)buf);
	line(t);
	line(t);
	line(t);
	type(m, "\025\n");
	line(t);
	said(m, 17);
	type(m, "gone\003");
	line(t);
	said(m, 2);
	type(m, "gone\034kept\n");
	line(t);
	said(m, 8);
	write(t, "prompt> ", 8);
	type(m, "x\ty\177\177\177\177\n");
	line(t);
	said(m, 26);
	type(m, "long line read in parts\n");
	TRY(read(t, buf, 5));
	TRY(read(t, buf, 5));
	line(t);
	said(m, 25);
	memset(buf, 'x', 5000);
	for (int i = 0; i < 50; i++) {
		write(m, buf, 100);
		while (poll(&(struct pollfd){m, POLLIN, 0}, 1, 0) == 1)
			read(m, buf + 5000, 1000);
	}
	type(m, "\n");
	struct pollfd p = {.fd = t, .events = POLLIN};
	TRY(poll(&p, 1, 1000));
	TRY(read(t, buf, 5000));
	printf("%d\n", buf[4094] == 'x' && buf[4095] == '\n');
	write(t, "!", 1);
	while (read(m, buf, 1) == 1 && *buf != '!') /* what was echoed comes before it */
		;
	tcflush(m, TCIOFLUSH);
}

static void modes(int m, int t)
{
	change(t, ECHO, 0, ICRNL | IXON, OPOST | ONLCR);
	type(m, "secret\n");
	line(t);
	said(m, 0);
	change(t, ECHO, ECHONL, ICRNL | IXON, OPOST | ONLCR);
	type(m, "password\n");
	line(t);
	said(m, 2);
	change(t, ECHONL, ECHO, 0, OPOST | ONLCR);
	type(m, "raw\rline\n");
	line(t);
	said(m, 11);
	change(t, 0, 0, INLCR, OPOST | ONLCR);
	type(m, "nl\nend\004");
	line(t);
	said(m, 7);
	change(t, 0, 0, IGNCR, OPOST | ONLCR);
	type(m, "no\rcr\n");
	line(t);
	said(m, 6);
	change(t, 0, 0, ICRNL, OPOST | ONLCR | OLCUC);
	write(t, "upper\n", 6);
	said(m, 7);
	change(t, 0, 0, ICRNL, OPOST | OCRNL);
	write(t, "a\rb\nc", 5);
	said(m, 5);
	change(t, 0, 0, ICRNL, OPOST | ONOCR | ONLRET);
	write(t, "a\n\rb\r\r", 6);
	said(m, 4);
	change(t, 0, 0, ICRNL, OPOST | XTABS | ONLCR);
	write(t, "\n12\t3\b\t\n", 8);
	said(m, 22);
	change(t, 0, 0, ICRNL, 0);
	write(t, "plain\n", 6);
	said(m, 6);
	change(t, ECHOE, 0, ICRNL, OPOST | ONLCR);
	type(m, "ab\177c\n");
	line(t);
	said(m, 7);
	change(t, ECHOKE, ECHOE, ICRNL, OPOST | ONLCR);
	type(m, "kill\025x\n");
	line(t);
	said(m, 11);
	change(t, ECHOCTL, ECHOKE, ICRNL, OPOST | ONLCR);
	type(m, "\001x\177\177\n");
	line(t);
	said(m, 7);
	change(t, IEXTEN, ECHOCTL, ICRNL, OPOST | ONLCR);
	type(m, "no\027word\026\n");
	line(t);
	said(m, 12);
	change(t, 0, IEXTEN | NOFLSH, ICRNL, OPOST | ONLCR);
	type(m, "stays\003\n");
	line(t);
	said(m, 9);
	change(t, ISIG, 0, ICRNL, OPOST | ONLCR);
	type(m, "no\003signal\n");
	line(t);
	said(m, 12);
	change(t, NOFLSH, ISIG, ICRNL | IUTF8, OPOST | ONLCR);
	type(m, "\303\244\303\266\177x\n");
	line(t);
	said(m, 10);
}

static void raw(int m, int t)
{
	struct termios r;

	tcgetattr(t, &r);
	cfmakeraw(&r);
	TRY(tcsetattr(t, TCSAFLUSH, &r));
	type(m, "\003k\r\n\004\177");
	line(t);
	said(m, 0);
	r.c_cc[VMIN] = 0;
	r.c_cc[VTIME] = 0;
	tcsetattr(t, TCSANOW, &r);
	TRY(read(t, buf, 10));
	r.c_cc[VTIME] = 1;
	tcsetattr(t, TCSANOW, &r);
	TRY(read(t, buf, 10));
	type(m, "xy");
	TRY(read(t, buf, 10));
	r.c_cc[VMIN] = 4;
	r.c_cc[VTIME] = 0;
	tcsetattr(t, TCSANOW, &r);
	type(m, "12");
	TRY(poll(&(struct pollfd){t, POLLIN, 0}, 1, 30));
	type(m, "34567");
	TRY(poll(&(struct pollfd){t, POLLIN, 0}, 1, 30));
	TRY(read(t, buf, 3));
	TRY(read(t, buf, 10));
	r.c_cc[VTIME] = 1;
	tcsetattr(t, TCSANOW, &r);
	type(m, "ab");
	TRY(read(t, buf, 10));
	r.c_cc[VMIN] = 1;
	r.c_cc[VTIME] = 0;
	tcsetattr(t, TCSANOW, &r);
	type(m, "dropped");
	poll(&(struct pollfd){t, POLLIN, 0}, 1, 1000);
	TRY(tcflush(t, TCIFLUSH));
	TRY(poll(&(struct pollfd){t, POLLIN, 0}, 1, 0));
	fcntl(t, F_SETFL, O_RDWR | O_NONBLOCK);
	TRY(read(t, buf, 1));
	fcntl(m, F_SETFL, O_RDWR | O_NONBLOCK);
	TRY(read(m, buf, 1));
	fcntl(m, F_SETFL, O_RDWR);
	fcntl(t, F_SETFL, O_RDWR);
}

static void asking(int m, int t)
{
	struct winsize w = {24, 80, 3, 4};
	struct termios a, b;
	int n;

	TRY(ioctl(m, TIOCSWINSZ, &w));
	memset(&w, 0, sizeof(w));
	TRY(ioctl(t, TIOCGWINSZ, &w));
	printf("%d %d %d %d\n", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
	tcgetattr(m, &a);
	tcgetattr(t, &b);
	printf("%d\n", memcmp(&a, &b, sizeof(a)));
	TRY(ioctl(m, TIOCGPTLCK, &n));
	printf("%d\n", n);
	TRY(ioctl(t, TIOCGPTN, &n));
	TRY(tcdrain(t));
	TRY(tcsendbreak(t, 0));
	TRY(tcflow(t, TCOOFF));
	TRY(poll(&(struct pollfd){t, POLLOUT, 0}, 1, 0));
	TRY(tcflow(t, TCOON));
	TRY(poll(&(struct pollfd){t, POLLOUT, 0}, 1, 0));
	TRY(tcflow(t, 77));
	TRY(tcflush(t, 77));
	TRY(ioctl(m, FIONREAD, &n));
	write(t, "12345", 5);
	poll(&(struct pollfd){m, POLLIN, 0}, 1, 1000);
	TRY(ioctl(m, FIONREAD, &n));
	printf("%d\n", n);
	said(m, 5);
	n = ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	TRY(n > 2);
	TRY(isatty(n));
	close(n);
}

/* ^S and ^Q. */
static void holding(int m, int t)
{
	struct termios r;

	tcgetattr(t, &r);
	r.c_iflag = IXON;
	tcsetattr(t, TCSANOW, &r);
	type(m, "\023");
	poll(&(struct pollfd){t, POLLIN, 0}, 1, 20); /* it has been looked at now */
	fcntl(t, F_SETFL, O_RDWR | O_NONBLOCK);
	TRY(write(t, "held", 4));
	type(m, "\021");
	poll(&(struct pollfd){t, POLLIN, 0}, 1, 20);
	TRY(write(t, "free", 4));
	said(m, 4);
	fcntl(t, F_SETFL, O_RDWR);
}

static void ending(int m, int t)
{
	struct pollfd p = {m, POLLIN, 0};
	char name[64];
	int u;

	strcpy(name, ptsname(m));
	write(t, "last words", 10);
	close(t);
	TRY(poll(&p, 1, 1000));
	printf("%x\n", p.revents);
	TRY(read(m, buf, 100));
	TRY(poll(&p, 1, 0));
	printf("%x\n", p.revents);
	TRY(read(m, buf, 100));
	TRY((u = open(name, O_RDWR | O_NOCTTY)) > 2);
	TRY(poll(&p, 1, 0));
	close(u);
	close(m);
}

int main(void)
{
	int m, t, n[2];

	making();
	TRY(openpty(&m, &t, NULL, NULL, NULL));
	lines(m, t);
	modes(m, t);
	raw(m, t);
	asking(m, t);
	holding(m, t);
	TRY(openpty(&n[0], &n[1], NULL, NULL, NULL));
	TRY(strcmp(ptsname(m), ttyname(n[1])) != 0);
	close(n[0]);
	close(n[1]);
	ending(m, t);
	return 0;
}
