/* ftw.c - walk a tree of files and call a function for each.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Made of fts(), which has one directory open at a time, so the limit of descriptors is kept to
 * however deep the tree is.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIP (-1)

typedef int call_fn(const char *, const struct stat *, int, struct FTW *);
typedef int old_fn(const char *, const struct stat *, int);

struct seen {
	dev_t dev;
	ino_t ino;
};

struct walk {
	FTS *fts;
	int flags;
	int home; /* FTW_CHDIR: where the program was */
	call_fn *call;
	old_fn *old;
	void *seen; /* where links are followed: a tree of directories that have been walked */
};

static void forget(void *s)
{
	free(s);
}

static int compare(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return x->ino != y->ino ? (x->ino > y->ino) - (x->ino < y->ino)
				: (x->dev > y->dev) - (x->dev < y->dev);
}

/* Has the directory been walked by another name?  If not, it has now.  -1: no memory. */
static int again(struct walk *w, const FTSENT *e)
{
	struct seen *s, **at;

	if (w->flags & FTW_PHYS)
		return 0;
	s = malloc(sizeof(*s));
	if (!s)
		return -1;
	*s = (struct seen){e->fts_dev, e->fts_ino};
	at = tsearch(s, &w->seen, compare);
	if (at && *at == s)
		return 0;
	free(s);
	return at ? 1 : -1;
}

/* A directory before what is in it: what it is to the program. */
static int before(struct walk *w, FTSENT *e)
{
	int r = again(w, e);

	if (r) { /* without memory to know, rather not twice */
		fts_set(w->fts, e, FTS_SKIP);
		e->fts_number = 1; /* nor is it told of behind */
		return SKIP;
	}
	if (w->flags & FTW_DEPTH)
		return SKIP;
	if (fts_children(w->fts, 0) || !errno)
		return FTW_D;
	fts_set(w->fts, e, FTS_SKIP);
	return FTW_DNR;
}

static int type_of(struct walk *w, FTSENT *e)
{
	switch (e->fts_info) {
	case FTS_D:
		return before(w, e);
	case FTS_DP:
		return w->flags & FTW_DEPTH && !e->fts_number ? FTW_DP : SKIP;
	case FTS_DNR:
		return w->flags & FTW_DEPTH ? FTW_DNR : SKIP;
	case FTS_DC:
		return SKIP;
	case FTS_SL:
		return FTW_SL;
	case FTS_SLNONE:
		return FTW_SLN;
	case FTS_NS:
		return FTW_NS;
	default:
		return FTW_F;
	}
}

/* The directory that the entry is in, whose name is the first `n` bytes of its path. */
static int go_there(const FTSENT *e, size_t n)
{
	char *name = n ? strndup(e->fts_path, n) : NULL;
	int r = name ? chdir(name) : n ? -1 : 0;

	free(name);
	return r;
}

static int tell(struct walk *w, FTSENT *e, int type)
{
	const char *slash = strrchr(e->fts_path, '/');
	struct FTW where = {.base = slash ? (int)(slash + 1 - e->fts_path) : 0,
			    .level = e->fts_level};
	bool moves = w->flags & FTW_CHDIR;
	int r;

	if (w->old) /* it knows fewer kinds */
		return w->old(e->fts_path, e->fts_statp,
			      type == FTW_SLN  ? FTW_NS
			      : type == FTW_SL ? FTW_F
					       : type);
	if (moves && go_there(e, (size_t)where.base))
		return -1;
	r = w->call(e->fts_path, e->fts_statp, type, &where);
	if (moves && fchdir(w->home) && !r)
		r = -1;
	return r;
}

static int go(struct walk *w)
{
	FTSENT *e;
	int r = 0;

	while (!r && (e = fts_read(w->fts))) {
		bool gone = e->fts_info == FTS_NS && e->fts_errno != EACCES &&
			    (e->fts_level == FTS_ROOTLEVEL || e->fts_errno != ENOENT);
		int type;

		if (gone || e->fts_info == FTS_ERR) {
			errno = e->fts_errno ? e->fts_errno : errno;
			return -1;
		}
		type = type_of(w, e);
		if (type != SKIP)
			r = tell(w, e, type);
	}
	return r || !errno ? r : -1;
}

static int walk(const char *path, struct walk *w)
{
	char *root[2] = {strdup(path), NULL};
	size_t n = strlen(path);
	int r = -1, error;

	if (!root[0])
		return -1;
	while (n > 1 && root[0][n - 1] == '/')
		root[0][--n] = '\0';
	w->home = w->flags & FTW_CHDIR ? open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (!(w->flags & FTW_CHDIR) || w->home >= 0)
		w->fts = fts_open(root,
				  FTS_NOCHDIR | (w->flags & FTW_PHYS ? FTS_PHYSICAL : FTS_LOGICAL) |
					  (w->flags & FTW_MOUNT ? FTS_XDEV : 0),
				  NULL);
	if (w->fts)
		r = go(w);
	error = errno;
	if (w->fts)
		fts_close(w->fts);
	if (w->home >= 0)
		close(w->home);
	tdestroy(w->seen, forget);
	free(root[0]);
	errno = error;
	return r;
}

int nftw(const char *path, call_fn *call, int most, int flags)
{
	struct walk w = {.call = call, .flags = flags};

	(void)most;
	return walk(path, &w);
}

int ftw(const char *path, old_fn *call, int most)
{
	struct walk w = {.old = call};

	(void)most;
	return walk(path, &w);
}
