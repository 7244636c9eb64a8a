/* limit.c - limits of a process: set, and looked after.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <limits.h>
#include <process/limit.h>
#include <process/process.h>
#include <signal/signals.h>
#include <string.h>
#include <sys/resource.h>
#include <thread/local.h>
#include <time/alarm.h>
#include <unistd.h>
#include <vm/vm.h>

#define SECOND     1000000000ull /* ns */
#define STACK_MOST (1ull << 30)  /* for "unlimited" too */

/* Numbers of its timers, beside those of setitimer() (time/itimer.c). */
enum { SOFT_TIMER = -11, HARD_TIMER = -12 };

static struct px_limits *limits_of(struct px_process *p)
{

	if (p->limits)
		return p->limits;
	p->limits = px_alloc(sizeof(*p->limits));
	for (int i = 0; p->limits && i < RLIM_NLIMITS; i++) {
		struct rlimit l = px_limit_default(i);

		p->limits->soft[i] = l.rlim_cur;
		p->limits->hard[i] = l.rlim_max;
	}
	return p->limits;
}

static struct px_alarm *timer_of(const struct px_process *p, int id)
{
	struct px_alarm *a = p->signals.alarms;

	while (a && a->id != id)
		a = a->next;
	return a;
}

/* After so many seconds of running the signal comes, and then each second.  False: no memory. */
static bool set_timer(struct px_process *p, int id, uint64_t seconds, int signal)
{
	struct px_alarm *a = timer_of(p, id);

	if (!a && seconds == RLIM_INFINITY)
		return true;
	if (!a)
		a = px_alarm_new(p, id, CLOCK_PROCESS_CPUTIME_ID);
	if (!a)
		return false;
	a->notify = SIGEV_SIGNAL;
	a->merges = 1;
	a->signal.info = (struct px_siginfo){.number = signal, .code = SI_KERNEL};
	if (seconds >= INT64_MAX / SECOND)
		px_alarm_set(a, 0, 0);
	else
		px_alarm_set(a, (seconds ? seconds : 1) * SECOND, SECOND);
	return true;
}

static bool set_timers(struct px_process *p)
{
	const struct px_limits *l = p->limits;
	uint64_t hard = l->hard[RLIMIT_CPU], soft = l->soft[RLIMIT_CPU];

	return set_timer(p, HARD_TIMER, hard, SIGKILL) &&
	       set_timer(p, SOFT_TIMER, soft < hard ? soft : RLIM_INFINITY, SIGXCPU);
}

bool px_limits_fork(struct px_process *child)
{
	child->limits = px_alloc(sizeof(*child->limits));
	if (!child->limits)
		return false;
	*child->limits = *px_me->limits;
	return set_timers(child);
}

/* The timers, too.  False: no memory, and it is as before. */
static bool put(struct px_process *p, int which, const struct rlimit *new)
{
	struct px_limits *l = p->limits, before = *l;

	l->soft[which] = new->rlim_cur;
	l->hard[which] = new->rlim_max;
	if (which != RLIMIT_CPU || p->state != PX_ALIVE) /* its record may go at any time */
		return true;
	if (set_timers(p))
		return true;
	*l = before;
	set_timers(p);
	return false;
}

static int set(struct px_process *p, int which, const struct rlimit *new)
{
	const struct px_limits *l = limits_of(p);

	if (!l)
		return -ENOMEM;
	if (new->rlim_max > l->hard[which] && px_me->user.effective)
		return -EPERM;
	return put(p, which, new) ? 0 : -ENOMEM;
}

static int change(struct px_process *p, int which, const struct rlimit *new, struct rlimit *old)
{
	const struct px_limits *l = p->limits;

	if (l)
		*old = (struct rlimit){l->soft[which], l->hard[which]};
	else
		*old = px_limit_default(which);
	return new ? set(p, which, new) : 0;
}

int prlimit(pid_t pid, int which, const struct rlimit *user, struct rlimit *old)
{
	struct rlimit before, new = {0};
	struct px_process *p;
	int r = -ESRCH;

	if (user)
		new = *user;
	if (which < 0 || which >= RLIM_NLIMITS || new.rlim_cur > new.rlim_max)
		return (int)px_result(-EINVAL);
	if (which == RLIMIT_NOFILE && new.rlim_max > OPEN_MAX)
		return (int)px_result(-EPERM);
	if (which == RLIMIT_CPU && user && px_sched_start() < 0)
		return (int)px_result(-ENOMEM);
	px_enter();
	p = pid ? px_arena->process : px_me;
	while (p && pid && p->number != (uint32_t)pid)
		p = p->next;
	if (p)
		r = change(p, which, user ? &new : NULL, &before);
	px_leave();
	if (!r && old)
		*old = before;
	return (int)px_result(r);
}

int setrlimit(int which, const struct rlimit *l)
{
	return prlimit(0, which, l, NULL);
}

ssize_t px_limit_file(int64_t at, size_t n)
{
	struct px_siginfo info = px_siginfo_make(SIGXFSZ, SI_KERNEL, 0);
	uint64_t most = px_me->limits->soft[RLIMIT_FSIZE];

	if ((uint64_t)at > most || (n && (uint64_t)at == most)) {
		px_signal_send(px_me, px_this(), &info);
		return -EFBIG;
	}
	return (ssize_t)(n > most - (uint64_t)at ? most - (uint64_t)at : n);
}

uint64_t px_limit_stack(uint64_t least)
{
	uint64_t bytes = px_me->limits->soft[RLIMIT_STACK];

	return bytes < least ? least : bytes > STACK_MOST ? STACK_MOST : px_round_up(bytes);
}

/* Stacks of other threads are called otherwise, and have the length they were made with. */
bool px_limit_deep(const struct px_region *r, exo_va_t va)
{
	return r->flags & PX_R_STACK && strcmp(r->name, "stack") == 0 &&
	       r->end - va > px_me->limits->soft[RLIMIT_STACK];
}

/* As on Linux it is the user that has so many, and root may have any number. */
int px_limit_threads(void)
{
	uint64_t n = 0;

	if (!px_me->user.real)
		return 0;
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		if (p->user.real == px_me->user.real && !p->husk)
			n += p->thread_count ? p->thread_count : 1;
	return n < px_me->limits->soft[RLIMIT_NPROC] ? 0 : -EAGAIN;
}

/* What it writes and nobody else sees, but for stacks. */
static bool is_data(const struct px_region *r)
{
	return !(r->flags & (PX_R_SHARED | PX_R_STACK)) && r->prot & EXO_PROT_WRITE;
}

/* Bytes of the program's that are mapped outside [start, end): all, or data. */
static uint64_t mapped(exo_va_t start, exo_va_t end, bool data)
{
	uint64_t bytes = 0;
	exo_va_t at = 0;

	for (const struct px_region *r; (r = px_tree_find(&px_regions, at)); at = r->end) {
		exo_va_t from = r->start > start ? r->start : start,
			 to = r->end < end ? r->end : end;

		if (r->flags & PX_R_OWN || (data && !is_data(r)))
			continue;
		bytes += r->end - r->start - (from < to ? to - from : 0);
	}
	return bytes;
}

static bool fits(int which, uint64_t used, uint64_t more)
{
	uint64_t most = px_me->limits->soft[which];

	return used <= most && more <= most - used;
}

bool px_limit_map(const struct px_region *r)
{
	uint64_t bytes = r->end - r->start;

	return fits(RLIMIT_AS, mapped(r->start, r->end, false), bytes) &&
	       (!is_data(r) || fits(RLIMIT_DATA, mapped(r->start, r->end, true), bytes));
}

bool px_limit_grow(const struct px_region *r, uint64_t bytes)
{
	return fits(RLIMIT_AS, mapped(0, 0, false), bytes) &&
	       (!is_data(r) || fits(RLIMIT_DATA, mapped(0, 0, true), bytes));
}

bool px_limit_write(const struct px_region *r)
{
	return r->flags & (PX_R_SHARED | PX_R_STACK) || is_data(r) ||
	       fits(RLIMIT_DATA, mapped(0, 0, true), r->end - r->start);
}
