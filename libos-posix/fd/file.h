/* file.h - open files and what they stand for, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A descriptor names an open file (offset and flags, shared by dup and by
 * fork); that names a vnode: a file, directory, device, pipe, socket.  Both are
 * counted.  What can be done with a vnode is found by its kind in a table of
 * the process: the arena holds no code pointers.
 */
#ifndef PX_FILE_H
#define PX_FILE_H

#include <fcntl.h>
#include <fd/news.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum px_kind {
	PX_FREE = 0,
	PX_MEM,      /* regular file, directory or symbolic link in memory (fs/mem.h) */
	PX_CONSOLE,  /* the environment's console */
	PX_DEVICE,   /* /dev/null and its like */
	PX_PIPE,     /* a pipe or FIFO */
	PX_EVENTFD,  /* a counter */
	PX_TIMERFD,  /* a timer */
	PX_SIGNALFD, /* signals */
	PX_EPOLL,    /* a set of open files to wait for */
	PX_SOCKET,   /* a UNIX socket */
	PX_PTMX,     /* /dev/ptmx, and the other side of a pseudo-terminal */
	PX_PTS,      /* a pseudo-terminal */
	PX_PROC,     /* in /proc, made when it is read */
	PX_MQUEUE,   /* a message queue */
	PX_KINDS
};

struct px_records; /* locks on parts of a file (fd/record.c) */

struct px_vnode {
	uint32_t kind;             /* enum px_kind */
	uint32_t refs;             /* open files, working directories, mappings */
	uint32_t mode;             /* as st_mode */
	struct px_lock lock;       /* of who writes or cuts it */
	uint32_t shared;           /* flock(): how many hold it shared */
	struct px_file *exclusive; /* or who holds it alone */
	struct px_waitq flocked;
	uint32_t writers; /* open files by which it can be written */
	uint32_t runs;    /* processes whose program it is: nobody writes it */
	struct px_records *records;
};

struct px_file {
	uint32_t refs;
	uint32_t flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK, ... as F_GETFL shows them */
	struct px_vnode *vnode;
	int64_t offset;
	struct px_lock position;  /* of who moves the offset; taken before the vnode's */
	uint32_t flock;           /* LOCK_SH, LOCK_EX or 0 */
	uint32_t in_flight;       /* of the references, those of messages nobody received yet */
	struct px_watch *watches; /* of epoll sets that have this file */
};

struct stat;
struct iovec;
struct px_node;

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
	/* Outside: something else happens on open with these flags (may wait); f may get another
	 * vnode.  Its flags are O_PATH until it is open, so if it ends before nothing is closed. */
	int (*open)(struct px_file *f, uint32_t flags);

	/* A file with these flags was closed for good. */
	void (*close)(struct px_vnode *v, uint32_t flags);
	/* The node goes: free what it stands for. */
	void (*discard)(struct px_node *node);
	void (*stat)(struct px_vnode *v, struct stat *st);
	int64_t (*size)(struct px_vnode *v); /* NULL: cannot seek */
	bool still; /* seeking works and leads nowhere, also without a size */
	/* Outside: readv() and writev(); NULL: one buffer after the other. */
	ssize_t (*vector)(struct px_vnode *v, const struct iovec *user, int count, bool out,
			  uint32_t flags);
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
	/* POLLIN and its like as they are now, and where news is told (*look is all
	 * zero before).  NULL: can always be read and written. */
	uint32_t (*ready)(struct px_vnode *v, uint32_t flags, struct px_look *look);
	int64_t (*waiting)(struct px_vnode *v); /* bytes to be read, where there is no size */
	bool syncs;                             /* fsync() has a meaning */
	/* What the file is as a terminal; NULL: none. */
	struct px_tty *(*terminal)(struct px_vnode *v);
	/* Bytes a pipe can hold: tell (-1) or set. */
	int (*pipe_size)(struct px_vnode *v, long bytes);
	/* Outside: an ioctl() of its own, or -ENOTTY. */
	int (*control)(struct px_file *f, unsigned long request, void *user);
};

extern const struct px_ops *const px_ops[PX_KINDS];
extern const struct px_ops px_console_ops, px_mem_ops, px_device_ops;
/* Only there if something in the program can make one. */
#define PX_IF_USED __attribute__((weak, visibility("hidden")))
extern const struct px_ops px_pipe_ops PX_IF_USED, px_eventfd_ops PX_IF_USED,
	px_timerfd_ops PX_IF_USED, px_signalfd_ops PX_IF_USED, px_epoll_ops PX_IF_USED,
	px_socket_ops PX_IF_USED, px_ptmx_ops PX_IF_USED, px_pts_ops PX_IF_USED,
	px_proc_ops PX_IF_USED, px_mqueue_ops PX_IF_USED;

static inline const struct px_ops *px_ops_of(const struct px_vnode *v)
{
	return px_ops[v->kind];
}

void px_vnode_ref(struct px_vnode *v);
void px_vnode_put(struct px_vnode *v);

/* Set the size of what can be cut; waits for who writes.  Outside critical sections. */
int px_vnode_truncate(struct px_vnode *v, int64_t size);

/* Can a file that is open with these flags be written? */
static inline bool px_flags_write(uint32_t flags)
{
	return flags & (O_WRONLY | O_RDWR) && !(flags & O_PATH);
}

/* An open file on the vnode (with a reference of its own) with open flags, or NULL. */
struct px_file *px_file_new(struct px_vnode *v, int flags);
/* The same in room that px_alloc gave.  Inside a critical section. */
void px_file_set(struct px_file *f, struct px_vnode *v, int flags);
void px_file_put(struct px_file *f);

/* An open file on a new node without a name, of that kind and mode, which stands for `object`;
 * NULL: no memory, nothing has happened.  Inside. */
struct px_file *px_file_of(enum px_kind kind, uint32_t mode, void *object, int flags);

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

/* The same with two, both or none: 0 or an error.  Inside.  Afterwards, outside, the program is
 * told their numbers: 0, or they are closed again, -EFAULT. */
int px_fd_install_two(struct px_file *f[2], int flags, int fd[2]);
int px_fd_give_two(const int fd[2], int *user);

/* 0, or -EMFILE: every descriptor is in use. */
int px_fd_room(void);

/* The open file behind a descriptor, or NULL and errno EBADF.  It stays as long as nobody can
 * close the descriptor: inside a critical section, or for a moment. */
struct px_file *px_file(int fd);

/* The same for who copies or waits meanwhile, who says when it has done.  As long as the process
 * has one thread and no handler nobody can close the descriptor then, and nothing is counted. */
extern bool px_files_counted;
struct px_file *px_file_counted(int fd);

static inline struct px_file *px_file_use(int fd)
{
	return __builtin_expect(px_files_counted, false) ? px_file_counted(fd) : px_file(fd);
}

/* A reference that is held outside critical sections is claimed, so that it is given up if its
 * holder is killed; px_unclaim gives it up, px_claim_keep leaves it to the caller.  Outside too. */
void px_claim(struct px_file *f);
void px_claim_keep(struct px_file *f);
void px_unclaim(struct px_file *f);

static inline void px_file_done(struct px_file *f)
{
	if (__builtin_expect(px_files_counted, false))
		px_unclaim(f);
}

/* Descriptors 0, 1 and 2 on the console.  Returns 0 or a negative error. */
int px_files_init(void);

/* -error in [-4095, -1] becomes errno and -1. */
long px_result(long r);

#endif
