/* queue.c - bytes on their way from who writes to who reads.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/claim.h>
#include <fd/queue.h>
#include <string.h>
#include <vm/copy.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static char **slots_new(uint32_t slots)
{
	size_t bytes = slots * sizeof(char *);

	return bytes > PX_ALLOC_MAX ? px_page_get() : px_alloc(bytes);
}

static void slots_free(struct px_queue *q)
{
	if (q->slots * sizeof(char *) > PX_ALLOC_MAX)
		px_page_put(q->page);
	else
		px_free(q->page);
	q->page = NULL;
}

bool px_queue_init(struct px_queue *q, uint32_t slots)
{
	*q = (struct px_queue){.slots = slots, .page = slots_new(slots)};
	return q->page;
}

/* What was read to its end goes; the page of a queue that is in use stays. */
static void drop_page(struct px_queue *q, uint64_t position)
{
	char **slot = px_queue_slot(q, position);

	if (*slot)
		px_page_put(*slot);
	*slot = NULL;
}

void px_queue_empty(struct px_queue *q)
{
	for (uint32_t i = 0; i < q->slots; i++)
		drop_page(q, (uint64_t)i * EXO_PAGE_SIZE);
	q->in = q->out = 0;
}

void px_queue_free(struct px_queue *q)
{
	if (!q->page)
		return;
	px_queue_empty(q);
	slots_free(q);
}

int px_queue_resize(struct px_queue *q, uint32_t slots)
{
	struct px_queue to = {.in = q->in, .out = q->out, .slots = slots};

	if ((q->in + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE - q->out / EXO_PAGE_SIZE > slots)
		return -EBUSY;
	to.page = slots_new(slots);
	if (!to.page)
		return -ENOMEM;
	for (uint64_t at = q->out & -(uint64_t)EXO_PAGE_SIZE; at < q->in; at += EXO_PAGE_SIZE) {
		*px_queue_slot(&to, at) = *px_queue_slot(q, at);
		*px_queue_slot(q, at) = NULL;
	}
	px_queue_free(q);
	*q = to;
	return 0;
}

/* Unless somebody still copies from the page there is. */
void px_queue_rewind(struct px_queue *q)
{
	const char *page = *px_queue_slot(q, q->in);

	if (page && px_frame_refs(px_page_frame(page)) == 1)
		q->in = q->out = q->in & -(uint64_t)EXO_PAGE_SIZE;
}

static void advance(struct px_queue *q, size_t n)
{
	q->out += n;
	if (q->out % EXO_PAGE_SIZE == 0)
		drop_page(q, q->out - 1);
}

static char *page_for(struct px_queue *q, uint64_t position)
{
	char **slot = px_queue_slot(q, position);

	if (!*slot)
		*slot = px_page_get_dirty();
	return *slot;
}

int px_queue_put_more(struct px_queue *q, const char *from, size_t n)
{
	uint64_t in = q->in;

	while (n) {
		size_t inside = in % EXO_PAGE_SIZE, part = least(n, EXO_PAGE_SIZE - inside);
		char *page = page_for(q, in);

		if (!page)
			return -ENOMEM;
		memcpy(page + inside, from, part);
		in += part;
		from += part;
		n -= part;
	}
	q->in = in;
	return 0;
}

size_t px_queue_take_more(struct px_queue *q, char *to, size_t n)
{
	size_t done = 0;

	n = least(n, px_queue_bytes(q));
	while (done < n) {
		size_t inside = q->out % EXO_PAGE_SIZE,
		       part = least(n - done, EXO_PAGE_SIZE - inside);

		memcpy(to + done, *px_queue_slot(q, q->out) + inside, part);
		done += part;
		advance(q, part);
	}
	return done;
}

size_t px_queue_peek(const struct px_queue *q, char *to, size_t n, size_t skip)
{
	size_t done = 0;

	n = px_queue_bytes(q) > skip ? least(n, px_queue_bytes(q) - skip) : 0;
	while (done < n) {
		uint64_t at = q->out + skip + done;
		size_t inside = at % EXO_PAGE_SIZE, part = least(n - done, EXO_PAGE_SIZE - inside);

		memcpy(to + done, *px_queue_slot(q, at) + inside, part);
		done += part;
	}
	return done;
}

void px_queue_skip(struct px_queue *q, size_t n)
{
	while (n) {
		size_t part = least(n, EXO_PAGE_SIZE - q->out % EXO_PAGE_SIZE);

		advance(q, part);
		n -= part;
	}
}

bool px_queue_return(struct px_queue *q, uint64_t at, const char *from, size_t n)
{
	uint64_t end = at + n;

	if (q->out != end || q->in >= (at / EXO_PAGE_SIZE + q->slots) * EXO_PAGE_SIZE)
		return false;
	while (at < end) {
		size_t inside = at % EXO_PAGE_SIZE, part = least(end - at, EXO_PAGE_SIZE - inside);
		char *page = page_for(q, at);

		if (!page)
			return false;
		memcpy(page + inside, from, part);
		from += part;
		at += part;
	}
	q->out -= n;
	return true;
}

ssize_t px_queue_put_user(struct px_queue *q, const char *from, size_t n)
{
	size_t inside = q->in % EXO_PAGE_SIZE, left;
	char *page = page_for(q, q->in);

	n = least(n, EXO_PAGE_SIZE - inside);
	if (!page || !px_frame_ref(px_page_frame(page)))
		return -ENOMEM;
	px_claim_page(page);
	px_leave();
	left = px_copy_from(page + inside, from, n);
	px_enter();
	px_unclaim_page(page);
	q->in += n - left;
	return left < n ? (ssize_t)(n - left) : -EFAULT;
}

ssize_t px_queue_take_user(struct px_queue *q, char *to, size_t n, size_t skip, bool peek)
{
	uint64_t at = q->out + skip;
	size_t inside = at % EXO_PAGE_SIZE, left;
	char *page = *px_queue_slot(q, at);

	n = least(least(n, q->in - at), EXO_PAGE_SIZE - inside);
	if (!px_frame_ref(px_page_frame(page)))
		return -ENOMEM;
	if (!peek)
		advance(q, n);
	px_claim_page(page);
	px_leave();
	left = px_copy_to(to, page + inside, n);
	px_enter();
	if (left && (peek || px_queue_return(q, at, page + inside, n)))
		left = n;
	px_unclaim_page(page);
	return left < n ? (ssize_t)(n - left) : -EFAULT;
}
