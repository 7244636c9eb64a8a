/* mqueue_message.c - messages sent to a queue, and received.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/mqueue.h>
#include <limits.h>
#include <signal/again.h>
#include <string.h>
#include <thread/word.h>
#include <vm/copy.h>

#define PAGE 4096

/* Inside: room for so many bytes, or NULL. */
static struct px_mq_message *message_new(uint32_t size)
{
	bool few = size <= PX_MQ_INLINE;
	uint32_t pages = few ? 0 : (size + PAGE - 1) / PAGE;
	struct px_mq_message *m = px_alloc(sizeof(*m) + (few ? size : pages * sizeof(m->page[0])));

	if (!m)
		return NULL;
	m->size = size;
	for (uint32_t i = 0; i < pages; i++) {
		m->page[i] = px_page_get_dirty();
		if (!m->page[i]) {
			px_mq_free(m);
			return NULL;
		}
	}
	return m;
}

/* Outside, with the lock: 0, or -EFAULT. */
static int copy(struct px_mq_message *m, char *user, bool out)
{
	uint32_t step = m->size <= PX_MQ_INLINE ? PX_MQ_INLINE : PAGE;

	for (uint32_t done = 0; done < m->size; done += step) {
		char *at = step == PAGE ? m->page[done / PAGE] : (char *)m->page;
		uint32_t n = m->size - done < step ? m->size - done : step;

		if (out ? px_copy_to(user + done, at, n) : px_copy_from(at, user + done, n))
			return -EFAULT;
	}
	return 0;
}

/* Behind those that are as urgent. */
static void put(struct px_mqueue *q, struct px_mq_message *m)
{
	struct px_mq_message **at = &q->first;

	while (*at && (*at)->priority >= m->priority)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
	if (!q->count++ && !q->receivers && q->told_process && px_mq_notice)
		px_mq_notice(q);
	px_tell(&q->can_read);
}

/* Inside, without the lock: until there is news.  `until`: of px_until, -EINVAL or a deadline. */
static int await(struct px_news *news, uint32_t flags, int until, exo_ns_t deadline)
{
	if (flags & O_NONBLOCK)
		return -EAGAIN;
	return until ? -until : px_await(news, deadline);
}

/* Inside: with the lock, once there is room. */
static int lock_for_room(struct px_vnode *v, struct px_mqueue *q, uint32_t flags, int until,
			 exo_ns_t deadline)
{
	int r;

	for (;;) {
		px_lock_inside(&v->lock);
		if (q->count < q->most)
			return 0;
		px_unlock_inside(&v->lock);
		r = q->count < q->most ? 0 : await(&q->can_write, flags, until, deadline);
		if (r && q->count >= q->most)
			return r;
	}
}

static int send_to(struct px_file *f, struct px_mqueue *q, char *user, uint32_t size,
		   uint32_t priority, int until, exo_ns_t deadline)
{
	struct px_mq_message *m = NULL;
	int r;

	px_enter();
	r = lock_for_room(f->vnode, q, f->flags, until, deadline);
	if (!r) {
		px_mq_free(q->incoming); /* of who was killed */
		m = q->incoming = message_new(size);
		r = m ? 0 : -ENOMEM;
		px_leave();
		if (!r)
			r = copy(m, user, false);
		px_enter();
		q->incoming = NULL;
		if (r) {
			px_mq_free(m);
		} else {
			m->priority = priority;
			put(q, m);
		}
		px_unlock_inside(&f->vnode->lock);
	}
	px_leave();
	return r;
}

int mq_timedsend(mqd_t fd, const char *text, size_t size, unsigned int priority,
		 const struct timespec *time)
{
	struct px_mqueue *q;
	struct px_file *f;
	exo_ns_t deadline;
	int r, until;

	px_cancel_point();
	until = px_until(CLOCK_REALTIME, time, &deadline);
	do {
		q = px_mq_use(fd, &f);
		if (!q)
			return -1;
		if ((f->flags & O_ACCMODE) == O_RDONLY)
			r = -EBADF;
		else if (priority >= MQ_PRIO_MAX)
			r = -EINVAL;
		else if (size > q->message_size)
			r = -EMSGSIZE;
		else
			r = send_to(f, q, (char *)text, (uint32_t)size, priority, until, deadline);
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	return (int)px_result(r);
}

int mq_send(mqd_t fd, const char *text, size_t size, unsigned int priority)
{
	return mq_timedsend(fd, text, size, priority, NULL);
}

/* Inside: with the lock, once there is a message. */
static int lock_for_message(struct px_vnode *v, struct px_mqueue *q, uint32_t flags, int until,
			    exo_ns_t deadline)
{
	int r = 0;

	for (;;) {
		px_lock_inside(&v->lock);
		if (q->first)
			return 0;
		px_unlock_inside(&v->lock);
		q->receivers++;
		if (!q->first)
			r = await(&q->can_read, flags, until, deadline);
		q->receivers--;
		if (r && !q->first)
			return r;
	}
}

static ssize_t receive_from(struct px_file *f, struct px_mqueue *q, char *user,
			    unsigned int *priority, int until, exo_ns_t deadline)
{
	struct px_mq_message *m;
	ssize_t r;

	px_enter();
	r = lock_for_message(f->vnode, q, f->flags, until, deadline);
	if (!r) {
		m = q->first;
		px_leave();
		r = copy(m, user, true);
		*priority = m->priority;
		px_enter();
		r = r ? r : (ssize_t)m->size;
		q->first = m->next;
		q->count--;
		px_mq_free(m);
		px_tell(&q->can_write);
		px_unlock_inside(&f->vnode->lock);
	}
	px_leave();
	return r;
}

ssize_t mq_timedreceive(mqd_t fd, char *restrict text, size_t room, unsigned int *restrict user,
			const struct timespec *restrict time)
{
	unsigned int priority = 0;
	struct px_mqueue *q;
	struct px_file *f;
	exo_ns_t deadline;
	ssize_t r;
	int until;

	px_cancel_point();
	until = px_until(CLOCK_REALTIME, time, &deadline);
	do {
		q = px_mq_use(fd, &f);
		if (!q)
			return -1;
		if ((f->flags & O_ACCMODE) == O_WRONLY)
			r = -EBADF;
		else if (room < q->message_size)
			r = -EMSGSIZE;
		else
			r = receive_from(f, q, text, &priority, until, deadline);
		px_file_done(f);
	} while (px_restarts(r, PX_AGAIN_RESTART));
	if (r >= 0 && user)
		*user = priority;
	return px_result(r);
}

ssize_t mq_receive(mqd_t fd, char *text, size_t room, unsigned int *priority)
{
	return mq_timedreceive(fd, text, room, priority, NULL);
}
