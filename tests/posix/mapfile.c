/* mapfile.c - files mapped into memory: shared, private, past their end.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN:
 * RUN: past
 * RUN: sealed
 * ENDS: by a signal
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define RW   (PROT_READ | PROT_WRITE)

static const char *error(void)
{
	return errno == EACCES   ? "EACCES"
	       : errno == ENODEV ? "ENODEV"
	       : errno == EBADF  ? "EBADF"
	       : errno == EINVAL ? "EINVAL"
				 : strerror(errno);
}

static int make(size_t bytes)
{
	char name[] = "/tmp/mapfileXXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name)) {
		printf("no file: %s\n", strerror(errno));
		exit(1);
	}
	for (size_t i = 0; i < bytes; i++) {
		char c = 'a' + i / PAGE;

		if (write(fd, &c, 1) != 1)
			exit(1);
	}
	return fd;
}

static char *map(int fd, size_t n, int prot, int flags, off_t offset)
{
	char *p = mmap(NULL, n, prot, flags, fd, offset);

	if (p == MAP_FAILED) {
		printf("map: %s\n", error());
		return NULL;
	}
	return p;
}

static int at(int fd, off_t where)
{
	char c = 0;

	return pread(fd, &c, 1, where) == 1 ? c : -1;
}

static void shared(void)
{
	int fd = make(3 * PAGE + 100);
	char *p = map(fd, 4 * PAGE, RW, MAP_SHARED, 0), *q;

	printf("%c %c %c %d\n", p[0], p[PAGE], p[3 * PAGE + 99], p[3 * PAGE + 100]);
	p[PAGE + 1] = 'X';
	printf("file has %c\n", at(fd, PAGE + 1));
	pwrite(fd, "Y", 1, 2 * PAGE);
	printf("map has %c\n", p[2 * PAGE]);
	q = map(fd, PAGE, PROT_READ, MAP_SHARED, PAGE);
	p[PAGE + 2] = 'Z';
	printf("second has %c%c\n", q[1], q[2]);
	printf("msync %d\n", msync(p, 4 * PAGE, MS_SYNC));
	close(fd);
	p[0] = '!';
	printf("after close %c\n", p[0]);
	printf("unmap %d\n", munmap(p + PAGE, PAGE));
	printf("second still %c\n", q[2]);
	munmap(p, 4 * PAGE);
	munmap(q, PAGE);
}

static void private(void)
{
	int fd = make(3 * PAGE);
	char *p = map(fd, 3 * PAGE, RW, MAP_PRIVATE, 0), *q;

	p[0] = 'X';
	p[PAGE] = 'Y';
	printf("%c%c%c, file %c%c%c\n", p[0], p[PAGE], p[2 * PAGE], at(fd, 0), at(fd, PAGE),
	       at(fd, 2 * PAGE));
	printf("rest of the page %c\n", p[1]);
	q = map(fd, 3 * PAGE, PROT_READ, MAP_PRIVATE, 0);
	printf("another %c\n", q[0]);
	printf("now writable %d\n", mprotect(q, PAGE, RW));
	q[5] = 'Q';
	printf("%c%c, file %c, first %c\n", q[5], q[6], at(fd, 5), p[5]);
	printf("dontneed %d\n", madvise(p, PAGE, MADV_DONTNEED));
	printf("as in the file: %c\n", p[0]);
	p[1] = 'r';
	mprotect(p, PAGE, PROT_NONE);
	mprotect(p, PAGE, RW);
	printf("kept %c\n", p[1]);
	p[2] = 's';
	q = mremap(p, 3 * PAGE, 30 * PAGE, MREMAP_MAYMOVE);
	printf("moved %c%c%c\n", q[0], q[1], q[2]);
	munmap(q, 30 * PAGE);
	close(fd);
}

static void holes(void)
{
	int fd = make(10);
	char *p;

	printf("truncate %d\n", ftruncate(fd, 10 * PAGE));
	p = map(fd, 10 * PAGE, RW, MAP_SHARED, 0);
	printf("zero %d\n", p[5 * PAGE]);
	p[6 * PAGE] = 'h';
	printf("file %c\n", at(fd, 6 * PAGE));
	munmap(p, 10 * PAGE);
	close(fd);
}

static void packed(void)
{
	int fd = open("text", O_RDONLY);
	struct stat st;
	char *p;
	int wrong = 0;

	fstat(fd, &st);
	p = map(fd, st.st_size, RW, MAP_PRIVATE, 0);
	for (off_t i = 0; i < st.st_size; i++)
		wrong += p[i] != (char)at(fd, i);
	p[0]++;
	printf("packed %d wrong, changed %d\n", wrong, p[0] - at(fd, 0));
	munmap(p, st.st_size);
	close(fd);
}

static void errors(void)
{
	char name[] = "/tmp/mapfileXXXXXX";
	int fd = mkstemp(name), ro = open(name, O_RDONLY), wo = open(name, O_WRONLY);
	int dir = open("/", O_RDONLY), zero = open("/dev/zero", O_RDWR);
	char *p;

	map(ro, PAGE, RW, MAP_SHARED, 0);
	map(wo, PAGE, PROT_READ, MAP_SHARED, 0);
	map(wo, PAGE, PROT_WRITE, MAP_PRIVATE, 0);
	map(dir, PAGE, PROT_READ, MAP_PRIVATE, 0);
	map(99, PAGE, PROT_READ, MAP_PRIVATE, 0);
	map(fd, PAGE, PROT_READ, MAP_PRIVATE, 5);
	map(fd, PAGE, PROT_READ, 0, 0);
	map(fd, 0, PROT_READ, MAP_PRIVATE, 0);
	p = map(ro, PAGE, PROT_READ, MAP_SHARED, 0);
	printf("sealed %d %s\n", mprotect(p, PAGE, RW), error());
	p = map(zero, 2 * PAGE, RW, MAP_PRIVATE, 0);
	printf("zero %d\n", p[PAGE]);
	p[PAGE] = 1;
	printf("%d\n", p[PAGE]);
	unlink(name);
}

/* What a copy of a file's page was promised is free again when it is unmapped. */
static void copies(void)
{
	int fd = make(PAGE), sum = 0;
	char *p;

	for (int i = 0; i < 100000; i++) {
		p = map(fd, PAGE, RW, MAP_PRIVATE | MAP_NORESERVE, 0);
		if (!p)
			return;
		sum += p[0] == 'a';
		p[0] = 'b';
		munmap(p, PAGE);
	}
	p = calloc(16, 1 << 20);
	printf("copies %d %d\n", sum, p != NULL);
	free(p);
	close(fd);
}

int main(int argc, char **argv)
{
	volatile char *p;
	int fd;

	if (argc > 1) {
		fd = make(PAGE + 1);
		p = map(fd, 3 * PAGE, PROT_READ, strcmp(argv[1], "past") ? MAP_SHARED : MAP_PRIVATE,
			0);
		printf("%c %d\n", p[PAGE], p[2 * PAGE - 1]);
		fflush(stdout);
		if (strcmp(argv[1], "past"))
			p[0] = 1;
		return p[2 * PAGE];
	}
	shared();
	private();
	holes();
	packed();
	errors();
	copies();
	return 0;
}
