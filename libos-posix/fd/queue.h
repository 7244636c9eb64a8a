/* queue.h - bytes on their way from who writes to who reads: pipes and stream sockets.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A position counts all bytes since the start; its page stands at (position / page size) mod slots.
 * Bytes below `in` are not written again while somebody holds their page, so they can be copied out
 * after `out` has passed them.
 *
 * All of it lies in the arena.  Everything here runs inside a critical section; what copies from or
 * to a program's memory leaves it meanwhile.
 */
#ifndef PX_QUEUE_H
#define PX_QUEUE_H

#include <exo/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct px_queue {
	uint64_t in, out;
	uint32_t slots; /* a power of two */
	uint32_t zero;
	char **page;
};

#define PX_QUEUE_SLOTS 256 /* at most */

/* What goes over the stack in one piece instead of page by page. */
#define PX_QUEUE_SMALL 256

/* An empty queue of up to `slots` pages; false if there is no memory. */
bool px_queue_init(struct px_queue *q, uint32_t slots);

/* Drop what is in it, and the pages. */
void px_queue_empty(struct px_queue *q);
void px_queue_free(struct px_queue *q);

/* Another number of slots: 0, -EBUSY if what it holds does not fit, -ENOMEM. */
int px_queue_resize(struct px_queue *q, uint32_t slots);

static inline size_t px_queue_bytes(const struct px_queue *q)
{
	return q->in - q->out;
}

static inline size_t px_queue_room(const struct px_queue *q)
{
	return (q->out / EXO_PAGE_SIZE + q->slots) * EXO_PAGE_SIZE - q->in;
}

/* Before room is looked for: an empty queue begins a page anew if n bytes would not fit into the
 * rest of it, so that it holds as many whole pages as it may. */
void px_queue_rewind(struct px_queue *q);

static inline void px_queue_prepare(struct px_queue *q, size_t n)
{
	if (q->in == q->out && n > EXO_PAGE_SIZE - q->in % EXO_PAGE_SIZE)
		px_queue_rewind(q);
}

static inline char **px_queue_slot(const struct px_queue *q, uint64_t position)
{
	return &q->page[position / EXO_PAGE_SIZE & (q->slots - 1)];
}

/* Append n bytes, for which there is room: 0, or -ENOMEM and nothing is appended. */
int px_queue_put_more(struct px_queue *q, const char *from, size_t n);

static inline int px_queue_put(struct px_queue *q, const char *from, size_t n)
{
	size_t inside = q->in % EXO_PAGE_SIZE;
	char *page = *px_queue_slot(q, q->in);

	if (n != 1 || !page)
		return px_queue_put_more(q, from, n);
	page[inside] = *from;
	q->in++;
	return 0;
}

/* Move up to n bytes out; returns how many. */
size_t px_queue_take_more(struct px_queue *q, char *to, size_t n);

static inline size_t px_queue_take(struct px_queue *q, char *to, size_t n)
{
	size_t inside = q->out % EXO_PAGE_SIZE;

	if (px_queue_bytes(q) != 1 || inside == EXO_PAGE_SIZE - 1 || !n)
		return px_queue_take_more(q, to, n);
	*to = (*px_queue_slot(q, q->out))[inside];
	q->out++;
	return 1;
}

/* The same `skip` behind the first, and they stay. */
size_t px_queue_peek(const struct px_queue *q, char *to, size_t n, size_t skip);

/* The first n bytes, which are there, go. */
void px_queue_skip(struct px_queue *q, size_t n);

/* The same with a program's memory, as the only one who writes: up to n bytes of one page, n not
 * more than there is room for.  How many, or -EFAULT, -ENOMEM. */
ssize_t px_queue_put_user(struct px_queue *q, const char *from, size_t n);

/* Up to n bytes of one page, `skip` bytes behind the first; they stay if `peek`.  How many, or
 * -EFAULT: then they are still there, unless others have read or written so much meanwhile that
 * there is no room for them. */
ssize_t px_queue_take_user(struct px_queue *q, char *to, size_t n, size_t skip, bool peek);

/* Back to where they were: n bytes that were taken at position `at`.  False if others have taken
 * some since, or there is no room any more. */
bool px_queue_return(struct px_queue *q, uint64_t at, const char *from, size_t n);

#endif
