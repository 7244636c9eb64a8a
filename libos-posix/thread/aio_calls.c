/* aio_calls.c - what programs call of asynchronous input and output.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/file.h>
#include <libexo/time.h>
#include <limits.h>
#include <signal/again.h>
#include <stdlib.h>
#include <thread/aio.h>
#include <thread/thread.h>
#include <unistd.h>

#define NS 1000000000ull

/* It ends before it has begun. */
static int fail(struct aiocb *cb, int error)
{
	cb->__known = PX_AIO_KNOWN;
	cb->__error = error;
	cb->__result = -1;
	return (int)px_result(-error);
}

static int check(const struct aiocb *cb, int op)
{
	int mode;

	if (cb->aio_offset < 0 || cb->aio_reqprio < 0 || cb->aio_reqprio > AIO_PRIO_DELTA_MAX ||
	    cb->aio_nbytes > SSIZE_MAX)
		return EINVAL;
	mode = fcntl(cb->aio_fildes, F_GETFL);
	return mode < 0 || (mode & O_ACCMODE) == (op == LIO_READ ? O_WRONLY : O_RDONLY) ? EBADF : 0;
}

static int begin(struct aiocb *cb, int op)
{
	int error = check(cb, op);

	if (!error)
		error = px_aio_submit(cb, op, NULL);
	return error ? fail(cb, error) : 0;
}

int aio_read(struct aiocb *cb)
{
	return begin(cb, LIO_READ);
}

int aio_write(struct aiocb *cb)
{
	return begin(cb, LIO_WRITE);
}

int aio_fsync(int op, struct aiocb *cb)
{
	int flags, error = 0;

	if (op != O_SYNC && op != O_DSYNC)
		return (int)px_result(-EINVAL);
	flags = fcntl(cb->aio_fildes, F_GETFL);
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return (int)px_result(-EBADF);
	error = px_aio_submit(cb, op, NULL);
	return error ? fail(cb, error) : 0;
}

static bool is_known(const struct aiocb *cb)
{
	return cb->__known == PX_AIO_KNOWN;
}

int aio_error(const struct aiocb *cb)
{
	return is_known(cb) ? __atomic_load_n(&cb->__error, __ATOMIC_ACQUIRE)
			    : (int)px_result(-EINVAL);
}

ssize_t aio_return(struct aiocb *cb)
{
	int error = aio_error(cb);

	if (error == EINPROGRESS || !is_known(cb))
		return px_result(-EINVAL);
	cb->__known = 0;
	if (error)
		errno = error;
	return cb->__result;
}

int aio_cancel(int fd, struct aiocb *cb)
{
	if (fcntl(fd, F_GETFL) < 0)
		return -1;
	if (cb && cb->aio_fildes != fd)
		return (int)px_result(-EINVAL);
	return px_aio_drop(fd, cb);
}

static exo_ns_t deadline_of(const struct timespec *t)
{
	uint64_t most = INT64_MAX / NS / 2;

	if (!t)
		return 0;
	return xo_now() + ((uint64_t)t->tv_sec < most ? (uint64_t)t->tv_sec : most) * NS +
	       (uint64_t)t->tv_nsec;
}

static bool any_done(const struct aiocb *const list[], int n)
{
	for (int i = 0; i < n; i++)
		if (list[i] && aio_error(list[i]) != EINPROGRESS)
			return true;
	return false;
}

int aio_suspend(const struct aiocb *const list[], int n, const struct timespec *time)
{
	exo_ns_t deadline;
	int r = 0;

	if (n < 0 || (time && (time->tv_sec < 0 || (uint64_t)time->tv_nsec >= NS)))
		return (int)px_result(-EINVAL);
	px_cancel_point();
	deadline = deadline_of(time);
	for (;;) {
		uint32_t since = px_aio_ended();

		if (any_done(list, n))
			return 0;
		if (r == -ETIMEDOUT || r == -EINTR)
			break;
		r = px_aio_wait(since, deadline);
		if (px_restarts(r,
				time ? PX_AGAIN_QUIET : PX_AGAIN_RESTART)) /* as Linux's futexes */
			r = 0;
	}
	return (int)px_result(r == -ETIMEDOUT ? -EAGAIN : r);
}

/* Wait until none of a list's is left. */
static int wait_for(struct px_aio_group *g)
{
	int r;

	for (;;) {
		uint32_t since = px_aio_ended();

		if (!__atomic_load_n(&g->left, __ATOMIC_ACQUIRE))
			return g->failed ? EIO : 0;
		r = px_aio_wait(since, 0);
		if (r == -EINTR && !px_restarts(r, PX_AGAIN_RESTART))
			return EINTR;
	}
}

/* 0, or why it did not begin. */
static int begin_one(struct aiocb *cb, struct px_aio_group *g)
{
	int op = cb->aio_lio_opcode, error;

	error = op == LIO_READ || op == LIO_WRITE ? check(cb, op) : EINVAL;
	if (!error)
		error = px_aio_submit(cb, op, g);
	if (error)
		fail(cb, error);
	return error;
}

/* Begin all.  That a descriptor is of no use is known to who looks at its request only. */
static int begin_all(struct aiocb *const list[], int n, struct px_aio_group *g)
{
	int error = 0;

	for (int i = 0; i < n; i++) {
		int r = list[i] && list[i]->aio_lio_opcode != LIO_NOP ? begin_one(list[i], g) : 0;

		if (r)
			__atomic_store_n(&g->failed, true, __ATOMIC_RELAXED);
		if (r && r != EBADF && error != EAGAIN)
			error = r == EAGAIN ? EAGAIN : EIO;
	}
	return error;
}

int lio_listio(int mode, struct aiocb *restrict const list[restrict], int n,
	       struct sigevent *restrict event)
{
	struct px_aio_group *g;
	int error, other;

	if ((mode != LIO_WAIT && mode != LIO_NOWAIT) || n < 0)
		return (int)px_result(-EINVAL);
	g = malloc(sizeof(*g));
	if (!g)
		return (int)px_result(-EAGAIN);
	*g = (struct px_aio_group){.refs = 1, .left = 1, .event = {.sigev_notify = SIGEV_NONE}};
	if (mode == LIO_NOWAIT && event)
		g->event = *event;
	error = begin_all((struct aiocb *const *)list, n, g);
	px_aio_group_begun(g);
	if (mode == LIO_WAIT) {
		px_cancel_point();
		other = wait_for(g);
		error = error ? error : other;
	}
	px_aio_group_put(g);
	return error ? (int)px_result(-error) : 0;
}
