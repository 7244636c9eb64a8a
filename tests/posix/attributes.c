/* attributes.c - modes, times, owners; directories that change while they are read.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

static struct stat s;

static void modes(void)
{
	int fd;

	umask(027);
	TRY(fd = open("m", O_CREAT | O_RDWR, 0777));
	fstat(fd, &s);
	printf("%o\n", s.st_mode);
	TRY(umask(0));
	TRY(mkdir("md", 01777));
	stat("md", &s);
	printf("%o\n", s.st_mode);
	TRY(chmod("m", 04755));
	fstat(fd, &s);
	printf("%o\n", s.st_mode);
	TRY(fchmod(fd, 0));
	fstat(fd, &s);
	printf("%o\n", s.st_mode);
	TRY(access("m", X_OK));
	TRY(access("m", 99));
	TRY(chmod("none", 0));
	TRY(chmod("dangling", 0));
	TRY(fchmod(99, 0));
	TRY(fchmodat(AT_FDCWD, "link", 0600, 0));
	stat("text", &s);
	printf("%o\n", s.st_mode);
	TRY(chown("m", 12, 34));
	TRY(chown("m", -1, 56));
	fstat(fd, &s);
	printf("%d %d\n", (int)s.st_uid, (int)s.st_gid);
	TRY(lchown("link", 7, 8));
	lstat("link", &s);
	printf("%d %d\n", (int)s.st_uid, (int)s.st_gid);
	TRY(fchown(99, 1, 1));
	close(fd);
}

static void show_times(const char *name)
{
	lstat(name, &s);
	printf("%ld.%09ld %ld.%09ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec,
	       (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

static void times(void)
{
	struct timespec t[2] = {{1000000000, 123456789}, {-5, 999999999}};
	struct timespec some[2] = {{7, UTIME_OMIT}, {9, 1}}, bad[2] = {{0, -1}, {0, 0}};
	struct timeval v[2] = {{3, 4}, {5, 6}};
	struct utimbuf u = {11, 22};
	int fd = open("t", O_CREAT | O_RDWR, 0600);

	TRY(utimensat(AT_FDCWD, "t", t, 0));
	show_times("t");
	TRY(futimens(fd, some));
	show_times("t");
	TRY(utimensat(AT_FDCWD, "t", bad, 0));
	TRY(utimensat(AT_FDCWD, "none", t, 0));
	TRY(utimes("t", v));
	show_times("t");
	TRY(utime("t", &u));
	show_times("t");
	TRY(lutimes("link", v));
	show_times("link");
	TRY(utimensat(AT_FDCWD, "t", NULL, 0));
	stat("t", &s);
	printf("%d\n", s.st_mtim.tv_sec > 1000000000 && s.st_mtim.tv_sec == s.st_atim.tv_sec);
	TRY(utime("t", &u));
	TRY(write(fd, "x", 1));
	stat("t", &s);
	printf("%d %d\n", s.st_mtim.tv_sec > 1000000000, s.st_atim.tv_sec == 11);
	close(fd);
}

/* Every name that stays is seen once, whatever else happens. */
static void changing_directory(void)
{
	char name[32], seen[3000] = {0};
	int n = 0, twice = 0, fd;
	struct dirent *e;
	long at;
	DIR *d;

	mkdir("many", 0755);
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "many/name-%04d", i);
		close(open(name, O_CREAT | O_WRONLY, 0644));
	}
	d = opendir("many");
	while ((e = readdir(d))) {
		int i = atoi(e->d_name + 5);

		if (e->d_name[0] == '.')
			continue;
		twice += seen[i]++;
		n++;
		snprintf(name, sizeof(name), "many/%s", e->d_name);
		if (i % 2 == 0 && i < 2000)
			unlink(name);
	}
	printf("%d %d\n", n, twice);
	rewinddir(d);
	for (n = 0; (e = readdir(d)); n++)
		;
	printf("%d\n", n);
	rewinddir(d);
	for (int i = 0; i < 500; i++)
		e = readdir(d);
	at = telldir(d);
	snprintf(name, sizeof(name), "%s", readdir(d)->d_name);
	for (int i = 0; i < 100; i++)
		e = readdir(d);
	seekdir(d, at);
	printf("%d\n", strcmp(readdir(d)->d_name, name));
	closedir(d);
	TRY(rmdir("many"));
	fd = open("many", O_RDONLY | O_DIRECTORY);
	for (int i = 1; i < 2000; i += 2) {
		snprintf(name, sizeof(name), "name-%04d", i);
		n -= unlinkat(fd, name, 0) == 0;
	}
	printf("%d\n", n);
	TRY(unlinkat(AT_FDCWD, "many", AT_REMOVEDIR));
	TRY((d = fdopendir(fd)) != NULL);
	TRY(readdir(d) == NULL);
	closedir(d);
	TRY(fdopendir(open("t", O_RDONLY)) == NULL);
}

static void space(void)
{
	struct statvfs v;

	TRY(statvfs("/", &v));
	printf("%lu %d %d\n", (unsigned long)v.f_namemax, v.f_blocks > 0, v.f_bfree <= v.f_blocks);
	TRY(statvfs("none", &v));
	TRY(fstatvfs(99, &v));
}

int main(void)
{
	modes();
	times();
	changing_directory();
	space();
	return 0;
}
