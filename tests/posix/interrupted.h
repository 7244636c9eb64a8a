/* interrupted.h - calls that wait, and signals that come meanwhile.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef INTERRUPTED_H
#define INTERRUPTED_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static pthread_t main_thread;
static volatile sig_atomic_t handled;
static void (*relieve)(void); /* what ends the call if it begins again */
static int relieve_anyway;    /* also if it does not */
static volatile int over;
static int ends_it, restarts;

static void handler(int n)
{
	handled++;
	(void)n;
}

static void nap(int ms)
{
	struct timespec t = {0, ms * 1000000};

	while (nanosleep(&t, &t))
		;
}

/* Signals for the main thread.  One that comes before it waits ends nothing: so there are more,
 * until the call is over if a signal shall end it, and else some before what it waits for comes. */
static void *helper(void *unused)
{
	nap(10);
	for (int i = 0; !over && i < (ends_it ? 3000 : 3); i++) {
		int before = handled;

		pthread_kill(main_thread, SIGUSR1);
		while (handled == before)
			nap(1);
		nap(10);
	}
	if (relieve && (!over || relieve_anyway))
		relieve();
	return unused;
}

enum ended { NEVER, UNLESS_RESTARTED, ALWAYS }; /* by a signal */

static void try(const char *what, long (*call)(void), void (*relief)(void), enum ended ended)
{
	pthread_t t;
	int error;
	long r;

	relieve = relief;
	ends_it = ended == ALWAYS || (ended == UNLESS_RESTARTED && !restarts);
	handled = over = 0;
	errno = 0;
	pthread_create(&t, NULL, helper, NULL);
	r = call();
	error = errno;
	over = 1;
	pthread_join(t, NULL);
	printf("%s: %ld %s %d\n", what, r, r < 0 ? strerror(error) : "ok", handled > 0);
}

#endif
