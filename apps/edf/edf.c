/* edf.c - earliest deadline first, over one slot of a slice vector.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "edf.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <stddef.h>

#define SLICE_NS 10000 /* the least: who runs is made to leave so soon after the scheduler woke */

static exo_ns_t earlier(exo_ns_t a, exo_ns_t b)
{
	return a < b ? a : b;
}

static void look(struct edf_task *t)
{
	uint32_t done = *t->done;

	if (done != t->seen)
		t->ready = false;
	t->seen = done;
}

/* A job that is not done when the next should begin is late, and takes that one's place. */
static void release(struct edf_task *t, exo_ns_t now)
{
	if (now < t->deadline)
		return;
	t->late += t->ready;
	t->deadline += t->period;
	t->left = (int64_t)t->budget + (t->left < 0 ? t->left : 0);
	t->jobs++;
	if (!t->ready)
		exo_notify(t->env, t->index, EDF_GO);
	t->ready = true;
}

static struct edf_task *first(const struct edf_place *p, struct edf_task *task, uint32_t n)
{
	struct edf_task *best = NULL;

	for (struct edf_task *t = task; t < task + n; t++)
		if (t->ready && t->left > 0 &&
		    (!best ||
		     (p->by_period ? t->period < best->period : t->deadline < best->deadline)))
			best = t;
	return best;
}

/* The slot was of `from`, and is of `to` from now on (NULL: nobody). */
static long hand_over(const struct edf_place *p, const struct edf_task *from,
		      const struct edf_task *to)
{
	long r = 0;

	if (from == to)
		return 0;
	if (from)
		r = exo_slice_bind(p->cap, p->cpu, p->slot, from->env, from->index, 0);
	if (!r && to)
		r = exo_slice_bind(p->cap, p->cpu, p->slot, to->env, to->index, SLICE_NS);
	return r;
}

/* Look at all tasks, in *until when to look again at the latest; who runs next? */
static struct edf_task *decide(const struct edf_place *p, struct edf_task *task, uint32_t n,
			       exo_ns_t now, exo_ns_t *until)
{
	struct edf_task *next;

	for (uint32_t i = 0; i < n; i++) {
		look(&task[i]);
		release(&task[i], now);
		*until = earlier(*until, task[i].deadline);
	}
	next = first(p, task, n);
	if (next)
		*until = earlier(*until, now + (uint64_t)next->left);
	return next;
}

long edf_run(const struct edf_place *p, struct edf_task *task, uint32_t n, exo_ns_t end)
{
	struct edf_task *runs = NULL, *next;
	exo_ns_t now = xo_now(), since = now, until;
	long r = exo_slice_bind(p->cap, p->cpu, p->own, EXO_SLOT_NONE, xo_self()->index, SLICE_NS);

	for (uint32_t i = 0; i < n; i++)
		task[i].deadline = now;
	for (; !r && now < end; since = now, now = xo_now()) {
		xo_events_take(xo_self(), EDF_DONE);
		if (runs) {
			runs->left -= (int64_t)(now - since);
			runs->cut += runs->left <= 0 && *runs->done == runs->seen;
		}
		until = end;
		next = decide(p, task, n, now, &until);
		r = hand_over(p, runs, next);
		runs = next;
		exo_sleep(EDF_DONE, until, EXO_SLOT_NONE, 0);
	}
	return r ? r : hand_over(p, runs, NULL);
}
