/* sched.c - who runs where: looked at, checked, and what CPUs and environments do next.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sched.h"
#include "hw.h"

#include <core/turn.h>
#include <exo/message.h>
#include <x86_64/mmu.h>

struct sched_last sched_last;

static uint32_t tag_of(uint8_t home, uint8_t index)
{
	return home * 16u + index + 1;
}

void sched_view(struct world *w)
{
	for (uint32_t n = 0; n < W_CPUS; n++) {
		const struct cpu *cpu = &hw_cpu[n];
		struct w_cpu *to = &w->cpu[n];

		to->env = act_home(cpu->act, &to->index);
		to->vector = act_home(cpu->vector, &to->vector_index);
		to->turn = (uint8_t)cpu->turn;
		to->grace = cpu->grace;
		to->due = cpu->due;
		to->poked = hw_poked >> n & 1;
		to->until = from_now(cpu->until);
		to->timer = from_now(cpu->timer);
	}
}

static const char *check_waiting(const struct world *w, uint8_t h, uint8_t i)
{
	const struct w_act *act = &w->env[h].act[i], *other;
	int above = 0;

	if (act->state >= ACT_CALLING) {
		if (act->callee == NOBODY || !w->env[act->callee].live)
			return "waits for nobody";
		other = &w->env[act->callee].act[act->callee_index];
		if (other->caller != h || other->caller_index != i)
			return "waits for one that does not know it";
		if (other->state == ACT_SERVING || other->state == ACT_NONE)
			return "waits for one that has nothing to do";
		if (other->state == ACT_ASLEEP && act->state == ACT_LENDING)
			return "lends to one that sleeps";
		if (w->env[h].stopped)
			return "has stopped and waits";
	}
	if (act->caller != NOBODY) {
		other = &w->env[act->caller].act[act->caller_index];
		if (other->state < ACT_CALLING || other->callee != h || other->callee_index != i)
			return "serves one that does not wait for it";
		if (act->state == ACT_SERVING || w->env[h].stopped)
			return "serves and cannot";
	}
	if ((act->state == ACT_ASLEEP || act->state == ACT_LENDING) && act->event & act->mask &&
	    !w->env[h].stopped)
		return "sleeps through an event";
	for (other = act; other->caller != NOBODY && above <= EXO_CALL_DEPTH; above++)
		other = &w->env[other->caller].act[other->caller_index];
	return above > EXO_CALL_DEPTH ? "has too many above it, or itself" : NULL;
}

static bool due(const struct w_cpu *cpu)
{
	return cpu->poked || cpu->timer == 1; /* an interrupt is as good as there */
}

static const char *check_running(const struct world *w, uint8_t h, uint8_t i)
{
	const struct w_act *act = &w->env[h].act[i];
	int runs = 0, vectors = 0;

	for (uint32_t n = 0; n < W_CPUS; n++) {
		bool here = w->cpu[n].env == h && w->cpu[n].index == i;
		bool vector = w->cpu[n].vector == h && w->cpu[n].vector_index == i;

		runs += here;
		vectors += vector;
		if (here && (act->cpu != n || act->state != ACT_RUNNING))
			return "runs on a CPU and does not say so";
		if (here && act->event_due && !due(&w->cpu[n]))
			return "is not told of its event";
		if (here && (!vector || hw_vector[n] != tag_of(h, i)))
			return "runs with vector registers that are not its own";
		if (vector && act->cpu != n)
			return "left its vector registers on a CPU";
	}
	if (runs > 1 || vectors > 1)
		return "is on two CPUs";
	/* upcalls return at once, if their slice does not end before */
	if (act->state == ACT_NEW || w->env[h].stopped)
		return NULL;
	if (act->state == ACT_RUNNING ? act->depth : act->depth < 1 || act->depth > 2)
		return say("has %u frames in use", act->depth);
	return act->state == ACT_RUNNING && !runs && !w->env[h].stopped ? "runs nowhere" : NULL;
}

/* Who runs in a slice, by the model's own reckoning. */
static const struct w_act *runs_in(const struct world *w, const struct w_slice *s, uint8_t *home)
{
	const struct w_act *act = &w->env[s->env].act[s->index];

	for (*home = s->env; act->state >= ACT_CALLING;
	     act = &w->env[act->callee].act[act->callee_index])
		*home = act->callee;
	return act;
}

static bool can_run_on(const struct world *w, const struct w_act *act, uint8_t home, uint32_t n)
{
	const struct w_cpu *had = &w->cpu[act->cpu];

	if (act->state != ACT_READY && act->state != ACT_NEW)
		return false;
	return act->cpu == n || (!act->bound && !(had->vector == home && had->vector != NOBODY &&
						  &w->env[home].act[had->vector_index] == act));
}

/* Who runs, or who waits for it, has slices of this CPU. */
static bool entitled(const struct world *w, uint32_t n)
{
	const struct w_act *act = &w->env[w->cpu[n].env].act[w->cpu[n].index];

	while (!(act->bound && act->cpu == n) && act->caller != NOBODY)
		act = &w->env[act->caller].act[act->caller_index];
	return act->bound && act->cpu == n;
}

/* What is wrong with who runs on a CPU. */
static const char *check_cpu(const struct world *w, uint32_t n)
{
	const struct w_cpu *cpu = &w->cpu[n];

	if (due(cpu) || cpu->env == NOBODY)
		return NULL;
	if (!cpu->until && !entitled(w, n)) /* for longer than a turn */
		return say("CPU %u: one runs in a slice in which it no longer has any business", n);
	if (cpu->until && (!cpu->timer || cpu->timer > cpu->until))
		return say("CPU %u: nothing ends the slice", n);
	return w->env[cpu->env].stopped ? say("CPU %u runs an environment that has stopped", n)
					: NULL;
}

/* Bits: activations that could run on a CPU now (waits), and those of which it is told: an
 * interrupt is on its way, or the slice that is served will end. */
static void turns(const struct world *w, uint32_t n, uint64_t *waits, uint64_t *told)
{
	const struct w_cpu *cpu = &w->cpu[n];

	for (int i = 0; i < W_SLICES; i++) {
		const struct w_slice *s = &w->slice[n][i];
		const struct w_act *act;
		uint64_t bit;
		uint8_t home;

		if (s->env == NOBODY || w->env[s->env].stopped)
			continue;
		act = runs_in(w, s, &home);
		bit = 1ull << (home * W_ACTS + (act - w->env[home].act));
		if (can_run_on(w, act, home, n))
			*waits |= bit;
		if (can_run_on(w, act, home, n) && (due(cpu) || (cpu->env != NOBODY && cpu->until)))
			*told |= bit;
	}
}

/* Is the activation that runs in the slice still on another CPU, which will leave it at once?  Then
 * that CPU tells this one. */
static bool will_be_told(const struct world *w, const struct w_slice *s, uint32_t n)
{
	uint8_t home;
	const struct w_act *act = runs_in(w, s, &home);

	return act->state == ACT_RUNNING && act->cpu != n && due(&w->cpu[act->cpu]);
}

/* Bits: activations on whose slices somebody waits until a deadline (waits), and those whose
 * deadline a CPU's timer will see (seen). */
static void deadlines(const struct world *w, uint32_t n, uint64_t *waits, uint64_t *seen)
{
	const struct w_cpu *cpu = &w->cpu[n];

	for (int i = 0; i < W_SLICES; i++) {
		const struct w_slice *s = &w->slice[n][i];
		uint8_t home = s->env, index = s->index;

		while (home != NOBODY && !w->env[s->env].stopped) {
			const struct w_act *act = &w->env[home].act[index];
			uint64_t bit = 1ull << (home * W_ACTS + index);

			if (act->state != ACT_ASLEEP && act->state < ACT_CALLING)
				break;
			if (act->deadline)
				*waits |= bit;
			if (due(cpu) || (cpu->timer && cpu->timer <= act->deadline) ||
			    will_be_told(w, s, n))
				*seen |= bit;
			home = act->state == ACT_ASLEEP ? NOBODY : act->callee;
			index = act->callee_index;
		}
	}
}

static const char *left_out(uint64_t waits, const char *what)
{
	if (!waits)
		return NULL;
	return say("activation %u of environment %u %s", __builtin_ctzl(waits) % W_ACTS,
		   __builtin_ctzl(waits) / W_ACTS, what);
}

/* Nobody who could run, or whose time will come, is left to itself. */
static const char *check_waits(const struct world *w)
{
	uint64_t waits = 0, told = 0, times = 0, seen = 0;
	const char *wrong;

	for (uint32_t n = 0; n < W_CPUS; n++) {
		turns(w, n, &waits, &told);
		deadlines(w, n, &times, &seen);
	}
	wrong = left_out(waits & ~told, "could run and nothing will make it");
	return wrong ? wrong
		     : left_out(times & ~seen, "waits until a time and no timer is set for it");
}

const char *sched_check(const struct world *w)
{
	const char *wrong = NULL;

	for (uint8_t h = 0; h < shape.homes; h++)
		for (uint8_t i = 0; w->env[h].live && i < W_ACTS; i++) {
			if (!w->env[h].act[i].state)
				continue;
			if ((wrong = check_waiting(w, h, i)) || (wrong = check_running(w, h, i)))
				return say("activation %u of environment %u %s", i, h, wrong);
		}
	wrong = check_waits(w);
	for (uint32_t n = 0; n < W_CPUS && !wrong; n++)
		wrong = check_cpu(w, n);
	for (uint32_t n = 0; n < W_CPUS && !wrong; n++)
		for (int i = 0; i < W_SLICES; i++)
			if (w->slice[n][i].env != NOBODY &&
			    w->slice[n][i].credit > (int64_t)w->slice[n][i].ns)
				return say("CPU %u: slice %d has more than a turn", n, i);
	return wrong;
}

bool sched_possible(const struct world *w, const struct op *op)
{
	if (op->call == OP_TICK)
		return w->cpu[op->env].timer;
	if (op->call == OP_WAKE)
		return w->cpu[op->env].poked;
	return w->cpu[op->env].env != NOBODY;
}

static void take_events(const struct act *act)
{
	uint64_t event = act_page(act)->event;

	sched_last.taker = act_home(act, &sched_last.taker_index);
	sched_last.taken = (uint16_t)(event & 0x7fff) | (event >> 63 ? 0x8000 : 0);
	act_page(act)->event = 0;
}

uint16_t sched_event(uint8_t home, uint8_t index)
{
	return sched_last.taker == home && sched_last.taker_index == index ? sched_last.taken : 0;
}

uint64_t sched_tag(const struct world *before, uint8_t home, uint8_t index)
{
	return before->env[home].act[index].state == ACT_NEW ? 0 : tag_of(home, index);
}

void sched_adopt(struct world *model, const struct world *seen)
{
	memcpy(model->cpu, seen->cpu, sizeof(model->cpu));
	for (uint8_t h = 0; h < shape.homes; h++) {
		model->env[h].loaded = seen->env[h].loaded;
		for (int i = 0; i < W_ACTS; i++) {
			struct w_act *act = &model->env[h].act[i], was = *act;

			if (!was.state)
				continue;
			*act = seen->env[h].act[i];
			act->pfn = was.pfn;
			act->slot = was.slot;
		}
	}
	for (int n = 0; n < W_CPUS; n++)
		for (int i = 0; i < W_SLICES; i++)
			model->slice[n][i].credit = seen->slice[n][i].credit;
}

bool sched_looks(const struct world *w, const struct op *op)
{
	return shape.scheduled && (w->cpu[op->env].due || op->call == EXO_SYS_slice_bind);
}

/* What an environment sees when it goes on: the registers, those below an upcall if one came, from
 * which it returns at once, as from one that it had not begun when that came; and it takes the
 * events that it is told of. */
static void enter(uint32_t n)
{
	struct sched_last *l = &sched_last;
	struct act *act = hw_cpu[n].act;
	struct exo_activation *a = act_page(act);
	const struct trap *t = hw_trap;
	bool event = false;

	l->home = act_home(act, &l->index);
	l->upcall = t->rip == SCHED_ENTRY ? (uint32_t)t->rsi : 0;
	while (t->rip == SCHED_ENTRY && t->rsi != EXO_UP_START) {
		event |= t->rsi == EXO_UP_EVENT;
		a->depth--;
		t = (const struct trap *)&a->frame[a->depth].rax;
	}
	l->begun = t->rip == SCHED_ENTRY && t->rsi == EXO_UP_START;
	l->start = t->rdx;
	l->rax = (long)t->rax;
	l->message[0] = t->rdi;
	l->message[1] = t->rsi;
	l->vector = hw_vector[n];
	hw_vector[n] = tag_of(l->home, l->index);
	if (event || (a->user[0] && l->rax == EXO_SLEPT_EVENT))
		take_events(act);
	a->user[0] = 0;
}

static void arguments(const struct op *op, uint64_t arg[6])
{
	uint64_t then = hw_clock + SCHED_SOON;

	for (int i = 0; i < 6; i++)
		arg[i] = op_value(op->a[i]);
	if (op->call == EXO_SYS_sleep)
		arg[1] = arg[1] ? then : 0;
	if (op->call == EXO_SYS_alarm)
		arg[0] = arg[0] ? then : 0;
	if (op->call == EXO_SYS_call) {
		arg[1] = EXO_CALL_HOW(op->a[1], op->a[2], op->a[3]);
		arg[2] = op->a[4] ? then : 0;
		arg[3] = SCHED_WORD;
	}
	if (op->call == EXO_SYS_reply) {
		arg[0] = EXO_CALL_HOW(0, op->a[0], op->a[1]);
		arg[1] = SCHED_WORD + 1;
	}
}

/* What the call returned to who made it, as far as it has. */
static long result(const struct act *was, long r, bool entered)
{
	const struct exo_activation *a = act_page(was);

	if (!entered)
		return r;
	if (hw_this->act == was)
		return sched_last.rax;
	if (act_env(was)->stopped)
		return was->state == ACT_RUNNING ? r : SCHED_AWAY;
	if (was->state == ACT_READY &&
	    was->resume == RESUME_BEGIN) /* it was made to leave at its end */
		return (long)a->frame[a->depth - 1].rax;
	return SCHED_AWAY;
}

long sched_do(const struct op *op)
{
	bool call = op->call != OP_TICK && op->call != OP_WAKE;
	uint32_t n = op->env;
	const struct act *was = hw_cpu[n].act;
	uint64_t before = hw_clock, arg[6];
	enum hw_outcome how;
	long r = 0;

	if (op->call == OP_TICK && hw_cpu[n].timer > hw_clock)
		hw_clock = hw_cpu[n].timer;
	sched_last =
		(struct sched_last){.home = NOBODY, .taker = NOBODY, .passed = hw_clock - before};
	if (op->call == OP_WAKE)
		hw_poked &= ~(1u << n);
	arguments(op, arg);
	if (call) {
		act_page(was)->user[0] = op->call == EXO_SYS_sleep;
		how = hw_call(n, op->call, arg, &r);
	} else {
		how = hw_interrupt(n, op->call == OP_TICK ? VECTOR_TIMER : VECTOR_WAKE);
	}
	if (how == HW_OFF)
		hw_blame("the machine went off");
	if (how == HW_RETURNED && hw_trap->rip != SCHED_ENTRY) {
		if (call && act_page(was)->user[0] && r == EXO_SLEPT_EVENT)
			take_events(was);
		if (call)
			act_page(was)->user[0] = 0;
		return r;
	}
	if (how == HW_RETURNED || how == HW_ENTERED)
		enter(n);
	return call ? result(was, r, how != HW_RETURNED) : 0;
}

void sched_start(void)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++) {
		hw_this = &hw_cpu[n];
		mmu_load(NULL);
	}
	for (uint32_t h = 0; h < shape.homes; h++) {
		const struct env *env = direct(shape.home[h]);

		for (int i = 0; frames[shape.home[h]].type == EXO_FRAME_ENV && i < W_ACTS; i++)
			if (env->act[i].state) {
				act_page(&env->act[i])->entry = SCHED_ENTRY;
				act_page(&env->act[i])->want = i ? 0 : EXO_WANT_EVENT;
			}
	}
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		if (hw_look(n) == HW_ENTERED)
			enter(n);
	hw_poked = 0;
}
