/* raise.c - signals to threads of the calling process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/scene.h>
#include <stdlib.h>
#include <thread/thread.h>
#include <unistd.h>

/* What can be handled at once needs not be pending before. */
int raise(int n)
{
	struct px_thread *t = px_this();
	struct px_siginfo info;

	if (n == 0)
		return 0;
	if (!px_signal_valid(n))
		return (int)px_result(-EINVAL);
	if (px_me->signals.caught & PX_SIG(n) & ~t->masked && !(t->attention & PX_ATTEND_SIGNAL) &&
	    px_signals_open(t, 0)) {
		px_signal_here(n);
		return 0;
	}
	info = px_siginfo_make(n, SI_TKILL, 0);
	px_enter();
	px_signal_send(px_me, t, &info);
	px_leave();
	return 0;
}

/* To a thread that may have ended, but is still known; n 0: only look.  0 or an error. */
static int send_to(struct px_thread *t, int n, int code, union sigval value)
{
	struct px_siginfo info = px_siginfo_make(n, code, (uint64_t)value.sival_ptr);
	int r = 0;

	if (n && !px_signal_valid(n))
		return EINVAL;
	if (!t)
		return ESRCH;
	px_enter();
	if (n && t->state != PX_ENDED)
		r = -px_signal_send(px_me, t, &info);
	px_leave();
	return r;
}

int pthread_kill(pthread_t thread, int n)
{
	return send_to(px_tcb_of(thread)->thread, n, SI_TKILL, (union sigval){.sival_ptr = NULL});
}

int pthread_sigqueue(pthread_t thread, int n, const union sigval value)
{
	return send_to(px_tcb_of(thread)->thread, n, SI_QUEUE, value);
}

int tgkill(pid_t pid, pid_t tid, int n)
{
	struct px_siginfo info;
	struct px_thread *t = NULL;
	int r = -ESRCH;

	if (pid <= 0 || tid <= 0 || (n && !px_signal_valid(n)))
		return (int)px_result(-EINVAL);
	info = px_siginfo_make(n, SI_TKILL, 0);
	px_enter();
	for (struct px_process *p = px_arena->process; p && !t; p = p->next)
		for (t = p->number == (uint32_t)pid ? p->threads : NULL; t; t = t->next)
			if (t->id == (uint32_t)tid && t->state != PX_ENDED)
				break;
	if (t)
		r = n ? px_signal_send(t->process, t, &info) : 0;
	px_leave();
	return (int)px_result(r);
}

/* Neither a handler that returns nor anything else keeps the process alive. */
void px_signal_abort(void)
{
	sigset_t set = PX_SIG(SIGABRT);

	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGABRT);
}
