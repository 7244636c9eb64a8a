/* epoll.h - sets of open files to wait for.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All of it lies in the arena, and everything here runs inside a critical section.
 */
#ifndef PX_EPOLL_H
#define PX_EPOLL_H

#include <fd/file.h>
#include <sys/epoll.h>

struct px_watch;

/* In the list of what tells news of the file. */
struct px_watch_link {
	struct px_watch_link *next, **place; /* place NULL: in none */
	struct px_watch *watch;
};

/* An open file in a set, under the descriptor it was put in by. */
struct px_watch {
	struct px_watch *next, **place;           /* in the set */
	struct px_watch *next_of_file, **of_file; /* of one file, in all sets */
	struct px_watch *before, *after;          /* in the set's queue */
	struct px_epoll *set;
	struct px_file *file;
	struct px_watch_link link[2];
	int fd;
	bool queued;
	uint32_t events;
	uint64_t data;
	exo_ns_t at; /* when it may be ready although nobody tells, or 0 */
};

struct px_epoll {
	struct px_watch *watches;
	struct px_watch *first, *last; /* the queue: those that may be ready */
	struct px_news news;           /* something came into the queue */
	struct px_file *file;          /* its own */
	uint32_t timed;                /* watches that become ready with time */
};

/* Events that say how, not what. */
#define PX_EPOLL_HOW (EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE)

/* What the watch is ready for, of what it is there for; where it gets its news from is noted. */
uint32_t px_watch_ready(struct px_watch *w);

void px_watch_queue(struct px_watch *w);
void px_watch_unqueue(struct px_watch *w);

/* Queue those whose time has come; returns when the next one's comes, or 0. */
exo_ns_t px_epoll_due(struct px_epoll *e);

#endif
