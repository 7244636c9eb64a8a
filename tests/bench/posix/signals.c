/* signals.c - what signals cost.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Run by run.sh with one tick for each guest instruction: figures are instructions of one
 * operation, the least of several rounds.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 8
#define TIMES  64

static char *page;
static sigset_t usr1;

static unsigned long long ticks(void)
{
	unsigned int low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high));
	return (unsigned long long)high << 32 | low;
}

static void handler(int n)
{
	(void)n;
}

static void writable(int n, siginfo_t *info, void *context)
{
	(void)n, (void)info, (void)context;
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void empty(void)
{
	__asm__ volatile("");
}

static void do_raise(void)
{
	raise(SIGUSR1);
}

static void do_kill(void)
{
	kill(getpid(), SIGUSR1);
}

static void do_mask(void)
{
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
}

static void queue_wait(void)
{
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1});
	sigwaitinfo(&usr1, NULL);
}

static void protect(void)
{
	mprotect(page, 4096, PROT_READ);
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void fault(void)
{
	mprotect(page, 4096, PROT_READ);
	*(volatile char *)page = 1;
}

static const struct {
	const char *name;
	void (*call)(void);
} list[] = {
	{"signal-to-self", do_raise}, {"kill-self", do_kill},
	{"block+unblock", do_mask},   {"sigqueue+sigwaitinfo", queue_wait},
	{"mprotect-twice", protect},  {"mprotect+fault+handler", fault},
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
	struct sigaction a = {.sa_flags = SA_SIGINFO};
	unsigned long long nothing = least(empty);
	sigset_t real;

	signal(SIGUSR1, handler);
	a.sa_sigaction = writable;
	sigaction(SIGSEGV, &a, NULL);
	sigemptyset(&real);
	sigaddset(&real, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &real, NULL);
	usr1 = real;
	sigaddset(&usr1, SIGUSR1);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return 1;
	*page = 1;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		sigprocmask(SIG_SETMASK, &real, NULL);
		printf("bench %s %llu instructions\n", list[i].name, least(list[i].call) - nothing);
	}
	return 0;
}
