/* path.h - from a path to what it names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PATH_H
#define PX_PATH_H

#include <fs/mem.h>
#include <limits.h>

#define PX_FOLLOW    1 /* a symbolic link at the end is followed */
#define PX_LAST      2 /* nor with slashes behind it: the name itself is meant */
#define PX_REAL      4 /* with the rights of the real user and group */
#define PX_LINKS_MAX 40

/* A path and where it led. */
struct px_walk {
	struct px_node *dir; /* holds the last name */
	const char *name;    /* the last name, n bytes; n 0: the path is "/" */
	size_t n;
	bool slash; /* slashes stand behind it */
	bool dots;  /* it is "." or ".." */
	bool magic; /* `node` is where it leads, as a link of /proc, that is meant itself */
	struct px_node *node; /* what it names; NULL: nothing of this name in dir */
	char text[PATH_MAX];
};

/* The path of a node that has a name, or had one, written to end with a zero before `end`, where
 * there is room for `room` bytes.  Where it begins, or NULL: there is not.  Inside. */
char *px_path_before(char *end, size_t room, const struct px_node *node);

/* The text of such a link: where the open file, or the node, is.  At most PATH_MAX bytes, without a
 * zero; how many, or a negative error.  Inside (fs/magic.c). */
ssize_t px_magic_text(const struct px_walk *w, char *to);

/* Take a program's path over.  Outside critical sections.  Returns 0, -EFAULT,
 * -ENAMETOOLONG, -ENOENT (it is empty). */
int px_walk_path(struct px_walk *w, const char *path);

/* Walk it from directory `dirfd` (AT_FDCWD: the working directory) on.  Inside;
 * what it finds is not counted.  Returns 0 also if just the last name is not
 * there; -ENOENT, -ENOTDIR, -ELOOP, -EACCES, -ENAMETOOLONG, -EBADF, -ENOSPC. */
int px_walk(struct px_walk *w, int dirfd, unsigned int flags);

/* Both, and it must be there: enters a critical section, which stays entered
 * if and only if the result is 0. */
int px_walk_to(struct px_walk *w, int dirfd, const char *path, unsigned int flags);

/* The same; with `may_be_empty` an empty path means what dirfd stands for. */
int px_walk_node(struct px_walk *w, int dirfd, const char *path, bool may_be_empty,
		 unsigned int flags);

/* Walk to a name that must not be there yet, of a directory if it may end in a
 * slash.  Stays inside if the result is 0. */
int px_walk_new(struct px_walk *w, int dirfd, const char *path, bool directory);

/* Give a new node (NULL: there was no memory for it) that name; it goes if that
 * cannot be.  Inside. */
int px_walk_add(struct px_walk *w, struct px_node *node);

/* unlink() of the name of a shared-memory object, semaphore or message queue: EACCES is their only
 * error of rights. */
int px_unlink_object(const char *path);

#endif
