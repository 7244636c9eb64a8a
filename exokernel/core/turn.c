/* turn.c - whose turn it is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/call.h>
#include <core/slice.h>
#include <core/turn.h>
#include <exo/error.h>
#include <x86_64/apic.h>

#define DEBT_TURNS 8           /* overrun beyond this many turns is forgiven, */
#define DEBT_MAX   -2000000000 /* and beyond this in ns */

/* The time of who sleeps or waits for a reply has come. */
static __attribute__((noinline)) void wake(struct act *act)
{
	act_wake(act, act->state == ACT_CALLING ? -EXO_E_TIME : EXO_SLEPT_TIME);
	if (act->bound && act->cpu != this_cpu()->number)
		slice_poke(act->cpu);
}

/* The deadline of one who waits; none is later than any. */
static inline uint64_t deadline_of(const struct act *act)
{
	return act->deadline - 1;
}

bool turn_look(struct cpu *cpu, uint64_t now)
{
	uint64_t first = UINT64_MAX; /* the earliest, less 1 */

	cpu->ready[0] = cpu->ready[1] = cpu->mine[0] = cpu->mine[1] = 0;
	for (uint32_t i = 0; i < cpu->slices; i++) {
		const struct exo_slice *s = &cpu->slice[i];
		struct act *act;

		if (!s->env)
			continue;
		for (act = slice_act(s); act->state >= ACT_CALLING; act = act->callee) {
			if (deadline_of(act) >= first)
				continue;
			if (act->deadline <= now) {
				wake(act);
				break;
			}
			first = deadline_of(act);
		}
		if (act->state == ACT_ASLEEP && deadline_of(act) < first) {
			if (act->deadline <= now)
				wake(act);
			else
				first = deadline_of(act);
		}
		if (slice_env(s)->stopped)
			continue;
		if (can_run(cpu, act))
			cpu->ready[i / 64] |= 1ul << i % 64;
		else if (act == cpu->act)
			cpu->mine[i / 64] |= 1ul << i % 64;
	}
	cpu->next = first + 1;
	return cpu->ready[0] | cpu->ready[1];
}

void turn_count_mine(struct cpu *cpu)
{
	cpu->ready[0] |= cpu->mine[0];
	cpu->ready[1] |= cpu->mine[1];
}

bool turn_serve(struct cpu *cpu, uint32_t slot)
{
	cpu->ready[slot / 64] &= ~(1ul << slot % 64);
	return cpu->ready[0] | cpu->ready[1];
}

/* Change what a slice may still run: never more than one turn, never less than the debt that is
 * remembered, which is one of turns as long as they may be: who has them shorter, or empties the
 * slot, owes no less. */
static inline void credit(struct exo_slice *s, int64_t ns)
{
	int64_t least = -(int64_t)s->most * DEBT_TURNS, sum = s->credit + ns;

	if (least < DEBT_MAX)
		least = DEBT_MAX;
	s->credit = (int32_t)(sum < least ? least : sum > s->ns ? s->ns : sum);
}

void turn_charge(struct cpu *cpu, uint64_t now)
{
	struct exo_slice *s = &cpu->slice[cpu->turn];
	uint64_t ns = now - cpu->info->since;

	if (cpu->act)
		s->used += ns;
	if (cpu->until)
		credit(s, -(int64_t)ns);
	cpu->info->since = now;
}

void turn_set(struct cpu *cpu, uint64_t now, bool waiting)
{
	uint64_t alarm = cpu->act->deadline, next = cpu->next;

	if (!waiting) {
		cpu->until = 0;
		cpu->grace = false;
	} else if (!cpu->until) {
		turn_charge(cpu, now);
		cpu->slice[cpu->turn].credit = (int32_t)cpu->slice[cpu->turn].ns;
		cpu->until = now + cpu->slice[cpu->turn].ns;
	}
	if (alarm && (!next || alarm < next))
		next = alarm;
	apic_timer(cpu->until && (!next || cpu->until < next) ? cpu->until : next);
}

/* Each one passed over
 * gets its turn's worth; if all are in debt, as many turns pass at once as the first to come
 * out of it needs. */
struct exo_slice *turn_pick(struct cpu *cpu)
{
	struct exo_slice *found = NULL;
	uint32_t turns = UINT32_MAX;

	for (uint32_t n = 1; n <= cpu->slices; n++) {
		uint32_t slot = (cpu->turn + n) % cpu->slices, more;
		struct exo_slice *s = &cpu->slice[slot];

		if (!turn_ready(cpu, slot))
			continue;
		credit(s, s->ns);
		if (s->credit > 0)
			return s;
		more = (uint32_t)-s->credit / s->ns + 1;
		if (more < turns)
			turns = more;
	}
	for (uint32_t n = 1; turns != UINT32_MAX && n <= cpu->slices; n++) {
		uint32_t slot = (cpu->turn + n) % cpu->slices;
		struct exo_slice *s = &cpu->slice[slot];

		if (!turn_ready(cpu, slot))
			continue;
		credit(s, (int64_t)s->ns * (found ? turns - 1 : turns));
		if (!found && s->credit > 0)
			found = s;
	}
	return found;
}
