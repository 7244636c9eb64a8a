/* signal_restart.c - calls that a handler interrupts: which of them begin again.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 *
 * RUN:
 * RUN: restart
 */
#include "interrupted.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int ends[2], sockets[2], event, epoll, locked, full[2];
static sem_t sem;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static char byte;

static void put_byte(void)
{
	write(ends[1], "x", 1);
}

/* Whatever came is taken. */
static void drain(int fd)
{
	char bytes[256];
	int flags = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	fcntl(fd, F_SETFL, flags);
}

static long do_read(void)
{
	return read(ends[0], &byte, 1);
}

static long do_readv(void)
{
	struct iovec v = {&byte, 1};

	return readv(ends[0], &v, 1);
}

static long do_poll(void)
{
	struct pollfd p = {.fd = ends[0], .events = POLLIN};

	return poll(&p, 1, 1000000);
}

static long do_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	return select(ends[0] + 1, &set, NULL, NULL, NULL);
}

static long do_epoll(void)
{
	struct epoll_event e;

	return epoll_wait(epoll, &e, 1, 1000000);
}

static long do_recv(void)
{
	return recv(sockets[0], &byte, 1, 0);
}

static void send_byte(void)
{
	send(sockets[1], "x", 1, 0);
}

static long do_eventfd(void)
{
	eventfd_t v;

	return eventfd_read(event, &v);
}

static void add_event(void)
{
	eventfd_write(event, 1);
}

static long do_sem(void)
{
	return sem_wait(&sem);
}

static long do_sem_timed(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += 1000;
	return sem_timedwait(&sem, &t);
}

static void post(void)
{
	sem_post(&sem);
}

static long do_flock(void)
{
	int fd = open("lock", O_RDWR), r = flock(fd, LOCK_EX), error = errno;

	close(fd);
	errno = error;
	return r;
}

static void unlock(void)
{
	flock(locked, LOCK_UN);
}

static long do_open(void)
{
	int fd = open("fifo", O_RDONLY);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* There is somebody who reads as soon as the other one waits. */
static void open_other(void)
{
	int fd;

	while ((fd = open("fifo", O_WRONLY | O_NONBLOCK)) < 0 && !over)
		nap(1);
	close(fd);
}

static long do_write(void)
{
	return write(full[1], "y", 1);
}

static void drain_full(void)
{
	drain(full[0]);
}

static long do_mutex(void)
{
	return pthread_mutex_lock(&mutex);
}

/* Only the holder gives it back. */
static sem_t held, give;

static void *hold(void *unused)
{
	pthread_mutex_lock(&mutex);
	sem_post(&held);
	while (sem_wait(&give))
		;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void give_back(void)
{
	sem_post(&give);
}

static long do_barrier(void)
{
	return pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : 0;
}

static void arrive(void)
{
	pthread_barrier_wait(&barrier);
}

static long do_join(void)
{
	pthread_t t;

	pthread_create(&t, NULL, hold, NULL);
	return pthread_join(t, NULL);
}

static int timer;

static long do_timerfd(void)
{
	struct itimerspec t = {.it_value = {1000, 0}};
	unsigned long long times;

	timerfd_settime(timer, 0, &t, NULL);
	return read(timer, &times, sizeof(times));
}

static void time_out(void)
{
	struct itimerspec t = {.it_value = {0, 1}};

	timerfd_settime(timer, 0, &t, NULL);
}

int main(int argc, char **argv)
{
	struct sigaction a;
	struct epoll_event e = {.events = EPOLLIN};
	struct timeval limit = {1000, 0};
	pthread_t t;

	setvbuf(stdout, NULL, _IONBF, 0);
	memset(&a, 0, sizeof(a));
	a.sa_handler = handler;
	restarts = argc > 1;
	a.sa_flags = restarts ? SA_RESTART : 0;
	sigaction(SIGUSR1, &a, NULL);
	main_thread = pthread_self();
	pipe(ends);
	pipe(full);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
	event = eventfd(0, 0);
	epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &e);
	sem_init(&sem, 0, 0);
	sem_init(&held, 0, 0);
	sem_init(&give, 0, 0);
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	unlink("lock");
	unlink("fifo");
	locked = open("lock", O_RDWR | O_CREAT, 0600);
	flock(locked, LOCK_EX);
	mkfifo("fifo", 0600);
	fcntl(full[1], F_SETFL, O_NONBLOCK);
	while (write(full[1], &a, 100) > 0 || write(full[1], &a, 1) > 0)
		;
	fcntl(full[1], F_SETFL, 0);
	pthread_barrier_init(&barrier, NULL, 2);

	try("read", do_read, put_byte, UNLESS_RESTARTED);
	drain(ends[0]);
	try("readv", do_readv, put_byte, UNLESS_RESTARTED);
	drain(ends[0]);
	try("poll", do_poll, put_byte, ALWAYS);
	drain(ends[0]);
	try("select", do_select, put_byte, ALWAYS);
	drain(ends[0]);
	try("epoll", do_epoll, put_byte, ALWAYS);
	drain(ends[0]);
	try("write", do_write, drain_full, UNLESS_RESTARTED);
	try("recv", do_recv, send_byte, UNLESS_RESTARTED);
	drain(sockets[0]);
	setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	try("recv, limited", do_recv, send_byte, ALWAYS);
	try("eventfd", do_eventfd, add_event, UNLESS_RESTARTED);
	try("timerfd", do_timerfd, time_out, UNLESS_RESTARTED);
	try("sem", do_sem, post, UNLESS_RESTARTED);
	try("sem_timed", do_sem_timed, post, ALWAYS);
	try("flock", do_flock, unlock, UNLESS_RESTARTED);
	flock(locked, LOCK_EX);
	try("fifo", do_open, open_other, UNLESS_RESTARTED);
	pthread_create(&t, NULL, hold, NULL);
	sem_wait(&held);
	try("mutex", do_mutex, give_back, NEVER);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, NULL);
	try("barrier", do_barrier, arrive, NEVER);
	try("join", do_join, give_back, NEVER);
	return 0;
}
