/* stop.c - a process stops, and goes on; its parent hears of that.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each thread stops where it takes signals; so none stops with something that others wait for.
 */
#include <env/arena.h>
#include <env/thread.h>
#include <signal/signals.h>
#include <sys/wait.h>
#include <thread/local.h>
#include <thread/ran.h>

extern __typeof__(px_attend) px_attend PX_SIGNALS_IF_USED;
extern __typeof__(px_schedule) px_schedule PX_SIGNALS_IF_USED;

#define CONTINUED 0xffff /* as wait has it */

static void explain(struct px_siginfo *info, int status)
{
	if (status == CONTINUED) {
		info->code = CLD_CONTINUED;
		info->word[1] = SIGCONT;
	} else if (WIFSTOPPED(status)) {
		info->code = CLD_STOPPED;
		info->word[1] = (uint64_t)WSTOPSIG(status);
	} else if (WIFEXITED(status)) {
		info->code = CLD_EXITED;
		info->word[1] = (uint64_t)WEXITSTATUS(status);
	} else {
		info->code = CLD_KILLED;
		info->word[1] = (uint64_t)WTERMSIG(status);
	}
}

void px_signal_child(struct px_process *p, int status)
{
	struct px_siginfo info = {.number = SIGCHLD,
				  .word = {p->number | (uint64_t)getuid() << 32}};
	struct px_process *parent = p->parent;
	bool ended = status != CONTINUED && !WIFSTOPPED(status);

	if (!parent || parent->state != PX_ALIVE || (!ended && parent->signals.no_stops))
		return;
	explain(&info, status);
	px_signal_send(parent, NULL, &info);
}

static void tell(struct px_process *p, uint8_t news, int status)
{
	p->news = news;
	if (!p->parent)
		return;
	px_wake(&p->parent->family);
	px_signal_child(p, status);
}

/* Nobody of the session, outside the group, is a parent of one of it: nobody will let it go on. */
bool px_group_orphaned(uint32_t group, const struct px_process *without)
{
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		if (p->group == group && p->state == PX_ALIVE && p != without && p->parent &&
		    !p->adopted && p->parent != without && p->parent->group != group &&
		    p->parent->session == p->session)
			return false;
	return true;
}

static bool is_alone(void)
{
	return px_arena->process == px_me && !px_me->next;
}

static bool all_others_stopped(void)
{
	for (const struct px_thread *t = px_me->threads; t; t = t->next)
		if (t != px_this() && t->state != PX_NEW && t->state != PX_STOPPED &&
		    t->state != PX_ENDED)
			return false;
	return true;
}

void px_signal_last(void)
{
	if (px_me->stopped && !px_me->signals.stop_told && all_others_stopped()) {
		px_me->signals.stop_told = 1;
		tell(px_me, PX_NEWS_STOPPED, px_me->status);
	}
}

static void stop_here(void)
{
	struct px_thread *t = px_this();

	while (px_me->stopped) { /* again, maybe, since it went on */
		px_signal_last();
		t->state = PX_STOPPED;
		px_schedule();
	}
	px_signals_look(t);
}

static void stop_all(int number)
{
	px_me->stopped = (uint8_t)number;
	px_me->status = W_STOPCODE(number);
	px_me->signals.stop_told = 0;
	for (struct px_thread *t = px_me->threads; t; t = t->next)
		if (t != px_this() && t->state != PX_ENDED)
			px_attend(t, PX_ATTEND_SIGNAL);
}

void px_signal_stop(int number)
{
	px_enter();
	if (number && px_me->signals.stopping && !px_me->stopped && !px_me->ender && !is_alone() &&
	    (number == SIGSTOP || !px_group_orphaned(px_me->group, NULL)))
		stop_all(number);
	stop_here();
	px_leave();
}

void px_signal_continue(struct px_process *p, int number)
{
	bool told = p->stopped && p->signals.stop_told;

	p->signals.stopping = 0;
	if (!p->stopped)
		return;
	p->stopped = 0;
	for (struct px_thread *t = p->threads; t; t = t->next)
		if (t->state == PX_STOPPED)
			px_ready(t);
	if (number == SIGCONT && told)
		tell(p, PX_NEWS_CONTINUED, CONTINUED);
}
