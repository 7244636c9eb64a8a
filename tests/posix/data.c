/* data.c - the bytes of files: holes, cutting, appending, bad memory, large offsets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char block[100000], back[100000];

static unsigned int sum(int fd)
{
	unsigned int s = 1;
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, back, 777)) > 0)
		for (ssize_t i = 0; i < n; i++)
			s = s * 31 + (unsigned char)back[i];
	return s;
}

static long size(int fd)
{
	struct stat s;

	fstat(fd, &s);
	return (long)s.st_size;
}

static void reading_and_writing(void)
{
	int fd = open("data", O_CREAT | O_RDWR | O_TRUNC, 0644);

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 7 + i / 251);
	TRY(write(fd, block, sizeof(block)));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(pwrite(fd, block, 10000, 50001));
	TRY(pwrite(fd, "end", 3, 150000));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(ftruncate(fd, 4099));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(ftruncate(fd, 9000));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(pread(fd, back, 100, 8950));
	TRY(pread(fd, back, 100, 9000));
	TRY(pread(fd, back, 100, -1));
	TRY(pwrite(fd, back, 100, -1));
	TRY(ftruncate(fd, -1));
	TRY(lseek(fd, 20000, SEEK_SET));
	TRY(write(fd, "x", 1));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(write(fd, block, 0));
	TRY(truncate("data", 5));
	TRY(truncate("dir", 5));
	TRY(truncate("none", 5));
	TRY(truncate("text/x", 5));
	printf("%u %ld\n", sum(fd), size(fd));
	close(fd);
}

static void appending(void)
{
	int fd = open("log", O_CREAT | O_RDWR | O_APPEND, 0644), other = open("log", O_WRONLY);

	TRY(write(fd, "one\n", 4));
	TRY(lseek(fd, 0, SEEK_SET));
	TRY(write(fd, "two\n", 4));
	TRY(lseek(fd, 0, SEEK_CUR));
	TRY(pwrite(fd, "three\n", 6, 0));
	TRY(write(other, "ONE", 3));
	TRY(write(fd, "four\n", 5));
	TRY(fcntl(fd, F_SETFL, 0));
	TRY(pwrite(fd, "X", 1, 1));
	TRY(pread(fd, back, 100, 0));
	fwrite(back, 1, 19, stdout);
	TRY(read(other, back, 1));
	TRY(ftruncate(open("log", O_RDONLY), 0));
	close(fd);
	close(other);
}

/* A file of the root directory is changed and keeps the rest of its bytes. */
static void changing_packed(void)
{
	int fd = open("text", O_RDWR);

	printf("%u %ld\n", sum(fd), size(fd));
	TRY(pwrite(fd, "TEXT", 4, 2));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(ftruncate(fd, 8));
	TRY(ftruncate(fd, 20));
	printf("%u %ld\n", sum(fd), size(fd));
	close(fd);
	TRY(fd = open("dir/inner", O_RDWR | O_TRUNC));
	printf("%u %ld\n", sum(fd), size(fd));
	close(fd);
}

static void holes(void)
{
	int fd = open("holes", O_CREAT | O_RDWR, 0600);

	TRY(pwrite(fd, "a", 1, 1 << 20));
	TRY(pwrite(fd, "b", 1, 5ll << 30));
	TRY(lseek(fd, 0, SEEK_END));
	TRY(lseek(fd, 0, SEEK_DATA));
	TRY(lseek(fd, 1 << 20, SEEK_HOLE));
	TRY(lseek(fd, (1 << 20) + 4096, SEEK_DATA));
	TRY(lseek(fd, 6ll << 30, SEEK_DATA));
	TRY(pread(fd, back, 10, 3ll << 30));
	TRY(posix_fallocate(fd, 4096, 8192));
	TRY(posix_fallocate(fd, 0, 0));
	TRY(ftruncate(fd, 1));
	TRY(posix_fallocate(fd, 0, 10000));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(lseek(fd, -10, SEEK_CUR) >= 0);
	TRY(lseek(fd, 0, 9));
	close(fd);
}

/* Addresses at which nothing is end a call, not the program. */
static void bad_memory(void)
{
	char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("bad", O_CREAT | O_RDWR, 0600);
	struct iovec v[2] = {{block, 10}, {(void *)16, 10}};

	munmap(map + 4096, 4096);
	memset(map, 'm', 4096);
	TRY(write(fd, (void *)16, 10));
	TRY(write(fd, map + 4090, 20));
	TRY(lseek(fd, 0, SEEK_SET));
	TRY(read(fd, (void *)16, 5));
	TRY(read(fd, map + 4094, 5));
	TRY(writev(fd, v, 2));
	TRY(writev(fd, (void *)16, 2));
	TRY(writev(fd, v, -1));
	TRY(fstat(fd, (void *)16));
	TRY(stat("bad", (void *)16));
	TRY(open((void *)16, O_RDONLY));
	TRY(readlink("link", (void *)16, 10));
	TRY(pipe((void *)16));
	close(fd);
}

static void vectors(void)
{
	int fd = open("vector", O_CREAT | O_RDWR, 0600);
	struct iovec v[3] = {{"ab", 2}, {NULL, 0}, {"cdef", 4}}, w[2] = {{back, 3}, {back + 10, 5}};

	TRY(writev(fd, v, 3));
	TRY(preadv(fd, w, 2, 1));
	printf("%.3s %.2s\n", back, back + 10);
	TRY(pwritev(fd, v, 3, 4));
	printf("%u %ld\n", sum(fd), size(fd));
	TRY(readv(fd, w, 0));
	close(fd);
}

int main(void)
{
	reading_and_writing();
	appending();
	changing_packed();
	holes();
	bad_memory();
	vectors();
	return 0;
}
