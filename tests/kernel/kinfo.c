/* kinfo.c - the kit's view of what the kernel exposes, and what only that makes possible.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/frames.h>

#define PATIENCE_NS (100000 * KT_NS_PER_MS)

const volatile struct exo_frame_state *kt_state(exo_pfn_t pfn)
{
	static const volatile struct exo_frame_state *table;

	if (!table)
		table = xo_frame_table(&kt_space, kt_va(xo_frame_table_pages()));
	return &table[pfn];
}

const volatile struct exo_slice *kt_slice(uint32_t cpu, uint32_t slot)
{
	static const volatile struct exo_slice *table[EXO_CPU_MAX];

	if (!table[cpu])
		table[cpu] = xo_slice_table(&kt_space, kt_va(1), cpu);
	return &table[cpu][slot];
}

const volatile struct exo_cpu_info *kt_counters(uint32_t cpu)
{
	return (const volatile struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT) + cpu;
}

bool kt_left(uint32_t cpu, uint32_t slot)
{
	exo_ns_t end = xo_now() + PATIENCE_NS;

	while (kt_counters(cpu)->serving == slot + 1 && xo_now() < end)
		kt_pause();
	return kt_counters(cpu)->serving != slot + 1;
}

static void drop(exo_cap_t slot)
{
	while (exo_cap_drop(slot) == 1)
		;
}

/* An environment goes with its tables and slots. */
static void end_env(exo_cap_t slot)
{
	exo_env_stop(slot, 0);
	while (exo_env_destroy(slot) == 1)
		exo_yield(EXO_SLOT_NONE, 0);
}

static exo_cap_t scratch[EXO_ACCOUNT_DEPTH + 2]; /* one for each depth, kept */
static int depth;

static exo_cap_t take_scratch(void)
{
	if (!scratch[depth])
		scratch[depth] = kt_slot();
	return scratch[depth++];
}

/* Objects of one kind that belong to the account: environments with their tables and slots,
 * accounts with all that is theirs. */
static void end_objects(exo_cap_t account, exo_pfn_t object, enum exo_frame_type type)
{
	exo_cap_t slot = take_scratch();

	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++) {
		const volatile struct exo_frame_state *f = kt_state(pfn);

		if (f->type != type || f->account != object)
			continue;
		if (!KT_EQ(exo_account_open(account, pfn, slot), 0))
			break;
		if (type == EXO_FRAME_ENV) {
			end_env(slot);
		} else {
			kt_account_empty(slot, pfn);
			KT_EQ(exo_account_destroy(slot), 0);
		}
		drop(slot);
	}
	depth--;
}

void kt_account_empty(exo_cap_t account, exo_pfn_t object)
{
	exo_cap_t theirs;

	end_objects(account, object, EXO_FRAME_ENV);
	end_objects(account, object, EXO_FRAME_ACCOUNT);
	theirs = take_scratch();
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, theirs, 0, xo_info->pfn_end,
			     EXO_RIGHT_ALLOC),
	      0);
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++) {
		const volatile struct exo_frame_state *f = kt_state(pfn);

		if (f->account != object)
			continue;
		if (f->type == EXO_FRAME_DATA && exo_frame_free(theirs, pfn, 1)) {
			long r; /* somebody has it mapped */

			while ((r = exo_frame_take(EXO_SLOT_MEMORY, pfn, 1)) == 1)
				;
			KT_EQ(r, 0);
			KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
		}
		/* free, it remembers the account until another one has had it */
		if (f->type == EXO_FRAME_FREE && f->account == object &&
		    exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1) == 1)
			exo_frame_free(EXO_SLOT_MEMORY, pfn, 1);
	}
	drop(theirs);
	depth--;
}

uint64_t kt_setting(const char *name, uint64_t otherwise)
{
	const char *s = xo_start->settings, *end = s + xo_start->settings_bytes;

	for (; s < end; s += strlen(s) + 1) {
		size_t i = 0;
		uint64_t n = 0;

		while (name[i] && s[i] == name[i])
			i++;
		if (name[i] || s[i] != '=')
			continue;
		for (s += i + 1; *s >= '0' && *s <= '9'; s++)
			n = n * 10 + (uint64_t)(*s - '0');
		return n;
	}
	return otherwise;
}
