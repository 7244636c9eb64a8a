/* slice.c - the slice vectors: turns, sleep, yield, notify.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * turn.h says who is next and what it pays; here it gets the CPU and leaves it.
 */
#include <core/call.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/clock.h>
#include <core/lock.h>
#include <core/slice.h>
#include <core/turn.h>
#include <core/upcall.h>
#include <exo/error.h>
#include <x86_64/apic.h>
#include <x86_64/mmu.h>
#include <x86_64/vector.h>

#define GRACE_NS 50000 /* from the announced end of a slice to its end by force */
#define NS_MIN   10000
#define NS_MAX   1000000000

/* The EVENT upcall on top of what t is about to do, if it is due and wanted. */
static bool deliver_event(struct act *act, struct trap *t)
{
	struct exo_activation *a = act_page(act);

	if (!act->event_due)
		return true;
	act->event_due = false;
	if (!(a->want & EXO_WANT_EVENT))
		return true;
	if (upcall_held(act)) {
		a->pending |= EXO_WANT_EVENT;
		return true;
	}
	t->code = 0;
	return upcall_deliver(act, t, EXO_UP_EVENT, 0);
}

/* How an activation goes on, if not from a call in which nothing happened. */
static __attribute__((noinline)) bool begin(struct act *act, struct trap *t)
{
	struct exo_activation *a = act_page(act);
	uint64_t kind = 0;
	bool ok;

	if (act->state == ACT_NEW) {
		ok = upcall_start(act, t);
	} else {
		if (act->resume == RESUME_BEGIN && a->want & EXO_WANT_SLICE_BEGIN) {
			if (upcall_held(act))
				a->pending |= EXO_WANT_SLICE_BEGIN;
			else
				kind = EXO_UP_SLICE_BEGIN;
		}
		ok = upcall_resume(act, t, kind);
		if (act->resume == RESUME_CALL)
			t->rax = act->argument;
	}
	return ok && deliver_event(act, t);
}

/* Make an activation the running one; false if it cannot be entered: then it is stopped. */
static inline __attribute__((always_inline)) bool enter(struct cpu *cpu, struct act *act)
{
	struct env *env = act_env(act);
	const struct act *left = cpu->vector;

	mmu_load(env);
	vector_switch(act);
	if (left && left != act && !left->bound && left->state == ACT_READY)
		slice_wake(left); /* who waits for it may have slices elsewhere */
	cpu->info->switches++;
	cpu->from = act->resume == RESUME_CALL && !act->event_due ? upcall_return(act) : NULL;
	if (!cpu->from && !begin(act, (struct trap *)cpu->stack - 1)) {
		env_stop(env, EXO_STOP_UPCALL, 255);
		return false;
	}
	act->state = ACT_RUNNING;
	act->cpu = (uint16_t)cpu->number;
	cpu->env = env;
	cpu->act = act;
	return true;
}

/* Out of the kernel, to the one that was entered. */
static inline __attribute__((noreturn)) void out(struct cpu *cpu)
{
	unlock();
	if (cpu->from)
		call_return(cpu->from, (long)cpu->act->argument);
	trap_return((struct trap *)cpu->stack - 1);
}

/* The label is for trap.c: it is here once. */
static __attribute__((noinline, noclone)) void idle(struct cpu *cpu, uint64_t deadline)
{
	uint64_t start = clock_ns(), end;

	cpu->info->since = start;
	apic_timer(deadline);
	unlock();
	__asm__ volatile("sti\n.globl idle_halt\nidle_halt: hlt\ncli");
	lock();
	end = clock_ns();
	cpu->info->idle_ns += end - start;
	cpu->info->since = end;
}

/* The rest of slice_run (entry.S), on an empty stack. */
void slice_loop(void)
{
	struct cpu *cpu = this_cpu();
	bool waiting;

	turn_charge(cpu, clock_ns());
	for (;;) {
		struct act *left = cpu->vector;

		cpu->env = NULL;
		cpu->act = NULL;
		cpu->info->serving = 0;
		vector_settle();
		if (left && !cpu->vector)
			slice_wake(left); /* others may run it now */
		if (cpu->loaded && cpu->loaded->stopped)
			mmu_load(NULL);
		if (!cpu->looked && !turn_look(cpu, clock_ns())) {
			idle(cpu, cpu->next);
			continue;
		}
		cpu->looked = false;
		cpu->turn = turn_pick(cpu) - cpu->slice;
		waiting = turn_serve(cpu, cpu->turn);
		cpu->info->since = clock_ns();
		cpu->until = cpu->info->since + (uint32_t)cpu->slice[cpu->turn].credit;
		cpu->info->serving = cpu->turn + 1;
		if (enter(cpu, runner(&cpu->slice[cpu->turn]))) {
			cpu->grace = cpu->due = false;
			turn_set(cpu, cpu->info->since, waiting);
			out(cpu);
		}
		unlock(); /* it cannot be entered: interrupts do not wait for all such */
		__asm__ volatile("sti; nop; cli");
		lock();
	}
}

static __attribute__((noreturn)) void fail(struct cpu *cpu)
{
	env_stop(cpu->env, EXO_STOP_UPCALL, 255);
	slice_run();
}

/* Put the running activation down where t interrupted it. */
static void put_down(struct cpu *cpu, const struct trap *t)
{
	if (!upcall_save(cpu->act, t))
		fail(cpu);
	cpu->act->state = ACT_READY;
	cpu->act->resume = RESUME_BEGIN;
}

/* Look for another one, where a look was made just before the running one was put down. */
static __attribute__((noreturn)) void run_another(struct cpu *cpu)
{
	turn_count_mine(cpu);
	cpu->looked = cpu->ready[0] | cpu->ready[1];
	slice_run();
}

static void end_of_slice(struct cpu *cpu, struct trap *t, uint64_t now)
{
	struct exo_activation *a = act_page(cpu->act);
	bool held = upcall_held(cpu->act);

	if (!cpu->grace && (held || a->want & EXO_WANT_SLICE_END)) {
		cpu->grace = true;
		turn_charge(cpu, now);
		cpu->until = now + GRACE_NS;
		turn_set(cpu, now, true);
		t->code = 0;
		if (held)
			a->pending |= EXO_WANT_SLICE_END;
		else if (!upcall_deliver(cpu->act, t, EXO_UP_SLICE_END, 0))
			fail(cpu);
		return;
	}
	put_down(cpu, t);
	run_another(cpu);
}

void slice_check(struct trap *t)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act;
	uint64_t now = clock_ns();
	bool waiting;

	cpu->due = false;
	if (cpu->env->stopped)
		slice_run();
	if (act->deadline && act->deadline <= now) {
		act->deadline = 0;
		act->event_due = true;
		__atomic_fetch_or(&act_page(act)->event, EXO_EVENT_ALARM, __ATOMIC_SEQ_CST);
	}
	waiting = turn_look(cpu, now);
	/* Who has slices of its own here may have been given the rest of this one (yield).  A
	 * guest's host that woke goes on in it. */
	if (!act->bound && (!cpu->slice[cpu->turn].env || runner(&cpu->slice[cpu->turn]) != act)) {
		turn_set(cpu, now, waiting);
		put_down(cpu, t);
		if (cpu->slice[cpu->turn].env)
			slice_switch(runner(&cpu->slice[cpu->turn]));
		run_another(cpu);
	}
	if (!deliver_event(act, t))
		fail(cpu);
	/* The timer may be a little early; and set to a time that is over it would interrupt the
	 * next. */
	if (waiting && cpu->until && now + (cpu->slice[cpu->turn].ns >> 9) >= cpu->until)
		end_of_slice(cpu, t, now);
	else
		turn_set(cpu, now, waiting);
}

void slice_poke(uint32_t n)
{
	if (n == this_cpu()->number)
		this_cpu()->due = true;
	else
		apic_send(cpu_of(n)->apic_id, VECTOR_WAKE);
}

void slice_wake(const struct act *act)
{
	while (!act->bound && act->caller)
		act = act->caller;
	if (act->bound)
		slice_poke(act->cpu);
}

void slice_notify(struct env *env, uint32_t index, uint64_t bits)
{
	struct act *act = &env->act[index];
	uint64_t old = __atomic_fetch_or(&act_page(act)->event, bits, __ATOMIC_SEQ_CST);

	if (!(bits & ~old))
		return; /* it knows already: who repeats himself disturbs nobody */
	if ((act->state == ACT_ASLEEP && (old | bits) & act->mask) ||
	    (act->state == ACT_LENDING && (old | bits) & act->argument)) {
		act_wake(act, EXO_SLEPT_EVENT);
		slice_wake(act);
		return;
	}
	act->event_due = act->state != ACT_ASLEEP && act->state != ACT_LENDING;
	if (act->state == ACT_RUNNING)
		slice_poke(act->cpu); /* others are told when they run */
}

/* How long it may be and what it used stay with the slot. */
static void clear(struct exo_slice *s)
{
	*s = (struct exo_slice){.most = s->most, .credit = s->credit, .used = s->used};
}

void slice_forget(struct env *env, struct act *act)
{
	struct cpu *cpu = cpu_of(act->cpu);

	for (uint32_t i = 0; act->bound && i < cpu->slices; i++)
		if (cpu->slice[i].env == direct_pfn(env) && slice_act(&cpu->slice[i]) == act)
			clear(&cpu->slice[i]);
	if (cpu->vector == act)
		cpu->vector = NULL;
}

static void empty_slice(uint32_t n, struct exo_slice *s)
{
	struct act *act = slice_act(s);

	act->bound--;
	clear(s);
	slice_poke(n);
	if (!act->bound)
		slice_wake(act); /* it may run in the slices of who waits for it */
}

static const struct cap *cap_of(const struct exo_slice *s)
{
	return s->cap_frame ? (const struct cap *)direct(s->cap_frame) + s->cap_slot : NULL;
}

void slice_unbind(const struct cap *cap, uint32_t n, int *budget)
{
	struct cpu *cpu = cpu_of(n);

	*budget -= COST_SLICES;
	for (uint32_t i = 0; i < cpu->slices; i++)
		if (cpu->slice[i].env && cap_of(&cpu->slice[i]) == cap) {
			empty_slice(n, &cpu->slice[i]);
			*budget -= COST_LEAF;
		}
}

static bool is_guest(const struct act *act)
{
	return act->caller && act->caller->state == ACT_LENDING;
}

static void fill(struct cap *cap, uint32_t n, uint32_t at, struct act *act, uint32_t ns)
{
	struct exo_slice *s = &cpu_of(n)->slice[at];
	struct act *host = act->caller;

	if (!act->bound && is_guest(act)) { /* it has time of its own now */
		act_wake(host, EXO_SLEPT_GUEST);
		slice_wake(host);
	}
	if (cap->rights & EXO_RIGHT_LENGTH) {
		s->most = ns;
		if (!s->env)
			s->credit = 0; /* who hands out the slots begins anew */
	}
	if (!s->env)
		act->bound++;
	act->cpu = (uint16_t)n;
	cap->flags |= CAP_USED;
	s->env = (uint32_t)direct_pfn(act_env(act));
	s->index = (uint16_t)(act - act_env(act)->act);
	s->cap_frame = (uint32_t)direct_pfn(cap);
	s->cap_slot = (uint16_t)(cap - (struct cap *)direct(s->cap_frame));
	s->ns = ns;
	if (cpu_of(n)->slices <= at)
		cpu_of(n)->slices = at + 1;
	slice_poke(n);
}

long sys_slice_bind(struct env *self, exo_cap_t slot, uint32_t n, uint32_t at, exo_cap_t target,
		    uint32_t index, exo_ns_t ns)
{
	struct cap *cap = cap_get(self, slot, EXO_CAP_CPU, EXO_RIGHT_BIND);
	struct exo_slice *s;
	struct env *env;
	struct act *act;
	long r = cap_env(self, target, EXO_RIGHT_CONTROL, &env);

	if (r)
		return r;
	if (!cap)
		return -EXO_E_CAP;
	if (n >= cpu_count || at >= EXO_SLICE_MAX || index >= EXO_CPU_MAX ||
	    (ns && (ns < NS_MIN || ns > NS_MAX)))
		return -EXO_E_INVAL;
	if (!cap_covers(cap, EXO_SLICE_OF(n, at), 1))
		return -EXO_E_CAP;
	act = &env->act[index];
	s = &cpu_of(n)->slice[at];
	if (s->env && (slice_env(s) != env || s->index != index))
		return -EXO_E_EXIST;
	if (!ns) {
		if (s->env)
			empty_slice(n, s);
		return 0;
	}
	if (!(cap->rights & EXO_RIGHT_LENGTH) && ns > s->most)
		return -EXO_E_LIMIT;
	if (act->state == ACT_NONE || env->stopped || (act->bound && act->cpu != n))
		return -EXO_E_STATE;
	if (act->cpu != n && (act->state == ACT_RUNNING || cpu_of(act->cpu)->vector == act)) {
		slice_poke(act->cpu); /* just unbound there, and has not left yet */
		return -EXO_E_STATE;
	}
	if (s->env && s->ns == ns && s->most >= ns && cap_of(s) == cap)
		return 0; /* as it was: nobody is disturbed */
	fill(cap, n, at, act, (uint32_t)ns);
	return 0;
}

void slice_put_down(enum act_state state)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act;

	if (!upcall_save_call(act, (struct trap *)cpu->stack - 1))
		fail(cpu);
	act->state = state;
	act->resume = RESUME_CALL;
	act->argument = 0;
}

/* To another activation in the same slice, which goes on as it is: nobody need look at the others.
 */
static __attribute__((noreturn)) void go_on(struct cpu *cpu, struct act *act)
{
	if (enter(cpu, act)) {
		if (act->deadline)
			apic_timer(act->deadline);
		out(cpu);
	}
	slice_run();
}

void slice_switch(struct act *act)
{
	struct cpu *cpu = this_cpu();

	const struct exo_slice *s = &cpu->slice[cpu->turn];

	if (s->env && !slice_env(s)->stopped && runner(s) == act && can_run(cpu, act))
		go_on(cpu, act);
	slice_wake(act);
	slice_run();
}

/* The guest that was put down has enough: whoever lent it time goes on. */
static __attribute__((noreturn)) void back_to_host(struct act *act)
{
	struct act *host = act->caller;

	act_wake(host, EXO_SLEPT_GUEST);
	slice_switch(host);
}

/* Leave the CPU from within a call: to another activation that can run here in place of this one.
 */
static __attribute__((noreturn)) void leave_to(struct cpu *cpu, struct act *act, bool looked)
{
	uint64_t now = clock_ns();

	turn_charge(cpu, now);
	if (enter(cpu, act)) {
		cpu->due = false; /* a grace that was granted is not granted again */
		if (!looked)
			turn_look(cpu, now);
		turn_set(cpu, now, cpu->ready[0] | cpu->ready[1]);
		out(cpu);
	}
	slice_run();
}

/* To a guest, or who runs in its place: then those between wait, too, and may have deadlines. */
static __attribute__((noreturn)) void lend(struct cpu *cpu, struct act *to)
{
	if (act_runner(to) == to)
		go_on(cpu, to);
	leave_to(cpu, act_runner(to), false);
}

/* What was lent to one guest goes on to another, which runs at once. */
static __attribute__((noreturn)) void hand_over(struct cpu *cpu, struct act *act, struct act *to)
{
	to->caller = act->caller;
	to->caller->callee = to;
	act->caller = NULL;
	lend(cpu, to);
}

/* Can it be given time that is another's, below so many callers?  It has no slices, nobody else's
 * time, and it can run or whom it called or lends to can. */
static bool may_be_guest(const struct cpu *cpu, struct act *to, unsigned callers)
{
	const struct act *last = to;

	if (to->bound || to->caller)
		return false;
	for (; last->state >= ACT_CALLING; last = last->callee)
		callers++;
	return callers <= EXO_CALL_DEPTH && !act_env(last)->stopped && can_run(cpu, last);
}

long sys_yield(struct env *self, exo_cap_t slot, uint32_t index)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act, *to;
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_YIELD, &env);

	if (r)
		return r;
	if (index >= EXO_CPU_MAX)
		return -EXO_E_INVAL;
	if (!slice_can_leave(act))
		return -EXO_E_LIMIT;
	to = &env->act[index];
	if (slot != EXO_SLOT_NONE && is_guest(act) && may_be_guest(cpu, to, callers_of(act))) {
		slice_put_down(ACT_READY);
		hand_over(cpu, act, to);
	}
	if (is_guest(act)) {
		slice_put_down(ACT_READY);
		back_to_host(act);
	}
	/* Who waits for a turn here is why this slice has an end: what is left of it is his at
	 * once. */
	if (slot != EXO_SLOT_NONE && cpu->until && to->bound && can_run(cpu, to) && !env->stopped &&
	    !self->stopped) {
		slice_put_down(ACT_READY);
		go_on(cpu, to);
	}
	if (!turn_look(cpu, clock_ns()))
		return 0;
	slice_put_down(ACT_READY);
	turn_count_mine(cpu);
	for (uint32_t i = 0; slot != EXO_SLOT_NONE && to->bound && i < cpu->slices; i++)
		if (turn_ready(cpu, i) && slice_act(&cpu->slice[i]) == to) {
			turn_serve(cpu, i);
			leave_to(cpu, runner(&cpu->slice[i]), true);
		}
	run_another(cpu);
}

long sys_sleep(struct env *self, uint64_t mask, exo_ns_t deadline, exo_cap_t slot, uint32_t index)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act, *to;
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_YIELD, &env);

	if (r)
		return r;
	if (index >= EXO_CPU_MAX)
		return -EXO_E_INVAL;
	if (__atomic_load_n(&act_page(act)->event, __ATOMIC_SEQ_CST) & mask)
		return EXO_SLEPT_EVENT;
	if (deadline && deadline <= clock_ns())
		return EXO_SLEPT_TIME;
	to = &env->act[index];
	if (slot != EXO_SLOT_NONE && (self->stopped || !may_be_guest(cpu, to, callers_of(act) + 1)))
		return -EXO_E_STATE; /* one that was stopped meanwhile leaves no trace in others */
	if (!slice_can_leave(act))
		return -EXO_E_LIMIT;
	act->deadline = deadline;
	if (slot == EXO_SLOT_NONE) {
		slice_put_down(ACT_ASLEEP);
		act->mask = mask;
		if (is_guest(act))
			back_to_host(act);
		slice_run();
	}
	slice_put_down(ACT_LENDING);
	act->argument = mask;
	act->callee = to;
	to->caller = act;
	apic_timer(deadline);
	lend(cpu, to);
}

long sys_alarm(struct env *self, exo_ns_t at)
{
	(void)self;
	this_cpu()->act->deadline = at;
	this_cpu()->due = true;
	return 0;
}

long sys_notify(struct env *self, exo_cap_t slot, uint32_t index, uint64_t bits)
{
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_NOTIFY, &env);

	if (r)
		return r;
	if (index >= EXO_CPU_MAX)
		return -EXO_E_INVAL;
	if (env->stopped || env->act[index].state == ACT_NONE)
		return -EXO_E_STATE;
	slice_notify(env, index, bits);
	return 0;
}
