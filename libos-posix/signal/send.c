/* send.c - a signal becomes pending, and somebody is told.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <errno.h>
#include <fd/tty.h>
#include <process/limit.h>
#include <signal/signals.h>
#include <thread/local.h>

/* Not there in programs that have one thread and no timers. */
extern __typeof__(px_attend) px_attend PX_SIGNALS_IF_USED;

/* The first thread, which stands last. */
static struct px_thread *first_of(const struct px_process *p)
{
	struct px_thread *t = p->threads;

	while (t->next)
		t = t->next;
	return t;
}

/* Would it do nothing?  What is blocked can get a handler before it is taken. */
static bool is_ignored(const struct px_process *p, const struct px_thread *t, uint64_t bit)
{
	if (!(px_signals_ignored(p) & bit))
		return false;
	return !((t ? t : first_of(p))->masked & bit);
}

/* As on Linux: who waits for it, else the first thread if it does not block it, else any that does
 * not. */
static struct px_thread *choose(const struct px_process *p, uint64_t bit)
{
	struct px_thread *chosen = NULL;

	for (struct px_thread *t = p->threads; t; t = t->next) {
		if (t->state == PX_ENDED)
			continue;
		if (t->wanted & bit)
			return t;
		if (!(t->masked & bit))
			chosen = t;
	}
	return chosen;
}

static void tell(struct px_thread *t, uint64_t bit)
{
	if (t->wanted & bit)
		px_wake_thread(t);
	if (t->masked & bit)
		return;
	if (t == px_this())
		px_signals_look(t);
	else if (px_attend)
		px_attend(t, PX_ATTEND_SIGNAL);
}

/* It is in the set, and in the queue if more is known of it. */
static void put(struct px_process *p, struct px_thread *t, struct px_signal *entry, int number)
{
	struct px_pending *q = t ? &t->pending : &p->signals.pending;
	uint64_t bit = PX_SIG(number);

	q->set |= bit;
	if (entry) {
		entry->next = NULL;
		if (q->first)
			q->last->next = entry;
		else
			q->first = entry;
		q->last = entry;
	}
	if (!t)
		t = choose(p, bit);
	if (t)
		tell(t, bit);
	px_tell(&p->signals.news);
}

void px_signals_retell(struct px_process *p, uint64_t set)
{
	for (; set; set &= set - 1) {
		uint64_t bit = set & -set;
		struct px_thread *t = choose(p, bit);

		if (t)
			tell(t, bit);
	}
}

void px_signals_drop(struct px_process *p, uint64_t set)
{
	px_pending_drop(p, &p->signals.pending, set);
	for (struct px_thread *t = p->threads; t; t = t->next)
		px_pending_drop(p, &t->pending, set);
}

/* Signals that stop and the one that continues cancel each other, whatever becomes of them. */
static bool prepare(struct px_process *p, const struct px_thread *t, int number)
{
	uint64_t bit = PX_SIG(number);

	if (bit & PX_SIG_STOPS)
		px_signals_drop(p, PX_SIG(SIGCONT));
	else if (number == SIGCONT)
		px_signals_drop(p, PX_SIG_STOPS);
	if (number == SIGCONT || number == SIGKILL)
		px_signal_continue(p, number);
	return !is_ignored(p, t, bit);
}

/* How many p may have: its limit is one for what programs queue. */
static uint64_t most_of(const struct px_process *p, const struct px_siginfo *info)
{
	bool queued = PX_SIG(info->number) & PX_SIG_QUEUED || info->code < 0;
	uint64_t most = PX_SIGNALS_MAX;

	if (queued && p->limits && p->limits->soft[RLIMIT_SIGPENDING] < most)
		most = p->limits->soft[RLIMIT_SIGPENDING];
	return most;
}

static struct px_signal *entry_for(struct px_process *p, struct px_thread *t,
				   const struct px_siginfo *info)
{
	struct px_signal *entry = t && !t->signal.in_use ? &t->signal : NULL;

	if (entry) {
		entry->in_use = 1;
		return entry;
	}
	if (p->signals.count < most_of(p, info))
		entry = px_alloc(sizeof(*entry));
	if (entry)
		p->signals.count++;
	return entry;
}

int px_signal_send(struct px_process *p, struct px_thread *t, const struct px_siginfo *info)
{
	const struct px_pending *q = t ? &t->pending : &p->signals.pending;
	uint64_t bit = PX_SIG(info->number);
	struct px_signal *entry;

	if (p->state != PX_ALIVE || !prepare(p, t, info->number) ||
	    (q->set & bit && !(bit & PX_SIG_QUEUED)))
		return 0;
	entry = entry_for(p, t, info);
	if (entry)
		entry->info = *info;
	else if (bit & PX_SIG_QUEUED && info->code != SI_USER)
		return -EAGAIN;
	put(p, t, entry, info->number);
	return 0;
}

bool px_signal_post(struct px_process *p, struct px_thread *t, struct px_signal *entry)
{
	if (p->state != PX_ALIVE || !prepare(p, t, entry->info.number))
		return false;
	entry->in_use = 1;
	put(p, t, entry, entry->info.number);
	return true;
}

void px_group_signal(pid_t group, int number)
{
	struct px_siginfo info = px_siginfo_make(number, SI_KERNEL, 0);

	for (struct px_process *p = px_arena->process; p; p = p->next)
		if (p->group == (uint32_t)group)
			px_signal_send(p, NULL, &info);
}

void px_signal_typed(int number)
{
	px_group_signal(PX_FIRST_PROCESS, number);
}
