/* processes.c - what processes cost.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Run by run.sh with one tick for each guest instruction.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMES     200
#define EXCHANGES 1000

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static void row(const char *name, uint64_t ticks, uint64_t times)
{
	printf("bench %s %llu instructions\n", name, (unsigned long long)(ticks / times));
	fflush(stdout);
}

static void end(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		exit(1);
}

static void forks(void)
{
	uint64_t from;

	for (int i = -5; i < TIMES; i++) {
		pid_t pid;

		if (!i)
			from = ticks();
		pid = fork();
		if (!pid)
			_exit(0);
		end(pid);
	}
	row("fork+exit+wait", ticks() - from, TIMES);
}

static void execs(void)
{
	uint64_t from;

	if (access("/bin/nothing", X_OK))
		return;
	for (int i = -5; i < TIMES; i++) {
		pid_t pid;

		if (!i)
			from = ticks();
		pid = fork();
		if (!pid) {
			execl("/bin/nothing", "nothing", NULL);
			_exit(1);
		}
		end(pid);
	}
	row("fork+exec+exit+wait", ticks() - from, TIMES);
}

static void exchanges(void)
{
	int there[2], back[2];
	uint64_t from;
	pid_t pid;
	char c = 'x';

	if (pipe(there) || pipe(back))
		exit(1);
	pid = fork();
	if (!pid) {
		for (int i = 0; i < EXCHANGES + 5; i++)
			if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
				_exit(1);
		_exit(0);
	}
	for (int i = -5; i < EXCHANGES; i++) {
		if (!i)
			from = ticks();
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			exit(1);
	}
	row("pipe", ticks() - from, EXCHANGES);
	end(pid);
}

/* A write barrier in 2 MiB that are there: protect it all, touch it all again. */
static void large(void)
{
	const size_t bytes = 8 << 20;
	uint64_t from = ticks();
	volatile char *p =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < bytes; i += 4096)
		p[i] = 1;
	row("touch-8M-by-page", ticks() - from, bytes / 4096);
	from = ticks();
	mprotect((void *)p, bytes, PROT_READ);
	mprotect((void *)p, bytes, PROT_READ | PROT_WRITE);
	row("protect-8M-twice-by-page", ticks() - from, bytes / 4096);
}

int main(void)
{
	forks();
	execs();
	exchanges();
	large();
	return 0;
}
