/* exceptions.c - processor exceptions as signals: handlers that jump, return, mend and end.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: jump
 * RUN: mend
 * RUN: skip
 * RUN: raise
 * RUN: once
 * RUN: twice
 * RUN: exit
 * RUN: abort
 * RUN: ignore
 * ENDS: by a signal
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf env;
static char *page;

static void jump(int n)
{
	siglongjmp(env, n);
}

static void print(int n)
{
	printf("handler %d\n", n);
}

static void leave(int n)
{
	print(n);
	exit(7);
}

static void again(int n)
{
	print(n);
	fflush(stdout);
	*(volatile int *)8 = n;
}

/* Vector and general registers are as before when the access is tried again. */
static void mend(int n, siginfo_t *info, void *context)
{
	volatile double x = n * 1.5;

	printf("%d %d %d %g\n", n, info->si_code, info->si_addr == page + 100, x);
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	(void)context;
}

static void skip(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	printf("%d %d %d\n", n, info->si_code,
	       info->si_addr == (void *)u->uc_mcontext.gregs[REG_RIP]);
	u->uc_mcontext.gregs[REG_RIP] += 2;
	u->uc_mcontext.gregs[REG_RAX] = 77;
}

static void set(int n, void (*f)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_sigaction = f;
	a.sa_flags = SA_SIGINFO | flags;
	printf("%d\n", sigaction(n, &a, NULL));
}

static int divide(int a, int b)
{
	__asm__ volatile("cltd; idivl %1" : "+a"(a) : "r"(b) : "rdx");
	return a;
}

static void jumps(void)
{
	volatile int i;

	signal(SIGSEGV, jump);
	signal(SIGFPE, jump);
	for (i = 0; i < 3; i++)
		if (!sigsetjmp(env, 1))
			*(volatile char *)(long)(i * 16) = 1;
		else
			printf("out of %d\n", i);
	if (sigsetjmp(env, 1))
		puts("divided");
	else
		printf("%d\n", divide(1, 0));
	if (sigsetjmp(env, 1))
		puts("no string");
	else
		printf("%zu\n", strlen((char *)16));
}

static void mends(void)
{
	double a = 1.25, b = 3.5;

	page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	set(SIGSEGV, mend, 0);
	page[100] = 'x';
	printf("%c %g\n", page[100], a * b);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "jump"))
		jumps();
	if (!strcmp(what, "mend"))
		mends();
	if (!strcmp(what, "skip")) {
		set(SIGFPE, skip, 0);
		printf("%d\n", divide(5, 0));
		set(SIGILL, skip, 0);
		__asm__ volatile("ud2");
	}
	if (!strcmp(what, "raise")) {
		signal(SIGSEGV, print);
		signal(SIGFPE, print);
		raise(SIGSEGV);
		raise(SIGFPE);
	}
	if (!strcmp(what, "once")) {
		set(SIGSEGV, (void *)print, SA_RESETHAND);
		*(volatile int *)8 = 1; /* comes again, unhandled */
	}
	if (!strcmp(what, "twice")) {
		signal(SIGSEGV, again);
		*(volatile int *)8 = 1;
	}
	if (!strcmp(what, "exit")) {
		signal(SIGSEGV, leave);
		*(volatile int *)8 = 1;
	}
	if (!strcmp(what, "abort")) {
		signal(SIGABRT, print);
		setvbuf(stdout, NULL, _IONBF, 0);
		abort();
	}
	if (!strcmp(what, "ignore")) {
		signal(SIGSEGV, SIG_IGN);
		*(volatile int *)8 = 1;
	}
	puts("end");
	return 0;
}
