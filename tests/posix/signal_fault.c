/* signal_fault.c - exceptions of the processor: codes, addresses, alternative stacks, ends.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: codes
 * RUN: stack
 * RUN: thread
 * RUN: barrier
 * RUN: blocked
 * RUN: ignored
 * RUN: overflow
 * RUN: small
 * ENDS: by a signal
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf env;
static char *pages, alternative[65536] __attribute__((aligned(16)));
static volatile int found, depth;
static volatile long where;

static void show(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	long pc = u->uc_mcontext.gregs[REG_RIP];

	printf("%d %d %s %lld\n", n, info->si_code,
	       info->si_addr == (void *)pc                                                  ? "pc"
	       : !info->si_addr                                                             ? "0"
	       : (char *)info->si_addr >= pages && (char *)info->si_addr < pages + 8 * 4096 ? "page"
	       : info->si_addr == (void *)where ? "there"
						: "?",
	       u->uc_mcontext.gregs[REG_TRAPNO]);
	siglongjmp(env, 1);
}

static void set(int n, void *f, int flags)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_sigaction = f;
	a.sa_flags = SA_SIGINFO | flags;
	if (sigaction(n, &a, NULL))
		printf("sigaction: %s\n", strerror(errno));
}

#define CASE(what)                                                                                 \
	do {                                                                                       \
		if (!sigsetjmp(env, 1)) {                                                          \
			what;                                                                      \
			printf("nothing: %s\n", #what);                                            \
		}                                                                                  \
	} while (0)

static void codes(void)
{
	unsigned short control = 0x037f & ~0x4;
	int fd = open("page", O_RDWR | O_CREAT, 0600);

	for (int i = 0; i < 5; i++)
		set((int[]){SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}[i], show, 0);
	pages = mmap(NULL, 8 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(pages + 4096, 4096, PROT_NONE);
	munmap(pages + 2 * 4096, 4096);
	CASE(*(volatile char *)(pages + 5) = 1);
	CASE((void)*(volatile char *)(pages + 4096 + 5));
	CASE((void)*(volatile char *)(pages + 2 * 4096 + 5));
	CASE(((void (*)(void))pages)());
	where = 8;
	CASE(*(volatile int *)8 = 1);
	CASE(*(volatile int *)0x123456789abcdef0 = 1);
	CASE(__asm__ volatile("ud2"));
	CASE(__asm__ volatile("int3"));
	CASE(__asm__ volatile("hlt"));
	CASE(__asm__ volatile("idivl %0" : : "r"(0), "a"(1), "d"(0)));
	CASE(__asm__ volatile("int $0x55"));
	ftruncate(fd, 0);
	mmap(pages, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
	CASE((void)*(volatile char *)(pages + 9));
	CASE(__asm__ volatile("fninit; fldcw %0; fldz; fld1; fdivp; fwait" : : "m"(control)));
	__asm__ volatile("fninit");
}

static int deep(int n)
{
	volatile char big[1024];

	big[0] = (char)n;
	depth = n;
	return deep(n + 1) + big[0];
}

static void caught(int n, siginfo_t *info, void *context)
{
	char here;

	found = &here >= alternative && &here < alternative + sizeof(alternative);
	siglongjmp(env, n);
	(void)info, (void)context;
}

static void overflows(void)
{
	stack_t s = {.ss_sp = alternative, .ss_size = sizeof(alternative)}, old;

	printf("%d", sigaltstack(NULL, &old));
	printf(" %d", old.ss_flags == SS_DISABLE);
	printf(" %d", sigaltstack(&s, NULL));
	sigaltstack(NULL, &old);
	printf(" %d %d\n", old.ss_sp == alternative && old.ss_size == sizeof(alternative),
	       old.ss_flags);
	set(SIGSEGV, caught, SA_ONSTACK);
	for (int i = 0; i < 3; i++) {
		found = 0;
		if (!sigsetjmp(env, 1))
			deep(0);
		printf("overflow %d %d\n", found, depth > 10);
	}
}

static void inside(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	stack_t s = {.ss_flags = SS_DISABLE}, old;
	char here;

	sigaltstack(NULL, &old);
	printf("%d %d %d %d", n, old.ss_flags == SS_ONSTACK, u->uc_stack.ss_flags,
	       &here >= alternative && &here < alternative + sizeof(alternative));
	printf(" %d", sigaltstack(&s, NULL));
	printf(" %d\n", errno == EPERM);
	(void)info;
}

/* Handlers of both stacks, one in the other. */
static void nests(int n, siginfo_t *info, void *context)
{
	inside(n, info, context);
	raise(SIGUSR2);
	set(SIGUSR2, inside, SA_ONSTACK);
	raise(SIGUSR2);
}

static void stacks(void)
{
	stack_t s = {.ss_sp = alternative, .ss_size = 100};

	printf("%d", sigaltstack(&s, NULL));
	printf(" %d\n", errno == ENOMEM);
	s.ss_size = sizeof(alternative);
	s.ss_flags = 0x123;
	printf("%d", sigaltstack(&s, NULL));
	printf(" %d\n", errno == EINVAL);
	s.ss_flags = 0;
	sigaltstack(&s, NULL);
	set(SIGUSR1, nests, SA_ONSTACK);
	set(SIGUSR2, inside, 0);
	raise(SIGUSR1);
	set(SIGUSR1, nests, 0);
	set(SIGUSR2, inside, 0);
	errno = 0;
	raise(SIGUSR1);
	overflows();
}

static void *run(void *unused)
{
	overflows();
	return unused;
}

/* What garbage collectors do: unprotect what is written, and go on. */
static void barrier(int n, siginfo_t *info, void *context)
{
	char *page = (char *)((unsigned long)info->si_addr & ~4095ul);

	depth++;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	(void)n, (void)context;
}

static void barriers(void)
{
	long sum = 0;

	set(SIGSEGV, barrier, 0);
	pages = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int round = 0; round < 3; round++) {
		mprotect(pages, 64 * 4096, PROT_READ);
		for (int i = 0; i < 64 * 4096; i += 64)
			pages[i] += round + 1;
	}
	for (int i = 0; i < 64 * 4096; i += 64)
		sum += pages[i];
	printf("%d %ld\n", depth, sum);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	sigset_t all;
	pthread_t t;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!strcmp(what, "codes"))
		codes();
	if (!strcmp(what, "stack"))
		stacks();
	if (!strcmp(what, "thread")) {
		overflows();
		pthread_create(&t, NULL, run, NULL);
		pthread_join(t, NULL);
	}
	if (!strcmp(what, "barrier"))
		barriers();
	if (!strcmp(what, "blocked")) {
		set(SIGSEGV, show, 0);
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
		*(volatile int *)8 = 1;
	}
	if (!strcmp(what, "ignored")) {
		signal(SIGFPE, SIG_IGN);
		__asm__ volatile("idivl %0" : : "r"(0), "a"(1), "d"(0));
	}
	if (!strcmp(what, "overflow")) {
		set(SIGSEGV, caught, 0); /* has no room to run */
		deep(0);
	}
	if (!strcmp(what, "small")) {
		stack_t s = {.ss_sp = alternative + 4096, .ss_size = 2048};

		printf("%d\n", sigaltstack(&s, NULL) == 0 || 1);
		s.ss_size = 16384;
		sigaltstack(&s, NULL);
		set(SIGSEGV, caught, SA_ONSTACK);
		if (!sigsetjmp(env, 1))
			deep(0);
		printf("%d\n", found);
	}
	puts("end");
	return 0;
}
