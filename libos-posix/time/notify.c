/* notify.c - timers that start threads.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One thread of the process waits for them to expire and makes the others.  It is none of the
 * program's: it does not keep the process alive.
 */
#include <env/arena.h>
#include <errno.h>
#include <pthread.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <time/alarm.h>
#include <time/notify.h>

#define STACK_BYTES 16384

struct call {
	void (*function)(union sigval value);
	union sigval value;
};

void px_alarm_notify(struct px_alarm *a)
{
	struct px_thread *t = a->process->signals.notifier;

	a->notified = 1;
	if (t)
		px_wake_thread(t);
}

pthread_attr_t *px_notify_attributes(const pthread_attr_t *attr)
{
	pthread_attr_t *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	if (attr)
		*copy = *attr;
	else
		pthread_attr_init(copy);
	pthread_attr_setdetachstate(copy, PTHREAD_CREATE_DETACHED);
	return copy;
}

static void *run(void *arg)
{
	struct call call = *(struct call *)arg;
	sigset_t none = 0;

	free(arg);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	call.function(call.value);
	return NULL;
}

/* Without memory for it nobody is told. */
static void start(const struct call *call, const pthread_attr_t *attr)
{
	struct call *copy = malloc(sizeof(*copy));
	pthread_t thread;

	if (!copy)
		return;
	*copy = *call;
	if (pthread_create(&thread, attr, run, copy))
		free(copy);
}

/* Inside: one that has expired goes on. */
static bool next(struct call *call, pthread_attr_t *attr)
{
	struct px_alarm *a = px_me->signals.alarms;
	struct px_siginfo unused = {.number = 0};

	while (a && !a->notified)
		a = a->next;
	if (!a)
		return false;
	a->notified = 0;
	call->function = (void (*)(union sigval))a->function;
	call->value.sival_ptr = (void *)a->value;
	*attr = *(pthread_attr_t *)a->attributes;
	px_alarm_taken(a, &unused);
	return true;
}

static void *wait_and_start(void *unused)
{
	pthread_attr_t attr;
	struct call call;

	(void)unused;
	px_enter();
	px_me->signals.notifier = px_this();
	px_me->thread_count--;
	px_leave();
	for (;;) {
		px_enter();
		while (!next(&call, &attr))
			px_block(NULL, 0);
		px_leave();
		start(&call, &attr);
	}
	return NULL;
}

int px_notify_start(void)
{
	sigset_t all = ~0ul, before;
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	if (px_me->signals.notifier)
		return 0;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread, &attr, wait_and_start, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}
