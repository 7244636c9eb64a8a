/* atfork.c - functions that run before and after fork.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <thread/fork.h>

typedef void function(void);

static struct handlers {
	struct handlers *next, *before;
	function *of[PX_FORK_CHILD + 1];
} * first, *last;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int pthread_atfork(function *prepare, function *parent, function *child)
{
	struct handlers *h = malloc(sizeof(*h));

	if (!h)
		return ENOMEM;
	*h = (struct handlers){.of = {prepare, parent, child}};
	pthread_mutex_lock(&mutex);
	h->before = last;
	*(last ? &last->next : &first) = h;
	last = h;
	pthread_mutex_unlock(&mutex);
	return 0;
}

/* The list is held from before to after; a handler that adds to it would wait for itself, as for
 * any mutex. */
void px_atfork_run(enum px_fork_phase phase)
{
	if (phase == PX_FORK_BEFORE)
		pthread_mutex_lock(&mutex);
	for (struct handlers *h = phase == PX_FORK_BEFORE ? last : first; h;
	     h = phase == PX_FORK_BEFORE ? h->before : h->next)
		if (h->of[phase])
			h->of[phase]();
	if (phase != PX_FORK_BEFORE)
		pthread_mutex_unlock(&mutex);
}
