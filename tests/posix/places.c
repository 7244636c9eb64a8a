/* places.c - the calls that name a file by a directory and a path.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 */
#include "try.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int top, sub, file;

static void show(int dir, const char *name, int flags)
{
	struct stat st;

	errno = 0;
	if (fstatat(dir, name, &st, flags))
		printf("%s: %s\n", name, strerror(errno));
	else
		printf("%s: %o, %d links, %ld bytes\n", name, st.st_mode,
		       S_ISDIR(st.st_mode) ? 0 : (int)st.st_nlink,
		       S_ISDIR(st.st_mode) ? 0 : (long)st.st_size);
}

static void make(void)
{
	umask(022);
	TRY(mkdirat(AT_FDCWD, "places", 0755));
	top = open("places", O_RDONLY | O_DIRECTORY);
	TRY(mkdirat(top, "sub", 0750));
	TRY(mkdirat(top, "sub", 0750));
	TRY(mkdirat(top, "no/sub", 0750));
	TRY(mkdirat(-1, "sub", 0750));
	sub = openat(top, "sub", O_RDONLY | O_DIRECTORY);
	file = openat(sub, "file", O_RDWR | O_CREAT | O_EXCL, 0644);
	TRY(write(file, "12345", 5));
	TRY(openat(sub, "file", O_RDWR | O_CREAT | O_EXCL, 0644));
	TRY(openat(file, "file", O_RDONLY));
	TRY(openat(sub, "", O_RDONLY));
	TRY(openat(sub, "file/", O_RDONLY));
	TRY(openat(sub, "file", O_RDONLY | O_DIRECTORY));
	TRY(openat(-1, "/", O_RDONLY) >= 0); /* an absolute name needs no directory */
	TRY(mkfifoat(sub, "fifo", 0622));
	TRY(mkfifoat(sub, "fifo", 0600));
	TRY(mknodat(sub, "node", S_IFREG | 0604, 0));
	TRY(mknodat(sub, "other", S_IFIFO | 0600, 0));
	TRY(mknod("places/one", S_IFREG | 0600, 0));
	show(top, "sub", 0);
	show(sub, "file", 0);
	show(sub, "fifo", 0);
	show(sub, "node", 0);
	show(top, "one", 0);
	show(file, "", AT_EMPTY_PATH);
	show(file, "", 0);
	show(sub, "../sub/./file", 0);
	show(file, "x", 0);
	show(sub, "file", 0x10000000);
}

static void links(void)
{
	char text[20] = "";

	TRY(symlinkat("file", sub, "soft"));
	TRY(symlinkat("file", sub, "soft"));
	TRY(symlinkat("", sub, "none"));
	TRY(symlinkat("nowhere", top, "dangling"));
	TRY(symlinkat("x", file, "y"));
	TRY(readlinkat(sub, "soft", text, sizeof(text)));
	printf("%s\n", text);
	TRY(readlinkat(sub, "soft", text, 2));
	TRY(readlinkat(sub, "file", text, sizeof(text)));
	TRY(readlinkat(sub, "nothing", text, sizeof(text)));
	show(sub, "soft", 0);
	show(sub, "soft", AT_SYMLINK_NOFOLLOW);
	show(top, "dangling", 0);
	show(top, "dangling", AT_SYMLINK_NOFOLLOW);
	TRY(linkat(sub, "file", top, "second", 0));
	TRY(linkat(sub, "soft", top, "third", 0));
	TRY(linkat(sub, "soft", top, "fourth", AT_SYMLINK_FOLLOW));
	TRY(linkat(sub, "file", top, "second", 0));
	TRY(linkat(top, "sub", top, "fifth", 0));
	TRY(linkat(sub, "file", top, "sixth", 0x8000));
	TRY(linkat(top, "dangling", top, "seventh", AT_SYMLINK_FOLLOW));
	show(top, "third", AT_SYMLINK_NOFOLLOW);
	show(top, "fourth", AT_SYMLINK_NOFOLLOW);
	show(sub, "file", 0);
}

static void rights(void)
{
	TRY(faccessat(sub, "file", F_OK, 0));
	TRY(faccessat(sub, "file", R_OK | W_OK, AT_EACCESS));
	TRY(faccessat(sub, "file", X_OK, 0));
	TRY(faccessat(sub, "nothing", F_OK, 0));
	TRY(faccessat(top, "dangling", F_OK, 0));
	TRY(faccessat(top, "dangling", F_OK, AT_SYMLINK_NOFOLLOW));
	TRY(faccessat(sub, "file", 8, 0));
	TRY(faccessat(sub, "file", F_OK, 0x40000000));
	TRY(faccessat(file, "x", F_OK, 0));
	TRY(fchmodat(sub, "file", 0601, 0));
	TRY(fchmodat(sub, "soft", 0640, 0));
	TRY(fchmodat(sub, "nothing", 0600, 0));
	TRY(fchmodat(77, "file", 0600, 0));
	show(sub, "file", 0);
	TRY(fchownat(sub, "file", geteuid(), getegid(), 0));
	TRY(fchownat(sub, "soft", (uid_t)-1, (gid_t)-1, AT_SYMLINK_NOFOLLOW));
	TRY(fchownat(file, "", (uid_t)-1, (gid_t)-1, AT_EMPTY_PATH));
	TRY(fchownat(sub, "nothing", 0, 0, 0));
	TRY(fchownat(sub, "file", 0, 0, 0x40000000));
}

static void times(void)
{
	struct timespec t[2] = {{1000000000, 1}, {1100000000, 2}},
			some[2] = {{5, UTIME_OMIT}, {6, 7}}, bad[2] = {{0, -5}, {0, 0}},
			none[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
	struct stat st;

	TRY(utimensat(sub, "file", t, 0));
	TRY(utimensat(sub, "soft", some, 0));
	fstat(file, &st);
	printf("%ld %ld\n", (long)st.st_atim.tv_sec, (long)st.st_mtim.tv_sec);
	TRY(utimensat(sub, "soft", t, AT_SYMLINK_NOFOLLOW));
	fstatat(sub, "soft", &st, AT_SYMLINK_NOFOLLOW);
	printf("%ld %ld\n", (long)st.st_atim.tv_sec, (long)st.st_mtim.tv_sec);
	TRY(utimensat(sub, "file", bad, 0));
	TRY(utimensat(sub, "nothing", t, 0));
	TRY(utimensat(sub, "file", none, 0));
	TRY(utimensat(99, "file", t, 0));
}

static void moves(void)
{
	TRY(renameat(sub, "file", top, "file"));
	TRY(renameat(sub, "file", top, "file"));
	TRY(renameat(top, "sub", sub, "inside"));
	TRY(renameat(top, "file", top, "sub"));
	TRY(renameat(top, "sub", top, "file"));
	TRY(renameat(top, "second", top, "fourth")); /* the same file: nothing */
	TRY(renameat(file, "a", top, "b"));
	TRY(renameat(top, ".", top, "b"));
	show(top, "second", 0);
	show(top, "file", 0);
	show(sub, "soft", 0);
	TRY(renameat(top, "file", sub, "fifo"));
	show(sub, "fifo", 0);
}

static void ends(void)
{
	TRY(unlinkat(top, "sub", 0));
	TRY(unlinkat(top, "sub", AT_REMOVEDIR));
	TRY(unlinkat(sub, "fifo", AT_REMOVEDIR));
	TRY(unlinkat(sub, "fifo", 0x40000000));
	TRY(unlinkat(sub, "fifo", 0));
	TRY(unlinkat(sub, "node", 0));
	TRY(unlinkat(sub, "other", 0));
	TRY(unlinkat(sub, "soft", 0));
	TRY(unlinkat(sub, ".", AT_REMOVEDIR));
	TRY(unlinkat(top, "sub", AT_REMOVEDIR));
	TRY(openat(sub, "new", O_CREAT | O_WRONLY, 0600)); /* the directory is gone */
	TRY(mkdirat(sub, "new", 0700));
	show(sub, "", AT_EMPTY_PATH);
	TRY(unlinkat(top, "one", 0));
	TRY(unlinkat(top, "second", 0));
	TRY(unlinkat(top, "third", 0));
	TRY(unlinkat(top, "fourth", 0));
	TRY(unlinkat(top, "dangling", 0));
	TRY(rmdir("places"));
	show(file, "", AT_EMPTY_PATH);
}

int main(void)
{
	make();
	links();
	rights();
	times();
	moves();
	ends();
	return 0;
}
