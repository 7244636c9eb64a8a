/* process.c - how a program begins and ends.
 * SPDX-License-Identifier: BSD-2-Clause
 * RUN: args one "two words" -- "" ä
 * RUN: status 0
 * RUN: status 7
 * RUN: status 300
 * RUN: status -1
 * RUN: exit
 * RUN: quick
 * RUN: _exit
 * RUN: abort
 * RUN: raise
 * RUN: assert
 * RUN: null
 * RUN: divide
 * RUN: trap
 * RUN: stack
 * RUN: smash
 * RUN: uncode
 * ENDS: by a signal
 */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static volatile int zero;
static int order;

__attribute__((constructor)) static void begin(void)
{
	order = 1;
}

__attribute__((destructor)) static void end(void)
{
	printf("destructor %d\n", order);
	fflush(stdout);
}

static void first(void)
{
	printf("first handler %d\n", order++);
}

static void second(void)
{
	printf("second handler %d\n", order++);
}

__attribute__((noinline)) static int recurse(int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return recurse(n + 1) + room[0];
}

__attribute__((noinline, optimize("stack-protector-all"))) static void smash(size_t n)
{
	char room[8];

	memset(room, 'x', n);
	__asm__ volatile("" : : "r"(room) : "memory");
}

static int show(int argc, char **argv)
{
	printf("%d arguments\n", argc);
	for (int i = 1; i <= argc; i++)
		printf("[%s]\n", argv[i] ? argv[i] : "end");
	printf("GREETING=%s NONE=%d\n", getenv("GREETING"), getenv("NONE") == NULL);
	setenv("GREETING", "changed", 0);
	setenv("NEW", "value", 1);
	putenv("PUT=it");
	printf("%s %s %s\n", getenv("GREETING"), getenv("NEW"), getenv("PUT"));
	unsetenv("NEW");
	printf("%d\n", getenv("NEW") == NULL);
	strcat(argv[1], "");
	argv[1][0] = 'A';
	printf("%s\n", argv[1]);
	return 0;
}

/* A child takes its own code away, and what of it may be the libOS's: that harms nobody else. */
static int uncode(void)
{
	char *page = (char *)((size_t)uncode & ~4095ul);

	if (!fork()) {
		munmap(page, 65536);
		_exit(1);
	}
	if (!fork()) {
		mprotect(page, 65536, PROT_READ);
		_exit(1);
	}
	while (wait(NULL) > 0)
		;
	puts("others live");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	atexit(first);
	atexit(second);
	printf("begun %d\n", order);
	fflush(stdout);
	if (strcmp(what, "args") == 0)
		return show(argc, argv);
	if (strcmp(what, "status") == 0)
		return atoi(argv[2]);
	if (strcmp(what, "uncode") == 0)
		return uncode();
	if (strcmp(what, "exit") == 0)
		exit(3);
	if (strcmp(what, "quick") == 0)
		quick_exit(4);
	if (strcmp(what, "_exit") == 0)
		_exit(5);
	if (strcmp(what, "abort") == 0)
		abort();
	if (strcmp(what, "raise") == 0)
		raise(SIGTERM);
	if (strcmp(what, "assert") == 0)
		assert(zero == 1);
	if (strcmp(what, "null") == 0)
		return *(volatile int *)(size_t)zero;
	if (strcmp(what, "divide") == 0)
		return 1 / zero;
	if (strcmp(what, "trap") == 0)
		__builtin_trap();
	if (strcmp(what, "stack") == 0)
		return recurse(zero);
	if (strcmp(what, "smash") == 0)
		smash(64 + (size_t)zero);
	return 0;
}
