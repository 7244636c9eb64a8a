/* starve.c - what a call does when there is no memory for it, for each number of pages that are
 * left. SPDX-License-Identifier: BSD-2-Clause
 *
 * usage: starve (promises | frames)
 *
 * A child takes all that can be promised, or all frames, but n, and makes the call: it succeeds, it
 * says so, or the child is killed.  With n from 0 on until it has succeeded a few times.  Then all
 * of it is done again: after that no more may be promised or in use than the first time.  Frames
 * fail although they were promised, which no program could bring about.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vm/frames.h>

#define PAGE   4096
#define MOST   400 /* pages after which every call must succeed */
#define ENOUGH 3   /* times in a row */
#define TABLES 16  /* that the arena's window may come to need */
#define SLACK  144 /* frames that are kept for the next time */

static int bad;

/* Pages that were taken away, for who outlives the taker. */
static uint64_t *taken;

static void take(uint64_t left)
{
	uint64_t most = px_commit_left();

	*taken = most > left ? most - left : 0;
	if (!px_commit(*taken))
		*taken = 0;
}

static void give(void)
{
	px_uncommit(*taken);
	*taken = 0;
}

/* The calls: 0, or -1 with errno. */

static int forks(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(9);
	if (pid < 0)
		return -1;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	errno = ENOMEM; /* if it was killed */
	return WIFEXITED(status) && WEXITSTATUS(status) == 9 ? 0 : -1;
}

static void *returns(void *arg)
{
	return arg;
}

static int threads(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, returns, NULL);
	return errno || (errno = pthread_join(t, NULL)) ? -1 : 0;
}

static int pipes(void)
{
	static char text[8000];
	int end[2], r = 0;

	if (pipe2(end, O_NONBLOCK))
		return -1;
	if (write(end[1], text, sizeof(text)) != sizeof(text) ||
	    read(end[0], text, sizeof(text)) != sizeof(text)) {
		r = -1;
		errno = ENOSPC; /* a part of it */
	}
	close(end[0]);
	close(end[1]);
	return r;
}

static int files(void)
{
	static char text[20000];
	int fd, r = 0;

	if (mkdir("/tmp/starve", 0700))
		return -1;
	fd = open("/tmp/starve/file", O_CREAT | O_RDWR, 0600);
	if (fd < 0) {
		int error = errno;

		rmdir("/tmp/starve");
		errno = error;
		return -1;
	}
	if (write(fd, text, sizeof(text)) != sizeof(text)) {
		r = -1;
		errno = ENOSPC; /* a part of it */
	}
	close(fd);
	if (unlink("/tmp/starve/file") || rmdir("/tmp/starve"))
		exit(2);
	return r;
}

static int maps(int flags)
{
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	for (int i = 0; i < 40; i++)
		p[i * PAGE] = 1;
	return munmap((void *)p, 40 * PAGE);
}

static int private(void)
{
	return maps(MAP_PRIVATE | MAP_ANONYMOUS);
}

static int shared(void)
{
	return maps(MAP_SHARED | MAP_ANONYMOUS);
}

static int heap(void)
{
	char *volatile p = malloc(200000);

	if (!p)
		return -1;
	memset(p, 1, 200000);
	free(p);
	return 0;
}

static int sockets(void)
{
	int end[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, end))
		return -1;
	r = send(end[0], "text", 4, 0) == 4 ? 0 : -1;
	close(end[0]);
	close(end[1]);
	return r;
}

static int descriptors(void)
{
	int fd = fcntl(1, F_DUPFD, 1000);

	return fd < 0 ? -1 : close(fd);
}

static int timers(void)
{
	timer_t t;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0), set = epoll_create1(0), r = -1;

	if (fd >= 0 && set >= 0 &&
	    !epoll_ctl(set, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN}) &&
	    !timer_create(CLOCK_MONOTONIC, NULL, &t))
		r = timer_delete(t);
	if (fd >= 0)
		close(fd);
	if (set >= 0)
		close(set);
	return r;
}

static int deep(int n)
{
	volatile char room[PAGE];

	room[0] = (char)n;
	return n ? deep(n - 1) + room[0] - (char)n : 0;
}

static int stack(void)
{
	return deep(30);
}

static int streams(void)
{
	FILE *f = fopen("/dev/null", "w");

	if (!f)
		return -1;
	return fprintf(f, "%s %d\n", "text", 1) < 0 || fclose(f) ? -1 : 0;
}

static const struct {
	const char *name;
	int (*call)(void);
} list[] = {
	{"fork", forks},   {"thread", threads},  {"pipe", pipes},
	{"file", files},   {"private", private}, {"shared", shared},
	{"heap", heap},    {"socket", sockets},  {"descriptor", descriptors},
	{"timer", timers}, {"stack", stack},     {"stream", streams},
};

static _Noreturn void starve(int (*call)(void), uint64_t left)
{
	int r, error;

	take(left);
	r = call();
	error = errno;
	give();
	if (!r)
		_exit(0);
	if (error == ENOMEM || error == EAGAIN || error == ENOSPC || error == ENFILE ||
	    error == ENOBUFS || error == EMFILE)
		_exit(1);
	errno = error;
	perror("not the error to expect");
	_exit(2);
}

static void series(const char *name, int (*call)(void))
{
	int errors = 0, good = 0, n, status;

	for (n = 0; n < MOST && good < ENOUGH; n++) {
		pid_t pid = fork();

		if (!pid)
			starve(call, (uint64_t)n);
		if (pid < 0 || waitpid(pid, &status, 0) != pid) {
			perror("starve");
			exit(1);
		}
		give();
		if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
			errors++;
		good = WIFEXITED(status) && !WEXITSTATUS(status) ? good + 1 : 0;
		if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
			printf("%s with %d pages: status %x\n", name, n, status);
			bad = 1;
		}
		unlink("/tmp/starve/file");
		rmdir("/tmp/starve");
	}
	printf("%s: %d errors, succeeds with %d pages\n", name, errors, n - ENOUGH);
	if (good < ENOUGH) {
		puts("never succeeds");
		bad = 1;
	}
}

/* One page out of `step` bytes, or all. */
static void unpromised(const char *name, size_t step)
{
	const size_t bytes = (size_t)1 << 38;
	pid_t pid = fork();
	int status;

	if (!pid) {
		volatile char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p == MAP_FAILED)
			_exit(1);
		for (size_t i = 0; i < bytes; i += step)
			p[i] = 1;
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status)) {
		printf("%s: status %x\n", name, status);
		bad = 1;
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3;
	uint64_t promised = 0, out = 0;

	taken = mmap(NULL, sizeof(*taken), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (taken == MAP_FAILED)
		return 1;
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
			series(list[i].name, list[i].call);
		unpromised("in order", PAGE);
		unpromised("one of each table", (size_t)PAGE * 512);
		printf("promised %lu, in use %lu\n", px_frames->promised, px_frames->out);
		if (round == 1) {
			promised = px_frames->promised;
			out = px_frames->out;
		}
	}
	if (px_frames->promised > promised + TABLES || px_frames->out > out + SLACK) {
		puts("something is lost");
		bad = 1;
	}
	puts(bad ? "not whole" : "whole");
	return bad;
}
