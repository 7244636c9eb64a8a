/* job.c - job control: who may use a terminal, and whose it is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/tty.h>
#include <process/process.h>
#include <process/session.h>
#include <signal/signals.h>
#include <termios.h>
#include <vm/copy.h>

static bool is_leader(const struct px_process *p)
{
	return p->number == p->session;
}

/* Nobody has the terminal any more. */
static void part(struct px_tty *t)
{
	for (struct px_process *p = px_arena->process; p; p = p->next)
		if (p->tty == t)
			p->tty = NULL;
	t->session = t->group = 0;
}

static void take(struct px_tty *t)
{
	px_me->tty = t;
	t->session = (pid_t)px_me->session;
	t->group = (pid_t)px_me->group;
}

void px_tty_opened(struct px_tty *t, uint32_t flags)
{
	if (!(flags & O_NOCTTY) && (flags & O_ACCMODE) != O_WRONLY && is_leader(px_me) &&
	    !px_me->tty && !t->session)
		take(t);
}

void px_tty_hangup(struct px_tty *t)
{
	struct px_process *leader = t->session ? px_process_find(t->session) : NULL;
	struct px_siginfo hang = px_siginfo_make(SIGHUP, SI_KERNEL, 0),
			  go = px_siginfo_make(SIGCONT, SI_KERNEL, 0);

	if (leader) {
		px_signal_send(leader, NULL, &hang);
		px_signal_send(leader, NULL, &go);
	}
	part(t);
}

int px_tty_check(struct px_tty *t, int number)
{
	uint64_t bit = PX_SIG(number);

	if (px_me->tty != t || !t->group || t->group == (pid_t)px_me->group)
		return 0;
	if ((px_me->signals.ignored | px_this()->masked) & bit)
		return number == SIGTTIN ? -EIO : 0;
	if (px_group_orphaned(px_me->group, NULL))
		return -EIO;
	px_group_signal((pid_t)px_me->group, number);
	return -EINTR;
}

static bool has_stopped(uint32_t group)
{
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		if (p->group == group && p->stopped)
			return true;
	return false;
}

/* p was the last of its session that could continue a group. */
static void leave_group(const struct px_process *p, uint32_t group)
{
	if (!px_group_orphaned(group, p) || !has_stopped(group))
		return;
	px_group_signal((pid_t)group, SIGHUP);
	px_group_signal((pid_t)group, SIGCONT);
}

void px_session_end(struct px_process *p)
{
	struct px_tty *t = p->tty;

	if (t && is_leader(p)) {
		if (t->group)
			px_group_signal(t->group, SIGHUP);
		part(t);
		if (t->pty)
			px_pty_hang(t);
	}
	p->tty = NULL;
	if (p->parent && p->parent->group != p->group && p->parent->session == p->session)
		leave_group(p, p->group);
	for (const struct px_process *c = p->child; c; c = c->sibling)
		if (c->group != p->group && c->session == p->session)
			leave_group(p, c->group);
}

/* TIOCSCTTY: another session's terminal only if `by_force`. */
static int acquire(struct px_tty *t, bool by_force)
{
	if (is_leader(px_me) && px_me->tty == t)
		return 0;
	if (!is_leader(px_me) || px_me->tty || (t->session && !by_force))
		return -EPERM;
	part(t);
	take(t);
	return 0;
}

static int release(struct px_tty *t)
{
	if (px_me->tty != t)
		return -ENOTTY;
	px_me->tty = NULL;
	if (is_leader(px_me)) {
		px_group_signal(t->group, SIGHUP);
		px_group_signal(t->group, SIGCONT);
		part(t);
	}
	return 0;
}

static int set_front(struct px_tty *t, int group)
{
	int r;

	if (px_me->tty != t || t->session != (pid_t)px_me->session)
		return -ENOTTY;
	r = px_tty_check(t, SIGTTOU);
	if (r)
		return r == -EIO ? -ENOTTY : r;
	if (group < 0)
		return -EINVAL;
	if (!px_group_in((uint32_t)group, 0))
		return -ESRCH;
	if (!px_group_in((uint32_t)group, px_me->session))
		return -EPERM;
	t->group = group;
	return 0;
}

/* The group in front, or the session; from the other side of a pseudo-terminal anybody may know. */
static int tell(const struct px_tty *t, bool session, bool other_side)
{
	if (px_me->tty != t && !other_side)
		return -ENOTTY;
	if (session)
		return t->session ? t->session : -ENOTTY;
	return t->group;
}

int px_job_control(struct px_tty *t, unsigned long request, void *user, bool other_side)
{
	int r = -ENOTTY, group = 0;

	if (request == TIOCSPGRP && px_copy_from(&group, user, sizeof(group)))
		return -EFAULT;
	px_enter();
	switch (request) {
	case TIOCSCTTY:
		r = other_side ? -EIO : acquire(t, (long)user == 1);
		break;
	case TIOCNOTTY:
		r = release(t);
		break;
	case TIOCSPGRP:
		r = set_front(t, group);
		break;
	case TIOCGPGRP:
	case TIOCGSID:
		r = tell(t, request == TIOCGSID, other_side);
		break;
	}
	px_leave();
	if (r < 0 || (request != TIOCGPGRP && request != TIOCGSID))
		return r;
	return px_copy_to(user, &r, sizeof(r)) ? -EFAULT : 0;
}

pid_t tcgetpgrp(int fd)
{
	int group;

	return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group)
{
	int number = group;

	return ioctl(fd, TIOCSPGRP, &number);
}

pid_t tcgetsid(int fd)
{
	int session;

	return ioctl(fd, TIOCGSID, &session) < 0 ? -1 : session;
}
