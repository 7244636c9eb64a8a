/* table.h - the descriptor table, for what controls descriptors and makes processes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_TABLE_H
#define PX_TABLE_H

#include <env/process.h>
#include <fd/file.h>

/* Where a descriptor of a process stands, or NULL. */
static inline struct px_fd *px_fd_slot(const struct px_process *p, int fd)
{
	struct px_fd *page = p->fd[fd / PX_FD_PAGE];

	return page ? &page[fd % PX_FD_PAGE] : NULL;
}

/* The open file, if nothing has to be counted for its use; NULL: look otherwise. */
static inline struct px_file *px_file_quick(int fd)
{
	struct px_fd *page;

	if (__builtin_expect(px_files_counted || (unsigned int)fd >= PX_FD_MAX, false))
		return NULL;
	page = px_me->fd[(unsigned int)fd / PX_FD_PAGE];
	return page ? page[(unsigned int)fd % PX_FD_PAGE].file : NULL;
}

/* Close descriptor `fd` of p, which is open.  Inside a critical section. */
void px_fd_close(struct px_process *p, int fd);

/* Give up what flock() got the file.  Inside a critical section. */
void px_flock_drop(struct px_file *f);

/* Give up the record locks on v of who has just closed a descriptor for it, a process, or of the
 * open file that is gone.  Inside; only there if something in the program can lock records. */
void px_records_drop(struct px_vnode *v, const void *owner) PX_IF_USED;

/* The watches on an open file that is gone go too.  Inside; only there with epoll. */
void px_watches_drop(struct px_file *f) PX_IF_USED;

/* A socket is referred to by messages alone: look whether nobody can receive them any more.
 * Inside; only there with sockets. */
void px_flight_check(struct px_file *f) PX_IF_USED;

/* dup() to `from` or above, with O_CLOEXEC or 0. */
int px_fd_duplicate(int fd, int from, int flags);

/* FD_CLOEXEC of a descriptor that is open. */
uint32_t *px_fd_flags(int fd);

/* For who makes, changes and ends processes (fd/inherit.c).
 *
 * fork: `child` gets the descriptors of px_me, its directory and umask, in a zeroed record; 0, or
 * -ENOMEM and nothing has happened.  Record locks are not inherited.
 * exec: what is to be closed then is closed.
 * The end: everything p has is closed, by whoever clears up after it; again does nothing.
 *
 * All inside a critical section. */
int px_files_fork(struct px_process *child);

/* p runs the program v from now on, or none.  Inside. */
void px_program_set(struct px_process *p, struct px_vnode *v);

void px_files_exec(void);
void px_files_exit(struct px_process *p);

#endif
