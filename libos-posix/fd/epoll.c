/* epoll.c - sets of open files to wait for: what is in them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A set does not hold its files: one that is closed for good leaves it.  A watch is queued whenever
 * its file tells news; whether it is really ready is looked at when somebody asks the set.
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <fd/epoll.h>
#include <fd/poll.h>
#include <fd/table.h>
#include <libexo/time.h>
#include <poll.h>
#include <vm/copy.h>

#define NESTED_MOST 5 /* sets in sets */
#define NEWS_IN     (EPOLLIN | EPOLLRDNORM | EPOLLRDBAND | EPOLLPRI | EPOLLRDHUP)
#define NEWS_OUT    (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)
#define EXCLUSIVE_OK                                                                               \
	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

static struct px_epoll *set_of(const struct px_vnode *v)
{
	return v->kind == PX_EPOLL ? px_node_of((struct px_vnode *)v)->object : NULL;
}

void px_watch_queue(struct px_watch *w)
{
	struct px_epoll *e = w->set;

	if (w->queued)
		return;
	w->queued = true;
	w->after = NULL;
	w->before = e->last;
	*(e->last ? &e->last->after : &e->first) = w;
	e->last = w;
}

void px_watch_unqueue(struct px_watch *w)
{
	struct px_epoll *e = w->set;

	if (!w->queued)
		return;
	w->queued = false;
	*(w->before ? &w->before->after : &e->first) = w->after;
	*(w->after ? &w->after->before : &e->last) = w->before;
}

static void link_to(struct px_watch_link *l, struct px_news *news)
{
	l->place = &news->watches;
	l->next = news->watches;
	if (l->next)
		l->next->place = &l->next;
	news->watches = l;
}

static void unlink_from(struct px_watch_link *l)
{
	if (!l->place)
		return;
	*l->place = l->next;
	if (l->next)
		l->next->place = l->place;
	l->place = NULL;
}

void px_news_end(struct px_news *news)
{
	while (news->watches)
		unlink_from(news->watches);
}

uint32_t px_watch_ready(struct px_watch *w)
{
	struct px_look look;
	uint32_t ready = px_file_ready(w->file, &look);

	w->at = look.at;
	for (int k = 0; k < 2; k++)
		if (look.news[k] && !w->link[k].place)
			link_to(&w->link[k], look.news[k]);
	return w->events & ~PX_EPOLL_HOW ? ready & w->events : 0;
}

/* Is it what the watch is there for?  At the level it is looked at anyway. */
static bool concerns(const struct px_watch *w, int k)
{
	uint32_t what = w->events & (NEWS_IN | NEWS_OUT);

	return !(w->events & EPOLLET) || !what || what & (k == 0 ? NEWS_IN : NEWS_OUT);
}

void px_watch_told(struct px_news *news)
{
	for (struct px_watch_link *l = news->watches; l; l = l->next) {
		struct px_watch *w = l->watch;

		if (!(w->events & ~PX_EPOLL_HOW) || !concerns(w, l != &w->link[0]))
			continue;
		px_watch_queue(w);
		px_tell(&w->set->news);
	}
}

exo_ns_t px_epoll_due(struct px_epoll *e)
{
	exo_ns_t now, next = 0;

	if (!e->timed)
		return 0;
	now = xo_now();
	for (struct px_watch *w = e->watches; w; w = w->next) {
		if (w->at && w->at <= now) {
			w->at = 0;
			px_watch_queue(w);
		} else if (w->at && (!next || w->at < next)) {
			next = w->at;
		}
	}
	return next;
}

static bool is_timed(const struct px_file *f)
{
	return f->vnode->kind == PX_TIMERFD || f->vnode->kind == PX_EPOLL;
}

static void drop(struct px_watch *w)
{
	w->set->timed -= is_timed(w->file);
	px_watch_unqueue(w);
	unlink_from(&w->link[0]);
	unlink_from(&w->link[1]);
	*w->place = w->next;
	if (w->next)
		w->next->place = w->place;
	*w->of_file = w->next_of_file;
	if (w->next_of_file)
		w->next_of_file->of_file = w->of_file;
	px_free(w);
}

void px_watches_drop(struct px_file *f)
{
	while (f->watches)
		drop(f->watches);
}

static void epoll_discard(struct px_node *node)
{
	struct px_epoll *e = node->object;

	while (e->watches)
		drop(e->watches);
	px_free(e);
}

/* Is anything really ready?  What is not leaves the queue. */
static uint32_t epoll_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_epoll *e = set_of(v);

	(void)flags;
	look->news[0] = &e->news;
	px_epoll_due(e);
	do { /* to look at one with a time can change that time */
		while (e->first) {
			if (px_watch_ready(e->first))
				return POLLIN | POLLRDNORM;
			px_watch_unqueue(e->first);
		}
		look->at = px_epoll_due(e);
	} while (e->first);
	return 0;
}

const struct px_ops px_epoll_ops = {
	.discard = epoll_discard,
	.stat = px_anon_stat,
	.ready = epoll_ready,
	.still = true,
};

int epoll_create1(int flags)
{
	if (flags & ~EPOLL_CLOEXEC)
		return (int)px_result(-EINVAL);
	return px_anon_install(PX_EPOLL, px_alloc(sizeof(struct px_epoll)), flags);
}

int epoll_create(int size)
{
	return size > 0 ? epoll_create1(0) : (int)px_result(-EINVAL);
}

/* How many sets lie in each other below this one; NESTED_MOST if `in` is among them, too. */
static int depth_below(const struct px_epoll *e, const struct px_epoll *in, int level)
{
	int most = 0;

	if (e == in || level >= NESTED_MOST)
		return NESTED_MOST;
	for (const struct px_watch *w = e->watches; w && most < NESTED_MOST; w = w->next) {
		const struct px_epoll *inner = set_of(w->file->vnode);
		int d = inner ? 1 + depth_below(inner, in, level + 1) : 0;

		most = d > most ? d : most;
	}
	return most;
}

/* And how many this one lies in. */
static int depth_above(const struct px_file *f, int level)
{
	int most = 0;

	if (level >= NESTED_MOST)
		return NESTED_MOST;
	for (const struct px_watch *w = f->watches; w; w = w->next_of_file) {
		int d = 1 + (w->set->file ? depth_above(w->set->file, level + 1) : 0);

		most = d > most ? d : most;
	}
	return most;
}

static bool too_deep(const struct px_file *set, const struct px_file *f)
{
	const struct px_epoll *inner = set_of(f->vnode);

	return inner &&
	       1 + depth_below(inner, set_of(set->vnode), 0) + depth_above(set, 0) >= NESTED_MOST;
}

static struct px_watch *find(const struct px_epoll *e, const struct px_file *f, int fd)
{
	struct px_watch *w = f->watches;

	while (w && (w->set != e || w->fd != fd))
		w = w->next_of_file;
	return w;
}

/* What it is there for has changed, or begins. */
static void change(struct px_watch *w, const struct epoll_event *event)
{
	w->events = event->events | EPOLLERR | EPOLLHUP;
	w->data = event->data.u64;
	if (px_watch_ready(w)) {
		px_watch_queue(w);
		px_tell(&w->set->news);
	}
}

static int add(struct px_epoll *e, struct px_file *f, int fd, const struct epoll_event *event)
{
	struct px_watch *w = px_alloc(sizeof(*w));

	if (!w)
		return -ENOMEM;
	*w = (struct px_watch){.set = e, .file = f, .fd = fd};
	w->link[0].watch = w->link[1].watch = w;
	w->next = e->watches;
	w->place = &e->watches;
	if (w->next)
		w->next->place = &w->next;
	e->watches = w;
	w->next_of_file = f->watches;
	w->of_file = &f->watches;
	if (w->next_of_file)
		w->next_of_file->of_file = &w->next_of_file;
	f->watches = w;
	e->timed += is_timed(f);
	change(w, event);
	return 0;
}

static int check_exclusive(int operation, const struct px_file *f, uint32_t events)
{
	if (!(events & EPOLLEXCLUSIVE))
		return 0;
	if (operation == EPOLL_CTL_MOD || set_of(f->vnode) || events & ~EXCLUSIVE_OK)
		return -EINVAL;
	return 0;
}

/* Inside. */
static int control(int setfd, int operation, int fd, const struct epoll_event *event)
{
	struct px_file *set = px_file(setfd), *f = px_file(fd);
	struct px_epoll *e;
	struct px_watch *w;

	if (!set || !f || (set->flags | f->flags) & O_PATH)
		return -EBADF;
	if (!px_ops_of(f->vnode)->ready)
		return -EPERM;
	e = set_of(set->vnode);
	if (!e || set == f)
		return -EINVAL;
	if (operation != EPOLL_CTL_DEL && check_exclusive(operation, f, event->events))
		return -EINVAL;
	e->file = set;
	w = find(e, f, fd);
	switch (operation) {
	case EPOLL_CTL_ADD:
		if (too_deep(set, f))
			return -ELOOP;
		return w ? -EEXIST : add(e, f, fd, event);
	case EPOLL_CTL_MOD:
		if (!w)
			return -ENOENT;
		if (w->events & EPOLLEXCLUSIVE)
			return -EINVAL;
		change(w, event);
		return 0;
	case EPOLL_CTL_DEL:
		if (!w)
			return -ENOENT;
		drop(w);
		return 0;
	}
	return -EINVAL;
}

int epoll_ctl(int setfd, int operation, int fd, struct epoll_event *user)
{
	struct epoll_event event = {0};
	int r;

	if (operation != EPOLL_CTL_DEL && px_copy_from(&event, user, sizeof(event)))
		return (int)px_result(-EFAULT);
	px_enter();
	r = control(setfd, operation, fd, &event);
	px_leave();
	return (int)px_result(r);
}
