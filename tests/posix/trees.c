/* trees.c - trees of files, walked by fts(), nftw() and ftw().
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 */
#include "try.h"
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int from_behind(const FTSENT **a, const FTSENT **b)
{
	return -by_name(a, b);
}

static void put(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0644);

	write(fd, name, strlen(name));
	close(fd);
}

static void make(void)
{
	mkdir("t", 0755);
	mkdir("t/a", 0755);
	mkdir("t/a/b", 0755);
	mkdir("t/a/b/c", 0755);
	mkdir("t/empty", 0755);
	put("t/x");
	put("t/a/y");
	put("t/a/b/z");
	put("t/a/b/c/w");
	symlink("../x", "t/a/link");
	symlink("..", "t/a/up");
	symlink("nowhere", "t/none");
	symlink("a/b", "t/to-b");
	mkfifo("t/fifo", 0600);
}

static void show(const FTSENT *e)
{
	printf("%2d %d %s (%s) %d", e->fts_info, e->fts_level, e->fts_path, e->fts_name,
	       e->fts_pathlen == strlen(e->fts_path) && e->fts_namelen == strlen(e->fts_name));
	if (e->fts_info == FTS_F || e->fts_info == FTS_SL)
		printf(" %ld bytes", (long)e->fts_statp->st_size);
	if (e->fts_info == FTS_DC)
		printf(" = %s", e->fts_cycle->fts_name);
	if (e->fts_info == FTS_NS || e->fts_info == FTS_DNR)
		printf(" %s", strerror(e->fts_errno));
	printf(" %ld\n", e->fts_parent->fts_number);
}

static void walk(const char *what, int options, char *const *roots)
{
	FTS *f = fts_open(roots, options | FTS_NOCHDIR, by_name);
	FTSENT *e;

	printf("%s\n", what);
	if (!f) {
		puts(strerror(errno));
		return;
	}
	while ((e = fts_read(f))) {
		e->fts_number = e->fts_parent->fts_number + 1;
		show(e);
	}
	TRY(fts_read(f) == NULL);
	TRY(fts_close(f));
}

static void walks(void)
{
	char *t[] = {"t", NULL}, *some[] = {"t/to-b", "t/x", "t/nothing", "t/a/", NULL},
	     *bad[] = {"t", "", NULL}, *dot[] = {".", NULL};

	walk("as they are", FTS_PHYSICAL, t);
	walk("by links", FTS_LOGICAL, t);
	walk("some", FTS_PHYSICAL, some);
	walk("some, by links", FTS_PHYSICAL | FTS_COMFOLLOW, some);
	walk("on one device", FTS_PHYSICAL | FTS_XDEV, t);
	walk("with dots", FTS_PHYSICAL | FTS_SEEDOT, some + 3);
	walk("bad", FTS_PHYSICAL, bad);
	walk("bad options", 0x4000, t);
	chdir("t/a");
	walk("here", FTS_PHYSICAL, dot);
	chdir("../..");
}

/* What is told of an entry is done when the next one is read. */
static void told(void)
{
	char *t[] = {"t", NULL}, *more[] = {"t/x", "t/a", "t/none", NULL};
	FTS *f = fts_open(t, FTS_PHYSICAL | FTS_NOCHDIR, from_behind);
	int again = 0;

	for (FTSENT *e; (e = fts_read(f));) {
		show(e);
		if (strcmp(e->fts_name, "b") == 0)
			TRY(fts_set(f, e, FTS_SKIP));
		if (strcmp(e->fts_name, "to-b") == 0 && e->fts_info == FTS_SL)
			TRY(fts_set(f, e, FTS_FOLLOW));
		if (strcmp(e->fts_name, "none") == 0 && e->fts_info == FTS_SL)
			TRY(fts_set(f, e, FTS_FOLLOW));
		if (strcmp(e->fts_name, "y") == 0 && !again++)
			TRY(fts_set(f, e, FTS_AGAIN));
	}
	TRY(fts_close(f));
	f = fts_open(more, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	for (FTSENT *e = fts_children(f, 0); e; e = e->fts_link)
		printf("root %s %d\n", e->fts_accpath, e->fts_info);
	TRY(fts_children(f, 77) == NULL);
	for (FTSENT *e; (e = fts_read(f));) {
		show(e);
		for (FTSENT *c = fts_children(f, e->fts_level ? FTS_NAMEONLY : 0); c;
		     c = c->fts_link) {
			printf("  %s %d\n", c->fts_name, c->fts_info == FTS_NSOK);
			if (!e->fts_level && strcmp(c->fts_name, "link") == 0)
				fts_set(f, c, FTS_SKIP);
			if (!e->fts_level && strcmp(c->fts_name, "up") == 0)
				fts_set(f, c, FTS_FOLLOW);
		}
	}
	TRY(fts_close(f));
	f = fts_open(t, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	for (int i = 0; i < 5; i++)
		show(fts_read(f));
	TRY(fts_close(f)); /* in the middle */
	f = fts_open(t, FTS_PHYSICAL, NULL);
	TRY(fts_close(f)); /* before anything */
	f = fts_open(t, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	while (fts_read(f))
		rename("t/a/b/c", "t/a/b/moved");
	TRY(fts_close(f));
	rename("t/a/b/moved", "t/a/b/c");
}

static int seen, sum;

static int sees(const char *path, const struct stat *st, int flag, struct FTW *w)
{
	seen++;
	sum += (int)strlen(path + w->base) * 1000 + w->level * 10 + flag +
	       (S_ISREG(st->st_mode) != 0);
	return 0;
}

static int sees_simply(const char *path, const struct stat *st, int flag)
{
	seen++;
	sum += (int)strlen(path) * 1000 + flag + (S_ISREG(st->st_mode) != 0);
	return 0;
}

static int sees_in_place(const char *path, const struct stat *st, int flag, struct FTW *w)
{
	struct stat here;

	if (flag != FTW_DP && (lstat(path + w->base, &here) || here.st_ino != st->st_ino))
		printf("%s is not here\n", path);
	return sees(path, st, flag, w);
}

static int stops(const char *path, const struct stat *st, int flag, struct FTW *w)
{
	return strcmp(path + w->base, "c") == 0 ? 77 : 0;
}

static int removes(const char *path, const struct stat *st, int flag, struct FTW *w)
{
	return remove(path);
}

static void others(void)
{
	printf("%d\n", nftw("t", sees, 5, FTW_PHYS));
	printf("%d %d\n", seen, sum);
	printf("%d\n", nftw("t", sees, 1, FTW_PHYS | FTW_DEPTH));
	printf("%d %d\n", seen, sum);
	printf("%d\n", nftw("t/a/b", sees, 1, 0));
	printf("%d %d\n", seen, sum);
	printf("%d\n", ftw("t/a/b", sees_simply, 3));
	printf("%d %d\n", seen, sum);
	unlink("t/to-b"); /* which of two names a directory has is left to chance */
	printf("%d\n", nftw("t", sees, 2, 0));
	printf("%d %d\n", seen, sum);
	printf("%d\n", ftw("t//", sees_simply, 1));
	printf("%d %d\n", seen, sum);
	printf("%d\n", nftw("t/", sees_in_place, 3, FTW_PHYS | FTW_CHDIR));
	printf("%d\n", nftw("t", sees_in_place, 3, FTW_PHYS | FTW_CHDIR | FTW_DEPTH));
	TRY(access("t/x", F_OK));
	printf("%d %d\n", seen, sum);
	printf("%d\n", nftw("t", stops, 5, FTW_PHYS));
	printf("%d\n", nftw("nothing", sees, 5, 0));
	printf("%d\n", nftw("t", removes, 5, FTW_PHYS | FTW_DEPTH));
	TRY(access("t", F_OK));
}

int main(void)
{
	make();
	walks();
	told();
	others();
	return 0;
}
