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
	return !who; /* all are the one user's */
}

static void set(struct px_process *p, int nice)
{
	p->nice = (int8_t)(nice < LEAST ? LEAST : nice > MOST ? MOST : nice);
	px_turn_set(p);
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
			set(p, nice);
			r = 0;
		}
	px_leave();
	return (int)px_result(r);
}

int nice(int more)
{
	px_enter();
	set(px_me, px_me->nice + (more < -40 ? -40 : more > 40 ? 40 : more));
	px_leave();
	return px_me->nice;
}
