/* file.h - open files and what they stand for, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A descriptor is an index into its process's table; that names an open file
 * (offset and flags, shared by dup and later by fork); that names a vnode (a
 * thing of some file system or a device).  Both are counted.  What to do with
 * a vnode is found by its kind in a table of the process: the arena holds no
 * code pointers.
 */
#ifndef PX_FILE_H
#define PX_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum px_kind {
	PX_FREE = 0,
	PX_CONSOLE, /* the environment's console */
	PX_ROOT,    /* a node of the packed root directory */
	PX_KINDS
};

struct px_vnode {
	uint32_t kind; /* enum px_kind */
	uint32_t refs;
	uint64_t number; /* PX_ROOT: the node's number */
	uint32_t next_free;
};

struct px_file {
	uint32_t refs;
	uint32_t flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK, ... as F_GETFL shows them */
	uint32_t vnode; /* index */
	uint32_t next_free;
	int64_t offset;
};

struct stat;
struct dirent;

/* What a kind of vnode can do.  NULL: what POSIX says of a thing that cannot.
 * Results are as of the call of the same name, errors negative. */
struct px_ops {
	ssize_t (*read)(struct px_vnode *v, void *to, size_t n, int64_t offset);
	ssize_t (*write)(struct px_vnode *v, const void *from, size_t n, int64_t offset);
	int (*stat)(struct px_vnode *v, struct stat *st);
	int64_t (*size)(struct px_vnode *v); /* NULL: cannot seek */
	/* The entry at position `at`: 1 and *e filled, 0 at the end. */
	int (*entry)(struct px_vnode *v, int64_t at, struct dirent *e);
	bool (*terminal)(void); /* NULL: never */
};

extern const struct px_ops *const px_ops[PX_KINDS];
extern const struct px_ops px_console_ops, px_root_ops;

/* A counted reference to the vnode (kind, number); negative: -ENFILE. */
int px_vnode_get(uint32_t kind, uint64_t number);
void px_vnode_put(uint32_t index);

/* An open file on that vnode (whose reference it takes over) in the lowest free descriptor from
 * `from` on.  Returns the descriptor, or -EMFILE, -ENFILE. */
int px_open_vnode(int vnode, int flags, int from);

/* The open file behind a descriptor, or NULL and errno EBADF. */
struct px_file *px_file(int fd);
struct px_vnode *px_vnode_of(const struct px_file *f);

/* Descriptors 0, 1 and 2 on the console. */
void px_files_init(void);

/* -error in [-4095, -1] becomes errno and -1. */
long px_result(long r);

#endif
