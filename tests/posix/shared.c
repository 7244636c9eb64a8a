/* shared.c - files that are memory, seals; data through pipes without buffers; larger calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

static char buf[100000], object[40]; /* its name, which nobody else has */

static void memory(void)
{
	int fd = memfd_create("thing", MFD_CLOEXEC), other;
	struct stat st;
	char *at, *again;

	TRY(fcntl(fd, F_GETFD));
	TRY(fcntl(fd, F_GETFL));
	TRY(fstat(fd, &st));
	printf("%o %ld\n", st.st_mode, (long)st.st_size);
	TRY(write(fd, "hello", 5));
	TRY(ftruncate(fd, 10000));
	at = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%s\n", at);
	memcpy(at + 5000, "page", 4);
	TRY(pread(fd, buf, 4, 5000));
	TRY(fcntl(fd, F_GET_SEALS));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	sprintf(buf, "/proc/self/fd/%d", fd);
	TRY((other = open(buf, O_RDWR)) > 2);
	TRY(pread(other, buf, 4, 5000));
	TRY(linkat(AT_FDCWD, buf, AT_FDCWD, "linked", AT_SYMLINK_FOLLOW));
	close(fd);
	close(other);
	memcpy(at, "still", 5);
	munmap(at, 10000);
	TRY(memfd_create("x", 0x100));
	TRY(memfd_create((void *)16, 0));
	memset(buf, 'n', 300);
	buf[250] = 0;
	TRY(memfd_create(buf, 0));
	buf[249] = 0;
	TRY(close(memfd_create(buf, 0)));
	TRY(shm_open("", O_RDWR, 0));
	TRY(shm_open("/none", O_RDWR, 0));
	TRY(shm_open("/a/b", O_CREAT | O_RDWR, 0600));
	snprintf(object, sizeof(object), "/exo-test-object-%d", getpid());
	shm_unlink(object);
	TRY((fd = shm_open(object, O_CREAT | O_EXCL | O_RDWR, 0640)) > 2);
	TRY(shm_open(object, O_CREAT | O_EXCL | O_RDWR, 0640));
	TRY(fstat(fd, &st));
	printf("%o %ld %d\n", st.st_mode, (long)st.st_size, fcntl(fd, F_GETFD));
	ftruncate(fd, 8192);
	other = shm_open(object + 1, O_RDONLY, 0);
	at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	again = mmap(NULL, 8192, PROT_READ, MAP_SHARED, other, 0);
	strcpy(at + 4096, "seen");
	printf("%s\n", again + 4096);
	TRY(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0) == MAP_FAILED);
	TRY(shm_unlink(object));
	TRY(shm_unlink(object));
	TRY(shm_unlink("/"));
	strcpy(at, "after");
	printf("%s\n", again);
	munmap(at, 8192);
	munmap(again, 8192);
	close(fd);
	close(other);
}

static void seals(void)
{
	int fd = memfd_create("sealed", MFD_ALLOW_SEALING), text = open("text", O_RDWR);

	TRY(fcntl(fd, F_GET_SEALS));
	TRY(write(fd, "0123456789", 10));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	TRY(ftruncate(fd, 11));
	TRY(pwrite(fd, "x", 1, 10));
	TRY(pwrite(fd, "x", 1, 9));
	TRY(fallocate(fd, 0, 0, 20));
	TRY(ftruncate(fd, 9));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	TRY(ftruncate(fd, 8));
	TRY(fcntl(fd, F_GET_SEALS));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	TRY(pwrite(fd, "x", 1, 0));
	TRY(pread(fd, buf, 20, 0));
	TRY(fcntl(fd, F_ADD_SEALS, 0x1000));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
	TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	TRY(fcntl(fd, F_GET_SEALS));
	close(fd);
	close(text);
}

static void splicing(void)
{
	int p[2], q[2], from = open("from", O_CREAT | O_RDWR, 0600),
			to = open("to", O_CREAT | O_RDWR, 0600);
	struct iovec v[2] = {{"vector ", 7}, {"of two", 6}};
	loff_t at = 10;

	for (int i = 0; i < 70000; i++)
		buf[i] = (char)(i * 7 + i / 300);
	write(from, buf, 70000);
	pipe(p);
	pipe(q);
	TRY(splice(from, &at, p[1], NULL, 100, 0));
	printf("%ld\n", (long)at);
	TRY(splice(p[0], NULL, to, NULL, 1000, 0));
	TRY(lseek(to, 0, SEEK_CUR));
	TRY(splice(p[0], NULL, to, NULL, 1000, SPLICE_F_NONBLOCK));
	lseek(from, 0, SEEK_SET);
	TRY(splice(from, NULL, p[1], NULL, 5000, SPLICE_F_MOVE | SPLICE_F_MORE));
	TRY(lseek(from, 0, SEEK_CUR));
	TRY(tee(p[0], q[1], 3000, 0));
	TRY(tee(p[0], q[1], 3000, SPLICE_F_NONBLOCK));
	at = 50;
	TRY(splice(p[0], NULL, to, &at, 5000, 0));
	printf("%ld\n", (long)at);
	TRY(read(q[0], buf + 80000, 10000));
	printf("%d\n", memcmp(buf, buf + 80000, 3000));
	TRY(pread(to, buf + 80000, 10000, 50));
	printf("%d\n", memcmp(buf, buf + 80000, 5000));
	TRY(vmsplice(p[1], v, 2, 0));
	TRY(splice(p[0], NULL, q[1], NULL, 100, 0));
	memset(buf, 0, 20);
	v[0] = (struct iovec){buf, 20};
	TRY(vmsplice(q[0], v, 1, 0));
	printf("%s\n", buf);
	TRY(splice(from, NULL, to, NULL, 10, 0));
	TRY(splice(p[0], &at, to, NULL, 10, 0));
	TRY(splice(p[1], NULL, to, NULL, 10, 0));
	TRY(splice(p[0], NULL, p[1], NULL, 10, 0));
	TRY(splice(p[0], NULL, to, NULL, 10, 0x100));
	TRY(splice(99, NULL, to, NULL, 10, 0));
	TRY(splice(p[0], NULL, to, NULL, 0, 0));
	TRY(tee(from, q[1], 10, 0));
	TRY(vmsplice(from, v, 1, 0));
	fcntl(to, F_SETFL, O_APPEND);
	write(p[1], "x", 1);
	TRY(splice(p[0], NULL, to, NULL, 10, 0));
	close(p[1]);
	TRY(read(p[0], buf, 10));
	TRY(splice(p[0], NULL, q[1], NULL, 10, 0));
	TRY(tee(p[0], q[1], 10, 0));
	close(p[0]);
	close(q[0]);
	close(q[1]);
	close(from);
	close(to);
}

static void sizes(void)
{
	int p[2];

	pipe2(p, O_NONBLOCK);
	TRY(fcntl(p[0], F_GETPIPE_SZ));
	TRY(fcntl(p[1], F_SETPIPE_SZ, 100));
	TRY(write(p[1], buf, 4096));
	TRY(write(p[1], buf, 1));
	TRY(fcntl(p[1], F_SETPIPE_SZ, 10000));
	TRY(write(p[1], buf, 1));
	TRY(fcntl(p[1], F_SETPIPE_SZ, 4096));
	TRY(read(p[0], buf, 100000));
	TRY(fcntl(p[1], F_SETPIPE_SZ, 1 << 20));
	TRY(write(p[1], buf, 100000));
	TRY(write(p[1], buf, 100000));
	TRY(read(p[0], buf, 100000));
	TRY(fcntl(open("text", O_RDONLY), F_GETPIPE_SZ));
	close(p[0]);
	close(p[1]);
}

static void entries(void)
{
	int fd = open("dir", O_RDONLY), n, found = 0;
	off_t at = -1;

	for (int again = 0; again < 2; again++) {
		while ((n = getdents64(fd, buf, 60)) > 0) {
			for (int i = 0; i < n; i += ((struct dirent64 *)(buf + i))->d_reclen) {
				struct dirent64 *d = (void *)(buf + i);

				found += d->d_type == DT_DIR || d->d_type == DT_REG;
				found += 10 * !strcmp(d->d_name, "inner");
				found += 100 * !strcmp(d->d_name, "..");
				if (!strcmp(d->d_name, "."))
					at = d->d_off;
			}
		}
		printf("%d %d\n", n, found);
		lseek(fd, 0, SEEK_SET);
	}
	printf("%d\n", at > 0);
	TRY(getdents64(fd, buf, 10));
	TRY(getdents64(fd, (void *)16, 1000));
	TRY(getdents64(open("text", O_RDONLY), buf, 1000));
	TRY(getdents64(99, buf, 1000));
	close(fd);
}

static void larger(void)
{
	struct iovec v[2] = {{buf, 3}, {buf + 10, 5}};
	int fd = open("new", O_CREAT | O_RDWR, 0600), p[2];
	struct statx x;
	struct stat st;

	memcpy(buf, "abc", 3);
	memcpy(buf + 10, "defgh", 5);
	TRY(pwritev2(fd, v, 2, 4, 0));
	TRY(pwritev2(fd, v, 2, -1, RWF_DSYNC));
	TRY(lseek(fd, 0, SEEK_CUR));
	TRY(pwritev2(fd, v, 1, 0, RWF_APPEND));
	TRY(lseek(fd, 0, SEEK_END));
	TRY(preadv2(fd, v, 2, 4, RWF_HIPRI));
	printf("%.3s %.5s\n", buf, buf + 10);
	TRY(preadv2(fd, v, 2, 4, 0x10000));
	pipe(p);
	TRY(preadv2(p[0], v, 2, -1, RWF_NOWAIT));
	TRY(preadv2(p[0], v, 2, 0, 0));
	TRY(pwritev2(p[1], v, 2, -1, 0));
	TRY(preadv2(p[0], v, 2, -1, 0));
	TRY(statx(AT_FDCWD, "new", 0, STATX_BASIC_STATS, &x));
	TRY(stat("new", &st));
	printf("%d %o %d %ld %d\n", (x.stx_mask & 0x7ff) == 0x7ff, x.stx_mode, (int)x.stx_nlink,
	       (long)x.stx_size, x.stx_ino == st.st_ino);
	TRY(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &x));
	printf("%ld\n", (long)x.stx_size);
	TRY(statx(AT_FDCWD, "/dev/null", 0, STATX_TYPE, &x));
	TRY(statx(AT_FDCWD, "new", AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x));
	TRY(statx(AT_FDCWD, "new", AT_STATX_FORCE_SYNC, STATX_TYPE, &x));
	TRY(statx(AT_FDCWD, "new", AT_STATX_SYNC_TYPE, STATX_TYPE, &x));
	printf("%o %u %u\n", x.stx_mode, x.stx_rdev_major, x.stx_rdev_minor);
	TRY(statx(AT_FDCWD, "none", 0, STATX_TYPE, &x));
	TRY(statx(AT_FDCWD, "new", 0x8, STATX_TYPE, &x));
	TRY(statx(AT_FDCWD, "new", 0, 0x80000000, &x));
	TRY(close_range(fd, fd, CLOSE_RANGE_CLOEXEC));
	TRY(fcntl(fd, F_GETFD));
	TRY(close_range(p[0], p[1], 0));
	TRY(fcntl(p[0], F_GETFD));
	TRY(close_range(5, 4, 0));
	TRY(close_range(5, 6, 77));
	closefrom(3);
	TRY(fcntl(fd, F_GETFD));
}

int main(void)
{
	umask(022);
	memory();
	seals();
	splicing();
	sizes();
	entries();
	larger();
	return 0;
}
