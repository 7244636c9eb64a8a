/* aio.c - asynchronous input and output: requests and the threads that serve them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A thread is made for a request that can begin, and ends when there is none.  Of one descriptor's
 * requests those of a kind are served one after the other, and a synchronisation after all before
 * it.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <pthread.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <thread/aio.h>
#include <thread/object.h>
#include <thread/thread.h>
#include <time/notify.h>
#include <unistd.h>

#define STACK_BYTES 32768

struct request {
	struct request *next;
	struct aiocb *cb;
	struct px_aio_group *group;
	int fd, op;
	bool running;
	bool begun; /* it holds the file, which need not stay open */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct request *first; /* in the order in which they came */
static pid_t owner;           /* of all this: a copy of the process has no requests */
static struct request *spare; /* kept: what it is made of is the program's memory */
static uint32_t ended, begun;

static void lock(void)
{
	if (owner != getpid()) {
		pthread_mutex_init(&mutex, NULL);
		first = spare = NULL;
		owner = getpid();
	}
	pthread_mutex_lock(&mutex);
}

static void give_back(struct request *r)
{
	r->next = spare;
	spare = r;
}

static bool is_sync(int op)
{
	return op != LIO_READ && op != LIO_WRITE;
}

static bool can_begin(const struct request *r)
{
	const struct request *e;

	for (e = first; e != r; e = e->next)
		if (e->fd == r->fd && (e->op == r->op || is_sync(e->op) || is_sync(r->op)))
			return false;
	return !r->running;
}

static struct request *next(void)
{
	struct request *r = first;

	while (r && !can_begin(r))
		r = r->next;
	if (r)
		r->running = true;
	return r;
}

/* Of a stream the offset means nothing. */
static ssize_t transfer(struct px_file *f, struct aiocb *cb, int op)
{
	int64_t at = px_ops_of(f->vnode)->size ? cb->aio_offset : 0;

	if (is_sync(op))
		return px_ops_of(f->vnode)->syncs ? 0 : -EINVAL;
	if (op == LIO_READ)
		return px_file_read(f, (void *)cb->aio_buf, cb->aio_nbytes, at, f->flags);
	return px_file_write(f, (void *)cb->aio_buf, cb->aio_nbytes, &at, f->flags);
}

struct call {
	void (*function)(union sigval value);
	union sigval value;
};

static void *call(void *arg)
{
	struct call c = *(struct call *)arg;
	sigset_t none = 0;

	free(arg);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	c.function(c.value);
	return NULL;
}

static void start_call(const struct sigevent *e)
{
	pthread_attr_t *attr = px_notify_attributes(e->sigev_notify_attributes);
	struct call *c = malloc(sizeof(*c));
	pthread_t thread;

	if (c)
		*c = (struct call){e->sigev_notify_function, e->sigev_value};
	if (!attr || !c || pthread_create(&thread, attr, call, c))
		free(c);
	free(attr);
}

static void tell(const struct sigevent *e)
{
	struct px_siginfo info =
		px_siginfo_make(e->sigev_signo, SI_ASYNCIO, (uint64_t)e->sigev_value.sival_ptr);

	if (e->sigev_notify == SIGEV_THREAD)
		start_call(e);
	if (e->sigev_notify != SIGEV_SIGNAL || !px_signal_valid(e->sigev_signo))
		return;
	px_enter();
	px_signal_send(px_me, NULL, &info);
	px_leave();
}

/* Locked. */
static void put(struct px_aio_group *g)
{
	if (!--g->refs)
		free(g);
}

void px_aio_group_put(struct px_aio_group *g)
{
	lock();
	put(g);
	pthread_mutex_unlock(&mutex);
}

/* Who made it counts as one that is left, so that nothing is told too early. */
void px_aio_group_begun(struct px_aio_group *g)
{
	struct sigevent event = {.sigev_notify = SIGEV_NONE};

	lock();
	if (!--g->left)
		event = g->event;
	pthread_mutex_unlock(&mutex);
	tell(&event);
}

/* Locked, which it leaves and takes again: the request has come to this.  Who waits has had the
 * signal when he goes on. */
static void end(struct request *r, ssize_t n, int error)
{
	struct sigevent own = r->cb->aio_sigevent, group = {.sigev_notify = SIGEV_NONE};
	struct request **at = &first;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	if (r->group) {
		r->group->failed |= error != 0;
		if (!--r->group->left)
			group = r->group->event;
		put(r->group);
	}
	r->cb->__result = n;
	__atomic_store_n(&r->cb->__error, error, __ATOMIC_RELEASE);
	give_back(r);
	pthread_mutex_unlock(&mutex);
	tell(&own);
	tell(&group);
	__atomic_add_fetch(&ended, 1, __ATOMIC_ACQ_REL);
	px_word_wake(&ended, UINT32_MAX, 0);
	lock();
}

/* What the request comes to. */
static ssize_t carry_out(struct request *r)
{
	struct px_file *f = px_file_use(r->fd);
	ssize_t n;

	__atomic_store_n(&r->begun, true, __ATOMIC_RELEASE);
	__atomic_add_fetch(&begun, 1, __ATOMIC_ACQ_REL);
	px_word_wake(&begun, UINT32_MAX, 0);
	if (!f)
		return -ECANCELED;
	n = transfer(f, r->cb, r->op);
	px_file_done(f);
	return n;
}

static void *serve(void *arg)
{
	struct request *r = arg;

	lock();
	while (r) {
		ssize_t n;

		pthread_mutex_unlock(&mutex);
		n = carry_out(r);
		lock();
		end(r, n < 0 ? -1 : n, n < 0 ? (int)-n : 0);
		r = next();
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

/* Locked: a thread for one that can begin. */
static int start(struct request *r)
{
	sigset_t all = ~0ul, before;
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	r->running = true;
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &attr, serve, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int px_aio_submit(struct aiocb *cb, int op, struct px_aio_group *group)
{
	struct request *r, **at = &first;
	int error = 0;

	lock();
	r = spare ? spare : malloc(sizeof(*r));
	if (spare)
		spare = spare->next;
	if (!r) {
		pthread_mutex_unlock(&mutex);
		return EAGAIN;
	}
	*r = (struct request){.cb = cb, .group = group, .fd = cb->aio_fildes, .op = op};
	while (*at)
		at = &(*at)->next;
	*at = r;
	cb->__known = PX_AIO_KNOWN;
	cb->__result = -1;
	cb->__error = EINPROGRESS;
	if (group) {
		group->refs++;
		group->left++;
	}
	if (can_begin(r) && start(r))
		error = EAGAIN;
	if (error) {
		*at = NULL;
		give_back(r);
		if (group) {
			group->refs--;
			group->left--;
		}
	}
	pthread_mutex_unlock(&mutex);
	return error;
}

int px_aio_drop(int fd, const struct aiocb *cb)
{
	int result = AIO_ALLDONE;
	struct request *r;

	lock();
	for (r = first; r;) {
		if (r->fd != fd || (cb && r->cb != cb)) {
			r = r->next;
		} else if (r->running) {
			result = AIO_NOTCANCELED;
			r = r->next;
		} else {
			if (result == AIO_ALLDONE)
				result = AIO_CANCELED;
			end(r, -1, ECANCELED);
			r = first; /* it may be another list now */
		}
	}
	pthread_mutex_unlock(&mutex);
	return result;
}

static bool any_beginning(int fd)
{
	const struct request *r;

	lock();
	for (r = first; r; r = r->next)
		if (r->fd == fd && r->running && !__atomic_load_n(&r->begun, __ATOMIC_ACQUIRE))
			break;
	pthread_mutex_unlock(&mutex);
	return r;
}

void px_aio_closing(int fd)
{
	uint32_t since = __atomic_load_n(&begun, __ATOMIC_ACQUIRE);

	if (!first)
		return;
	px_aio_drop(fd, NULL);
	while (any_beginning(fd)) {
		px_word_wait(&begun, since, 0, 0);
		since = __atomic_load_n(&begun, __ATOMIC_ACQUIRE);
	}
}

uint32_t px_aio_ended(void)
{
	return __atomic_load_n(&ended, __ATOMIC_ACQUIRE);
}

int px_aio_wait(uint32_t since, exo_ns_t deadline)
{
	int r = px_word_wait(&ended, since, deadline, px_how(false, 0xff));

	return r == -ETIMEDOUT || r == -EINTR ? r : 0;
}
