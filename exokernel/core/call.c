/* call.c - control transfer: calls and replies between environments.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What is said goes from registers to registers: those of who waits lie in its
 * own newest frame, so nothing of a message is kept in the kernel.
 */
#include <core/call.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/frame.h>
#include <core/slice.h>
#include <core/turn.h>
#include <exo/error.h>
#include <exo/message.h>
#include <x86_64/apic.h>

void act_wake(struct act *act, long result)
{
	if (act->state >= ACT_CALLING) {
		const struct act *last = act_runner(act->callee);

		/* it may run in a slice of another CPU than that to which `act` is bound now */
		if (last->state == ACT_RUNNING)
			slice_poke(last->cpu);
		act->callee->caller = NULL;
	}
	act->state = ACT_READY;
	act->deadline = 0;
	act->argument = (uint64_t)result;
}

void call_cut(struct env *env)
{
	for (int i = 0; i < EXO_CPU_MAX; i++) {
		struct act *act = &env->act[i];

		if (act->state >= ACT_CALLING) {
			slice_wake(act); /* whom it called runs there */
			act_wake(act, -EXO_E_STALE);
		}
		if ((act = act->caller)) {
			act_wake(act, act->state == ACT_LENDING ? EXO_SLEPT_GUEST : -EXO_E_STALE);
			slice_wake(act);
		}
	}
}

/* Put a message where the registers of `to`, which waits, will come from; it may have
 * made that unusable, which harms only itself. */
static void deliver(struct act *to, uint64_t badge, uint64_t w0, uint64_t w1, uint64_t w2,
		    long result)
{
	struct exo_activation *a = act_page(to);
	uint32_t depth = *(const volatile uint32_t *)&a->depth;

	if (depth && depth <= EXO_FRAME_DEPTH) {
		struct exo_frame *f = &a->frame[depth - 1];

		f->rdi = badge;
		f->rsi = w0;
		f->rdx = w1;
		f->r10 = w2;
	}
	to->argument = (uint64_t)result;
	to->state = ACT_READY;
}

/* The capability that goes along, if any: 0, 1 or an error. */
static long pass(struct env *self, uint64_t how, struct act *to)
{
	exo_cap_t slot = EXO_CALL_PASS(how);
	long r;

	if (!slot)
		return 0;
	r = to->receive ? cap_pass(self, slot, act_env(to), to->receive) : -EXO_E_CAP;
	return r ? r : 1;
}

long sys_call(struct env *self, exo_cap_t slot, uint64_t how, exo_ns_t deadline, uint64_t w0,
	      uint64_t w1, uint64_t w2)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act, *to;
	struct env *env;
	uint64_t badge;
	long r = cap_callee(self, slot, &env, &badge);

	if (r)
		return r;
	if (EXO_CALL_INDEX(how) >= EXO_CPU_MAX)
		return -EXO_E_INVAL;
	to = &env->act[EXO_CALL_INDEX(how)];
	if (env->stopped || self->stopped || to->state == ACT_NONE ||
	    (to->bound && to->cpu != cpu->number))
		return -EXO_E_STATE;
	if (to->state != ACT_SERVING)
		return -EXO_E_BUSY;
	if (callers_of(act) >= EXO_CALL_DEPTH || !slice_can_leave(act))
		return -EXO_E_LIMIT;
	if ((r = pass(self, how, to)) < 0)
		return r;
	slice_put_down(ACT_CALLING);
	act->receive = EXO_CALL_RECEIVE(how);
	act->deadline = deadline;
	if (deadline)
		apic_timer(deadline);
	act->callee = to;
	to->caller = act;
	deliver(to, badge, w0, w1, w2, r);
	slice_switch(to);
}

long sys_reply(struct env *self, uint64_t how, uint64_t w0, uint64_t w1, uint64_t w2)
{
	struct act *act = this_cpu()->act, *to = act->caller;
	long r = 0;

	if (!slice_can_leave(act))
		return -EXO_E_LIMIT;
	if (to && to->state == ACT_LENDING) {
		act_wake(to, EXO_SLEPT_GUEST);
		slice_wake(to);
		to = NULL;
	}
	if (to && (r = pass(self, how, to)) < 0)
		return r;
	slice_put_down(ACT_SERVING);
	act->receive = EXO_CALL_RECEIVE(how);
	act->caller = NULL;
	if (!to)
		slice_run();
	to->deadline = 0;
	deliver(to, 0, w0, w1, w2, r);
	slice_switch(to);
}
