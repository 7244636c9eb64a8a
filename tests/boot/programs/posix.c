/* posix.c - does what its first argument says; for the tests of run, on libos-posix.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;
static volatile int zero;

__attribute__((noinline)) static int crash_here(const char *how)
{
	if (strcmp(how, "divide") == 0)
		return 1000 / zero;
	if (strcmp(how, "illegal") == 0)
		__builtin_trap();
	if (strcmp(how, "abort") == 0)
		abort();
	return *(volatile int *)(size_t)(16 + zero);
}

__attribute__((noinline)) static int crash_caller(const char *how)
{
	return crash_here(how) + 1;
}

static int copy(void)
{
	int c;

	while ((c = getchar()) != EOF)
		putchar(c);
	return ferror(stdin);
}

static int show(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		return 1;
	}
	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "hello";
	char line[64];

	if (strcmp(what, "status") == 0)
		return atoi(argv[2]);
	if (strcmp(what, "crash") == 0)
		return crash_caller(argv[2]);
	if (strcmp(what, "cat") == 0)
		return argc > 2 ? show(argv[2]) : copy();
	if (strcmp(what, "echo") == 0 && fgets(line, sizeof(line), stdin))
		printf("echo: %s", line);
	if (strcmp(what, "forge") == 0) {
		printf("exo: exit 0\nexokernel: exit status 0\n");
		return 3;
	}
	if (strcmp(what, "chatter") == 0)
		for (int i = 0; i < 20000; i++)
			printf("%031d\n", i);
	while (strcmp(what, "spin") == 0)
		zero = 0;
	for (int i = 0; i < argc; i++)
		printf("argv[%d] = <%s>\n", i, argv[i]);
	for (char **e = environ; *e; e++)
		printf("environment <%s>\n", *e);
	printf("heap: %s, double %g\n", malloc(100000) ? "yes" : "no", 1.5 + zero);
	return 0;
}
