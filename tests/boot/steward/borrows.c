/* borrows.c - memory that nobody promised, on libos-posix: it lies on loan, and is asked back.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Arguments: PAGES, and `busy`: a thread writes to them all the time; or `fork`: a child looks at
 * them, too. When all are written it says so; when a line comes it looks at all of them again.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS (4096 / sizeof(uint64_t))

static volatile uint64_t *memory;
static size_t pages;
static volatile int over;
static uint64_t rounds;

static size_t wrong(void)
{
	size_t n = 0;

	for (size_t i = 0; i < pages; i++)
		for (size_t k = 0; k < WORDS; k += WORDS - 1)
			n += memory[i * WORDS + k] != i * 7 + k + 1;
	return n;
}

/* A number in the middle of each page, one more in each round. */
static void *write_on(void *unused)
{
	for (; !over; rounds++)
		for (size_t i = 0; i < pages; i++)
			memory[i * WORDS + 100] += i;
	return unused;
}

static size_t miscounted(void)
{
	size_t n = 0;

	for (size_t i = 0; i < pages; i++)
		n += memory[i * WORDS + 100] != i * rounds;
	return n;
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "";
	pthread_t writer;
	char line[80];

	pages = (size_t)atol(argv[1]);
	memory = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return 3;
	for (size_t i = 0; i < pages; i++)
		for (size_t k = 0; k < WORDS; k += WORDS - 1)
			memory[i * WORDS + k] = i * 7 + k + 1;
	if (strcmp(how, "fork") == 0) {
		pid_t child = fork();
		int status = 1;

		if (child == 0)
			_exit(wrong() != 0);
		printf("child: %d\n",
		       child > 0 && waitpid(child, &status, 0) == child ? status : -1);
	}
	if (strcmp(how, "busy") == 0 && pthread_create(&writer, NULL, write_on, NULL))
		return 4;
	printf("ready\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 5;
	over = 1;
	if (strcmp(how, "busy") == 0)
		pthread_join(writer, NULL);
	printf("%zu pages, %zu wrong, %zu miscounted\n", pages, wrong(), miscounted());
	return 0;
}
