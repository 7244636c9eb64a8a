/* remap.c - mappings made longer, shorter and moved; what is said of memory, and asked of it.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 * RUN: lengths
 * RUN: moves
 * RUN: said
 */
#include "try.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul

static sigjmp_buf back;

static void fault(int n)
{
	siglongjmp(back, n);
}

/* Can it be read? */
static int is_there(volatile char *p)
{
	if (sigsetjmp(back, 1))
		return 0;
	(void)*p;
	return 1;
}

static char *map(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int lengths(void)
{
	char *p = map(64 * PAGE), *q;
	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);

	for (int i = 0; i < 64; i++)
		p[i * PAGE] = (char)i;
	q = mremap(p, 64 * PAGE, 16 * PAGE, 0);
	printf("shorter %d %d, %d %d\n", q == p, p[15 * PAGE], is_there(p + 15 * PAGE),
	       is_there(p + 16 * PAGE));
	q = mremap(p, 16 * PAGE, 32 * PAGE, 0); /* there is room behind it */
	printf("longer %d %d %d\n", q == p, p[15 * PAGE], p[16 * PAGE]);
	mmap(p + 32 * PAGE, PAGE, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	TRY(mremap(p, 32 * PAGE, 33 * PAGE, 0) == MAP_FAILED);
	q = mremap(p, 32 * PAGE, 500 * PAGE, MREMAP_MAYMOVE);
	printf("elsewhere %d %d %d, %d\n", q != p, q[15 * PAGE], q[499 * PAGE], is_there(p));
	TRY(mremap(q + 1, PAGE, PAGE, 0) == MAP_FAILED);
	TRY(mremap(q, PAGE, 0, 0) == MAP_FAILED);
	TRY(mremap(q, 10 * PAGE, 20 * PAGE, 8) == MAP_FAILED);
	TRY(mremap(q, 10 * PAGE, 20 * PAGE, MREMAP_FIXED, p) == MAP_FAILED);
	TRY(mremap((void *)PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
	/* a file's pages stay the file's */
	ftruncate(fd, 8 * PAGE);
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
	strcpy(p + PAGE, "in the file");
	p = mremap(p, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
	strcpy(p + 4 * PAGE, "further on");
	pread(fd, back, 12, 2 * PAGE);
	printf("%s\n", (char *)back);
	pread(fd, back, 12, 5 * PAGE);
	printf("%s\n", (char *)back);
	return 0;
}

static int moves(void)
{
	char *p = map(8 * PAGE), *to = map(32 * PAGE), *q;

	for (int i = 0; i < 8; i++)
		p[i * PAGE] = (char)(i + 1);
	to[20 * PAGE] = 77;
	q = mremap(p, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 4 * PAGE);
	printf("there %d %d %d, %d %d, %d\n", q == to + 4 * PAGE, q[0], q[7 * PAGE], to[3 * PAGE],
	       to[20 * PAGE], is_there(p));
	TRY(mremap(q, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + 4 * PAGE) ==
	    MAP_FAILED);
	/* what nobody may touch, and becomes longer */
	mprotect(q, 8 * PAGE, PROT_NONE);
	printf("%d\n", is_there(q));
	mprotect(q, 8 * PAGE, PROT_READ);
	printf("%d %d\n", is_there(q), q[PAGE]);
	/* with many pieces behind one another */
	for (int i = 0; i < 32; i += 2)
		mprotect(to + i * PAGE, PAGE, PROT_READ);
	TRY(mremap(to, 32 * PAGE, 64 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED); /* more than one */
	TRY(munmap(to, 32 * PAGE));
	return 0;
}

static int said(void)
{
	unsigned char in[16];
	char *p = map(16 * PAGE);
	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);

	p[0] = p[5 * PAGE] = 1;
	TRY(mincore(p, 16 * PAGE, in));
	printf("in %d %d %d\n", in[0] & 1, in[5] & 1, in[9] & 1);
	TRY(mincore(p + 1, PAGE, in));
	TRY(mincore(p, 16 * PAGE, (void *)8));
	TRY(madvise(p, 8 * PAGE, MADV_DONTNEED));
	printf("zero again %d %d\n", p[0], p[5 * PAGE]);
	TRY(madvise(p + 1, PAGE, MADV_DONTNEED));
	TRY(madvise(p, PAGE, 12345));
	TRY(madvise(p, PAGE, MADV_WILLNEED));
	TRY(posix_madvise(p, PAGE, POSIX_MADV_SEQUENTIAL));
	TRY(mlock(p, 16 * PAGE));
	mincore(p, 16 * PAGE, in);
	printf("all in %d %d\n", in[9] & 1, in[15] & 1);
	TRY(munlock(p, 16 * PAGE));
	munmap(p + 8 * PAGE, PAGE);
	TRY(mlock(p, 16 * PAGE));
	TRY(mincore(p, 16 * PAGE, in));
	TRY(msync(p, 16 * PAGE, MS_SYNC));
	TRY(msync(p + 1, PAGE, MS_SYNC));
	TRY(msync(p, PAGE, MS_SYNC | MS_ASYNC));
	TRY(munlockall());
	TRY(madvise(p, 16 * PAGE, MADV_DONTNEED));
	/* a file that was changed through its mapping; what is private and given up is the file's
	 * again */
	write(fd, "file", 4);
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p[0] = 'F';
	TRY(msync(p, PAGE, MS_SYNC));
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	p[1] = 'I';
	printf("%.4s\n", p);
	TRY(madvise(p, PAGE, MADV_DONTNEED));
	printf("%.4s\n", p);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	signal(SIGSEGV, fault);
	signal(SIGBUS, fault);
	return !strcmp(what, "lengths") ? lengths() : !strcmp(what, "moves") ? moves() : said();
}
