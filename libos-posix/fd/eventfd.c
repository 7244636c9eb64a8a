/* eventfd.c - a counter behind a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vm/copy.h>

#define MOST (UINT64_MAX - 1)

struct px_event {
	uint64_t count;
	bool one; /* EFD_SEMAPHORE: one at a time */
	struct px_news can_read, can_write;
};

static struct px_event *event_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

/* Inside: what there is, or one of it. */
static int take(void *object, uint64_t *value, uint32_t flags)
{
	struct px_event *e = object;
	int r = 0;

	while (!e->count) {
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		if (r)
			return r;
		r = px_await(&e->can_read, 0);
	}
	*value = e->one ? 1 : e->count;
	e->count -= *value;
	px_tell(&e->can_write);
	return 0;
}

static ssize_t event_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	(void)offset;
	return px_anon_read(v, take, to, n, flags);
}

/* Inside. */
static int add(struct px_event *e, uint64_t value, uint32_t flags)
{
	int r = 0;

	while (value > MOST - e->count) {
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		if (r)
			return r;
		r = px_await(&e->can_write, 0);
	}
	e->count += value;
	px_tell(&e->can_read);
	return 0;
}

static ssize_t event_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			   uint32_t flags)
{
	uint64_t value;
	int r;

	(void)offset;
	if (n < sizeof(value))
		return -EINVAL;
	if (px_copy_from(&value, from, sizeof(value)))
		return -EFAULT;
	if (value > MOST)
		return -EINVAL;
	px_enter();
	r = add(event_of(v), value, flags);
	px_leave();
	return r ? r : (ssize_t)sizeof(value);
}

static uint32_t event_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_event *e = event_of(v);

	(void)flags;
	look->news[0] = &e->can_read;
	look->news[1] = &e->can_write;
	return (e->count ? POLLIN : 0) | (e->count < MOST ? POLLOUT : 0);
}

static void event_discard(struct px_node *node)
{
	px_free(node->object);
}

const struct px_ops px_eventfd_ops = {
	.read = event_read,
	.write = event_write,
	.discard = event_discard,
	.stat = px_anon_stat,
	.ready = event_ready,
	.still = true,
};

int eventfd(unsigned int value, int flags)
{
	struct px_event *e;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return (int)px_result(-EINVAL);
	e = px_alloc(sizeof(*e));
	if (e) {
		e->count = value;
		e->one = flags & EFD_SEMAPHORE;
	}
	return px_anon_install(PX_EVENTFD, e, flags);
}

int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
