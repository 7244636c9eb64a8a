/* session.c - process groups and sessions.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <process/process.h>
#include <process/session.h>
#include <unistd.h>

bool px_group_in(uint32_t group, uint32_t session)
{
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		if (p->group == group && (!session || p->session == session))
			return true;
	return false;
}

/* Inside: 0: itself. */
static struct px_process *find(pid_t pid)
{
	return pid ? px_process_find(pid) : px_me;
}

static int set_group(pid_t pid, uint32_t group)
{
	struct px_process *p = find(pid);

	if (!p || (p != px_me && (p->parent != px_me || p->adopted)))
		return -ESRCH;
	if (p->session != px_me->session || p->session == p->number)
		return -EPERM;
	if (p != px_me && p->executed)
		return -EACCES;
	if (!group)
		group = p->number;
	if (group != p->number && !px_group_in(group, p->session))
		return -EPERM;
	p->group = group;
	return 0;
}

int setpgid(pid_t pid, pid_t group)
{
	int r = -EINVAL;

	if (group >= 0) {
		px_enter();
		r = set_group(pid, (uint32_t)group);
		px_leave();
	}
	return (int)px_result(r);
}

/* A number that stands at `offset` in the record of process pid. */
static pid_t number_of(pid_t pid, size_t offset)
{
	const struct px_process *p;
	pid_t r = -ESRCH;

	px_enter();
	p = find(pid);
	if (p)
		r = (pid_t) * (const uint32_t *)((const char *)p + offset);
	px_leave();
	return (pid_t)px_result(r);
}

pid_t getpgid(pid_t pid)
{
	return number_of(pid, offsetof(struct px_process, group));
}

pid_t getsid(pid_t pid)
{
	return number_of(pid, offsetof(struct px_process, session));
}

pid_t getpgrp(void)
{
	return (pid_t)px_me->group;
}

int setpgrp(void)
{
	return setpgid(0, 0);
}

/* A new session has no terminal. */
pid_t setsid(void)
{
	uint32_t number = px_me->number;
	pid_t r = -EPERM;

	px_enter();
	if (!px_group_in(number, 0)) {
		px_me->group = px_me->session = number;
		px_me->tty = NULL;
		r = (pid_t)number;
	}
	px_leave();
	return (pid_t)px_result(r);
}
