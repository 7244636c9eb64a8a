/* settle.c - what nobody said of several images, and whether all of it can be had together.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shares.h"

#include <string.h>

#define MIB       (1ull << 20)
#define UP(n, to) (((n) + (to)-1) / (to) * (to))

/* With no word from anybody: room for a heap. */
static uint64_t default_memory(const struct share_facts *f)
{
	if (f->memory)
		return f->memory;
	return f->posix ? UP(f->need + 24 * MIB, 32 * MIB) : UP(f->need + MIB, MIB);
}

static void settle_memory(struct share *s, const struct share_facts *f, struct report *r)
{
	if (!s->given[KEY_MEMORY])
		s->memory = default_memory(f);
	if (!s->given[KEY_GUARANTEED])
		s->guaranteed = s->memory;
	if (s->memory < f->need)
		complain(r, s->given[KEY_MEMORY],
			 "%s: memory = %lluK is too little, it needs %lluK", s->name,
			 (unsigned long long)s->memory >> 10,
			 (unsigned long long)UP(f->need, 1024) >> 10);
	else if (s->guaranteed > s->memory)
		complain(r, s->given[KEY_GUARANTEED],
			 "%s: guaranteed = %lluK is more than all its memory, %lluK", s->name,
			 (unsigned long long)s->guaranteed >> 10,
			 (unsigned long long)s->memory >> 10);
	else if (s->guaranteed < f->need)
		complain(r, s->given[KEY_GUARANTEED],
			 "%s: guaranteed = %lluK is too little, it needs %lluK", s->name,
			 (unsigned long long)s->guaranteed >> 10,
			 (unsigned long long)UP(f->need, 1024) >> 10);
}

static unsigned int highest(uint64_t mask)
{
	return 63 - __builtin_clzll(mask);
}

/* The machine's CPUs: as many as somebody names. */
static void settle_machine(struct shares *s, struct report *r)
{
	for (unsigned int i = 0; i < s->count; i++) {
		struct share *share = &s->share[i];

		if (s->cpus_line && share->cpus && highest(share->cpus) >= s->cpus)
			complain(r, share->given[KEY_CPUS],
				 "%s: there is no CPU %u: the machine has %u", share->name,
				 highest(share->cpus), s->cpus);
		else if (!s->cpus_line && share->cpus && highest(share->cpus) >= s->cpus)
			s->cpus = highest(share->cpus) + 1;
	}
}

/* Who said nothing of CPUs gets as many as it asks for, from 0 up, without those that are claimed.
 */
static void default_cpus(struct shares *s, const struct share_facts *f, uint64_t claimed)
{
	unsigned int end = s->cpus_line ? s->cpus : SHARES_CPUS;

	for (unsigned int i = 0; i < s->count; i++) {
		struct share *share = &s->share[i];
		unsigned int left = f[i].cpus ? f[i].cpus : 1;

		for (unsigned int cpu = 0; !share->given[KEY_CPUS] && cpu < end && left; cpu++) {
			if (claimed >> cpu & 1)
				continue;
			share->cpus |= 1ull << cpu;
			left--;
		}
	}
}

static void settle_cpus(struct shares *s, const struct share_facts *f, struct report *r)
{
	uint64_t claimed = 0;

	for (unsigned int i = 0; i < s->count; i++) {
		struct share *share = &s->share[i];

		if (!share->claim)
			continue;
		if (!share->given[KEY_CPUS])
			complain(r, share->given[KEY_CLAIM],
				 "%s: claim = yes wants a line cpus = LIST", share->name);
		if (share->cpus & 1)
			complain(r, share->given[KEY_CPUS],
				 "%s: CPU 0 cannot be claimed: the steward runs there",
				 share->name);
		claimed |= share->cpus;
	}
	claimed &= ~1ull;
	default_cpus(s, f, claimed);
	settle_machine(s, r);
}

/* A claimed CPU has one image. */
static void check_claims(const struct shares *s, struct report *r)
{
	for (unsigned int i = 0; i < s->count; i++)
		for (unsigned int j = 0; s->share[i].claim && j < s->count; j++) {
			const struct share *mine = &s->share[i], *other = &s->share[j];
			uint64_t both = mine->cpus & other->cpus;

			if (j != i && both && !(other->claim && j < i))
				complain(r, other->given[KEY_CPUS],
					 "%s: CPU %d is claimed by %s for itself", other->name,
					 __builtin_ctzll(both), mine->name);
		}
}

static void settle_input(struct shares *s, struct report *r)
{
	struct share *has = NULL;

	for (unsigned int i = 0; i < s->count; i++) {
		struct share *share = &s->share[i];

		if (!share->input)
			continue;
		if (has)
			complain(r, share->given[KEY_INPUT],
				 "%s: input = yes, but %s has it (line %u): only one can",
				 share->name, has->name, has->given[KEY_INPUT]);
		else if (!share->start)
			complain(r, share->given[KEY_INPUT],
				 "%s: input = yes, but start = no: nobody would read it",
				 share->name);
		has = share;
	}
	for (unsigned int i = 0; !has && i < s->count; i++)
		if (s->share[i].start && !s->share[i].given[KEY_INPUT]) {
			has = &s->share[i];
			has->input = true;
		}
}

static void check_starts(const struct shares *s, struct report *r)
{
	bool any = false;

	for (unsigned int i = 0; i < s->count; i++) {
		const struct share *share = &s->share[i];

		any = any || share->start;
		if (share->restart == RESTART_NEVER && share->restarts)
			complain(r, share->given[KEY_RESTARTS],
				 "%s: restarts = %u without restart = on-failure or always",
				 share->name, share->restarts);
	}
	if (!any)
		complain(r, 0, "every image has start = no: there would be nothing to run");
}

uint64_t shares_all(const struct shares *s)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < s->count; i++)
		sum += s->share[i].memory;
	return sum;
}

uint64_t shares_started(const struct shares *s)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < s->count; i++)
		sum += s->share[i].start ? s->share[i].memory : 0;
	return sum;
}

bool shares_settle(struct shares *s, const struct share_facts *facts, struct report *r)
{
	for (unsigned int i = 0; i < s->count; i++)
		settle_memory(&s->share[i], &facts[i], r);
	settle_cpus(s, facts, r);
	check_claims(s, r);
	settle_input(s, r);
	check_starts(s, r);
	return !r->errors;
}
