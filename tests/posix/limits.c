/* limits.c - many files, deep and long names, chains of links, and what never has a name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[8192], name[300];

static void chain_of_links(void)
{
	char a[16], b[16];

	mkdir("chain", 0755);
	chdir("chain");
	close(open("l0", O_CREAT | O_WRONLY, 0600));
	for (int i = 1; i <= 42; i++) {
		sprintf(a, "l%d", i - 1);
		sprintf(b, "l%d", i);
		symlink(a, b);
	}
	TRY(access("l39", F_OK));
	TRY(access("l40", F_OK));
	TRY(access("l41", F_OK));
	TRY(open("l41", O_RDONLY));
	symlink(".", "here");
	for (int i = 0; i < 41; i++)
		strcat(path, "here/");
	TRY(access(path, F_OK));
	TRY(access(path + 5, F_OK));
	symlink("l0/", "slash");
	TRY(access("slash", F_OK));
	symlink("new", "to-new");
	TRY(mkdir("to-new/", 0755));
	TRY(mkdir("to-new", 0755));
	mkdir("new", 0755);
	TRY(rmdir("to-new/"));
	TRY(unlink("to-new/"));
	TRY(rename("to-new/", "x"));
	TRY(rename("new", "to-new/"));
	TRY(access("to-new/", F_OK));
	chdir("..");
}

static void deep(void)
{
	int levels = 0, up = 0;
	char *cwd, before[PATH_MAX];

	memset(name, 'd', 200);
	getcwd(before, sizeof(before));
	mkdir("deep", 0755);
	chdir("deep");
	while (levels < 30 && mkdir(name, 0755) == 0 && chdir(name) == 0)
		levels++;
	printf("%d\n", levels);
	close(open("bottom", O_CREAT | O_WRONLY, 0600));
	TRY(access("./bottom", F_OK));
	while (up++ < levels)
		chdir("..");
	cwd = getcwd(path, sizeof(path));
	printf("%s\n", cwd + strlen(cwd) - 4);
	path[0] = '\0';
	for (int i = 0; i < 20; i++)
		strcat(strcat(path, name), "/");
	TRY(access(path, F_OK) == 0);
	strcat(path, name);
	TRY(access(path, F_OK) == 0);
	memset(path, '/', 4094);
	path[4094] = '.';
	path[4095] = 0;
	TRY(access(path, F_OK));
	path[4095] = '.';
	path[4096] = 0;
	TRY(access(path, F_OK));
	memset(name, 'n', 256);
	TRY(mkdir(name, 0755));
	name[255] = 0;
	TRY(mkdir(name, 0755));
	TRY(chdir(name));
	TRY(chdir(before));
}

static void many(void)
{
	int n = 0, left;
	DIR *d;

	mkdir("crowd", 0755);
	for (int i = 0; i < 5000; i++) {
		sprintf(name, "crowd/%d", i * 7919 % 5000);
		int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);

		n += write(fd, name, 5) == 5;
		close(fd);
	}
	for (int i = 0; i < 5000; i += 2) {
		char to[64];

		sprintf(name, "crowd/%d", i);
		sprintf(to, "crowd/%d", i + 1);
		n += rename(name, to) == 0;
	}
	printf("%d\n", n);
	d = opendir("crowd");
	for (left = -2; readdir(d); left++)
		;
	printf("%d\n", left);
	rewinddir(d);
	for (int i = 1; i < 5000; i += 2) {
		sprintf(name, "crowd/%d", i);
		unlink(name);
	}
	TRY(rmdir("crowd"));
	for (left = 0; readdir(d); left++)
		;
	printf("%d\n", left);
	closedir(d);
}

/* At the limit nothing happens to the file that cannot be opened. */
static void descriptors(void)
{
	int fd, n = 0, p[2];

	fd = open("kept", O_CREAT | O_RDWR, 0600);
	write(fd, "kept", 4);
	while (dup(fd) >= 0)
		n++;
	printf("%d\n", n > 1000);
	TRY(open("kept", O_RDWR | O_TRUNC));
	TRY(lseek(fd, 0, SEEK_END));
	TRY(open("never", O_CREAT | O_RDWR, 0600));
	TRY(pipe(p));
	TRY(opendir(".") == NULL);
	for (int i = fd + 1; i < 1100; i++)
		close(i);
	TRY(access("never", F_OK));
	n = 0;
	for (int k = 0; k < 5; k++)
		for (int i = 900; i > fd; i -= 7)
			n += dup2(fd, i) == i;
	printf("%d\n", n);
	for (int i = fd + 1; i < 1100; i++)
		close(i);
	close(fd);
}

static void gone(void)
{
	char b[10];
	int fd;

	mkdir("away", 0755);
	mkdir("away/in", 0755);
	chdir("away/in");
	fd = open(".", O_RDONLY);
	rmdir("../in");
	TRY(getcwd(path, sizeof(path)) == NULL);
	TRY(access(".", F_OK));
	TRY(access("..", F_OK));
	TRY(mkdirat(fd, "x", 0755));
	TRY(symlink("a", "b"));
	TRY(link("../../kept", "b"));
	TRY(rename("../../kept", "b"));
	TRY(rmdir("../../away"));
	TRY(chdir(".."));
	TRY(fchdir(fd));
	TRY(chdir("../.."));
	close(fd);
	sprintf(path, "/proc/self/fd/%d", fd = open(".", O_TMPFILE | O_RDWR, 0600));
	write(fd, "nameless", 8);
	TRY(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
	close(fd);
	fd = open("named", O_RDONLY);
	TRY(read(fd, b, 8));
	TRY(unlink("named"));
	sprintf(path, "/proc/self/fd/%d", fd);
	TRY(linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW));
	TRY(unlink(path));
	TRY(rename(path, "again"));
	TRY(rename("kept", "/proc/self/fd/x"));
	TRY(open("/proc/self/fd/x", O_CREAT | O_WRONLY, 0600));
	close(fd);
}

/* A mapped file is written, cut and removed meanwhile. */
static void mapped(void)
{
	int fd = open("map", O_CREAT | O_RDWR, 0600);
	char *shared, *private, b[8];

	ftruncate(fd, 20000);
	shared = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	pwrite(fd, "one", 3, 5000);
	printf("%.3s %.3s\n", shared + 5000, private + 5000);
	memcpy(shared + 5000, "two", 3);
	pread(fd, b, 3, 5000);
	printf("%.3s %.3s\n", b, private + 5000);
	memcpy(private + 5000, "own", 3);
	pread(fd, b, 3, 5000);
	printf("%.3s %.3s\n", b, private + 5000);
	close(open("map", O_RDWR | O_TRUNC));
	ftruncate(fd, 20000);
	pread(fd, b, 3, 5000);
	printf("%d %.3s %d\n", b[0], private + 5000, shared[5000]);
	pwrite(fd, "new", 3, 9000);
	printf("%.3s\n", shared + 9000);
	unlink("map");
	close(fd);
	memcpy(shared + 9000, "end", 3);
	printf("%.3s\n", shared + 9000);
	munmap(shared, 20000);
	munmap(private, 20000);
}

int main(void)
{
	chain_of_links();
	deep();
	many();
	descriptors();
	gone();
	mapped();
	return 0;
}
