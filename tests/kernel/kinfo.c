/* kinfo.c - the kit's view of what the kernel exposes, and what only that makes possible.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

/* Map `bytes` of information from frame pfn on, once. */
static const void *show(const void **at, exo_pfn_t pfn, uint64_t bytes)
{
	uint64_t pages = (bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;

	if (!*at) {
		exo_va_t va = kt_va(pages);

		if (KT_EQ(xo_map_run(&kt_space, va, pfn, pages, EXO_PROT_READ, EXO_SLOT_INFO), 0))
			*at = (const void *)va;
	}
	return *at;
}

const struct exo_frame_state *kt_state(exo_pfn_t pfn)
{
	static const void *table;

	return (const struct exo_frame_state *)show(&table, xo_info->frame_table,
						    xo_info->pfn_end *
							    sizeof(struct exo_frame_state)) +
	       pfn;
}

const struct exo_slice *kt_slice(uint32_t cpu, uint32_t slot)
{
	static const void *table[EXO_CPU_MAX];

	return (const struct exo_slice *)show(&table[cpu], xo_info->slice_table[cpu],
					      EXO_PAGE_SIZE) +
	       slot;
}

const struct exo_cpu_info *kt_counters(uint32_t cpu)
{
	static const void *info;

	show(&info, xo_info->pfn, EXO_INFO_FRAMES * EXO_PAGE_SIZE);
	return (const struct exo_cpu_info *)((const char *)info + EXO_INFO_CPUS_AT) + cpu;
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

/* Objects of one kind that belong to the account: environments with their tables and slots,
 * accounts with all that is theirs. */
static void end_objects(exo_cap_t account, exo_pfn_t object, enum exo_frame_type type)
{
	static exo_cap_t scratch[EXO_ACCOUNT_DEPTH + 1];
	static int depth;
	exo_cap_t slot;

	if (!scratch[depth])
		scratch[depth] = kt_slot();
	slot = scratch[depth++];
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++) {
		const struct exo_frame_state *f = kt_state(pfn);

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
	theirs = kt_slot();
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, theirs, 0, xo_info->pfn_end,
			     EXO_RIGHT_ALLOC),
	      0);
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++) {
		const struct exo_frame_state *f = kt_state(pfn);

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
}
