/* self.c - what a thread is called, and how that is asked.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <thread/thread.h>
#include <unistd.h>

pthread_t pthread_self(void)
{
	return (pthread_t)px_self();
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

pid_t gettid(void)
{
	return (pid_t)px_self()->id;
}

int pthread_setname_np(pthread_t thread, const char *name)
{
	if (strlen(name) >= sizeof(px_tcb_of(thread)->name))
		return ERANGE;
	strcpy(px_tcb_of(thread)->name, name);
	return 0;
}

/* The first thread is called as the program. */
int pthread_getname_np(pthread_t thread, char *name, size_t room)
{
	const struct px_tcb *t = px_tcb_of(thread);
	const char *from = t->name[0] ? t->name : program_invocation_short_name;
	size_t n = strnlen(from, sizeof(t->name) - 1);

	if (room <= n)
		return ERANGE;
	memcpy(name, from, n);
	name[n] = 0;
	return 0;
}

static int concurrency;

int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

int pthread_getconcurrency(void)
{
	return concurrency;
}
