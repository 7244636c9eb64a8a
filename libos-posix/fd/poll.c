/* poll.c - waiting for one of several descriptors.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Whoever polls looks at all of them inside one critical section and stands in
 * the queues of all of them before it sleeps, so no news is missed.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fd/poll.h>
#include <libexo/time.h>
#include <limits.h>
#include <poll.h>
#include <process/limit.h>
#include <signal/again.h>
#include <string.h>
#include <sys/select.h>
#include <thread/thread.h>
#include <vm/copy.h>

#define NS      1000000000
#define ALWAYS  (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)
#define FOREVER 0

/* Waiters stand in pages of the arena, with the files they wait for: those stay meanwhile, even if
 * the descriptor is closed. */
#define QUEUES 2

struct place {
	struct px_waiter w[QUEUES];
	struct px_file *file;
};
#define PER_PAGE ((EXO_PAGE_SIZE - 2 * sizeof(void *)) / sizeof(struct place))

struct px_polling {
	struct place p[PER_PAGE];
	struct px_polling *next;
	struct px_polling *outer; /* of who polls, interrupted by a handler that polls */
};
_Static_assert(sizeof(struct px_polling) <= EXO_PAGE_SIZE, "a page");

uint32_t px_file_ready(struct px_file *f, struct px_look *look)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	*look = (struct px_look){.at = FOREVER};
	return ops->ready && !(f->flags & O_PATH) ? ops->ready(f->vnode, f->flags, look) : ALWAYS;
}

/* Inside: stand where news of the file is told. */
static void join(struct place *at, struct px_file *f, const struct px_look *look)
{
	for (int k = 0; k < QUEUES; k++)
		if (look->news[k])
			px_wait_join(&at->w[k], &look->news[k]->waiters);
	at->file = f;
	f->refs++;
}

/* Inside: what one of them is ready for; *at: see px_look. */
static short look_at(const struct pollfd *p, struct place *place, exo_ns_t *at)
{
	struct px_file *f = p->fd < 0 ? NULL : px_file(p->fd);
	struct px_look look;
	uint32_t ready;

	if (!f)
		return p->fd < 0 ? 0 : POLLNVAL;
	ready = px_file_ready(f, &look) & ((uint16_t)p->events | POLLERR | POLLHUP);
	if (place)
		join(place, f, &look);
	if (look.at && (!*at || look.at < *at))
		*at = look.at;
	return (short)ready;
}

/* Inside: fill in what each is ready for; how many are. */
static int look_all(struct pollfd *p, nfds_t n, struct px_polling *page, exo_ns_t *at)
{
	size_t used = 0;
	int found = 0, before = errno;

	*at = FOREVER;
	for (nfds_t i = 0; i < n; i++) {
		if (page && used == PER_PAGE) {
			page = page->next;
			used = 0;
		}
		p[i].revents = look_at(&p[i], page ? &page->p[used++] : NULL, at);
		found += p[i].revents != 0;
	}
	errno = before;
	return found;
}

static void free_places(struct px_polling *p)
{
	while (p) {
		struct px_polling *next = p->next;

		px_page_put(p);
		p = next;
	}
}

static struct px_polling *make_places(nfds_t n)
{
	struct px_polling *first = NULL;

	for (nfds_t room = 0; room < n || !first; room += PER_PAGE) {
		struct px_polling *p = px_page_get();

		if (!p) {
			free_places(first);
			return NULL;
		}
		p->next = first;
		first = p;
	}
	return first;
}

static void part(struct px_polling *p)
{
	for (; p; p = p->next) {
		for (size_t i = 0; i < PER_PAGE; i++) {
			for (int k = 0; k < QUEUES; k++)
				px_wait_part(&p->p[i].w[k]);
			if (p->p[i].file)
				px_file_put(p->p[i].file);
			p->p[i].file = NULL;
		}
	}
}

void px_polling_drop(struct px_claims *c)
{
	struct px_polling *p = c->places;

	c->places = p->outer;
	part(p);
	free_places(p);
}

/* Inside.  The first look is without standing in queues. */
static int wait(struct pollfd *p, nfds_t n, exo_ns_t deadline, bool at_once)
{
	struct px_polling *places;
	exo_ns_t at;
	int found = look_all(p, n, NULL, &at), r = 0;

	if (found || at_once)
		return found;
	places = make_places(n);
	if (!places)
		return -ENOMEM;
	places->outer = px_this()->claims.places;
	px_this()->claims.places = places;
	while (!(found = look_all(p, n, places, &at)) && !r) {
		bool news_first = at && (!deadline || at < deadline);

		r = px_wait_sleep(news_first ? at : deadline);
		if (r == -ETIMEDOUT && news_first)
			r = 0;
		part(places);
	}
	px_polling_drop(&px_this()->claims);
	return found || r == -ETIMEDOUT ? found : r;
}

int px_deadline(const struct timespec *t, exo_ns_t *deadline)
{
	*deadline = FOREVER;
	if (!t)
		return 0;
	if (t->tv_sec < 0 || t->tv_nsec < 0 || t->tv_nsec >= NS)
		return -EINVAL;
	if ((uint64_t)t->tv_sec < INT64_MAX / NS / 2)
		*deadline = xo_now() + (uint64_t)t->tv_sec * NS + (uint64_t)t->tv_nsec;
	return 0;
}

/* With others than the mask's signals blocked, unless it is NULL. */
static int wait_until(struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *mask)
{
	exo_ns_t deadline;
	int found;

	px_cancel_point();
	if (px_deadline(t, &deadline))
		return -EINVAL;
	do {
		px_masked_begin(mask);
		px_enter();
		found = wait(p, n, deadline, t && !t->tv_sec && !t->tv_nsec);
		px_leave();
		px_masked_end(mask, found == -EINTR);
	} while (px_restarts(found, PX_AGAIN_QUIET));
	return found;
}

static int poll_copied(struct pollfd *user, nfds_t n, const struct timespec *t,
		       const sigset_t *mask)
{
	struct pollfd p[PX_FD_MAX];
	int r;

	if (n > PX_FD_MAX || n > px_limit(RLIMIT_NOFILE, PX_FD_MAX))
		return -EINVAL;
	if (px_copy_from(p, user, n * sizeof(*p)))
		return -EFAULT;
	r = wait_until(p, n, t, mask);
	if (r >= 0 && px_copy_to(user, p, n * sizeof(*p)))
		return -EFAULT;
	return r;
}

int poll(struct pollfd *p, nfds_t n, int ms)
{
	px_cancel_point();
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * (NS / 1000)};

	return (int)px_result(poll_copied(p, n, ms < 0 ? NULL : &t, NULL));
}

int ppoll(struct pollfd *p, nfds_t n, const struct timespec *user, const sigset_t *mask)
{
	px_cancel_point();
	struct timespec t;

	if (user && px_copy_from(&t, user, sizeof(t)))
		return (int)px_result(-EFAULT);
	return (int)px_result(poll_copied(p, n, user ? &t : NULL, mask));
}

/* select() is poll() with sets. */
#define IN_SET  (POLLRDNORM | POLLIN | POLLHUP | POLLERR)
#define OUT_SET (POLLWRNORM | POLLOUT | POLLERR)

static int to_list(struct pollfd *p, int n, fd_set *const set[3])
{
	static const short events[3] = {POLLIN | POLLRDNORM, POLLOUT | POLLWRNORM, POLLPRI};
	int count = 0;

	for (int fd = 0; fd < n; fd++) {
		short wanted = 0;

		for (int k = 0; k < 3; k++)
			if (set[k] && FD_ISSET(fd, set[k]))
				wanted |= events[k];
		if (!wanted)
			continue;
		if (!px_file(fd))
			return -EBADF;
		p[count++] = (struct pollfd){.fd = fd, .events = wanted};
	}
	return count;
}

/* Bits are counted, not descriptors. */
static int to_sets(const struct pollfd *p, int count, int n, fd_set *const set[3])
{
	static const short means[3] = {IN_SET, OUT_SET, POLLPRI};
	fd_set asked;
	int bits = 0;

	for (int k = 0; k < 3; k++) {
		if (!set[k])
			continue;
		asked = *set[k];
		for (int fd = 0; fd < n; fd++)
			FD_CLR(fd, set[k]);
		for (int i = 0; i < count; i++) {
			if (!(p[i].revents & means[k]) || !FD_ISSET(p[i].fd, &asked))
				continue;
			FD_SET(p[i].fd, set[k]);
			bits++;
		}
	}
	return bits;
}

static int select_until(int n, fd_set *const set[3], const struct timespec *t, const sigset_t *mask)
{
	struct pollfd p[PX_FD_MAX];
	int count, r;

	if (n < 0)
		return -EINVAL;
	if (n > PX_FD_MAX)
		n = PX_FD_MAX;
	count = to_list(p, n, set);
	r = count < 0 ? count : wait_until(p, (nfds_t)count, t, mask);
	return r < 0 ? r : to_sets(p, count, n, set);
}

int pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *t,
	    const sigset_t *mask)
{
	px_cancel_point();
	return (int)px_result(select_until(n, (fd_set *const[3]){in, out, except}, t, mask));
}

/* As on Linux, what is left of the time is written back. */
int select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *left)
{
	px_cancel_point();
	exo_ns_t until = xo_now(), now;
	struct timespec t;
	int r;

	if (!left)
		return pselect(n, in, out, except, NULL, NULL);
	if (left->tv_sec < 0 || left->tv_usec < 0)
		return (int)px_result(-EINVAL);
	t.tv_sec = left->tv_sec + left->tv_usec / 1000000;
	t.tv_nsec = left->tv_usec % 1000000 * 1000;
	until += (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
	r = pselect(n, in, out, except, &t, NULL);
	now = xo_now();
	now = now < until ? (until - now) / 1000 : 0;
	*left = (struct timeval){.tv_sec = (time_t)(now / 1000000),
				 .tv_usec = (suseconds_t)(now % 1000000)};
	return r;
}
