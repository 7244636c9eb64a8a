/* usage.c - what a process, and its children, have used.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <libexo/start.h>
#include <process/process.h>
#include <string.h>
#include <sys/resource.h>
#include <thread/sched.h>

static struct timeval time_of(uint64_t ticks)
{
	uint64_t us = (uint64_t)((unsigned __int128)ticks * xo_info->tsc_mult >> 32) / 1000;

	return (struct timeval){.tv_sec = (time_t)(us / 1000000),
				.tv_usec = (suseconds_t)(us % 1000000)};
}

static void show(struct rusage *u, uint64_t ticks, const struct px_usage *used)
{
	memset(u, 0, sizeof(*u));
	u->ru_utime = time_of(ticks);
	u->ru_maxrss = (long)used->most * 4;
	u->ru_minflt = (long)used->faults;
	u->ru_nvcsw = (long)used->waits;
	u->ru_nivcsw = (long)used->turns;
}

/* The threads that live have noted what they ran up to the last time they were switched away. */
uint64_t px_process_ran(const struct px_process *p)
{
	uint64_t ran = p->ran;

	for (const struct px_thread *t = p->threads; t; t = t->next)
		if (t->state != PX_ENDED)
			ran += t->ran;
	return ran;
}

void px_usage_of(const struct px_process *p, struct rusage *u)
{
	struct px_usage both = p->used;

	both.faults += p->children.faults;
	both.waits += p->children.waits;
	both.turns += p->children.turns;
	if (p->children.most > both.most)
		both.most = p->children.most;
	show(u, px_process_ran(p) + p->children_ran, &both);
}

void px_usage_self(const struct px_process *p, struct rusage *u)
{
	show(u, px_process_ran(p), &p->used);
}

void px_usage_children(const struct px_process *p, struct rusage *u)
{
	show(u, p->children_ran, &p->children);
}

void px_usage_add(struct px_process *parent, const struct px_process *p)
{
	struct px_usage *u = &parent->children;

	parent->children_ran += px_process_ran(p) + p->children_ran;
	u->faults += p->used.faults + p->children.faults;
	u->waits += p->used.waits + p->children.waits;
	u->turns += p->used.turns + p->children.turns;
	if (p->used.most > u->most)
		u->most = p->used.most;
	if (p->children.most > u->most)
		u->most = p->children.most;
}
