/* files.c - files against the end of memory, and in numbers.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Ends with 0 and the line "ok" if everything held; what did not is printed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char block[65536];
static int bad;

#define HOLDS(x)                                                                                   \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			printf("line %d: %s does not hold: %s\n", __LINE__, #x, strerror(errno));  \
			bad = 1;                                                                   \
		}                                                                                  \
	} while (0)

static long available(void)
{
	return sysconf(_SC_AVPHYS_PAGES);
}

/* As much as fits; returns bytes. */
static long fill(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	long total = 0;
	ssize_t n;

	HOLDS(fd >= 0);
	while ((n = write(fd, block, sizeof(block))) > 0)
		total += n;
	HOLDS(n < 0 && errno == ENOSPC);
	HOLDS(lseek(fd, 0, SEEK_END) == total);
	close(fd);
	return total;
}

/* The memory of what is removed is there again, time after time. */
static void full(void)
{
	long first = 0, before = 0;
	struct statvfs v;
	char *p;

	for (int round = 0; round < 4; round++) {
		long n = fill("/tmp/full");

		HOLDS(statvfs("/", &v) == 0 && v.f_bfree < 32);
		errno = 0;
		HOLDS(mkdir("/tmp/x", 0755) == 0 || errno == ENOSPC);
		HOLDS(open("/tmp/full", O_RDONLY) >= 3);
		HOLDS(close(3) == 0);
		p = malloc(1 << 20);
		HOLDS(!p);
		HOLDS(truncate("/tmp/full", n / 2) == 0);
		p = malloc(1 << 16);
		HOLDS(p);
		free(p);
		HOLDS(unlink("/tmp/full") == 0);
		rmdir("/tmp/x");
		if (round == 1) {
			first = n;
			before = available();
		}
		if (round > 1) {
			HOLDS(labs(n - first) < 1 << 17);
			HOLDS(labs(available() - before) < 64);
		}
	}
}

/* Names until nothing fits, then all of them away. */
static void names(void)
{
	char name[64];
	long before = available();
	int n = 0, k = 0;

	mkdir("/many", 0755);
	for (;; n++) {
		int fd;

		sprintf(name, "/many/file-%08d", n);
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0)
			break;
		close(fd);
	}
	HOLDS(errno == ENOSPC || errno == ENFILE);
	HOLDS(n > 1000);
	while (k < n) {
		sprintf(name, "/many/file-%08d", k++);
		HOLDS(unlink(name) == 0);
	}
	HOLDS(rmdir("/many") == 0);
	HOLDS(labs(available() - before) < 128);
}

/* One directory with many names. */
static void crowd(int count)
{
	struct dirent *e;
	char name[64];
	long sum = 0;
	DIR *d;

	mkdir("/crowd", 0755);
	for (int i = 0; i < count; i++) {
		sprintf(name, "/crowd/%d", i);
		HOLDS(mknod(name, S_IFREG | 0600, 0) == 0);
	}
	d = opendir("/crowd");
	while ((e = readdir(d)))
		sum += atoi(e->d_name);
	closedir(d);
	HOLDS(sum == (long)count * (count - 1) / 2);
	for (int i = count - 1; i >= 0; i--) {
		sprintf(name, "/crowd/%d", i);
		HOLDS(unlink(name) == 0);
	}
	HOLDS(rmdir("/crowd") == 0);
}

static void large(long bytes)
{
	int fd = open("/large", O_CREAT | O_RDWR, 0600);
	long before = available();

	for (long at = 0; at < bytes; at += (long)sizeof(block)) {
		memset(block, (int)(at >> 16), sizeof(block));
		HOLDS(write(fd, block, sizeof(block)) == sizeof(block));
	}
	HOLDS(lseek(fd, 0, SEEK_END) == bytes);
	for (long at = 0; at < bytes; at += 1234567) {
		HOLDS(pread(fd, block, 1, at) == 1);
		HOLDS(*block == (char)(at >> 16));
	}
	HOLDS(before - available() >= bytes / 4096);
	HOLDS(posix_fallocate(fd, 0, 1l << 40) == ENOSPC);
	HOLDS(lseek(fd, 0, SEEK_END) == bytes);
	HOLDS(ftruncate(fd, 0) == 0);
	HOLDS(labs(available() - before) < 128);
	close(fd);
	HOLDS(unlink("/large") == 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "full"))
		full();
	else if (!strcmp(what, "names"))
		names();
	else if (!strcmp(what, "crowd"))
		crowd(20000);
	else if (!strcmp(what, "large"))
		large(100l << 20);
	else
		return 2;
	printf(bad ? "failed\n" : "ok\n");
	return bad;
}
