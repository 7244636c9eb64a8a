/* fts.c - walk trees of files, entry by entry.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each entry has its whole path, from where the program is: the current directory stays what it is.
 */
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS 0xff
#define STOPPED 0x200 /* no memory: nothing comes any more */

struct _fts {
	FTSENT *current;  /* what was read last */
	FTSENT *children; /* of that, if they are known already */
	dev_t device;     /* of the root that is being walked */
	int options;
	int (*compare)(const FTSENT **, const FTSENT **);
};

/* An entry and what belongs to it. */
struct whole {
	FTSENT e;
	struct stat st;
	char text[];
};

static FTSENT *new_entry(FTSENT *parent, const char *before, const char *name)
{
	size_t n = strlen(before), m = strlen(name);
	bool slash = n && before[n - 1] != '/';
	struct whole *w;

	if (n + m + 1 > USHRT_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	w = calloc(1, sizeof(*w) + n + slash + m + 1);
	if (!w)
		return NULL;
	memcpy(w->text, before, n);
	w->text[n] = '/';
	strcpy(w->text + n + slash, name);
	w->e.fts_parent = parent;
	w->e.fts_level = (short)(parent ? parent->fts_level + 1 : FTS_ROOTPARENTLEVEL);
	w->e.fts_path = w->e.fts_accpath = w->text;
	w->e.fts_pathlen = (unsigned short)(n + slash + m);
	w->e.fts_name = w->text + n + slash;
	w->e.fts_namelen = (unsigned short)m;
	w->e.fts_statp = &w->st;
	w->e.fts_instr = FTS_NOINSTR;
	w->e.fts_symfd = -1;
	return &w->e;
}

static void free_list(FTSENT *e)
{
	while (e) {
		FTSENT *next = e->fts_link;

		free(e);
		e = next;
	}
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* A directory: is it one of those above it? */
static unsigned short directory(FTSENT *e)
{
	if (e->fts_level > FTS_ROOTLEVEL && is_dot(e->fts_name))
		return FTS_DOT;
	for (FTSENT *p = e->fts_parent; p->fts_level >= FTS_ROOTLEVEL; p = p->fts_parent)
		if (p->fts_ino == e->fts_ino && p->fts_dev == e->fts_dev) {
			e->fts_cycle = p;
			return FTS_DC;
		}
	return FTS_D;
}

/* Look at the file: what fts_info is to be. */
static unsigned short look(const FTS *f, FTSENT *e, bool follow)
{
	struct stat *st = e->fts_statp;

	follow = follow || f->options & FTS_LOGICAL;
	if ((follow ? stat : lstat)(e->fts_accpath, st)) {
		int error = errno;

		if (follow && !lstat(e->fts_accpath, st)) {
			errno = 0;
			return FTS_SLNONE;
		}
		e->fts_errno = error;
		memset(st, 0, sizeof(*st));
		return FTS_NS;
	}
	e->fts_dev = st->st_dev;
	e->fts_ino = st->st_ino;
	e->fts_nlink = st->st_nlink;
	return S_ISDIR(st->st_mode)   ? directory(e)
	       : S_ISLNK(st->st_mode) ? FTS_SL
	       : S_ISREG(st->st_mode) ? FTS_F
				      : FTS_DEFAULT;
}

typedef int compare_fn(const void *, const void *);

static FTSENT *sorted(const FTS *f, FTSENT *first)
{
	FTSENT **all;
	size_t n = 0;

	for (const FTSENT *e = first; e; e = e->fts_link)
		n++;
	all = f->compare && n > 1 ? malloc(n * sizeof(*all)) : NULL;
	if (!all) /* as they are, then */
		return first;
	n = 0;
	for (FTSENT *e = first; e; e = e->fts_link)
		all[n++] = e;
	qsort(all, n, sizeof(*all), (compare_fn *)(void (*)(void))f->compare);
	for (size_t i = 0; i < n; i++)
		all[i]->fts_link = i + 1 < n ? all[i + 1] : NULL;
	first = all[0];
	free(all);
	return first;
}

/* Read the directory of `parent`.  False: no memory. */
static bool read_all(const FTS *f, DIR *dir, FTSENT *parent, bool names, FTSENT **first)
{
	FTSENT **end = first;
	const struct dirent *d;

	while ((d = readdir(dir))) {
		FTSENT *e;

		if (is_dot(d->d_name) && !(f->options & FTS_SEEDOT))
			continue;
		e = new_entry(parent, parent->fts_path, d->d_name);
		if (!e)
			return false;
		if (names)
			e->fts_info = FTS_NSOK;
		else
			e->fts_info = look(f, e, false);
		*end = e;
		end = &e->fts_link;
	}
	return true;
}

/* What is in the current directory, or NULL: then its fts_info tells why, if it was being walked.
 */
static FTSENT *build(FTS *f, bool walk, bool names)
{
	FTSENT *parent = f->current, *first = NULL;
	DIR *dir = opendir(parent->fts_accpath);
	bool good;

	if (!dir) {
		if (walk) {
			parent->fts_info = FTS_DNR;
			parent->fts_errno = errno;
		}
		return NULL;
	}
	good = read_all(f, dir, parent, names, &first);
	if (!good) {
		int error = errno;

		free_list(first);
		closedir(dir);
		parent->fts_info = FTS_ERR;
		f->options |= STOPPED;
		errno = error;
		return NULL;
	}
	closedir(dir);
	if (!first && walk)
		parent->fts_info = FTS_DP;
	return sorted(f, first);
}

static void forget_children(FTS *f)
{
	free_list(f->children);
	f->children = NULL;
}

static bool add_roots(FTS *f, char *const *paths, FTSENT *parent)
{
	FTSENT **end = &parent->fts_link;

	for (; *paths; paths++) {
		FTSENT *e;
		char *slash;

		if (!**paths) {
			errno = ENOENT;
			return false;
		}
		e = new_entry(parent, "", *paths);
		if (!e)
			return false;
		e->fts_info = look(f, e, f->options & FTS_COMFOLLOW);
		slash = strrchr(e->fts_name, '/');
		if (slash && (slash != e->fts_name || slash[1])) {
			e->fts_name = slash + 1;
			e->fts_namelen = (unsigned short)strlen(e->fts_name);
		}
		*end = e;
		end = &e->fts_link;
	}
	parent->fts_link = sorted(f, parent->fts_link);
	return true;
}

FTS *fts_open(char *const *paths, int options, int (*compare)(const FTSENT **, const FTSENT **))
{
	FTS *f;

	if (options & ~OPTIONS) {
		errno = EINVAL;
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->options = options;
	f->compare = compare;
	f->current = new_entry(NULL, "", "");
	if (!f->current || !add_roots(f, paths, f->current)) {
		int error = errno;

		if (f->current)
			free_list(f->current->fts_link);
		free(f->current);
		free(f);
		errno = error;
		return NULL;
	}
	f->current->fts_info = FTS_INIT;
	return f;
}

static FTSENT *visit(FTS *f, FTSENT *e)
{
	if (e && e->fts_level == FTS_ROOTLEVEL && e->fts_info != FTS_DP)
		f->device = e->fts_dev;
	f->current = e;
	return e;
}

/* The entry is done with: the next one beside it, or the directory that it is in. */
static FTSENT *go_on(FTS *f, FTSENT *e)
{
	FTSENT *parent = e->fts_parent, *next = e->fts_link;

	free(e);
	while (next && next->fts_instr == FTS_SKIP && next->fts_level > FTS_ROOTLEVEL) {
		e = next;
		next = e->fts_link;
		free(e);
	}
	if (next) {
		if (next->fts_instr == FTS_FOLLOW) {
			next->fts_info = look(f, next, true);
			next->fts_instr = FTS_NOINSTR;
		}
		return visit(f, next);
	}
	if (parent->fts_level == FTS_ROOTPARENTLEVEL) {
		free(parent);
		errno = 0;
		return visit(f, NULL);
	}
	parent->fts_info = parent->fts_errno ? FTS_ERR : FTS_DP;
	return visit(f, parent);
}

/* A directory that was told of: into it, unless that is not wanted. */
static FTSENT *descend(FTS *f, FTSENT *e, int told)
{
	FTSENT *first;

	if (told == FTS_SKIP || (f->options & FTS_XDEV && e->fts_dev != f->device)) {
		forget_children(f);
		e->fts_info = FTS_DP;
		return e;
	}
	if (f->options & FTS_NAMEONLY) { /* those were not looked at */
		forget_children(f);
		f->options &= ~FTS_NAMEONLY;
	}
	first = f->children ? f->children : build(f, true, false);
	f->children = NULL;
	if (!first)
		return f->options & STOPPED ? NULL : e;
	if (first->fts_instr == FTS_FOLLOW) {
		first->fts_info = look(f, first, true);
		first->fts_instr = FTS_NOINSTR;
	}
	return visit(f, first);
}

FTSENT *fts_read(FTS *f)
{
	FTSENT *e = f->current;
	int told;

	if (!e || f->options & STOPPED)
		return NULL;
	told = e->fts_instr;
	e->fts_instr = FTS_NOINSTR;
	if (e->fts_info == FTS_INIT) {
		FTSENT *first = e->fts_link;

		e->fts_link = NULL;
		if (!first)
			free(e);
		return visit(f, first);
	}
	if (told == FTS_AGAIN) {
		forget_children(f); /* it need not be a directory any more */
		e->fts_info = look(f, e, false);
		return e;
	}
	if (told == FTS_FOLLOW && (e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE)) {
		e->fts_info = look(f, e, true);
		return e;
	}
	if (e->fts_info == FTS_D)
		return descend(f, e, told);
	return go_on(f, e);
}

FTSENT *fts_children(FTS *f, int how)
{
	FTSENT *e = f->current;

	if (how && how != FTS_NAMEONLY) {
		errno = EINVAL;
		return NULL;
	}
	errno = 0;
	if (!e || f->options & STOPPED)
		return NULL;
	if (e->fts_info == FTS_INIT)
		return e->fts_link;
	if (e->fts_info != FTS_D)
		return NULL;
	forget_children(f);
	f->options = (f->options & ~FTS_NAMEONLY) | how;
	f->children = build(f, false, how);
	return f->children;
}

int fts_set(FTS *f, FTSENT *e, int told)
{
	(void)f;
	if (told < 0 || told > FTS_SKIP) {
		errno = EINVAL;
		return 1;
	}
	e->fts_instr = (unsigned short)told;
	return 0;
}

int fts_close(FTS *f)
{
	FTSENT *e = f->current, *parent;

	forget_children(f);
	for (; e; e = parent) {
		parent = e->fts_parent;
		free_list(e);
	}
	free(f);
	return 0;
}
