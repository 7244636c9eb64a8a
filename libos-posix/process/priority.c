/* priority.c - nice values: how long a turn of a process's threads is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <process/process.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <thread/turn.h>
#include <unistd.h>

#define LEAST (-20)
#define MOST  19

static bool is_meant(const struct px_process *p, int which, id_t who)
{
	switch (which) {
	case PRIO_PROCESS:
		return p == px_me ? !who || p->number == who : p->number == who;
	case PRIO_PGRP:
		return p->group == (who ? who : px_me->group);
	}
	return p->user.real == (who ? who : px_me->user.real);
}

/* Who is not root may set his own, and only to more. */
static int set(struct px_process *p, int nice)
{
	nice = nice < LEAST ? LEAST : nice > MOST ? MOST : nice;
	if (!px_user_may(p))
		return -EPERM;
	if (px_me->user.effective && nice < p->nice)
		return -EACCES;
	p->nice = (int8_t)nice;
	px_turn_set(p);
	return 0;
}

static bool valid(int which)
{
	return which == PRIO_PROCESS || which == PRIO_PGRP || which == PRIO_USER;
}

/* The least of them counts. */
int getpriority(int which, id_t who)
{
	int least = MOST + 1;

	if (!valid(which))
		return (int)px_result(-EINVAL);
	px_enter();
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		if (is_meant(p, which, who) && p->nice < least)
			least = p->nice;
	px_leave();
	if (least <= MOST)
		return least;
	errno = ESRCH;
	return -1;
}

int setpriority(int which, id_t who, int nice)
{
	int r = -ESRCH;

	if (!valid(which))
		return (int)px_result(-EINVAL);
	px_enter();
	for (struct px_process *p = px_arena->process; p; p = p->next)
		if (is_meant(p, which, who)) {
			int error = set(p, nice);

			if (error || r == -ESRCH)
				r = error;
		}
	px_leave();
	return (int)px_result(r);
}

int nice(int more)
{
	int r;

	px_enter();
	r = set(px_me, px_me->nice + (more < -40 ? -40 : more > 40 ? 40 : more));
	px_leave();
	return r ? (int)px_result(-EPERM) : px_me->nice;
}
