/* soak.c - many forks, threads and exchanges: all go well, and nothing is left of them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * usage: soak (forks | threads | pipes | exchanges | alive | paging) COUNT
 *
 * What there is before and after is counted twice: by the libOS, and in the kernel's own table of
 * frames.  A round before the first count fills what is kept for the next time.
 */
#include <errno.h>
#include <exo/cap.h>
#include <exo/info.h>
#include <exo/map.h>
#include <fcntl.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOGETHER 50
#define SLACK    144 /* frames that are kept for the next time in more or fewer numbers */
#define WARM     20000

static int bad;

static void wrong(const char *what, long n)
{
	printf("WRONG: %s: %ld (%s)\n", what, n, strerror(errno));
	bad = 1;
}

/*
 * Counting.
 */

struct state {
	long free, descriptors; /* by the libOS */
	long objects;           /* frames that are page tables, capability slots, environments */
};

static long descriptors(void)
{
	long n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* The frame table, which the kernel lets everybody read, is bound for a moment where this process
 * has nothing. */
static long objects(void)
{
	static struct xo_space space = {.env = EXO_SLOT_NONE};
	uint64_t bytes = xo_info->pfn_end * sizeof(struct exo_frame_state), n = 0;
	uint64_t pages = (bytes + EXO_PAGE_SIZE - 1) >> EXO_PAGE_SHIFT;
	static volatile struct exo_frame_state *table;
	volatile uint64_t *leaf;
	uint32_t me;

	if (!table) { /* so that its page tables are there */
		table = mmap(NULL, pages << EXO_PAGE_SHIFT, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE, -1, 0);
		if (table == MAP_FAILED)
			exit(1);
		madvise((void *)table, pages << EXO_PAGE_SHIFT, MADV_DONTNEED);
	}
	if (xo_map_run(&space, (exo_va_t)table, xo_info->frame_table, pages, EXO_PROT_READ,
		       EXO_SLOT_INFO) < 0) {
		wrong("the frame table cannot be read", 0);
		return 0;
	}
	leaf = (volatile uint64_t *)(EXO_VA_TABLES + ((exo_va_t)&bad >> EXO_PAGE_SHIFT) * 8);
	bad |= 0; /* so that the page is there */
	me = table[(*leaf & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT].account;
	for (uint64_t pfn = 0; pfn < xo_info->pfn_end; pfn++)
		n += table[pfn].account == me && table[pfn].type > EXO_FRAME_INFO;
	xo_unmap_run(&space, (exo_va_t)table, pages);
	return (long)n;
}

static struct state now(void)
{
	return (struct state){get_avphys_pages(), descriptors(), objects()};
}

static void compare(const struct state *a, const struct state *b)
{
	printf("free %ld %ld, descriptors %ld %ld, objects %ld %ld\n", a->free, b->free,
	       a->descriptors, b->descriptors, a->objects, b->objects);
	if (a->free - b->free > SLACK)
		wrong("frames are lost", a->free - b->free);
	if (a->descriptors != b->descriptors)
		wrong("descriptors are lost", b->descriptors - a->descriptors);
	if (b->objects - a->objects > SLACK)
		wrong("the kernel has more objects", b->objects - a->objects);
}

/*
 * Processes.
 */

static pid_t begin(void)
{
	pid_t pid = fork();

	if (pid < 0)
		wrong("fork", pid);
	return pid;
}

static void end(int want)
{
	int status;

	if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != want)
		wrong("how it ended", status);
}

/* One after the other, and many together, of which some have threads, end by a signal, or leave
 * descriptors open. */
static void *returns(void *arg)
{
	return arg;
}

static _Noreturn void child(int i)
{
	pthread_t t;
	int ends[2];

	if (i % 5 == 1 && pipe(ends))
		_exit(1);
	if (i % 7 == 1 && (pthread_create(&t, NULL, returns, NULL) || pthread_join(t, NULL)))
		_exit(1);
	if (i % 11 == 1)
		kill(getpid(), SIGKILL);
	_exit(7);
}

static void forks(long count)
{
	for (long i = 0; i < count && !bad; i += 2 * TOGETHER) {
		int status, killed = 0;

		for (int k = 0; k < TOGETHER && !bad; k++) {
			if (!begin())
				_exit(7);
			end(7);
		}
		for (int k = 0; k < TOGETHER; k++)
			if (!begin())
				child(k);
		for (int k = 0; k < TOGETHER; k++) {
			if (wait(&status) < 0)
				wrong("wait", k);
			killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
			if (!WIFSIGNALED(status) && WEXITSTATUS(status) != 7)
				wrong("status", status);
		}
		if (killed != (TOGETHER + 9) / 11)
			wrong("killed", killed);
	}
}

/* All at once: each waits for the pipe to be closed. */
static void alive(long count)
{
	int ends[2], begun[2];
	char c;

	if (pipe(ends) || pipe(begun))
		wrong("pipe", 0);
	for (long i = 0; i < count && !bad; i++)
		if (!begin()) {
			close(ends[1]);
			if (write(begun[1], "b", 1) != 1)
				_exit(1);
			_exit(read(ends[0], &c, 1) == 0 ? 3 : 1);
		}
	for (long i = 0; i < count && !bad; i++)
		if (read(begun[0], &c, 1) != 1)
			wrong("begun", i);
	close(ends[0]);
	close(ends[1]);
	close(begun[0]);
	close(begun[1]);
	for (long i = 0; i < count && !bad; i++)
		end(3);
}

/*
 * Exchanges.
 */

static int there[2], back[2];

static void echo(void)
{
	char c;

	while (read(there[0], &c, 1) == 1 && c)
		if (write(back[1], &c, 1) != 1)
			break;
}

static void ask(long count)
{
	for (long i = 0; i < count && !bad; i++) {
		char c = (char)(i % 100 + 1), d = 0;

		if (write(there[1], &c, 1) != 1 || read(back[0], &d, 1) != 1 || c != d)
			wrong("exchange", i);
	}
	if (write(there[1], "", 1) != 1)
		wrong("end", 0);
}

static void *echoes(void *arg)
{
	echo();
	return arg;
}

static void open_pipes(void)
{
	if (pipe(there) || pipe(back))
		wrong("pipe", 0);
}

static void close_pipes(void)
{
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
}

/* Between threads. */
static void pipes(long count)
{
	pthread_t t;

	open_pipes();
	if (pthread_create(&t, NULL, echoes, NULL))
		wrong("pthread_create", 0);
	ask(count);
	pthread_join(t, NULL);
	close_pipes();
}

/* Between processes. */
static void exchanges(long count)
{
	open_pipes();
	if (!begin()) {
		echo();
		_exit(5);
	}
	ask(count);
	end(5);
	close_pipes();
}

/*
 * Threads.
 */

static void *brief(void *arg)
{
	char *volatile p = malloc(100);

	if (p)
		p[0] = (char)(long)arg;
	free(p);
	return arg;
}

static void together(void *(*fn)(void *), long n)
{
	pthread_t t[TOGETHER];

	for (long i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, fn, (void *)i))
			wrong("pthread_create", i);
	for (long i = 0; i < n && !bad; i++) {
		void *result;

		if (pthread_join(t[i], &result) || result != (void *)i)
			wrong("pthread_join", i);
	}
}

static void threads(long count)
{
	for (long i = 0; i < count && !bad; i += TOGETHER)
		together(brief, TOGETHER);
}

/* Threads that come to the end of their turns while they take page faults. */
static long rounds;

static void *touches(void *arg)
{
	const size_t n = 64 * 4096;

	for (long i = 0; i < rounds && !bad; i++) {
		char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED) {
			wrong("mmap", i);
			break;
		}
		for (size_t k = 0; k < n; k += 4096) {
			if (p[k])
				wrong("not zero", i);
			p[k] = (char)((long)arg + 1);
		}
		for (size_t k = 0; k < n; k += 4096)
			if (p[k] != (char)((long)arg + 1))
				wrong("not mine", i);
		munmap(p, n);
	}
	return arg;
}

static void paging(long count)
{
	rounds = count / 4;
	together(touches, 4);
}

static const struct {
	const char *name;
	void (*run)(long count);
} list[] = {
	{"forks", forks},         {"threads", threads}, {"pipes", pipes},
	{"exchanges", exchanges}, {"alive", alive},     {"paging", paging},
};

int main(int argc, char **argv)
{
	for (int a = 1; a + 1 < argc; a += 2)
		for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
			long count = atol(argv[a + 1]);
			struct state before, after;

			if (strcmp(argv[a], list[i].name))
				continue;
			objects();
			list[i].run(count < WARM ? count : WARM);
			before = now();
			list[i].run(count);
			after = now();
			printf("%s %ld: ", list[i].name, count);
			compare(&before, &after);
			fflush(stdout);
		}
	puts(bad ? "not whole" : "whole");
	return bad;
}
