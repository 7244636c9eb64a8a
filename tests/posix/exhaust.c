/* exhaust.c - memory runs out: an error, never a hang, and all of it comes back.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * On Linux a limit on the address space stands for a small machine.
 *
 * RUN:
 * RUN: double
 * RUN: inside
 * RUN: stack
 * RUN: over
 * ENDS: by a signal
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define BLOCK ((size_t)1 << 20)
#define MANY  4096

static char *block[MANY];

/* All there is, each page touched: promised memory is there. */
static int take(size_t n)
{
	int i = 0;

	errno = 0;
	while (i < MANY && (block[i] = malloc(n))) {
		memset(block[i], i, n);
		i++;
	}
	return i;
}

static int give(int n, size_t bytes)
{
	int wrong = 0;

	for (int i = 0; i < n; i++) {
		wrong += block[i][bytes - 1] != (char)i;
		free(block[i]);
	}
	return wrong;
}

static void heap(void)
{
	int first = take(BLOCK), error = errno, again;

	printf("some %d, %s\n", first > 4, error == ENOMEM ? "ENOMEM" : "another error");
	printf("wrong %d\n", give(first, BLOCK));
	again = take(BLOCK);
	printf("again %d\n", again >= first - 1 && again <= first + 1);
	printf("wrong %d\n", give(again, BLOCK));
	first = take(5000);
	printf("wrong %d\n", give(first, 5000));
}

static void maps(void)
{
	void *map[MANY];
	int n = 0, m = 0;

	while (n < MANY && (map[n] = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED)
		n++;
	printf("%s\n", errno == ENOMEM ? "ENOMEM" : "another error");
	printf("calloc %d\n", calloc(1, 64 << 20) != NULL);
	while (m < n)
		munmap(map[m++], BLOCK);
}

static int deep(int n)
{
	volatile char room[4000];

	room[n % 4000] = (char)n;
	return deep(n + 1) + room[n % 4000];
}

int main(int argc, char **argv)
{
	struct rlimit small = {40 << 20, 40 << 20};
	char *volatile p = malloc(100);

	printf("begin\n");
	fflush(stdout);
	if (argc == 1) {
		setrlimit(RLIMIT_AS, &small);
		heap();
		maps();
		return 0;
	}
	if (strcmp(argv[1], "double") == 0) {
		free(p);
		free(p);
	}
	if (strcmp(argv[1], "inside") == 0)
		free(p + 16);
	if (strcmp(argv[1], "stack") == 0)
		return deep(0);
	if (strcmp(argv[1], "over") == 0) {
		char *volatile q = malloc(2000);

		malloc(2000);
		memset(q, 'x', 2100);
		free(q);
	}
	printf("not noticed\n");
	return 1;
}
