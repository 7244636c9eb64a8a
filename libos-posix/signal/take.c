/* take.c - what is pending and not blocked is taken; masks.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <signal/signals.h>
#include <thread/local.h>
#include <time/alarm.h>

static void give_back(struct px_process *p, struct px_signal *entry)
{
	if (entry->in_use) {
		entry->in_use = 0;
		return;
	}
	p->signals.count--;
	px_free(entry);
}

/* The first entry of a number is taken out of the queue. */
static struct px_signal *unlink_first(struct px_pending *q, int number)
{
	struct px_signal *before = NULL, *entry = q->first;

	while (entry && entry->info.number != number) {
		before = entry;
		entry = entry->next;
	}
	if (!entry)
		return NULL;
	if (before)
		before->next = entry->next;
	else
		q->first = entry->next;
	if (q->last == entry)
		q->last = before;
	return entry;
}

static bool has_entry(const struct px_pending *q, int number)
{
	for (const struct px_signal *s = q->first; s; s = s->next)
		if (s->info.number == number)
			return true;
	return false;
}

static void take_from(struct px_process *p, struct px_pending *q, int number,
		      struct px_siginfo *info)
{
	struct px_signal *entry = unlink_first(q, number);
	struct px_alarm *alarm;

	if (!entry || !q->first || !has_entry(q, number))
		q->set &= ~PX_SIG(number);
	if (!entry) {
		*info = (struct px_siginfo){.number = number};
		return;
	}
	alarm = entry->alarm;
	*info = entry->info;
	give_back(p, entry);
	if (alarm)
		px_alarm_taken(alarm, info);
}

static int lowest(uint64_t set)
{
	return __builtin_ctzl(set) + 1;
}

int px_signal_take(struct px_thread *t, uint64_t set, struct px_siginfo *info)
{
	struct px_process *p = t->process;
	uint64_t own = t->pending.set & set;

	if (own) {
		int number = lowest(own & PX_SIG_FAULTS ? own & PX_SIG_FAULTS : own);

		take_from(p, &t->pending, number, info);
		return number;
	}
	set &= p->signals.pending.set;
	if (!set)
		return 0;
	take_from(p, &p->signals.pending, lowest(set), info);
	return info->number;
}

void px_pending_drop(struct px_process *p, struct px_pending *q, uint64_t set)
{
	struct px_siginfo info;

	set &= q->set;
	while (q->set & set)
		take_from(p, q, lowest(q->set & set), &info);
}

void px_signals_thread_end(struct px_thread *t)
{
	t->masked = ~0ul;
	px_pending_drop(t->process, &t->pending, ~0ul);
	px_signals_retell(t->process, t->process->signals.pending.set);
	if (px_signal_last)
		px_signal_last();
}

void px_signals_process_end(struct px_process *p)
{
	if (px_alarms_end)
		px_alarms_end(p, false);
	px_signals_drop(p, ~0ul);
	if (px_news_end)
		px_news_end(&p->signals.news);
}
