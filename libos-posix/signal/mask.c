/* mask.c - which signals a thread blocks, and which are pending.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/signals.h>

static bool known(int how)
{
	return how == SIG_BLOCK || how == SIG_UNBLOCK || how == SIG_SETMASK;
}

static uint64_t changed(uint64_t mask, int how, uint64_t set)
{
	set &= ~PX_SIG_PRIVATE;
	return how == SIG_BLOCK ? mask | set : how == SIG_UNBLOCK ? mask & ~set : set;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	struct px_thread *t = px_this();
	sigset_t new = set ? *set : 0, before = t->masked;

	if (set && !known(how))
		return EINVAL;
	if (set) {
		px_enter();
		px_mask_set(changed(before, how, new));
		px_leave();
	}
	if (old)
		*old = before;
	return 0;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)px_result(-pthread_sigmask(how, set, old));
}

int sigpending(sigset_t *set)
{
	struct px_thread *t = px_this();
	uint64_t pending;

	px_enter();
	pending = px_signals_of(t) & t->masked;
	px_leave();
	*set = pending;
	return 0;
}

/*
 * The older interface.
 */

static int alone(int how, int n)
{
	sigset_t set = 0;

	return sigaddset(&set, n) < 0 ? -1 : sigprocmask(how, &set, NULL);
}

int sighold(int n)
{
	return alone(SIG_BLOCK, n);
}

int sigrelse(int n)
{
	return alone(SIG_UNBLOCK, n);
}

int sigignore(int n)
{
	struct sigaction a = {.sa_flags = 0};

	a.sa_handler = SIG_IGN;
	return sigaction(n, &a, NULL);
}

_sig_func_ptr sigset(int n, _sig_func_ptr what)
{
	struct sigaction new = {.sa_flags = 0}, old;
	sigset_t set = 0, before;

	if (sigaddset(&set, n) < 0 || (int)(what == SIG_ERR))
		return errno = EINVAL, SIG_ERR;
	if (what == SIG_HOLD) {
		if (sigprocmask(SIG_BLOCK, &set, &before) < 0 || sigaction(n, NULL, &old) < 0)
			return SIG_ERR;
	} else {
		new.sa_handler = what;
		if (sigaction(n, &new, &old) < 0 || sigprocmask(SIG_UNBLOCK, &set, &before) < 0)
			return SIG_ERR;
	}
	return before & set ? SIG_HOLD : old.sa_handler;
}
