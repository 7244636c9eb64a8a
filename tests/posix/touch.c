/* touch.c - threads that touch the same new pages at the same moment: nothing they write is lost.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE    4096ul
#define PAGES   1024ul
#define THREADS 4ul
#define ROUNDS  20

static char *shared;
static atomic_int at_once;

static void *touch(void *number)
{
	size_t n = (size_t)number;

	at_once++;
	while (at_once < (int)THREADS)
		;
	for (size_t i = 0; i < PAGES; i++) {
		char *page = shared + (n * PAGES / 8 + i) % PAGES * PAGE;

		atomic_fetch_add((atomic_ulong *)(page + 64), 1);
		((volatile unsigned long *)(page + 1024))[n * 8]++;
	}
	return NULL;
}

static int wrong(const char *page)
{
	if (*(const unsigned long *)(page + 64) != THREADS)
		return 1;
	for (size_t n = 0; n < THREADS; n++)
		if (((const unsigned long *)(page + 1024))[n * 8] != 1)
			return 1;
	return 0;
}

int main(void)
{
	pthread_t t[THREADS];
	int pages = 0;

	for (int round = 0; round < ROUNDS; round++) {
		shared = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		at_once = 0;
		for (size_t n = 0; n < THREADS; n++)
			pthread_create(&t[n], NULL, touch, (void *)n);
		for (size_t n = 0; n < THREADS; n++)
			pthread_join(t[n], NULL);
		for (size_t i = 0; i < PAGES; i++)
			pages += wrong(shared + i * PAGE);
		munmap(shared, PAGES * PAGE);
	}
	printf("%d pages of %lu are not what was written\n", pages, PAGES);
	return 0;
}
