/* wait.c - waiting for signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <fd/poll.h>
#include <signal/again.h>
#include <signal/signals.h>
#include <string.h>
#include <unistd.h>

/* Inside.  A number or an error. */
static int take(uint64_t set, struct px_siginfo *info, exo_ns_t deadline, bool at_once)
{
	struct px_thread *t = px_this();
	int r = 0, n;

	while (!(n = px_signal_take(t, set, info)) && !r) {
		if (at_once)
			return -EAGAIN;
		t->wanted = set;
		r = px_block(NULL, deadline);
		t->wanted = 0;
	}
	px_signals_look(t);
	return n ? n : r == -ETIMEDOUT ? -EAGAIN : r;
}

static int wait_for(const sigset_t *user, siginfo_t *to, const struct timespec *time)
{
	struct px_siginfo info;
	exo_ns_t deadline;
	uint64_t set = *user & ~PX_SIG_UNBLOCKABLE;
	int n;

	px_cancel_point();
	if (px_deadline(time, &deadline))
		return -EINVAL;
	px_enter();
	n = take(set, &info, deadline, time && !time->tv_sec && !time->tv_nsec);
	px_leave();
	if (n < 0) {
		px_restarts(n, PX_AGAIN_QUIET); /* it does not */
	} else if (to) {
		if (info.code == SI_TKILL)
			info.code = SI_USER; /* as with glibc */
		memset(to, 0, sizeof(*to));
		memcpy(to, &info, sizeof(info));
	}
	return n;
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *time)
{
	return (int)px_result(wait_for(set, info, time));
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}

/* Returns the error instead of setting errno, as POSIX says. */
int sigwait(const sigset_t *set, int *number)
{
	int n;

	do
		n = wait_for(set, NULL, NULL);
	while (n == -EINTR);
	if (n < 0)
		return -n;
	*number = n;
	return 0;
}

/* Until something has to be attended to. */
static int rest(void)
{
	px_enter();
	while (px_block(NULL, 0) != -EINTR)
		;
	px_leave();
	return -EINTR;
}

int pause(void)
{
	px_cancel_point();
	while (px_restarts(rest(), PX_AGAIN_QUIET))
		;
	return (int)px_result(-EINTR);
}

int sigsuspend(const sigset_t *user)
{
	sigset_t set = *user;
	int r;

	px_cancel_point();
	do {
		px_mask_for(&set);
		r = rest();
		px_mask_back(true);
	} while (px_restarts(r, PX_AGAIN_QUIET));
	return (int)px_result(r);
}

/* As X/Open has it: that signal is not blocked meanwhile. */
int sigpause(int n)
{
	sigset_t set = px_this()->masked;

	return sigdelset(&set, n) < 0 ? -1 : sigsuspend(&set);
}

void px_mask_for(const sigset_t *mask)
{
	px_signals_hold();
	px_enter();
	px_self()->mask_after = px_this()->masked;
	px_mask_set(*mask & ~PX_SIG_PRIVATE);
	px_leave();
}

/* The first handler that runs goes back to the mask there was. */
void px_mask_back(bool interrupted)
{
	struct px_tcb *me = px_self();

	if (interrupted) {
		me->mask_due = 1;
		px_signals_release();
		px_signals_due();
		if (!me->mask_due)
			return;
		me->mask_due = 0;
		px_signals_hold();
	}
	px_enter();
	px_mask_set(me->mask_after);
	px_signals_release();
	px_leave();
}
