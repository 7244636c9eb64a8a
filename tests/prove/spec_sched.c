/* spec_sched.c - the model: calls that leave the CPU, and reasons for what happens to who left it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Which of several that could run is run is the kernel's affair.  That each returns from its call
 * with what the contract says, and not without a reason, is not.
 */
#include "spec.h"

#include "sched.h"

#include <core/env.h>

static const struct w_act *act_of(const struct world *w, uint8_t h, uint8_t i)
{
	return h == NOBODY ? NULL : &w->env[h].act[i];
}

/* The activation that makes the call. */
static const struct w_act *caller(const struct ask *k)
{
	return act_of(k->w, k->self, k->w->cpu[k->cpu].index);
}

static int above(const struct world *w, const struct w_act *act)
{
	int n = 0;

	for (; act->caller != NOBODY; n++)
		act = act_of(w, act->caller, act->caller_index);
	return n;
}

const char *spec_sleep(struct ask *k)
{
	uint8_t h = env_ask(k, k->a[2], EXO_RIGHT_YIELD);
	const struct w_act *me = caller(k), *guest;
	uint32_t index = (uint32_t)k->a[3];
	const char *wrong;
	int depth;

	WRONG(k, index >= EXO_CPU_MAX, INVAL);
	if (!k->errors && me->event & k->a[0])
		return k->r == EXO_SLEPT_EVENT ? NULL : "a bit was set already";
	if (!k->errors && k->a[2]) {
		guest = &k->w->env[h].act[index < W_ACTS ? index : 0];
		depth = above(k->w, me) + 1;
		WRONG(k, index >= W_ACTS || guest->bound || guest->caller != NOBODY, STATE);
		for (; guest->state >= ACT_CALLING;
		     depth++, h = guest->callee,
			      guest = act_of(k->w, guest->callee, guest->callee_index))
			;
		WRONG(k, guest->state != ACT_READY && guest->state != ACT_NEW, STATE);
		WRONG(k, depth > EXO_CALL_DEPTH || k->w->env[h].stopped, STATE);
		WRONG(k, k->w->env[k->self].stopped, STATE);
		k->may |= 1u << EXO_E_STATE; /* its vector registers may still be in another CPU */
	}
	if (failed(k, &wrong))
		return wrong;
	return k->r == SCHED_AWAY || k->r >= 0 ? NULL : "it should sleep";
}

const char *spec_yield(struct ask *k)
{
	const char *wrong;

	env_ask(k, k->a[0], EXO_RIGHT_YIELD);
	WRONG(k, (uint32_t)k->a[1] >= EXO_CPU_MAX, INVAL);
	if (failed(k, &wrong))
		return wrong;
	return k->r == SCHED_AWAY || k->r == 0 ? NULL : "it should have returned 0";
}

const char *spec_alarm(struct ask *k)
{
	return k->r ? "it should have returned 0" : NULL;
}

/* A capability goes along, into the slot that the other side named. */
static void pass(struct ask *k, uint64_t slot, uint8_t to, uint16_t receive)
{
	struct w_cap *from = cap_at(k->w, k->self, slot), *c;

	if (!slot || to == NOBODY)
		return;
	c = cap_at(k->w, to, receive);
	WRONG(k, !from || !cap_usable(k->w, from) || !(from->rights & EXO_RIGHT_DERIVE), CAP);
	WRONG(k, !receive, CAP);
	WRONG(k, !c, INVAL);
	WRONG(k, c && c->kind, EXIST);
	WRONG(k, from && from->depth == EXO_CAP_DEPTH, LIMIT);
	if (!k->errors)
		cap_put(c, from, k->self, (uint8_t)slot_place((uint32_t)slot), from->first,
			from->count, from->rights);
}

const char *spec_transfer(struct ask *k)
{
	const struct w_cap *c = cap_at(k->w, k->self, k->a[0]);
	uint8_t h = k->a[0] ? env_ask(k, k->a[0], EXO_RIGHT_CALL) : NOBODY;
	uint32_t index = (uint8_t)k->a[1];
	const struct w_act *to = h == NOBODY || index >= W_ACTS ? NULL : &k->w->env[h].act[index];
	const char *wrong;

	WRONG(k, !c, CAP);
	WRONG(k, index >= EXO_CPU_MAX, INVAL);
	WRONG(k, h != NOBODY && (!to || !to->state || k->w->env[h].stopped), STATE);
	WRONG(k, to && to->bound && to->cpu != k->cpu, STATE);
	WRONG(k, k->w->env[k->self].stopped, STATE); /* it has not noticed yet */
	WRONG(k, to && to->state != ACT_SERVING, BUSY);
	WRONG(k, above(k->w, caller(k)) >= EXO_CALL_DEPTH, LIMIT);
	if (to)
		pass(k, k->a[2], h, to->receive);
	if (failed(k, &wrong))
		return wrong;
	k->badge = c->count;
	return k->r == SCHED_AWAY ? NULL : "it should wait for the reply";
}

const char *spec_reply(struct ask *k)
{
	const struct w_act *me = caller(k), *to = act_of(k->w, me->caller, me->caller_index);
	const char *wrong;

	if (to && to->state == ACT_CALLING)
		pass(k, k->a[0], me->caller, to->receive);
	if (failed(k, &wrong))
		return wrong;
	return k->r == SCHED_AWAY ? NULL : "it should wait to be called";
}

static bool over(const struct w_act *act)
{
	return act->deadline && act->deadline - 1 <= sched_last.passed;
}

/* What it may return from what it waits in, as bits; 0: it must go on waiting. */
enum { EVENT = 1, TIME = 2, GUEST = 4, STALE = 8, ANSWER = 16 };

static int reasons(const struct ask *k, const struct op *op, const struct w_act *act, uint8_t h,
		   uint8_t i)
{
	const struct w_act *other = act_of(k->seen, act->callee, act->callee_index);
	const struct w_act *me = k->self == NOBODY ? NULL : caller(k);
	bool mine = me && me == act_of(k->w, act->callee, act->callee_index);
	bool gone = act->callee != NOBODY &&
		    (!k->seen->env[act->callee].live || k->seen->env[act->callee].stopped);
	uint16_t event = k->seen->env[h].act[i].event | sched_event(h, i);
	int n = over(act) ? TIME : 0;

	if (act->state == ACT_SERVING)
		return op->call == EXO_SYS_call && k->a[0] && (uint8_t)k->a[1] == i ? ANSWER : 0;
	if (act->state != ACT_CALLING && event & act->mask)
		n |= EVENT;
	if (act->state >= ACT_CALLING && (gone || k->seen->env[h].stopped))
		n |= act->state == ACT_CALLING || k->seen->env[h].stopped ? STALE : GUEST;
	if (act->state == ACT_LENDING && (mine || other->state == ACT_ASLEEP ||
					  other->state == ACT_SERVING || other->caller != h))
		n |= GUEST;
	if (act->state == ACT_CALLING && mine && op->call == EXO_SYS_reply)
		n |= ANSWER;
	return n;
}

static bool is_result(int reasons, const struct w_act *act, long r)
{
	return (reasons & EVENT && r == EXO_SLEPT_EVENT) ||
	       (reasons & TIME &&
		r == (act->state == ACT_CALLING ? -EXO_E_TIME : EXO_SLEPT_TIME)) ||
	       (reasons & GUEST && r == EXO_SLEPT_GUEST) ||
	       (reasons & STALE && r == -EXO_E_STALE) || (reasons & ANSWER && (r == 0 || r == 1));
}

/* One that waited does so no more, or runs now. */
static const char *went_on(const struct ask *k, const struct op *op, uint8_t h, uint8_t i)
{
	const struct w_act *was = &k->w->env[h].act[i], *is = &k->seen->env[h].act[i];
	bool entered = sched_last.home == h && sched_last.index == i;
	long r = is->state == ACT_RUNNING ? sched_last.rax : is->argument;
	bool message = op->call == EXO_SYS_call || op->call == EXO_SYS_reply;
	int why;

	if (is->state == ACT_RUNNING && !entered)
		return "runs and was not entered";
	if (is->state == ACT_RUNNING && was->state == ACT_NEW)
		return sched_last.begun && (int32_t)sched_last.start == was->argument
			       ? NULL
			       : "did not begin with START";
	if (was->state == ACT_READY)
		return (was->resume & 15) == RESUME_CALL && r != was->argument
			       ? "returned something else from its call"
			       : NULL;
	why = reasons(k, op, was, h, i);
	if (!why)
		return "went on without a reason";
	if (!is_result(why, was, r))
		return say("goes on with %ld, which is no reason (of %x)", r, why);
	if (was->state != ACT_SERVING && is->deadline)
		return "still waits for a time";
	if (entered && why == ANSWER && message &&
	    (sched_last.message[0] != (op->call == EXO_SYS_call ? k->badge : 0) ||
	     sched_last.message[1] != SCHED_WORD + (op->call == EXO_SYS_reply)))
		return "got another message";
	return NULL;
}

/* Where the activation that made the call is now. */
static const char *left(const struct ask *k, const struct op *op, const struct w_act *is)
{
	uint8_t want = op->call == EXO_SYS_sleep   ? (k->a[2] ? ACT_LENDING : ACT_ASLEEP)
		       : op->call == EXO_SYS_call  ? ACT_CALLING
		       : op->call == EXO_SYS_reply ? ACT_SERVING
						   : ACT_READY;

	if (k->r != SCHED_AWAY || is->state == want || k->seen->env[k->self].stopped)
		return NULL;
	/* whom it lent to, or called, may have been stopped or done at once */
	return is->state == ACT_READY && want >= ACT_CALLING ? NULL
							     : "is not where its call leaves it";
}

static const char *happened(const struct ask *k, const struct op *op, uint8_t h, uint8_t i)
{
	const struct w_act *was = &k->w->env[h].act[i], *is = &k->seen->env[h].act[i];
	bool mine = k->self == h && k->w->cpu[k->cpu].index == i;
	bool waited =
		was->state == ACT_ASLEEP || was->state >= ACT_CALLING || was->state == ACT_SERVING;

	if (mine && op->call != OP_TICK && op->call != OP_WAKE)
		return left(k, op, is);
	if (was->state == ACT_RUNNING)
		return is->state == ACT_RUNNING || (mine && is->state == ACT_READY)
			       ? NULL
			       : "stopped running without a reason";
	if (is->state == ACT_LENDING && op->call == EXO_SYS_yield && k->r >= 0 &&
	    k->self == is->callee && k->w->cpu[k->cpu].index == is->callee_index)
		return "lends on to one that has had enough";
	if (is->state == was->state)
		return was->state == ACT_LENDING && is->callee != was->callee && !k->may_hand_over
			       ? "lends to another"
			       : NULL;
	if (waited || is->state == ACT_RUNNING)
		return is->state == ACT_READY || is->state == ACT_RUNNING
			       ? went_on(k, op, h, i)
			       : "waits for something else now";
	return "changed without a reason";
}

const char *spec_happened(struct ask *k, const struct op *op, const struct world *before)
{
	struct world *after = k->w;
	const char *wrong = NULL;

	k->may_hand_over = op->call == EXO_SYS_yield;
	k->w = (struct world *)before; /* only read from here on */
	for (uint8_t h = 0; h < shape.homes; h++)
		for (uint8_t i = 0; before->env[h].live && i < W_ACTS; i++) {
			if (!before->env[h].act[i].state || !k->seen->env[h].act[i].state)
				continue;
			if ((wrong = happened(k, op, h, i)))
				return say("activation %u of environment %u %s", i, h, wrong);
		}
	if (sched_last.home != NOBODY &&
	    sched_last.vector != sched_tag(before, sched_last.home, sched_last.index))
		return "an activation was entered with another's vector registers";
	k->w = after;
	sched_adopt(after, k->seen);
	return NULL;
}
