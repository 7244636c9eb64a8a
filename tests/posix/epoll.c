/* epoll.c - sets of descriptors to wait for.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

static char buf[70000];

static int put(int set, int operation, int fd, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.u64 = 0x1234567800000000 + (uint64_t)fd};

	return epoll_ctl(set, operation, fd, &e);
}

/* What is ready, by descriptor. */
static void show(int set, int ms)
{
	struct epoll_event e[64];
	int n = epoll_wait(set, e, 64, ms);

	printf("%d:", n);
	for (int fd = 0; fd < 64; fd++)
		for (int i = 0; i < n; i++)
			if (e[i].data.u64 == 0x1234567800000000 + (uint64_t)fd)
				printf(" %x", e[i].events);
	printf("\n");
}

static void level(void)
{
	int set = epoll_create1(EPOLL_CLOEXEC), p[2];

	TRY(fcntl(set, F_GETFD));
	pipe(p);
	TRY(put(set, EPOLL_CTL_ADD, p[0], EPOLLIN));
	TRY(put(set, EPOLL_CTL_ADD, p[1], EPOLLOUT));
	show(set, 0);
	TRY(put(set, EPOLL_CTL_ADD, p[0], EPOLLIN));
	write(p[1], "ab", 2);
	show(set, -1);
	read(p[0], buf, 1);
	show(set, 10);
	read(p[0], buf, 1);
	show(set, 0);
	TRY(put(set, EPOLL_CTL_MOD, p[1], 0));
	show(set, 20);
	close(p[1]);
	show(set, -1);
	show(set, -1);
	TRY(put(set, EPOLL_CTL_DEL, p[1], 0));
	TRY(put(set, EPOLL_CTL_MOD, p[0], EPOLLRDHUP));
	show(set, 0);
	close(p[0]);
	show(set, 0);
	close(set);
}

static void edges(void)
{
	int set = epoll_create(1), p[2], e = eventfd(0, EFD_NONBLOCK);

	pipe2(p, O_NONBLOCK);
	put(set, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLET);
	put(set, EPOLL_CTL_ADD, p[1], EPOLLOUT | EPOLLET);
	show(set, 0);
	show(set, 0);
	write(p[1], "abc", 3);
	show(set, 0);
	show(set, 0);
	read(p[0], buf, 1);
	show(set, 0);
	write(p[1], "d", 1);
	show(set, 0);
	while (write(p[1], buf, 4096) > 0)
		;
	show(set, 0);
	read(p[0], buf, 4099);
	show(set, 0);
	TRY(put(set, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET));
	show(set, 0);
	show(set, 0);
	close(p[1]);
	show(set, 0);
	show(set, 0);
	put(set, EPOLL_CTL_ADD, e, EPOLLIN | EPOLLET);
	show(set, 0);
	eventfd_write(e, 1);
	eventfd_write(e, 1);
	show(set, 0);
	show(set, 0);
	eventfd_write(e, 1);
	show(set, 0);
	close(p[0]);
	close(e);
	close(set);
}

static void once(void)
{
	int set = epoll_create1(0), e = eventfd(1, 0);

	put(set, EPOLL_CTL_ADD, e, EPOLLIN | EPOLLONESHOT);
	show(set, 0);
	show(set, 0);
	eventfd_write(e, 1);
	show(set, 0);
	put(set, EPOLL_CTL_MOD, e, EPOLLIN | EPOLLOUT | EPOLLONESHOT);
	show(set, 0);
	show(set, 0);
	put(set, EPOLL_CTL_MOD, e, EPOLLIN);
	show(set, 0);
	close(e);
	close(set);
}

/* A descriptor that is closed stays as long as the open file does. */
static void duplicates(void)
{
	int set = epoll_create1(0), e = eventfd(1, 0), d = dup(e);

	put(set, EPOLL_CTL_ADD, e, EPOLLIN);
	TRY(put(set, EPOLL_CTL_ADD, d, EPOLLIN));
	show(set, 0);
	close(e);
	show(set, 0);
	TRY(put(set, EPOLL_CTL_DEL, e, EPOLLIN));
	close(d);
	show(set, 0);
	close(set);
}

static void nested(void)
{
	int set[7], e = eventfd(0, 0);
	struct pollfd p;

	for (int i = 0; i < 7; i++)
		set[i] = epoll_create1(0);
	put(set[0], EPOLL_CTL_ADD, e, EPOLLIN);
	TRY(put(set[1], EPOLL_CTL_ADD, set[0], EPOLLIN));
	TRY(put(set[0], EPOLL_CTL_ADD, set[1], EPOLLIN));
	TRY(put(set[0], EPOLL_CTL_ADD, set[0], EPOLLIN));
	show(set[1], 0);
	p = (struct pollfd){.fd = set[1], .events = POLLIN};
	TRY(poll(&p, 1, 0));
	eventfd_write(e, 1);
	show(set[1], -1);
	TRY(poll(&p, 1, -1));
	printf("%x\n", p.revents);
	show(set[0], 0);
	eventfd_read(e, &(eventfd_t){0});
	show(set[1], 0);
	TRY(poll(&p, 1, 0));
	TRY(put(set[2], EPOLL_CTL_ADD, set[1], EPOLLIN | EPOLLET));
	TRY(put(set[3], EPOLL_CTL_ADD, set[2], EPOLLIN));
	eventfd_write(e, 1);
	show(set[3], 0);
	show(set[2], 0);
	show(set[2], 0);
	show(set[3], 0);
	for (int i = 0; i < 7; i++)
		close(set[i]);
	close(e);
}

static void timed(void)
{
	int set = epoll_create1(0), out = epoll_create1(0);
	int t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK),
	    u = timerfd_create(CLOCK_REALTIME, 0);
	struct itimerspec i = {{0, 20000000}, {0, 20000000}};
	uint64_t n;

	put(set, EPOLL_CTL_ADD, t, EPOLLIN);
	put(set, EPOLL_CTL_ADD, u, EPOLLIN | EPOLLET);
	put(out, EPOLL_CTL_ADD, set, EPOLLIN);
	show(out, 0);
	timerfd_settime(t, 0, &i, NULL);
	show(set, 100000);
	show(out, 0);
	TRY(read(t, &n, 8));
	i.it_interval.tv_nsec = i.it_value.tv_nsec = 0;
	timerfd_settime(t, 0, &i, NULL);
	show(set, 0);
	i.it_value.tv_nsec = 30000000;
	timerfd_settime(u, 0, &i, NULL);
	show(out, 100000);
	show(set, 100000);
	show(set, 50);
	TRY(read(u, &n, 8));
	i.it_interval.tv_nsec = 10000000;
	timerfd_settime(u, 0, &i, NULL);
	show(set, 100000);
	show(set, 50);
	TRY(read(u, &n, 8));
	show(set, 100000);
	close(t);
	close(u);
	close(set);
	close(out);
}

/* More than what is asked for: the others' turn comes next. */
static void many(void)
{
	int set = epoll_create1(0), fd[50], seen[64] = {0}, n = 0;
	struct epoll_event e[20];

	for (int i = 0; i < 50; i++) {
		fd[i] = eventfd(1, 0);
		put(set, EPOLL_CTL_ADD, fd[i], EPOLLIN);
	}
	for (int k = 0; k < 5; k++) {
		int got = epoll_wait(set, e, 20, 0);

		printf("%d ", got);
		for (int i = 0; i < got; i++)
			n += !seen[(uint32_t)e[i].data.u64 % 64]++;
	}
	printf("%d\n", n);
	show(set, 0);
	for (int i = 0; i < 50; i += 2)
		eventfd_read(fd[i], &(eventfd_t){0});
	show(set, 0);
	for (int i = 0; i < 50; i++)
		close(fd[i]);
	show(set, 0);
	close(set);
}

static void mistakes(void)
{
	int set = epoll_create1(0), file = open("text", O_RDONLY), p[2];
	struct epoll_event e = {.events = EPOLLIN};
	struct timespec t = {0, 1000000};

	pipe(p);
	TRY(epoll_create1(77));
	TRY(epoll_create(0));
	TRY(epoll_create(-1));
	TRY(put(set, EPOLL_CTL_ADD, file, EPOLLIN));
	TRY(put(set, EPOLL_CTL_ADD, 99, EPOLLIN));
	TRY(put(99, EPOLL_CTL_ADD, p[0], EPOLLIN));
	TRY(put(p[0], EPOLL_CTL_ADD, p[1], EPOLLIN));
	TRY(put(set, EPOLL_CTL_ADD, open("/dev/null", O_RDWR), EPOLLIN));
	TRY(put(set, EPOLL_CTL_MOD, p[0], EPOLLIN));
	TRY(put(set, EPOLL_CTL_DEL, p[0], EPOLLIN));
	TRY(put(set, 77, p[0], EPOLLIN));
	TRY(epoll_ctl(set, EPOLL_CTL_ADD, p[0], (void *)16));
	TRY(put(set, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLEXCLUSIVE));
	TRY(put(set, EPOLL_CTL_MOD, p[0], EPOLLIN));
	TRY(epoll_wait(set, &e, 0, 0));
	TRY(epoll_wait(set, &e, -1, 0));
	TRY(epoll_wait(p[0], &e, 1, 0));
	TRY(epoll_wait(99, &e, 1, 0));
	write(p[1], "x", 1);
	TRY(epoll_wait(set, (void *)16, 1, 0));
	TRY(epoll_pwait(set, &e, 1, -1, NULL));
	TRY(epoll_pwait2(set, &e, 1, &t, NULL));
	read(p[0], buf, 1);
	TRY(epoll_pwait2(set, &e, 1, &t, NULL));
	t.tv_nsec = -1;
	TRY(epoll_pwait2(set, &e, 1, &t, NULL));
	TRY(read(set, buf, 1));
	TRY(write(set, buf, 1));
	close(set);
	close(p[0]);
	close(p[1]);
	close(file);
}

int main(void)
{
	level();
	edges();
	once();
	duplicates();
	nested();
	timed();
	many();
	mistakes();
	return 0;
}
