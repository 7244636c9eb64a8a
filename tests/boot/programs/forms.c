/* forms.c - what could differ between the two forms of linking: printed, for comparison.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

extern char **environ;

static __thread int first = 11;
static __thread char aligned[3] __attribute__((aligned(128))) = "ab";
__thread long zeros[100] __attribute__((aligned(256)));
static int big[1 << 18];
int exported = 3;
int *const pointer = &exported;
int (*const table[])(const char *, const char *) = {strcmp, strcasecmp};
char *const names[] = {"one", "two", "three"};

/* Not here: a weak name may be missing. */
extern int nowhere(void) __attribute__((weak));

/* A name of the C library's that a program uses for something else. */
int getline_count;
int write_count(void);

__attribute__((constructor(200))) static void second_hook(void)
{
	puts("constructor 200");
}
__attribute__((constructor(101))) static void first_hook(void)
{
	puts("constructor 101");
}
__attribute__((destructor)) static void last_hook(void)
{
	puts("destructor");
}
static void at_exit(void)
{
	puts("at exit");
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void thread_local_storage(void)
{
	uintptr_t tp;
	long sum = 0;

	__asm__("mov %%fs:0, %0" : "=r"(tp));
	for (int i = 0; i < 100; i++)
		sum += zeros[i];
	printf("tls %d %s %ld, aligned %d %d, below %d\n", first, aligned, sum,
	       (int)((uintptr_t)aligned % 128), (int)((uintptr_t)zeros % 256),
	       (uintptr_t)&first < tp);
	first++;
	errno = ENOENT;
	printf("tls %d errno %d\n", first, errno);
}

/* One object on both sides: what the library sets is what the program reads. */
static void shared_data(int argc, char **argv)
{
	int c;

	opterr = 0;
	while ((c = getopt(argc, argv, "a:b")) != -1)
		printf("option %c %s optind %d\n", c == '?' ? optopt : c, optarg ? optarg : "-",
		       optind);
	setenv("FORMS", "yes", 1);
	for (char **e = environ; *e; e++)
		if (!strncmp(*e, "FORMS", 5))
			puts(*e);
	fprintf(stdout, "stdin %d stdout %d\n", fileno(stdin), fileno(stdout));
}

static void function_pointers(void)
{
	char *list[] = {"pear", "apple", "fig"};
	int (*volatile put)(const char *) = puts;
	void (*old)(int) = signal(SIGUSR1, SIG_IGN);

	qsort(list, 3, sizeof(list[0]), compare);
	printf("%s %s %s %d %d\n", list[0], list[1], list[2], table[0]("a", "b") < 0,
	       table[1]("A", "a"));
	put(names[2]);
	printf("%d %d %d\n", old == SIG_DFL, put == puts, nowhere == NULL);
}

int main(int argc, char **argv)
{
	int sum = 0;

	if (argc > 1 && !strcmp(argv[1], "relro"))
		*(volatile int *)&table[0] = 1;
	if (argc > 1 && !strcmp(argv[1], "text"))
		*(volatile char *)main = 1;
	if (argc > 1 && !strcmp(argv[1], "data"))
		((void (*)(void))big)();
	if (argc > 1 && !strcmp(argv[1], "where")) {
		printf("%lx %lx\n", (unsigned long)(uintptr_t)main, (unsigned long)(uintptr_t)puts);
		return 0;
	}
	atexit(at_exit);
	thread_local_storage();
	shared_data(argc, argv);
	function_pointers();
	for (int i = 0; i < 1 << 18; i++)
		sum += big[i];
	big[1000] = 5;
	printf("%d %d %d\n", sum, big[1000], *pointer);
	return 42;
}
