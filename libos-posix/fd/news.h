/* news.h - telling those who wait that something has changed.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What can be waited for has one of these for each direction.  Who sleeps stands in the queue; an
 * epoll set that watches has its watch in the list, and is told without being asked.
 */
#ifndef PX_NEWS_H
#define PX_NEWS_H

#include <env/wait.h>
#include <stdbool.h>

struct px_watch_link; /* fd/epoll.c */

struct px_news {
	struct px_waitq waiters;
	struct px_watch_link *watches;
};

/* Where news of something is told, and when there will be some even if nobody tells: at `at` by
 * the monotonic clock, unless that is 0. */
struct px_look {
	struct px_news *news[2];
	exo_ns_t at;
};

/* Put every watch of the list before its epoll set.  Inside.  Only there if something in the
 * program can make an epoll set, as watches are. */
void px_watch_told(struct px_news *news) __attribute__((weak, visibility("hidden")));

/* What tells it goes.  The same. */
void px_news_end(struct px_news *news) __attribute__((weak, visibility("hidden")));

/* Inside a critical section; `edge`: it is news to who was told already what there was before. */
static inline void px_tell_edge(struct px_news *news, bool edge)
{
	if (news->waiters.first)
		px_wake(&news->waiters);
	if (news->watches && edge)
		px_watch_told(news);
}

static inline void px_tell(struct px_news *news)
{
	px_tell_edge(news, true);
}

/* px_block for news. */
static inline int px_await(struct px_news *news, exo_ns_t deadline)
{
	return px_block(&news->waiters, deadline);
}

#endif
