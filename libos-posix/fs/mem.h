/* mem.h - the file system in memory: one tree, over the packed root directory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The packed root is used where it lies: its names become nodes when they are
 * first met, its bytes are read in place, and a page of them is copied when it
 * is first written.  Everything written is gone when the machine goes off.
 *
 * All of it lies in the arena and is touched inside critical sections only.
 */
#ifndef PX_MEM_H
#define PX_MEM_H

#include <fd/file.h>
#include <stddef.h>
#include <time.h>

#define PX_LINK_MAX    32000   /* names of one node */
#define PX_LARGE_FILES 0100000 /* F_GETFL shows it of every file opened on 64-bit Linux */

struct px_node;
struct root_node;

/* A name in a directory. */
struct px_name {
	struct px_name *link[2][2]; /* in the trees by hash and by place: what is below it */
	uint64_t hash;
	int64_t place; /* position in the directory, for readdir */
	struct px_node *node, *dir;
	uint16_t n;
	bool gone; /* taken away while the node was in use: only to tell what it was; holds dir */
	char text[];
};

struct px_directory {
	struct px_name *names, *places; /* the same, by hash and by place */
	int64_t next_place;
	struct px_node *parent; /* itself for the root */
	uint32_t packed;        /* 1 + packed directory whose names are not all here, or 0 */
	uint32_t count;
	bool removed; /* holds a reference to its parent then */
};

struct px_content {
	void *map;             /* pages: see mem_file.c */
	uint32_t levels;       /* of the map */
	uint64_t pages;        /* in it */
	uint64_t promised;     /* that are not in it yet, but promised (px_commit) */
	const char *packed;    /* where bytes without a page come from... */
	uint64_t packed_bytes; /* ...as far as this; zeros beyond */
};

struct px_node {
	struct px_vnode v; /* first, so that one is the other */
	uint32_t uid, gid;
	uint32_t nlink;  /* names; of a directory 2 and its subdirectories */
	uint32_t unmet;  /* packed ones besides that have no struct px_name yet */
	uint32_t packed; /* 1 + packed node it came from, if that has several names */
	bool linkable;   /* made without a name, and may get one */
	uint8_t seals;   /* F_SEAL_..., of what can have them (fs/seal.h) */
	uint64_t number; /* st_ino */
	uint64_t device; /* st_rdev */
	int64_t size;
	struct timespec atime, mtime, ctime;
	struct px_node *next_packed; /* nodes with `packed` */
	struct px_name *name;        /* one that it has, or had when all went */
	union {
		struct px_directory d;
		struct px_content f;
		char *target; /* symbolic link */
		struct px_pipe *pipe;
		void *object; /* of another kind of vnode (px_file_of) */
	};
};

struct px_memfs {
	struct px_node *root;
	struct px_node *console;
	struct px_node *proc, *fds; /* /proc, and /proc/self/fd */
	struct px_node *program;    /* of the image, as a file, or NULL */
	struct px_node *pts;        /* where pseudo-terminals are, if there can be any */
	struct px_node *errors;     /* what descriptor 2 of a plain stream stands for */
	struct px_node *packed;     /* list: nodes whose packed original has several names */
	uint64_t next_number;
	uint64_t nodes;
};

static inline struct px_node *px_node_of(struct px_vnode *v)
{
	return (struct px_node *)v;
}

/* The tree with /, /dev, /tmp.  Returns 0 or a negative error. */
int px_memfs_init(void);

/* What descriptors 0 and 1 begin with, and 2.  NULL: no memory. */
struct px_vnode *px_memfs_standard(void);
struct px_vnode *px_memfs_errors(void);

/* A new node without a name.  NULL: no memory. */
struct px_node *px_node_new(uint32_t mode);

/* Make it that device. */
void px_node_set_device(struct px_node *node, uint64_t device);

/* The target of a symbolic link, of n bytes: room with a zero behind, or NULL. */
char *px_target_new(const char *text, size_t n);
void px_target_free(char *target);

/* Free it if it has neither names nor references. */
void px_node_check(struct px_node *node);

/* Its name, if it was taken away, is not told any more. */
void px_name_forget(struct px_node *node);
void px_mem_stat(struct px_vnode *v, struct stat *st);

/* Set times: bits of what. */
#define PX_ATIME 1
#define PX_MTIME 2
#define PX_CTIME 4
void px_node_touch(struct px_node *node, unsigned int what);

/* Directories (mem_dir.c).  Errors as of the calls; -ENOSPC: no memory. */
/* *found: the name, or NULL if there is none.  -ENOSPC: there is one, but no memory for it. */
int px_dir_find(struct px_node *dir, const char *name, size_t n, struct px_name **found);
int px_dir_add(struct px_node *dir, const char *name, size_t n, struct px_node *node);
/* The same in two steps, of which the second cannot fail. */
struct px_name *px_name_new(const char *name, size_t n);
void px_dir_put(struct px_node *dir, struct px_name *name, struct px_node *node);
void px_dir_remove(struct px_node *dir, struct px_name *name);
void px_node_unmet(struct px_node *node, const struct root_node *r);
int px_dir_complete(struct px_node *dir);

/* The next entry from position *at on, which begins at 0, into *e: 1, 0 at the end, or an error
 * (fs/dir.c). */
struct dirent;
int px_dir_next(struct px_node *dir, int64_t *at, struct dirent *e);

/* The name at the smallest place not below `place`, or NULL. */
struct px_name *px_dir_from(struct px_node *dir, int64_t place);

/* Regular files (mem_file.c). */
void px_content_free(struct px_node *node);
ssize_t px_mem_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags);
ssize_t px_mem_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
		     uint32_t flags);
int px_mem_truncate(struct px_vnode *v, int64_t size);
int px_mem_reserve(struct px_vnode *v, int64_t from, int64_t to);
int64_t px_mem_seek_data(struct px_vnode *v, int64_t offset, bool hole);
int64_t px_mem_page(struct px_vnode *v, uint64_t index, bool own);

/* Pseudo-terminals: /dev/ptmx and /dev/pts (fd/ptmx.c).  0 or an error; only there if something in
 * the program can make one. */
int px_pty_init(struct px_node *dev) __attribute__((weak, visibility("hidden")));

/* A FIFO without a name (fd/pipe.c).  NULL: no memory. */
struct px_node *px_fifo_new(uint32_t mode);

#endif
