/* runner.c - runs the tests of a group one after another, each in a process of its own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * usage: runner [FIRST [LIMIT]]     from the FIRSTth test on, at most LIMIT seconds for each
 *        runner only NAME...
 *
 * Each test prints a line "begin NAME" and a line "end NAME RESULT [last words]".
 */
#define _GNU_SOURCE
#include "runner.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#pragma weak setpgid

#define OUTPUT "/tmp/output"

static int limit = 60;

/* The last line that says something. */
static void last_words(void)
{
	static char text[4096];
	FILE *f = fopen(OUTPUT, "r");
	char line[sizeof(text)];

	*text = 0;
	while (f && fgets(line, sizeof(line), f))
		if (strspn(line, " \t\n") < strlen(line))
			strcpy(text, line);
	if (f)
		fclose(f);
	text[strcspn(text, "\n")] = 0;
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	if (*text)
		printf(" %.150s", text);
}

static void child(const struct test *t)
{
	static char name[64];
	char *argv[] = {name, NULL};
	int out = open(OUTPUT, O_RDWR | O_CREAT | O_TRUNC, 0666);

	if (setpgid)
		setpgid(0, 0);
	dup2(out, 1);
	dup2(out, 2);
	close(out);
	snprintf(name, sizeof(name), "%s", t->name);
	errno = 0; /* as after exec */
	exit(t->main(1, argv));
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* The status of a child, or -1 if it does not end. */
static int wait_for(pid_t pid)
{
	double end = now() + limit;
	struct timespec tick = {0, 1000000};
	int status;

	while (now() < end) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		nanosleep(&tick, NULL);
		if (tick.tv_nsec < 20000000)
			tick.tv_nsec += 1000000;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static void run(const struct test *t)
{
	static const char *const word[] = {"PASS", "FAIL",        "UNRESOLVED",
					   NULL,   "UNSUPPORTED", "UNTESTED"};
	int status;
	pid_t pid;

	printf("begin %s\n", t->name);
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		printf("end %s NOFORK %s\n", t->name, strerror(errno));
		return;
	}
	if (pid == 0)
		child(t);
	status = wait_for(pid);
	/* what the test has left behind */
	if (setpgid)
		kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	printf("end %s ", t->name);
	if (status == -1)
		printf("HANG");
	else if (WIFSIGNALED(status))
		printf("SIGNAL-%d", WTERMSIG(status));
	else if (WEXITSTATUS(status) <= 5 && word[WEXITSTATUS(status)])
		printf("%s", word[WEXITSTATUS(status)]);
	else
		printf("STATUS-%d", WEXITSTATUS(status));
	if (status)
		last_words();
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t first = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	mkdir("/tmp", 01777);
	if (argc > 2 && strcmp(argv[1], "only") == 0) {
		for (int i = 2; i < argc; i++)
			for (const struct test *t = tests; t->name; t++)
				if (strcmp(t->name, argv[i]) == 0)
					run(t);
		return 0;
	}
	if (argc > 2)
		limit = atoi(argv[2]);
	for (size_t i = 0; tests[i].name; i++)
		if (i >= first)
			run(&tests[i]);
	puts("all ran");
	return 0;
}
