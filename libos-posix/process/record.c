/* record.c - the records of processes: made, found, freed.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <exo/cap.h>
#include <fd/table.h>
#include <fs/proc.h>
#include <libc/groups.h>
#include <libexo/time.h>
#include <process/host.h>
#include <process/limit.h>
#include <process/process.h>
#include <signal/signals.h>
#include <string.h>
#include <thread/sched.h>
#include <time/alarm.h>

static void link_child(struct px_process *p, struct px_process *parent)
{
	p->parent = parent;
	p->sibling = parent->child;
	p->place = &parent->child;
	if (p->sibling)
		p->sibling->place = &p->sibling;
	parent->child = p;
}

static void unlink_child(struct px_process *p)
{
	if (!p->place)
		return;
	*p->place = p->sibling;
	if (p->sibling)
		p->sibling->place = p->place;
	p->place = NULL;
}

void px_process_adopt(struct px_process *p, struct px_process *parent)
{
	unlink_child(p);
	if (parent)
		link_child(p, parent);
	else
		p->parent = NULL;
}

static void link_all(struct px_process *p)
{
	p->next = px_arena->process;
	p->link = &px_arena->process;
	if (p->next)
		p->next->link = &p->next;
	px_arena->process = p;
}

/* What its one thread has from the calling one. */
static void begin_thread(struct px_thread *t)
{
	const struct px_thread *me = px_this();

	t->policy = me->policy;
	t->priority = me->priority;
	t->cpus = me->cpus;
	t->cpu = me->cpu;
	t->masked = me->masked;
}

struct px_process *px_process_record(void)
{
	struct px_process *p;
	struct px_thread *t;

	px_enter();
	p = px_alloc(sizeof(*p));
	t = p ? px_thread_new(p) : NULL;
	if (!t) {
		px_free(p);
		px_leave();
		return NULL;
	}
	begin_thread(t);
	p->number = t->id;
	p->unborn = 1;
	p->group = px_me->group;
	p->session = px_me->session;
	p->user = px_me->user;
	p->group_ids = px_me->group_ids;
	p->secure = px_me->secure;
	p->groups = px_me->groups;
	if (p->groups)
		p->groups->refs++;
	p->nice = px_me->nice;
	p->turn = px_me->turn;
	memcpy(p->comm, px_me->comm, sizeof(p->comm));
	p->words = px_me->words;
	if (p->words)
		p->words->refs++;
	p->tty = px_me->tty;
	px_signals_fork(p);
	p->began = xo_now();
	link_all(p);
	link_child(p, px_me);
	px_leave();
	return p;
}

struct px_process *px_process_new(void)
{
	struct px_process *p = NULL;

	px_words_tell();
	px_enter();
	if (!px_me->limits || px_limit_threads() == 0)
		p = px_process_record();
	if (p && ((px_me->limits && !px_limits_fork(p)) || px_files_fork(p) < 0)) {
		if (px_alarms_end)
			px_alarms_end(p, false);
		px_process_free(p);
		p = NULL;
	}
	px_leave();
	return p;
}

void px_process_free(struct px_process *p)
{
	px_proc_forget(p);
	px_words_put(p);
	unlink_child(p);
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	while (p->threads)
		px_thread_free(p->threads);
	px_groups_put(p->groups);
	px_free(p->limits);
	px_free(p);
}

void px_process_undo(struct px_process *p)
{
	px_process_leave(p);
	if (p->slot != EXO_SLOT_NONE)
		px_ask(p, PX_WISH_END);
	px_enter();
	px_uncommit(p->promised);
	px_process_free(p);
	px_leave();
}

struct px_process *px_process_find(pid_t number)
{
	struct px_process *p = px_arena->process;

	while (p && p->number != (uint32_t)number)
		p = p->next;
	return p;
}
