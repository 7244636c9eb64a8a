/* terminal.c - lines with and without echo, keys one by one, and waiting for them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;

static void line(const char *what)
{
	char text[100];
	int tty = open("/dev/tty", O_RDWR);
	ssize_t n = read(tty, text, sizeof(text) - 1);

	close(tty);
	text[n > 0 ? n - 1 : 0] = '\0';
	printf("%s <%s>\n", what, text);
}

static void set(unsigned int off, cc_t tenths)
{
	struct termios t = before;

	t.c_lflag &= ~off;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = tenths;
	tcsetattr(0, TCSANOW, &t);
}

int main(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};
	char key[8];
	ssize_t n;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (tcgetattr(0, &before) || !isatty(0)) {
		printf("no terminal\n");
		return 1;
	}
	printf("name?\n");
	line("name");
	set(ECHO, 0);
	printf("password?\n");
	line("password");
	set(ECHO | ICANON, 100);
	printf("keys?\n");
	poll(&p, 1, -1);
	n = read(0, key, 1);
	printf("key %zd %d\n", n, key[0]);
	for (int keys = 1; keys < 4 && (n = read(0, key, sizeof(key))) > 0; keys += (int)n)
		for (ssize_t i = 0; i < n; i++)
			printf("key %d\n", key[i]);
	set(ECHO | ICANON, 1);
	printf("none %zd\n", read(0, key, sizeof(key)));
	tcsetattr(0, TCSAFLUSH, &before);
	printf("poll %d\n", poll(&p, 1, 10));
	return 0;
}
