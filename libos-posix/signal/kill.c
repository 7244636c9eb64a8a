/* kill.c - signals to processes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/signals.h>
#include <unistd.h>

#define ALL (-1)

/* Is p among those that `who` names, as kill() has it? */
static bool is_meant(const struct px_process *p, pid_t who)
{
	if (who > 0)
		return p->number == (uint32_t)who;
	if (who == ALL)
		return p != px_me && p->number != PX_FIRST_PROCESS;
	return p->group == (who ? (uint32_t)-who : px_me->group);
}

static bool may_send(const struct px_process *p, int number)
{
	const struct px_ids *me = &px_me->user;

	return !me->effective || me->real == p->user.real || me->real == p->user.saved ||
	       me->effective == p->user.real || me->effective == p->user.saved ||
	       (number == SIGCONT && p->session == px_me->session);
}

static int send_one(struct px_process *p, const struct px_siginfo *info)
{
	if (!may_send(p, info->number))
		return -EPERM;
	return info->number ? px_signal_send(p, NULL, info) : 0;
}

/* Inside: to all of them.  0 if there is one that it could be sent to, or an error. */
static int send_inside(pid_t who, const struct px_siginfo *info)
{
	int r = -ESRCH;

	for (struct px_process *p = px_arena->process; p; p = p->next) {
		int one;

		if (!is_meant(p, who))
			continue;
		one = send_one(p, info);
		r = r == 0 ? 0 : one;
	}
	return r;
}

static int send_outside(pid_t who, int n, int code, union sigval value)
{
	struct px_siginfo info = px_siginfo_make(n, code, (uint64_t)value.sival_ptr);
	int r;

	if (n && !px_signal_valid(n))
		return (int)px_result(-EINVAL);
	px_enter();
	r = send_inside(who, &info);
	px_leave();
	return (int)px_result(r);
}

int kill(pid_t who, int n)
{
	return send_outside(who, n, SI_USER, (union sigval){.sival_ptr = NULL});
}

int sigqueue(pid_t pid, int n, const union sigval value)
{
	return pid <= 0 ? (int)px_result(-ESRCH) : send_outside(pid, n, SI_QUEUE, value);
}

/* The group 1 is not all. */
int killpg(pid_t group, int n)
{
	struct px_siginfo info = px_siginfo_make(n, SI_USER, 0);
	int r = -ESRCH;

	if (group < 0 || (n && !px_signal_valid(n)))
		return (int)px_result(-EINVAL);
	if (group != 1)
		return kill(-group, n);
	px_enter();
	for (struct px_process *p = px_arena->process; p; p = p->next)
		if (p->group == 1)
			r = send_one(p, &info);
	px_leave();
	return (int)px_result(r);
}
