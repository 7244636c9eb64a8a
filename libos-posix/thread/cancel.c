/* cancel.c - cancellation, and cleanup handlers.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <errno.h>
#include <fd/file.h>
#include <pthread.h>
#include <thread/thread.h>

void px_canceled(void)
{
	if (px_cancel_ready())
		px_thread_exit(PTHREAD_CANCELED);
}

void pthread_testcancel(void)
{
	px_cancel_point();
}

int pthread_cancel(pthread_t thread)
{
	struct px_tcb *t = px_tcb_of(thread);

	if (!t->thread)
		return ESRCH;
	px_files_counted = true; /* so that read and write look whether they are canceled */
	px_enter();
	t->cancel_due = 1;
	if (t->thread && t->thread->state != PX_ENDED)
		px_attend(t->thread, PX_ATTEND_CANCEL);
	px_leave();
	if (t == px_self() && t->cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS)
		px_canceled();
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	struct px_tcb *t = px_self();

	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = t->cancel_type;
	t->cancel_type = type;
	if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
		px_canceled();
	return 0;
}

void _pthread_cleanup_push(struct _pthread_cleanup_context *c, void (*routine)(void *), void *arg)
{
	c->_routine = routine;
	c->_arg = arg;
	c->_previous = px_self()->cleanup;
	px_self()->cleanup = c;
}

void _pthread_cleanup_pop(struct _pthread_cleanup_context *c, int execute)
{
	px_self()->cleanup = c->_previous;
	if (execute)
		c->_routine(c->_arg);
}

void _pthread_cleanup_push_defer(struct _pthread_cleanup_context *c, void (*routine)(void *),
				 void *arg)
{
	_pthread_cleanup_push(c, routine, arg);
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &c->_canceltype);
}

void _pthread_cleanup_pop_restore(struct _pthread_cleanup_context *c, int execute)
{
	px_self()->cleanup = c->_previous;
	pthread_setcanceltype(c->_canceltype, NULL);
	if (execute)
		c->_routine(c->_arg);
}
