/* calls.c - what calls on descriptors, files and clocks cost.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Run by run.sh with one tick for each guest instruction: figures are instructions of one call,
 * the least of several rounds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 8
#define TIMES  64

static char block[4096];
static struct stat st;
static struct timespec t;
static int data, zero, ends[2], watched[2], pair[2], letters[2], counter, set;

static unsigned long long ticks(void)
{
	unsigned int low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high));
	return (unsigned long long)high << 32 | low;
}

static void nothing(void)
{
	__asm__ volatile("");
}

static void open_close(void)
{
	close(open("/tmp/data", O_RDONLY));
}

static void do_stat(void)
{
	stat("/tmp/data", &st);
}

static void do_fstat(void)
{
	fstat(data, &st);
}

static void do_pread(void)
{
	pread(data, block, sizeof(block), 4096);
}

static void do_pwrite(void)
{
	pwrite(data, block, sizeof(block), 4096);
}

static void read_zero(void)
{
	read(zero, block, 1);
}

static void pipe_byte(void)
{
	write(ends[1], block, 1);
	read(ends[0], block, 1);
}

static void socket_byte(void)
{
	write(pair[1], block, 1);
	read(pair[0], block, 1);
}

static void datagram_byte(void)
{
	send(letters[1], block, 1, 0);
	recv(letters[0], block, 1, 0);
}

static void count(void)
{
	uint64_t n = 1;

	write(counter, &n, sizeof(n));
	read(counter, &n, sizeof(n));
}

static void do_epoll(void)
{
	struct epoll_event e;

	write(watched[1], block, 1);
	epoll_wait(set, &e, 1, 0);
	read(watched[0], block, 1);
}

static void do_getpid(void)
{
	getpid();
}

static void do_clock(void)
{
	clock_gettime(CLOCK_MONOTONIC, &t);
}

static void do_lseek(void)
{
	lseek(data, 0, SEEK_SET);
}

static void make_remove(void)
{
	close(open("/tmp/new", O_CREAT | O_WRONLY, 0600));
	unlink("/tmp/new");
}

static void do_poll(void)
{
	poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, 0);
}

/* A copy of a page by itself, to be taken from pread and pwrite. */
static void copy_page(void)
{
	static char from[4096];
	unsigned long n = sizeof(from);
	void *to = block, *source = from;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(source), "+c"(n) : : "memory");
}

static const struct {
	const char *name;
	void (*call)(void);
} list[] = {
	{"copy-4096", copy_page},
	{"open+close", open_close},
	{"stat", do_stat},
	{"fstat", do_fstat},
	{"pread-4096", do_pread},
	{"pwrite-4096", do_pwrite},
	{"read-zero-1", read_zero},
	{"pipe-write+read-1", pipe_byte},
	{"socket-write+read-1", socket_byte},
	{"datagram-send+recv-1", datagram_byte},
	{"eventfd-write+read", count},
	{"pipe-write+epoll+read-1", do_epoll},
	{"getpid", do_getpid},
	{"clock_gettime", do_clock},
	{"lseek", do_lseek},
	{"create+close+unlink", make_remove},
	{"poll", do_poll},
};

static unsigned long long least(void (*call)(void))
{
	unsigned long long best = ~0ull;

	for (int r = 0; r < ROUNDS; r++) {
		unsigned long long from = ticks();

		for (int i = 0; i < TIMES; i++)
			call();
		from = ticks() - from;
		if (from < best)
			best = from;
	}
	return best / TIMES;
}

int main(void)
{
	unsigned long long empty = least(nothing);

	data = open("/tmp/data", O_CREAT | O_RDWR, 0600);
	zero = open("/dev/zero", O_RDONLY);
	counter = eventfd(0, 0);
	set = epoll_create1(0);
	if (data < 0 || zero < 0 || pipe(ends) || pipe(watched) || ftruncate(data, 65536) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ||
	    socketpair(AF_UNIX, SOCK_DGRAM, 0, letters) || counter < 0 || set < 0 ||
	    epoll_ctl(set, EPOLL_CTL_ADD, watched[0], &(struct epoll_event){.events = EPOLLIN}))
		return 1;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		printf("bench %s %llu instructions\n", list[i].name, least(list[i].call) - empty);
	return 0;
}
