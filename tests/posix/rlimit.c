/* rlimit.c - limits of a process: each is kept to, and children have them too; what was used.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 * RUN: calls
 * RUN: files
 * RUN: size
 * RUN: time
 * RUN: memory
 * RUN: stack
 * RUN: processes
 * RUN: usage
 * ENDS: by a signal
 */
#include "try.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MB (1ul << 20)

static int limit(int which, rlim_t soft, rlim_t hard)
{
	struct rlimit l = {soft, hard};

	return setrlimit(which, &l);
}

static void show(const char *what, int status)
{
	if (WIFEXITED(status))
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	else
		printf("%s: signal %d\n", what, WTERMSIG(status));
	fflush(stdout);
}

static pid_t begin(void)
{
	fflush(stdout);
	return fork();
}

static void end(const char *what)
{
	int status = -1;

	wait(&status);
	show(what, status);
}

static int calls(void)
{
	struct rlimit l, old;
	pid_t pid;

	TRY(limit(RLIMIT_FSIZE, 2, 1));
	TRY(limit(99, 1, 1));
	TRY(getrlimit(-1, &l));
	TRY(limit(RLIMIT_CORE, 0, RLIM_INFINITY));
	getrlimit(RLIMIT_CORE, &l);
	printf("%lu %d\n", (long)l.rlim_cur, l.rlim_max == RLIM_INFINITY);
	TRY(limit(RLIMIT_FSIZE, 100, 200));
	TRY(prlimit(0, RLIMIT_FSIZE, NULL, &old));
	printf("%lu %lu\n", (long)old.rlim_cur, (long)old.rlim_max);
	TRY(prlimit(99999999, RLIMIT_FSIZE, NULL, &old));
	pid = begin();
	if (!pid) {
		getrlimit(RLIMIT_FSIZE, &l);
		printf("child %lu %lu\n", (long)l.rlim_cur, (long)l.rlim_max);
		TRY(limit(RLIMIT_FSIZE, 50, 60));
		setuid(1000);
		TRY(limit(RLIMIT_FSIZE, 70, 70));
		TRY(limit(RLIMIT_FSIZE, 71, 71));
		TRY(limit(RLIMIT_FSIZE, 10, 20));
		exit(0);
	}
	end("child");
	pid = begin();
	if (!pid) {
		pause();
		exit(1);
	}
	l = (struct rlimit){7, 8};
	TRY(prlimit(pid, RLIMIT_NOFILE, &l, &old));
	l.rlim_cur = 0;
	TRY(prlimit(pid, RLIMIT_NOFILE, NULL, &l));
	printf("its %lu %lu\n", (long)l.rlim_cur, (long)l.rlim_max);
	kill(pid, SIGTERM);
	end("other");
	getrlimit(RLIMIT_FSIZE, &l);
	printf("mine %lu %lu\n", (long)l.rlim_cur, (long)l.rlim_max);
	return 0;
}

static int files(void)
{
	struct pollfd p[11];
	int fd = open("text", O_RDONLY), n = 0, pair[2];

	TRY(dup2(fd, 20));
	limit(RLIMIT_NOFILE, 10, 1024);
	while (dup(fd) >= 0)
		n++;
	printf("%d more after %d\n", n, fd);
	TRY(dup2(fd, 10));
	TRY(fcntl(fd, F_DUPFD, 10));
	TRY(open("text", O_RDONLY));
	TRY(pipe(pair));
	TRY(read(20, p, 1)); /* what is there stays */
	TRY(sysconf(_SC_OPEN_MAX));
	TRY(getdtablesize());
	memset(p, -1, sizeof(p));
	TRY(poll(p, 10, 0));
	TRY(poll(p, 11, 0));
	close(4);
	TRY(dup(fd));
	limit(RLIMIT_NOFILE, 12, 1024);
	TRY(dup(fd) >= 10);
	TRY(dup2(fd, 11));
	return 0;
}

static volatile sig_atomic_t too_big, too_long;

static void on_size(int n)
{
	too_big += n == SIGXFSZ;
}

static int size(void)
{
	static char bytes[1000];
	int fd = open("limited", O_RDWR | O_CREAT | O_TRUNC, 0600), p[2];

	signal(SIGXFSZ, on_size);
	ftruncate(fd, 5000);
	limit(RLIMIT_FSIZE, 4000, RLIM_INFINITY);
	TRY(pwrite(fd, bytes, 1000, 2500));
	TRY(pwrite(fd, bytes, 1000, 3500));
	TRY(too_big);
	TRY(pwrite(fd, bytes, 1000, 4000));
	TRY(too_big);
	TRY(pwrite(fd, bytes, 0, 4500));
	TRY(ftruncate(fd, 4500)); /* shorter */
	TRY(ftruncate(fd, 3000));
	TRY(ftruncate(fd, 4000));
	TRY(too_big);
	TRY(ftruncate(fd, 4001));
	TRY(too_big);
	TRY(posix_fallocate(fd, 3000, 1000));
	TRY(posix_fallocate(fd, 3000, 1001));
	TRY(too_big);
	TRY(lseek(fd, 0, SEEK_END));
	fcntl(fd, F_SETFL, O_APPEND);
	TRY(write(fd, "x", 1));
	TRY(too_big);
	pipe(p);
	TRY(write(p[1], bytes, 1000)); /* no file */
	signal(SIGXFSZ, SIG_IGN);
	TRY(pwrite(fd, bytes, 1, 4000));
	if (!begin()) {
		signal(SIGXFSZ, SIG_DFL);
		pwrite(fd, bytes, 1, 4000);
		_exit(1);
	}
	end("default");
	limit(RLIMIT_FSIZE, 0, RLIM_INFINITY);
	TRY(write(fd, "x", 1));
	return 0;
}

static void on_time(int n)
{
	too_long += n == SIGXCPU;
}

static void run_on(void)
{
	for (;;)
		;
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* One that has ended can have a limit still, and does not hand it on. */
static void ended(void)
{
	struct rlimit second = {1, 1};
	siginfo_t info;
	pid_t pid = begin();

	if (!pid)
		exit(0);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	printf("limit %d\n", prlimit(pid, RLIMIT_CPU, &second, NULL));
	end("ended");
	if (!begin()) {
		while (now(CLOCK_PROCESS_CPUTIME_ID) < 1.2)
			;
		exit(0);
	}
	end("next");
}

static int use_time(void)
{
	if (!begin()) {
		limit(RLIMIT_CPU, 1, RLIM_INFINITY);
		run_on();
	}
	end("soft");
	if (!begin()) {
		limit(RLIMIT_CPU, 1, RLIM_INFINITY);
		signal(SIGXCPU, on_time);
		while (too_long < 2)
			;
		puts("two signals");
		fflush(stdout);
		limit(RLIMIT_CPU, 1, 3);
		run_on();
	}
	end("hard");
	if (!begin()) {
		signal(SIGXCPU, on_time);
		limit(RLIMIT_CPU, 1, RLIM_INFINITY);
		while (now(CLOCK_PROCESS_CPUTIME_ID) < 0.6)
			;
		if (!begin()) { /* its time begins at nothing */
			too_long = 0;
			while (!too_long)
				;
			printf("in its own time %d\n", now(CLOCK_PROCESS_CPUTIME_ID) > 0.7);
			exit(0);
		}
		end("child");
		exit(0);
	}
	end("parent");
	if (!begin()) {
		signal(SIGXCPU, SIG_IGN);
		limit(RLIMIT_CPU, 1, 1);
		run_on();
	}
	end("both");
	if (!begin()) {
		signal(SIGXCPU, SIG_IGN);
		limit(RLIMIT_CPU, 1, RLIM_INFINITY);
		limit(RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY);
		signal(SIGXCPU, SIG_DFL);
		while (now(CLOCK_PROCESS_CPUTIME_ID) < 1.2)
			;
		exit(0);
	}
	end("lifted");
	ended();
	return 0;
}

static void *nothing(void *arg)
{
	return arg;
}

static int thread(pthread_t *t, const pthread_attr_t *a)
{
	int r = pthread_create(t, a, nothing, NULL);

	errno = 0;
	return r;
}

static int memory(void)
{
	pthread_attr_t a;
	pthread_t t;
	char *p;

	if (!begin()) {
		limit(RLIMIT_AS, 200 * MB, RLIM_INFINITY);
		TRY(mmap(NULL, 300 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		    MAP_FAILED);
		TRY(malloc(300 * MB) == NULL);
		p = mmap(NULL, 100 * MB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		TRY(p == MAP_FAILED);
		TRY(mmap(NULL, 120 * MB, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) ==
		    MAP_FAILED);
		TRY(mremap(p, 100 * MB, 250 * MB, MREMAP_MAYMOVE) == MAP_FAILED);
		/* in place of itself */
		TRY(mmap(p, 100 * MB, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		    p);
		pthread_attr_init(&a);
		pthread_attr_setstacksize(&a, 150 * MB);
		TRY(thread(&t, &a));
		TRY(munmap(p, 100 * MB));
		TRY(thread(&t, &a));
		TRY(pthread_join(t, NULL));
		exit(0);
	}
	end("all");
	if (!begin()) {
		limit(RLIMIT_DATA, 20 * MB, RLIM_INFINITY);
		TRY(mmap(NULL, 30 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0) == MAP_FAILED);
		TRY(mmap(NULL, 30 * MB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			 0) == MAP_FAILED);
		p = mmap(NULL, 30 * MB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		TRY(p == MAP_FAILED);
		TRY(mprotect(p, 30 * MB, PROT_READ | PROT_WRITE));
		TRY(mprotect(p, 10 * MB, PROT_READ | PROT_WRITE));
		TRY(sbrk(30 * MB) == (void *)-1);
		TRY(sbrk(1 * MB) == (void *)-1);
		TRY(malloc(30 * MB) == NULL);
		exit(0);
	}
	end("data");
	return 0;
}

static long deep(long bytes)
{
	volatile char room[1024];

	room[0] = 1;
	return bytes > 0 ? deep(bytes - 1024) + room[0] : 0;
}

static int stack(void)
{
	if (!begin()) {
		deep(3 * MB);
		_exit(7);
	}
	end("before");
	limit(RLIMIT_STACK, 1 * MB, RLIM_INFINITY);
	if (!begin()) {
		deep(2 * MB);
		_exit(7);
	}
	end("too deep");
	if (!begin()) {
		deep(MB / 2);
		_exit(7);
	}
	end("less");
	return 0;
}

static int processes(void)
{
	static const int most = 5;
	int n = 0;
	pthread_t t;
	pid_t pid;

	limit(RLIMIT_NPROC, most, most);
	/* root's do not count */
	for (int i = 0; i < 8; i++) {
		pid = begin();
		if (!pid)
			_exit(0);
		n += pid > 0;
	}
	while (wait(NULL) > 0)
		;
	printf("root %d\n", n);
	if (!begin()) {
		pid_t child[10];
		uid_t own = 300000 + getpid() % 100000; /* nobody else has processes of it */

		setgid(own);
		setuid(own);
		for (n = 0; n < 10; n++) {
			child[n] = begin();
			if (!child[n])
				for (;;)
					pause();
			if (child[n] < 0)
				break;
		}
		printf("user %d: %s\n", n, strerror(errno));
		TRY(thread(&t, NULL));
		kill(child[0], SIGKILL);
		waitpid(child[0], NULL, 0);
		TRY(thread(&t, NULL));
		TRY(pthread_join(t, NULL));
		for (int i = 1; i < n; i++)
			kill(child[i], SIGKILL);
		while (wait(NULL) > 0)
			;
		exit(0);
	}
	end("user");
	return 0;
}

static double seconds(struct timeval t)
{
	return t.tv_sec + t.tv_usec / 1e6;
}

static int usage(void)
{
	struct rusage self, child, of;
	struct tms t;
	double own; /* which no child has a part of */
	int s;

	usleep(1000);
	TRY(getrusage(77, &self));
	getrusage(RUSAGE_CHILDREN, &child);
	printf("none %ld %d\n", child.ru_maxrss, seconds(child.ru_utime) == 0);
	if (!begin()) {
		char *p = mmap(NULL, 30 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

		memset(p, 1, 30 * MB);
		while (now(CLOCK_PROCESS_CPUTIME_ID) < 0.5)
			;
		if (!begin()) {
			while (now(CLOCK_PROCESS_CPUTIME_ID) < 0.5)
				;
			_exit(0);
		}
		wait(NULL);
		usleep(1000);
		_exit(0);
	}
	getrusage(RUSAGE_CHILDREN, &child);
	printf("not waited for %d\n", seconds(child.ru_utime) == 0);
	wait4(-1, &s, 0, &of);
	getrusage(RUSAGE_CHILDREN, &child);
	getrusage(RUSAGE_SELF, &self);
	times(&t);
	own = now(CLOCK_PROCESS_CPUTIME_ID);
	printf("child %d %d %d %d\n", seconds(child.ru_utime) + seconds(child.ru_stime) >= 0.95,
	       child.ru_maxrss >= 30 * 1024, child.ru_minflt > 100, child.ru_nvcsw > 0);
	printf("the same %d %d\n", child.ru_utime.tv_usec == of.ru_utime.tv_usec,
	       child.ru_maxrss == of.ru_maxrss);
	printf("times %d %d\n", t.tms_cutime + t.tms_cstime >= 95,
	       t.tms_utime + t.tms_stime <= own * 100 + 5);
	printf("self %d %d %d\n", seconds(self.ru_utime) <= own + 0.05, self.ru_maxrss > 0,
	       self.ru_nvcsw > 0);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	return !strcmp(what, "calls")       ? calls()
	       : !strcmp(what, "files")     ? files()
	       : !strcmp(what, "size")      ? size()
	       : !strcmp(what, "time")      ? use_time()
	       : !strcmp(what, "memory")    ? memory()
	       : !strcmp(what, "stack")     ? stack()
	       : !strcmp(what, "processes") ? processes()
					    : usage();
}
