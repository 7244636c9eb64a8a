/* slice.c - the slice vectors: turns, sleep, yield, notify.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A turn gives a slice its ns of credit; time is charged when it ends, so an
 * overrun is paid by the next turns.  Alone on its CPU an activation is
 * neither charged nor interrupted.
 */
#include <core/call.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/clock.h>
#include <core/lock.h>
#include <core/slice.h>
#include <core/upcall.h>
#include <exo/error.h>
#include <x86_64/apic.h>
#include <x86_64/mmu.h>
#include <x86_64/vector.h>

#define GRACE_NS   50000 /* from the announced end of a slice to its end by force */
#define DEBT_TURNS 8     /* overrun beyond this many turns is forgiven */
#define NS_MIN     10000
#define NS_MAX     1000000000

static struct act *slice_act(const struct slice *s)
{
	return &s->env->act[s->index];
}

/* Who runs in a slice: whom its activation called, and whom that one called. */
static inline __attribute__((always_inline)) struct act *runner(const struct slice *s)
{
	struct act *act = slice_act(s);

	while (act->state == ACT_CALLING)
		act = act->callee;
	return act;
}

/* Can that one run here?  If it has slices elsewhere it runs there; if it had, its vector state may
 * still be in the registers there. */
static inline __attribute__((always_inline)) bool can_run(const struct cpu *cpu,
							  const struct act *act)
{
	return (act->state == ACT_READY || act->state == ACT_NEW) &&
	       (act->cpu == cpu->number || (!act->bound && cpu_of(act->cpu)->vector != act));
}

static inline __attribute__((always_inline)) bool runnable(const struct cpu *cpu,
							   const struct slice *s)
{
	return s->env && !s->env->stopped && can_run(cpu, runner(s));
}

/* The time of who sleeps or waits for a reply has come. */
static __attribute__((noinline)) void wake(struct act *act)
{
	if (act->state == ACT_CALLING) {
		call_end(act, -EXO_E_TIME);
	} else {
		act->state = ACT_READY;
		act->argument = 0;
	}
	if (act->bound && act->cpu != this_cpu()->number)
		slice_poke(act->cpu);
}

/* Wake sleepers whose time has come.  Is somebody waiting for this CPU?  In
 * *next the earliest deadline still to come, 0 if none. */
static bool look(struct cpu *cpu, uint64_t now, uint64_t *next)
{
	uint64_t first = 0;
	bool waiting = false;

	for (uint32_t i = 0; i < cpu->slices; i++) {
		const struct slice *s = &cpu->slice[i];
		struct act *act;

		if (!s->env)
			continue;
		for (act = slice_act(s);; act = act->callee) {
			if (act->state != ACT_ASLEEP && act->state != ACT_CALLING)
				break;
			if (act->deadline && act->deadline <= now)
				wake(act);
			else if (act->deadline && (!first || act->deadline < first))
				first = act->deadline;
			if (act->state != ACT_CALLING)
				break;
		}
		waiting |= !s->env->stopped && can_run(cpu, act);
	}
	*next = first;
	return waiting;
}

/* The timer: the end of the slice if somebody waits for it, or a deadline. */
static void set_timer(struct cpu *cpu, uint64_t now)
{
	uint64_t next;
	bool waiting = look(cpu, now, &next);

	if (!waiting) {
		cpu->until = 0;
		cpu->grace = false;
	} else if (!cpu->until) {
		cpu->since = now;
		cpu->slice[cpu->turn].credit = cpu->slice[cpu->turn].ns;
		cpu->until = now + cpu->slice[cpu->turn].ns;
	}
	apic_timer(cpu->until && (!next || cpu->until < next) ? cpu->until : next);
}

static void charge(struct cpu *cpu, uint64_t now)
{
	if (!cpu->until)
		return;
	cpu->slice[cpu->turn].credit -= (int64_t)(now - cpu->since);
	cpu->since = now;
}

/* The next slice in the vector that has credit, or NULL if none can run. */
static struct slice *pick(struct cpu *cpu)
{
	for (bool any = true; any;) {
		any = false;
		for (uint32_t n = 1; n <= cpu->slices; n++) {
			struct slice *s = &cpu->slice[(cpu->turn + n) % cpu->slices];

			if (!runnable(cpu, s))
				continue;
			any = true;
			if (s->credit < -(int64_t)s->ns * DEBT_TURNS)
				s->credit = -(int64_t)s->ns * DEBT_TURNS;
			s->credit += s->ns;
			if (s->credit > (int64_t)s->ns)
				s->credit = s->ns;
			if (s->credit > 0)
				return s;
		}
	}
	return NULL;
}

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

/* Enter an activation; if it cannot be entered it is stopped and we return. `donated`: the slice
 * goes on as it is, nobody need look at the others. */
static void go(struct cpu *cpu, struct act *act, bool donated)
{
	struct env *env = act_env(act);
	struct trap *t = (struct trap *)cpu->stack - 1;
	struct exo_activation *a = act_page(act);
	bool ok;
	uint64_t kind = 0;

	mmu_load(env);
	vector_switch(act);
	cpu->info->switches++;
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
	if (!ok || !deliver_event(act, t)) {
		env_stop(env, EXO_STOP_UPCALL, 255);
		return;
	}
	act->state = ACT_RUNNING;
	act->cpu = (uint16_t)cpu->number;
	cpu->env = env;
	cpu->act = act;
	if (!donated) {
		cpu->grace = cpu->due = false;
		set_timer(cpu, clock_ns());
	}
	unlock();
	trap_return(t);
}

static void idle(struct cpu *cpu, uint64_t deadline)
{
	uint64_t start = clock_ns();

	apic_timer(deadline);
	unlock();
	__asm__ volatile("sti; hlt; cli");
	lock();
	cpu->info->idle_ns += clock_ns() - start;
}

/* The rest of slice_run (entry.S), on an empty stack. */
void slice_loop(void)
{
	struct cpu *cpu = this_cpu();
	struct slice *s;
	uint64_t next;

	charge(cpu, clock_ns());
	for (;;) {
		struct act *left = cpu->vector;

		cpu->env = NULL;
		cpu->act = NULL;
		vector_settle();
		if (left && !cpu->vector)
			slice_wake(left); /* others may run it now */
		if (cpu->loaded && cpu->loaded->stopped)
			mmu_load(NULL);
		if (!look(cpu, clock_ns(), &next)) {
			idle(cpu, next);
			continue;
		}
		s = pick(cpu);
		cpu->turn = s - cpu->slice;
		cpu->since = clock_ns();
		cpu->until = cpu->since + s->credit;
		go(cpu, runner(s), false);
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

/* Put the running activation down where t says it is. */
static void put_down(struct cpu *cpu, const struct trap *t, enum act_resume how)
{
	if (!upcall_save(cpu->act, t))
		fail(cpu);
	cpu->act->state = ACT_READY;
	cpu->act->resume = how;
}

static void end_of_slice(struct cpu *cpu, struct trap *t, uint64_t now)
{
	struct exo_activation *a = act_page(cpu->act);
	bool held = upcall_held(cpu->act);

	if (!cpu->grace && (held || a->want & EXO_WANT_SLICE_END)) {
		cpu->grace = true;
		charge(cpu, now);
		cpu->until = now + GRACE_NS;
		set_timer(cpu, now);
		t->code = 0;
		if (held)
			a->pending |= EXO_WANT_SLICE_END;
		else if (!upcall_deliver(cpu->act, t, EXO_UP_SLICE_END, 0))
			fail(cpu);
		return;
	}
	put_down(cpu, t, RESUME_BEGIN);
	slice_run();
}

void slice_check(struct trap *t)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act;
	uint64_t now = clock_ns();

	cpu->due = false;
	if (cpu->env->stopped)
		slice_run();
	set_timer(cpu, now);
	/* Who has slices of its own here may have been given the rest of this one (yield). */
	if (!act->bound && (!cpu->slice[cpu->turn].env || runner(&cpu->slice[cpu->turn]) != act)) {
		put_down(cpu, t, RESUME_BEGIN);
		slice_run();
	}
	if (!deliver_event(act, t))
		fail(cpu);
	if (cpu->until && now >= cpu->until)
		end_of_slice(cpu, t, now);
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
	if (act->state == ACT_ASLEEP && (old | bits) & act->mask) {
		act->state = ACT_READY;
		act->argument = 1;
	} else {
		act->event_due = act->state != ACT_ASLEEP;
	}
	slice_wake(act);
}

void slice_forget(struct env *env, struct act *act)
{
	struct cpu *cpu = cpu_of(act->cpu);

	for (uint32_t i = 0; act->bound && i < cpu->slices; i++)
		if (cpu->slice[i].env == env && slice_act(&cpu->slice[i]) == act)
			cpu->slice[i] = (struct slice){0};
	if (cpu->vector == act)
		cpu->vector = NULL;
}

static void empty_slice(uint32_t n, struct slice *s)
{
	slice_act(s)->bound--;
	*s = (struct slice){0};
	slice_poke(n);
}

void slice_unbind(const struct cap *cap)
{
	for (uint32_t n = 0; n < cpu_count; n++)
		for (uint32_t i = 0; i < cpu_of(n)->slices; i++)
			if (cpu_of(n)->slice[i].env && cpu_of(n)->slice[i].cap == cap)
				empty_slice(n, &cpu_of(n)->slice[i]);
}

long sys_slice_bind(struct env *self, exo_cap_t slot, uint32_t n, uint32_t at, exo_cap_t target,
		    uint32_t index, exo_ns_t ns)
{
	struct cap *cap = cap_get(self, slot, EXO_CAP_CPU, EXO_RIGHT_BIND);
	struct slice *s;
	struct env *env;
	struct act *act;
	long r = cap_env(self, target, EXO_RIGHT_CONTROL, &env);

	if (r)
		return r;
	if (!cap || !cap_covers(cap, n, 1))
		return -EXO_E_CAP;
	if (n >= cpu_count || at >= EXO_SLICE_MAX || index >= EXO_CPU_MAX ||
	    (ns && (ns < NS_MIN || ns > NS_MAX)))
		return -EXO_E_INVAL;
	act = &env->act[index];
	s = &cpu_of(n)->slice[at];
	if (s->env && (s->env != env || s->index != index))
		return -EXO_E_EXIST;
	if (!ns) {
		if (s->env)
			empty_slice(n, s);
		return 0;
	}
	if (act->state == ACT_NONE || env->stopped || (act->bound && act->cpu != n))
		return -EXO_E_STATE;
	if (act->cpu != n && (act->state == ACT_RUNNING || cpu_of(act->cpu)->vector == act)) {
		slice_poke(act->cpu); /* just unbound there, and has not left yet */
		return -EXO_E_STATE;
	}
	if (!s->env)
		act->bound++;
	act->cpu = n;
	cap->flags |= CAP_USED;
	*s = (struct slice){.env = env, .cap = cap, .index = index, .ns = ns, .credit = s->credit};
	if (cpu_of(n)->slices <= at)
		cpu_of(n)->slices = at + 1;
	slice_poke(n);
	return 0;
}

bool slice_can_leave(void)
{
	return act_page(this_cpu()->act)->depth < EXO_FRAME_DEPTH;
}

void slice_put_down(enum act_state state)
{
	struct cpu *cpu = this_cpu();

	put_down(cpu, (struct trap *)cpu->stack - 1, RESUME_CALL);
	cpu->act->state = state;
	cpu->act->argument = 0;
}

/* Leave the CPU from within a call, which returns 0 when resumed unless whoever wakes it says
 * otherwise. */
static long call_away(struct cpu *cpu, enum act_state state, struct slice *to)
{
	if (!slice_can_leave())
		return -EXO_E_LIMIT;
	slice_put_down(state);
	if (to) {
		charge(cpu, clock_ns());
		go(cpu, runner(to), false);
	}
	slice_run();
}

void slice_switch(struct act *act)
{
	struct cpu *cpu = this_cpu();

	if (runnable(cpu, &cpu->slice[cpu->turn]) && runner(&cpu->slice[cpu->turn]) == act)
		go(cpu, act, true);
	slice_wake(act);
	slice_run();
}

long sys_yield(struct env *self, exo_cap_t slot)
{
	struct cpu *cpu = this_cpu();
	struct env *env;
	uint64_t next;
	long r = cap_env(self, slot, EXO_RIGHT_YIELD, &env);

	if (r)
		return r;
	if (!look(cpu, clock_ns(), &next))
		return 0;
	for (uint32_t i = 0; slot != EXO_SLOT_NONE && i < cpu->slices; i++)
		if (cpu->slice[i].env == env && runnable(cpu, &cpu->slice[i]))
			return call_away(cpu, ACT_READY, &cpu->slice[i]);
	return call_away(cpu, ACT_READY, NULL);
}

long sys_sleep(struct env *self, uint64_t mask, exo_ns_t deadline)
{
	struct cpu *cpu = this_cpu();
	struct act *act = cpu->act;

	(void)self;
	if (__atomic_load_n(&act_page(act)->event, __ATOMIC_SEQ_CST) & mask)
		return 1;
	if (deadline && deadline <= clock_ns())
		return 0;
	act->mask = mask;
	act->deadline = deadline;
	return call_away(cpu, ACT_ASLEEP, NULL);
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
