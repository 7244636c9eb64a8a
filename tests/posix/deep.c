/* deep.c - calls at every depth near the end of a stack: it overflows in the middle of them, and
 * nothing of what others use too is left half done.  Small stacks with room enough are left alone.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * CPUS: 1 2
 */
#include <alloca.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK 32768
#define NEAR  6144 /* of its end: where calls are made */
#define MAP   65536
#define LAST  40 /* no descriptor is higher */
#define SMALL 32 /* pages that may be in use for something else */

static sigjmp_buf out;
static pid_t self;
static void *volatile mapped;

static void pipes(void)
{
	int fd[2];
	char c = 1;

	if (pipe(fd))
		abort();
	if (write(fd[1], &c, 1) != 1 || read(fd[0], &c, 1) != 1)
		abort();
	close(fd[0]);
	close(fd[1]);
}

static void files(void)
{
	int fd = open("deep", O_RDWR | O_CREAT, 0600);

	if (fd < 0 || pwrite(fd, "deep", 4, 5000) != 4 || ftruncate(fd, 100))
		abort();
	flock(fd, LOCK_EX);
	close(fd);
	unlink("deep");
}

static void maps(void)
{
	mapped = mmap(NULL, MAP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapped == MAP_FAILED)
		abort();
	*(volatile char *)mapped = 1;
	mprotect(mapped, MAP / 2, PROT_READ);
	munmap(mapped, MAP);
	mapped = NULL;
}

static void sockets(void)
{
	int fd[2];
	char c;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fd))
		abort();
	if (send(fd[0], "x", 1, 0) != 1 || recv(fd[1], &c, 1, 0) != 1)
		abort();
	close(dup(fd[0]));
	close(fd[1]);
	close(fd[0]);
}

static void signals(void)
{
	sigset_t set, old;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	pthread_kill(pthread_self(), SIGUSR1);
	sigwait(&set, &got);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void forks(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static const struct {
	const char *name;
	void (*act)(void);
	size_t step;
} calls[] = {{"pipes", pipes, 16},     {"files", files, 16},     {"maps", maps, 16},
	     {"sockets", sockets, 16}, {"signals", signals, 16}, {"forks", forks, 1200}};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static __attribute__((noinline)) void down(void (*act)(void), size_t step)
{
	volatile char *room = alloca(step);

	room[0] = 0;
	act();
	down(act, step);
	room[0] = 1;
}

/* `shift`: so that it is not the same places each time where pages end. */
static void overflow(size_t i, size_t shift)
{
	volatile char *room = alloca(STACK - NEAR + shift);

	room[0] = 0;
	down(calls[i].act, calls[i].step);
}

/* What the call that overflowed has not come to. */
static void clear_up(void)
{
	for (int fd = 3; fd < LAST; fd++)
		close(fd);
	unlink("deep");
	if (mapped)
		munmap(mapped, MAP);
	mapped = NULL;
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void nothing(int signal)
{
	(void)signal;
}

static void overflown(int signal)
{
	(void)signal;
	siglongjmp(out, 1);
}

static void *handled(void *number)
{
	const struct sigaction action = {.sa_handler = overflown, .sa_flags = SA_ONSTACK};
	static char other[32768];
	stack_t stack = {.ss_sp = other, .ss_size = sizeof(other)};

	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	for (volatile size_t shift = 0; shift < 3; shift++) {
		if (!sigsetjmp(out, 1))
			overflow((size_t)number, shift * 32);
		if (getpid() != self)
			_exit(0); /* a child overflowed */
		clear_up();
	}
	return NULL;
}

static void *ends(void *number)
{
	overflow((size_t)number, 16);
	return NULL;
}

/* By a thread of a process of its own, while its parent makes those calls too. */
static int by_child(size_t i, void *(*start)(void *))
{
	pid_t pid = fork();
	pthread_attr_t attr;
	pthread_t t;
	int status;

	if (!pid) {
		self = getpid();
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, STACK);
		pthread_create(&t, &attr, start, (void *)i);
		pthread_join(t, NULL);
		_exit(0);
	}
	for (int n = 0; n < 10; n++)
		calls[n % (CALLS - 1)].act();
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 100 + WEXITSTATUS(status);
}

/* A stack without a byte to spare below it. */
static char *small(size_t bytes)
{
	char *at = mmap(NULL, 4096 + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	mprotect(at, 4096, PROT_NONE);
	return at + 4096;
}

/* As a program does that switches between stacks of its own. */
static void on_stack(char *low, size_t bytes, void (*f)(void))
{
	__asm__ volatile("mov %%rsp, %%rbx\n\t"
			 "mov %0, %%rsp\n\t"
			 "call *%1\n\t"
			 "mov %%rbx, %%rsp"
			 :
			 : "r"(low + bytes), "r"(f)
			 : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
			   "memory", "cc");
}

static volatile int handlers;

static void begins(int signal)
{
	(void)signal;
	handlers++;
}

static void makes_calls(int signal)
{
	begins(signal);
	pipes();
	files();
}

static void handler_on(size_t bytes, void (*handler)(int))
{
	const struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	stack_t stack = {.ss_sp = small(bytes), .ss_size = bytes};

	sigaction(SIGUSR2, &action, NULL);
	if (sigaltstack(&stack, NULL))
		abort();
	raise(SIGUSR2);
	kill(self, SIGUSR2);
}

static long room(void)
{
	struct statvfs s;

	statvfs("/", &s);
	return (long)s.f_bavail;
}

int main(void)
{
	const struct rlimit none = {0};
	long before = 0, after;

	alarm(60);
	self = getpid();
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGUSR1, nothing);
	on_stack(small(4096), 4096, pipes);
	handler_on(MINSIGSTKSZ, begins);
	handler_on(SIGSTKSZ, makes_calls);
	printf("handlers: %d\n", handlers);
	for (size_t i = 0; i < CALLS; i++) {
		int first = by_child(i, handled);

		printf("%s: %d %d\n", calls[i].name, first, by_child(i, ends));
		if (!i)
			before = room();
	}
	for (int i = 0; i < 100 && room() + SMALL < before; i++)
		usleep(10000); /* what is left of them may be on its way */
	after = room();
#ifdef __linux__
	after = before; /* others write there */
#endif
	printf("lost: %d\n", after + SMALL < before);
	return 0;
}
