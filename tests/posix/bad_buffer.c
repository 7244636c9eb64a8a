/* bad_buffer.c - what could not be read into a buffer that is no memory is read with the next call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

static char *edge; /* nothing is mapped from here on */
static char out[16 * PAGE], in[16 * PAGE];

static const char *result(ssize_t r)
{
	static char text[40];

	if (r < 0)
		snprintf(text, sizeof(text), "%s", strerror(errno));
	else
		snprintf(text, sizeof(text), "%zd", r);
	return text;
}

/* All that was written comes, whatever was tried before. */
static void rest(int fd, size_t n)
{
	size_t done = 0;

	memset(in, 0, sizeof(in));
	while (done < n) {
		ssize_t r = read(fd, in + done, n - done);

		if (r <= 0)
			break;
		done += (size_t)r;
	}
	printf(" then %zu of %zu, %s\n", done, n, memcmp(in, out, n) ? "others" : "the same");
}

static void try(const char *what, int to, int from, size_t n, char *buffer, size_t want)
{
	write(to, out, n);
	printf("%s %zu, %zu into %d:", what, n, want, buffer < edge + PAGE && buffer > edge - PAGE);
	printf(" %s", result(read(from, buffer, want)));
	rest(from, n);
}

static void all(const char *what, int to, int from)
{
	struct iovec two[2] = {{in, 10}, {edge, 10}};

	try(what, to, from, 1, edge, 1);
	try(what, to, from, 5, NULL, 10);
	try(what, to, from, 200, edge - 100, 200);
	try(what, to, from, 256, (char *)0x7fffffff0000, 256);
	try(what, to, from, 1000, edge - 10, 1000);
	try(what, to, from, PAGE, edge, PAGE);
	for (int i = 0; i < 40; i++) /* wherever pages begin */
		try(what, to, from, 1500, edge, 1500);
	write(to, out, 5);
	printf("%s peek:", what);
	printf(" %s", result(recv(from, edge, 5, MSG_PEEK)));
	rest(from, 5);
	write(to, out, 10);
	printf("%s two:", what);
	printf(" %s", result(readv(from, two, 2)));
	printf(" %d\n", memcmp(in, out, 10));
	printf("%s errors:", what);
	printf(" %s", result(write(to, edge, 5)));
	printf(" %s", result(write(to, edge, PAGE)));
	fcntl(from, F_SETFL, O_NONBLOCK);
	printf(" %s\n", result(read(from, in, 10)));
	fcntl(from, F_SETFL, 0);
}

int main(void)
{
	int p[2], s[2];

	edge = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	edge += 2 * PAGE;
	munmap(edge, 2 * PAGE);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7 + i / 251 + 1);
	pipe(p);
	all("pipe", p[1], p[0]);
	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	all("stream", s[0], s[1]);
	return 0;
}
