/* names.c - making, moving and removing names, with every error.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char longer[300], far[5000];

static void make(const char *name)
{
	close(open(name, O_CREAT | O_WRONLY, 0644));
}

static int links(const char *name)
{
	struct stat s;

	return lstat(name, &s) ? -1 : (int)s.st_nlink;
}

static void directories(void)
{
	TRY(mkdir("d", 0755));
	TRY(mkdir("d", 0755));
	TRY(mkdir("d/", 0755));
	TRY(mkdir("text", 0755));
	TRY(mkdir("text/x", 0755));
	TRY(mkdir("text/", 0755));
	TRY(mkdir("none/x", 0755));
	TRY(mkdir("", 0755));
	TRY(mkdir("/", 0755));
	TRY(mkdir(".", 0755));
	TRY(mkdir("..", 0755));
	TRY(mkdir("d/e/", 0755));
	TRY(mkdir("dangling", 0755));
	TRY(mkdir(longer, 0755));
	TRY(mkdir(far, 0755));
	TRY(mkdir((char *)8, 0755));
	TRY(links("d"));
	TRY(rmdir("d"));
	TRY(rmdir("d/e/.."));
	TRY(rmdir("d/e/."));
	TRY(rmdir("."));
	TRY(rmdir("/"));
	TRY(rmdir("text"));
	TRY(rmdir("text/"));
	TRY(rmdir("none"));
	TRY(rmdir("dir"));
	TRY(unlink("d"));
	TRY(rmdir("d/e/"));
	TRY(rmdir("d"));
	TRY(mkdir("gone", 0700));
	TRY(chdir("gone"));
	TRY(rmdir("../gone"));
	TRY(open("x", O_CREAT | O_WRONLY, 0600));
	TRY(mkdir("y", 0700));
	TRY(open(".", O_RDONLY) > 0);
	TRY(open("..", O_RDONLY) > 0);
	TRY(getcwd(far, sizeof(far)) == NULL);
	TRY(chdir(".."));
}

static void linking(void)
{
	make("a");
	TRY(link("a", "b"));
	TRY(links("a"));
	TRY(link("a", "b"));
	TRY(link("a", "b/"));
	TRY(link("a", "none/b"));
	TRY(link("none", "c"));
	TRY(link("dir", "c"));
	TRY(link("a/", "c"));
	TRY(link("link", "c"));
	TRY(readlink("c", far, sizeof(far)));
	TRY(linkat(AT_FDCWD, "link", AT_FDCWD, "c2", AT_SYMLINK_FOLLOW));
	TRY(readlink("c2", far, sizeof(far)));
	TRY(links("text"));
	TRY(symlink("a", "s"));
	TRY(symlink("a", "s"));
	TRY(symlink("", "t"));
	TRY(symlink("a", "t/"));
	TRY(symlink("a", "none/t"));
	TRY(symlink(far, "t"));
	TRY(unlink("s/"));
	TRY(unlink("none"));
	TRY(unlink("a/x"));
	TRY(unlink("a/"));
	TRY(unlink("b"));
	TRY(links("a"));
	TRY(unlink("s"));
	TRY(access("a", F_OK));
	TRY(unlink("c"));
	TRY(unlink("c2"));
	TRY(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0600));
	TRY(open("dangling", O_CREAT | O_WRONLY, 0600) > 0);
	TRY(readlink("dangling", far, sizeof(far)));
	TRY(links("dangling"));
	TRY(stat("dangling", &(struct stat){0}));
}

static void renaming(void)
{
	make("f");
	make("g");
	TRY(mkdir("p", 0755));
	TRY(mkdir("p/q", 0755));
	TRY(mkdir("r", 0755));
	TRY(rename("f", "f"));
	TRY(rename("f", "g"));
	TRY(access("f", F_OK));
	TRY(rename("none", "f"));
	TRY(rename("g", "none/f"));
	TRY(rename("g", "p"));
	TRY(rename("p", "g"));
	TRY(rename("p", "p/q/x"));
	TRY(rename("p", "p/q"));
	TRY(rename("p/q", "p"));
	TRY(rename("r", "p"));
	TRY(rename("p/q", "r"));
	TRY(links("p"));
	TRY(links("r"));
	TRY(rename("p/", "z/"));
	TRY(rename("g", "h/"));
	TRY(rename("g/", "h"));
	TRY(rename(".", "dot"));
	TRY(rename("z", "."));
	TRY(rename("z", ".."));
	TRY(rename("", "x"));
	TRY(rename("g", ""));
	TRY(rename("text", "moved"));
	TRY(access("text", F_OK));
	TRY(rename("moved", "text"));
	TRY(link("g", "g2"));
	TRY(rename("g", "g2"));
	TRY(access("g", F_OK));
	TRY(rename("link", "link2"));
	TRY(readlink("link2", far, sizeof(far)));
	TRY(rename("link2", "link"));
	TRY(renameat2(AT_FDCWD, "g", AT_FDCWD, "text", RENAME_NOREPLACE));
	TRY(renameat2(AT_FDCWD, "g", AT_FDCWD, "z", RENAME_EXCHANGE));
	TRY(rmdir("g"));
	TRY(unlink("z"));
	TRY(renameat2(AT_FDCWD, "g2", AT_FDCWD, "z", RENAME_EXCHANGE));
	TRY(remove("g2"));
	TRY(remove("r"));
	TRY(remove("r"));
	TRY(rename("dir", "folder"));
	TRY(access("folder/deep/file", F_OK));
	TRY(rename("folder/deep", "dir"));
	TRY(access("dir/file", F_OK));
	TRY(access("folder/deep", F_OK));
}

/* A file lives as long as it is open. */
static void unlinked(void)
{
	struct stat s;
	char b[4];
	int fd = open("u", O_CREAT | O_RDWR, 0600);

	TRY(write(fd, "abcd", 4));
	TRY(unlink("u"));
	TRY(fstat(fd, &s));
	printf("%d %ld\n", (int)s.st_nlink, (long)s.st_size);
	TRY(pread(fd, b, 4, 0));
	TRY(close(fd));
	TRY(fd = open(".", O_TMPFILE | O_RDWR, 0600));
	TRY(fstat(fd, &s));
	printf("%d\n", (int)s.st_nlink);
	TRY(write(fd, "ab", 2));
	TRY(open(".", O_TMPFILE | O_RDONLY, 0600));
	TRY(close(fd));
}

int main(void)
{
	memset(longer, 'n', sizeof(longer) - 1);
	memset(far, 'f', sizeof(far) - 1);
	directories();
	linking();
	memset(far, 0, sizeof(far));
	renaming();
	unlinked();
	return 0;
}
