/* epoll_wait.c - asking a set of open files which are ready.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/anon.h>
#include <fd/epoll.h>
#include <fd/poll.h>
#include <libexo/time.h>
#include <limits.h>
#include <signal.h>
#include <signal/again.h>
#include <vm/copy.h>

#define NS   1000000000
#define PART 32 /* events told at a time */

/* Take what is ready from the queue's front, at most `most`, looking at `*looks` of them.  At the
 * level it is queued again, behind the others. */
static int collect(struct px_epoll *e, struct epoll_event *to, int most, uint64_t *looks)
{
	int n = 0;

	while (n < most && e->first && *looks) {
		struct px_watch *w = e->first;
		uint32_t ready = px_watch_ready(w);

		(*looks)--;
		px_watch_unqueue(w);
		if (!ready)
			continue;
		to[n++] = (struct epoll_event){.events = ready, .data.u64 = w->data};
		if (w->events & EPOLLONESHOT)
			w->events &= PX_EPOLL_HOW;
		else if (!(w->events & EPOLLET))
			px_watch_queue(w);
	}
	return n;
}

static uint64_t queued(const struct px_epoll *e)
{
	uint64_t n = 0;

	for (const struct px_watch *w = e->first; w; w = w->after)
		n++;
	return n;
}

/* Inside: wait until something is ready, and begin to collect. */
static int wait(struct px_epoll *e, struct epoll_event *to, int most, exo_ns_t deadline,
		uint64_t *looks)
{
	int r = 0;

	for (;;) {
		exo_ns_t due = px_epoll_due(e);
		int n;

		*looks = queued(e);
		n = collect(e, to, most, looks);
		if (n || (r && r != -ETIMEDOUT))
			return n ? n : r;
		if (deadline && xo_now() >= deadline)
			return 0;
		/* to look at one with a time can have changed that time */
		due = px_epoll_due(e);
		if (e->first)
			continue;
		r = px_await(&e->news, due && (!deadline || due < deadline) ? due : deadline);
	}
}

static int wait_for(struct px_epoll *e, struct epoll_event *user, int most, exo_ns_t deadline)
{
	struct epoll_event part[PART];
	uint64_t looks;
	int done = 0, n;

	px_enter();
	n = wait(e, part, most < PART ? most : PART, deadline, &looks);
	while (n > 0) {
		px_leave();
		if (px_copy_to(user + done, part, (size_t)n * sizeof(*part)))
			return done ? done : -EFAULT;
		done += n;
		px_enter();
		n = collect(e, part, most - done < PART ? most - done : PART, &looks);
	}
	px_leave();
	return done ? done : n;
}

static int wait_until(int fd, struct epoll_event *user, int most, exo_ns_t deadline)
{
	struct px_epoll *e;
	struct px_file *f;
	int r;

	if (most <= 0 || most > INT_MAX / (int)sizeof(*user))
		return -EINVAL;
	e = px_anon_use(fd, PX_EPOLL, EINVAL, &f);
	if (!e)
		return -errno;
	r = wait_for(e, user, most, deadline);
	px_file_done(f);
	return r;
}

/* A deadline in the past, which nothing is waited for. */
#define AT_ONCE 1

int epoll_wait(int fd, struct epoll_event *user, int most, int ms)
{
	exo_ns_t deadline = ms < 0 ? 0 : ms ? xo_now() + (exo_ns_t)ms * (NS / 1000) : AT_ONCE;
	int r;

	px_cancel_point();
	do
		r = wait_until(fd, user, most, deadline);
	while (px_restarts(r, PX_AGAIN_QUIET));
	return (int)px_result(r);
}

int epoll_pwait2(int fd, struct epoll_event *user, int most, const struct timespec *time,
		 const sigset_t *mask)
{
	exo_ns_t deadline;
	struct timespec t;
	int r;

	if (time && px_copy_from(&t, time, sizeof(t)))
		return (int)px_result(-EFAULT);
	r = px_deadline(time ? &t : NULL, &deadline);
	if (r)
		return (int)px_result(r);
	do {
		px_masked_begin(mask);
		r = wait_until(fd, user, most, deadline);
		px_masked_end(mask, r == -EINTR);
	} while (px_restarts(r, PX_AGAIN_QUIET));
	return (int)px_result(r);
}

int epoll_pwait(int fd, struct epoll_event *user, int most, int ms, const sigset_t *mask)
{
	px_cancel_point();
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * (NS / 1000)};

	return epoll_pwait2(fd, user, most, ms < 0 ? NULL : &t, mask);
}
