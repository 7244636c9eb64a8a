/* file.h - open files and what they stand for, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A descriptor names an open file (offset and flags, shared by dup and later by
 * fork); that names a vnode: a file, directory, device or pipe.  Both are
 * counted.  What can be done with a vnode is found by its kind in a table of
 * the process: the arena holds no code pointers.
 */
#ifndef PX_FILE_H
#define PX_FILE_H

#include <env/wait.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum px_kind {
	PX_FREE = 0,
	PX_MEM,     /* regular file, directory or symbolic link in memory (fs/mem.h) */
	PX_CONSOLE, /* the environment's console */
	PX_DEVICE,  /* /dev/null and its like */
	PX_PIPE,    /* a pipe or FIFO */
	PX_KINDS
};

struct px_vnode {
	uint32_t kind;             /* enum px_kind */
	uint32_t refs;             /* open files, working directories, mappings */
	uint32_t mode;             /* as st_mode */
	struct px_lock lock;       /* of who writes or cuts it */
	uint32_t shared;           /* flock(): how many hold it shared */
	struct px_file *exclusive; /* or who holds it alone */
	struct px_waitq flocked;
};

struct px_file {
	uint32_t refs;
	uint32_t flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK, ... as F_GETFL shows them */
	struct px_vnode *vnode;
	int64_t offset;
	struct px_lock position; /* of who moves the offset; taken before the vnode's */
	uint32_t flock;          /* LOCK_SH, LOCK_EX or 0 */
	uint32_t zero;
};

struct stat;
struct dirent;

/* What a kind of vnode can do.  NULL: what POSIX says of a thing that cannot.
 * Results are as of the call of the same name, errors negative.  Those that
 * take a program's memory are called outside critical sections, all others
 * inside. */
struct px_ops {
	/* Outside.  `flags` are the open file's.  *offset is where; a write with O_APPEND sets it.
	 */
	ssize_t (*read)(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags);
	ssize_t (*write)(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			 uint32_t flags);
	/* Outside: something else happens on open (may wait). */
	int (*open)(struct px_vnode *v, uint32_t flags);

	/* A file with these flags was closed for good. */
	void (*close)(struct px_vnode *v, uint32_t flags);
	/* Nothing refers to it any more. */
	void (*release)(struct px_vnode *v);
	void (*stat)(struct px_vnode *v, struct stat *st);
	int64_t (*size)(struct px_vnode *v); /* NULL: cannot seek */
	bool still;                          /* seeking works and leads nowhere */
	int (*truncate)(struct px_vnode *v, int64_t size);
	/* Allocate blocks for [from, to), size unchanged. */
	int (*reserve)(struct px_vnode *v, int64_t from, int64_t to);
	/* The first byte that is (hole: is not) data from `offset` on, or -ENXIO. */
	int64_t (*seek_data)(struct px_vnode *v, int64_t offset, bool hole);
	/* The frame with page `index` of it, with a reference for the caller
	 * (px_frames_give).  `own`: the page that the file itself has from now on,
	 * as every shared mapping needs; a hole is filled.  -ENXIO past the end,
	 * -ENOSPC; NULL: cannot be mapped. */
	int64_t (*page)(struct px_vnode *v, uint64_t index, bool own);
	/* POLLIN and its like as they are now, and up to two queues in which news is
	 * told.  NULL: can always be read and written. */
	uint32_t (*ready)(struct px_vnode *v, uint32_t flags, struct px_waitq *news[2]);
	int64_t (*waiting)(struct px_vnode *v); /* bytes to be read, where there is no size */
	bool syncs;                             /* fsync() has a meaning */
	bool (*terminal)(void);                 /* NULL: never */
};

extern const struct px_ops *const px_ops[PX_KINDS];
extern const struct px_ops px_console_ops, px_mem_ops, px_device_ops;
/* Only there if something in the program can make a pipe. */
extern const struct px_ops px_pipe_ops __attribute__((weak, visibility("hidden")));

static inline const struct px_ops *px_ops_of(const struct px_vnode *v)
{
	return px_ops[v->kind];
}

void px_vnode_ref(struct px_vnode *v);
void px_vnode_put(struct px_vnode *v);

/* Set the size of what can be cut; waits for who writes.  Outside critical sections. */
int px_vnode_truncate(struct px_vnode *v, int64_t size);

/* An open file on the vnode (with a reference of its own) with open flags, or NULL. */
struct px_file *px_file_new(struct px_vnode *v, int flags);
/* The same in room that px_alloc gave.  Inside a critical section. */
void px_file_set(struct px_file *f, struct px_vnode *v, int flags);
void px_file_put(struct px_file *f);

/* read() and write() of the open file at an offset, with flags instead of its own. */
ssize_t px_file_read(struct px_file *f, void *to, size_t n, int64_t offset, uint32_t flags);
ssize_t px_file_write(struct px_file *f, const void *from, size_t n, int64_t *offset,
		      uint32_t flags);

/* Keep others that share the open file from moving its offset meanwhile.  False if nobody can:
 * then nothing was taken. */
static inline bool px_position_take(struct px_file *f)
{
	bool shared = f->refs > 1 && px_ops_of(f->vnode)->size && !px_ops_of(f->vnode)->still;

	if (shared)
		px_lock(&f->position);
	return shared;
}

static inline void px_position_give(struct px_file *f, bool taken)
{
	if (taken)
		px_unlock(&f->position);
}

/* Put the file (whose reference it takes over, also on error) into the lowest free
 * descriptor from `from` on.  Returns that or -EMFILE, -ENOMEM.  `flags`: O_CLOEXEC. */
int px_fd_install(struct px_file *f, int from, int flags);

/* 0, or -EMFILE: every descriptor is in use. */
int px_fd_room(void);

/* The open file behind a descriptor, or NULL and errno EBADF. */
struct px_file *px_file(int fd);

/* Descriptors 0, 1 and 2 on the console.  Returns 0 or a negative error. */
int px_files_init(void);

/* -error in [-4095, -1] becomes errno and -1. */
long px_result(long r);

#endif
