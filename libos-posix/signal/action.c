/* action.c - what a process does at its signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/signals.h>
#include <time/alarm.h>

struct sigaction px_action[NSIG];

/* Inside: let senders know. */
static void publish(int n, const struct sigaction *a)
{
	struct px_signals *s = &px_me->signals;
	uint64_t bit = PX_SIG(n);

	s->ignored &= ~bit;
	s->caught &= ~bit;
	if (a->sa_handler == SIG_IGN)
		s->ignored |= bit;
	else if (a->sa_handler != SIG_DFL)
		s->caught |= bit;
	if (n == SIGCHLD) {
		s->no_zombies = a->sa_handler == SIG_IGN || a->sa_flags & SA_NOCLDWAIT;
		s->no_stops = (a->sa_flags & SA_NOCLDSTOP) != 0;
	}
}

/* A handler can close what the interrupted call works with. */
static void set(int n, const struct sigaction *new)
{
	px_action[n] = *new;
	px_action[n].sa_mask &= ~PX_SIG_UNBLOCKABLE;
	publish(n, new);
	if (px_me->signals.caught)
		px_files_counted = true;
	if (px_signals_ignored(px_me) & PX_SIG(n))
		px_signals_drop(px_me, PX_SIG(n));
}

int sigaction(int n, const struct sigaction *new, struct sigaction *old)
{
	struct sigaction before, after;

	if (!px_signal_mentionable(n) || (new &&PX_SIG(n) & PX_SIG_UNBLOCKABLE))
		return (int)px_result(-EINVAL);
	if (new)
		after = *new;
	px_enter();
	before = px_action[n];
	if (new)
		set(n, &after);
	px_leave();
	if (old)
		*old = before;
	return 0;
}

/* Those that siginterrupt() said shall end calls. */
static uint64_t interrupts;

_sig_func_ptr signal(int n, _sig_func_ptr handler)
{
	struct sigaction new = {.sa_flags = SA_RESTART}, old;

	if (!px_signal_valid(n) || handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	new.sa_handler = handler;
	new.sa_mask = PX_SIG(n);
	if (interrupts & PX_SIG(n))
		new.sa_flags = 0;
	return sigaction(n, &new, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int siginterrupt(int n, int on)
{
	struct sigaction a;

	if (sigaction(n, NULL, &a) < 0)
		return -1;
	interrupts = on ? interrupts | PX_SIG(n) : interrupts & ~PX_SIG(n);
	a.sa_flags = on ? a.sa_flags & ~SA_RESTART : a.sa_flags | SA_RESTART;
	return sigaction(n, &a, NULL);
}

void px_signals_fork(struct px_process *child)
{
	child->signals.ignored = px_me->signals.ignored;
	child->signals.caught = px_me->signals.caught;
	child->signals.no_zombies = px_me->signals.no_zombies;
	child->signals.no_stops = px_me->signals.no_stops;
}

void px_signals_exec(struct px_process *p)
{
	struct px_signals *s = &p->signals;

	if (px_alarms_end)
		px_alarms_end(p, true);
	s->caught = 0;
	s->no_stops = 0;
	s->no_zombies = (s->ignored & PX_SIG(SIGCHLD)) != 0;
	s->notifier = NULL;
}

void px_signals_begin(void)
{
	px_enter();
	for (int n = 1; n < NSIG; n++)
		if (px_me->signals.ignored & PX_SIG(n))
			px_action[n].sa_handler = SIG_IGN;
	px_signals_look(px_this());
	px_leave();
}
