/* timerfd.c - a timer behind a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Nothing happens when its time comes: whoever reads or polls looks at the clock, and sleeps until
 * then.
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <libexo/time.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <vm/copy.h>

#define NS 1000000000ull

struct px_timerfd {
	clockid_t clock;
	uint64_t next;     /* on its clock, in ns; 0: it does not run */
	uint64_t interval; /* 0: it runs once */
	struct px_news expired;
};

static struct px_timerfd *timer_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

static uint64_t now_on(const struct px_timerfd *t)
{
	return t->clock == CLOCK_REALTIME ? xo_wall_ns() : xo_now();
}

/* How often its time has come since it was set or read. */
static uint64_t times(const struct px_timerfd *t, uint64_t now)
{
	if (!t->next || now < t->next)
		return 0;
	return t->interval ? (now - t->next) / t->interval + 1 : 1;
}

/* When it comes next, or 0. */
static uint64_t coming(const struct px_timerfd *t, uint64_t now)
{
	if (!t->next || now < t->next)
		return t->next;
	return t->interval ? t->next + times(t, now) * t->interval : 0;
}

/* The same by the monotonic clock. */
static exo_ns_t deadline(const struct px_timerfd *t)
{
	uint64_t now = now_on(t), next = coming(t, now);

	return next ? xo_now() + (next - now) : 0;
}

/* Inside. */
static int take(void *object, uint64_t *value, uint32_t flags)
{
	struct px_timerfd *t = object;
	int r = 0;

	for (;;) {
		*value = times(t, now_on(t));
		if (*value) {
			t->next = t->interval ? t->next + *value * t->interval : 0;
			px_tell(&t->expired); /* that it has another time */
			return 0;
		}
		if (flags & O_NONBLOCK)
			return -EAGAIN;
		if (r && r != -ETIMEDOUT)
			return r;
		r = px_await(&t->expired, deadline(t));
	}
}

static ssize_t timer_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	(void)offset;
	return px_anon_read(v, take, to, n, flags);
}

static uint32_t timer_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_timerfd *t = timer_of(v);

	(void)flags;
	look->news[0] = &t->expired;
	if (times(t, now_on(t)))
		return POLLIN; /* that it comes again is no news before it is read */
	look->at = deadline(t);
	return 0;
}

static void timer_discard(struct px_node *node)
{
	px_free(node->object);
}

const struct px_ops px_timerfd_ops = {
	.read = timer_read,
	.discard = timer_discard,
	.stat = px_anon_stat,
	.ready = timer_ready,
	.still = true,
};

int timerfd_create(clockid_t clock, int flags)
{
	struct px_timerfd *t;

	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK) ||
	    (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME))
		return (int)px_result(-EINVAL);
	t = px_alloc(sizeof(*t));
	if (t)
		t->clock = clock;
	return px_anon_install(PX_TIMERFD, t, flags);
}

static bool valid(const struct timespec *t)
{
	return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < (long)NS;
}

/* Times beyond all clocks are as good as the last one. */
static uint64_t ns_of(const struct timespec *t)
{
	if ((uint64_t)t->tv_sec >= INT64_MAX / NS / 2)
		return INT64_MAX / 2;
	return (uint64_t)t->tv_sec * NS + (uint64_t)t->tv_nsec;
}

static struct timespec spec_of(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS), .tv_nsec = (long)(ns % NS)};
}

/* Inside: what is left of it. */
static struct itimerspec left(const struct px_timerfd *t)
{
	uint64_t now = now_on(t), next = coming(t, now);

	return (struct itimerspec){.it_interval = spec_of(t->interval),
				   .it_value = spec_of(next ? next - now : 0)};
}

/* Inside. */
static void set(struct px_timerfd *t, const struct itimerspec *new, bool absolute)
{
	uint64_t value = ns_of(&new->it_value);

	t->interval = ns_of(&new->it_interval);
	t->next = value && !absolute ? now_on(t) + value : value;
	px_tell(&t->expired);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *user, struct itimerspec *user_old)
{
	struct itimerspec new, old;
	struct px_timerfd *t;
	struct px_file *f;

	if (px_copy_from(&new, user, sizeof(new)))
		return (int)px_result(-EFAULT);
	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) || !valid(&new.it_value) ||
	    !valid(&new.it_interval))
		return (int)px_result(-EINVAL);
	t = px_anon_use(fd, PX_TIMERFD, EINVAL, &f);
	if (!t)
		return -1;
	px_enter();
	old = left(t);
	set(t, &new, flags & TFD_TIMER_ABSTIME);
	px_leave();
	px_file_done(f);
	return user_old && px_copy_to(user_old, &old, sizeof(old)) ? (int)px_result(-EFAULT) : 0;
}

int timerfd_gettime(int fd, struct itimerspec *user)
{
	struct itimerspec now;
	struct px_file *f;
	struct px_timerfd *t = px_anon_use(fd, PX_TIMERFD, EINVAL, &f);

	if (!t)
		return -1;
	px_enter();
	now = left(t);
	px_leave();
	px_file_done(f);
	return px_copy_to(user, &now, sizeof(now)) ? (int)px_result(-EFAULT) : 0;
}
