/* mqueue_notify.c - being told that a message has come to an empty queue.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * By a signal; or a thread waits for it and then calls the function.  Until then it is none of the
 * program's: it does not keep the process alive.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/mqueue.h>
#include <pthread.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <time/notify.h>
#include <unistd.h>

struct call {
	struct px_mqueue *queue;
	mqd_t fd; /* of its own, so that the queue stays */
	uint32_t serial;
	void (*function)(union sigval value);
	union sigval value;
};

/* Inside. */
static struct px_process *told(const struct px_mqueue *q)
{
	struct px_process *p = px_arena->process;

	while (p && (p->number != q->told_process || p->state != PX_ALIVE))
		p = p->next;
	return q->told_process ? p : NULL;
}

void px_mq_notice(struct px_mqueue *q)
{
	struct px_process *p = told(q);

	q->told_process = 0;
	if (p && q->notify == SIGEV_SIGNAL && q->info.number) {
		q->info.word[0] = px_siginfo_sender();
		px_signal_send(p, NULL, &q->info);
	} else if (p && q->notify == SIGEV_THREAD) {
		q->told_serial |= 1u << 31; /* by a message, not taken back */
		px_wake(&q->noticed);
	}
}

/* Wait for it; false: it was taken back. */
static bool wait(const struct call *c)
{
	struct px_mqueue *q = c->queue;
	bool noticed;

	px_enter();
	px_me->thread_count--;
	while (q->told_process == px_process_number && q->told_serial == c->serial)
		px_block_firmly(&q->noticed);
	noticed = q->told_serial == (c->serial | 1u << 31);
	px_me->thread_count++;
	px_leave();
	return noticed;
}

static void *run(void *arg)
{
	struct call c = *(struct call *)arg;
	sigset_t none = 0;
	bool noticed;

	free(arg);
	noticed = wait(&c);
	close(c.fd);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	if (noticed)
		c.function(c.value);
	return NULL;
}

/* A thread that waits, for the request that was made. */
static int start(mqd_t fd, struct px_mqueue *q, uint32_t serial, const struct sigevent *e)
{
	pthread_attr_t *attr = px_notify_attributes(e->sigev_notify_attributes);
	struct call *c = malloc(sizeof(*c));
	sigset_t all = ~0ul, before;
	pthread_t thread;
	int r = EAGAIN;

	if (attr && c) {
		*c = (struct call){q, dup(fd), serial, e->sigev_notify_function, e->sigev_value};
		pthread_sigmask(SIG_SETMASK, &all, &before);
		r = c->fd < 0 ? errno : pthread_create(&thread, attr, run, c);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		if (r && c->fd >= 0)
			close(c->fd);
	}
	if (r)
		free(c);
	free(attr);
	return -r;
}

static bool valid(const struct sigevent *e)
{
	if (e->sigev_notify == SIGEV_SIGNAL)
		return !e->sigev_signo || px_signal_valid(e->sigev_signo);
	return e->sigev_notify == SIGEV_NONE || e->sigev_notify == SIGEV_THREAD;
}

/* Inside: 0 and the request's serial, or an error. */
static int request(struct px_mqueue *q, const struct sigevent *e, uint32_t *serial)
{
	if (!e) {
		if (q->told_process == px_process_number)
			q->told_process = 0;
		px_wake(&q->noticed);
		return 0;
	}
	if (told(q))
		return -EBUSY;
	q->told_process = px_process_number;
	q->told_serial = *serial = (q->told_serial + 1) & ~(1u << 31);
	q->notify = e->sigev_notify;
	q->info = (struct px_siginfo){.number = e->sigev_signo,
				      .code = SI_MESGQ,
				      .word = {0, (uint64_t)e->sigev_value.sival_ptr}};
	return 0;
}

int mq_notify(mqd_t fd, const struct sigevent *user)
{
	struct sigevent e = {.sigev_notify = SIGEV_NONE};
	uint32_t serial = 0;
	struct px_mqueue *q;
	struct px_file *f;
	int r;

	if (user)
		e = *user;
	if (!valid(&e))
		return (int)px_result(-EINVAL);
	q = px_mq_use(fd, &f);
	if (!q)
		return -1;
	px_enter();
	r = request(q, user ? &e : NULL, &serial);
	px_leave();
	if (!r && user && e.sigev_notify == SIGEV_THREAD) {
		r = start(fd, q, serial, &e);
		if (r)
			mq_notify(fd, NULL);
	}
	px_file_done(f);
	return (int)px_result(r);
}
