/* objects.c - what lies open of the kernel's tables, and copies of its objects.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE EXO_PAGE_SIZE
#define FULL (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

static void spins(void *arg)
{
	(void)arg;
	for (;;)
		;
}

static void copies_of_objects(void)
{
	static struct kt_child c;
	exo_pfn_t to = kt_frame();
	exo_va_t va = kt_va_tables(1);
	const uint64_t *view = (const uint64_t *)va;
	exo_cap_t mute = kt_slot();

	KT_OK(kt_child_make(&c, spins, NULL));
	KT_EQ(kt_map(va, to, 1, EXO_PROT_READ), 0);
	KT_EQ(exo_object_copy(EXO_SLOT_MEMORY, c.root, to), 0);
	KT_EQ((view[255] & EXO_PTE_FRAME) / PAGE, c.root); /* EXO_VA_TABLES */
	/* the direct map is there unless environments have page tables without the kernel */
	KT_EQ(!view[256], !!(xo_info->features & EXO_FEATURE_SEPARATE));
	KT_EQ(exo_object_copy(EXO_SLOT_MEMORY, c.slots, to), 0);
	KT_EQ(((const uint8_t *)view)[PAGE / EXO_CAP_SLOTS], EXO_CAP_ENV);
	KT_ERR(exo_object_copy(EXO_SLOT_MEMORY, to, to), INVAL);
	KT_ERR(exo_object_copy(EXO_SLOT_MEMORY, xo_info->pfn, to), INVAL);
	KT_ERR(exo_object_copy(EXO_SLOT_MEMORY, ~0ull, to), CAP);
	KT_ERR(exo_object_copy(EXO_SLOT_MEMORY, c.root, ~0ull), CAP);
	KT_ERR(exo_object_copy(EXO_SLOT_MEMORY, c.root, c.slots), BUSY);
	KT_ERR(exo_object_copy(EXO_SLOT_INFO, c.root, to), CAP);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, mute, 0, xo_info->pfn_end,
			     EXO_RIGHT_READ | EXO_RIGHT_WRITE),
	      0);
	KT_ERR(exo_object_copy(mute, c.root, to), CAP);
	KT_EQ(exo_cap_drop(mute), 0);
	KT_EQ(kt_unmap(va, 1), 0);
	kt_child_end(&c);
}

/* Whose a frame is, and what, without a call. */
static void tables_lie_open(void)
{
	exo_va_t va = kt_va_tables(1);
	exo_pfn_t mine = kt_frame(), page = mine * sizeof(struct exo_frame_state) / PAGE;
	const volatile struct exo_frame_state *f =
		(const volatile struct exo_frame_state *)va + mine % (PAGE / sizeof(*f));

	KT_ERR(kt_op(EXO_MAP_PAGES, va, xo_info->frame_table + page, 1, KT_RW, EXO_SLOT_INFO), CAP);
	KT_ERR(kt_op(EXO_MAP_PAGES, va, mine, 1, EXO_PROT_READ, EXO_SLOT_INFO), CAP);
	KT_ERR(kt_map(va, xo_info->frame_table + page, 1, EXO_PROT_READ), CAP);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, xo_info->frame_table + page, 1, EXO_PROT_READ,
		    EXO_SLOT_INFO),
	      0);
	KT_EQ(f->type, EXO_FRAME_DATA);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, mine, 1), 0);
	KT_EQ(f->type, EXO_FRAME_FREE);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, mine, 1), 1);
	KT_EQ(f->type, EXO_FRAME_DATA);
	KT_EQ(f->maps, 0);
	KT_EQ(kt_unmap(va, 1), 0);
}

/* A copy of an object names nothing of accounts that are not below those of who copies. */
static void copies_show_no_others(void)
{
	exo_cap_t slot = kt_slot();
	exo_va_t va = kt_va_tables(1);
	const uint64_t *view = (const uint64_t *)va;
	uint64_t foreign = 0;
	exo_cap_t account = kt_slot(), frames = kt_slot();
	exo_pfn_t object = kt_frame(), first = kt_frames(4);

	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, 4), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, 4, 0), 0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, first, 4, FULL), 0);
	KT_EQ(exo_frame_alloc(frames, first, 4), 4);
	KT_EQ(exo_env_create(frames, first, first + 1, first + 2, slot, 0), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, slot, EXO_SLOT_MEMORY, 0, 1, EXO_RIGHT_READ), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, first + 3, 1, KT_RW, frames), 0);
	for (int n = 0; n < 2; n++) { /* its object, its slots; by the account's capability */
		KT_EQ(exo_object_copy(frames, first + (exo_pfn_t)n, first + 3), 0);
		for (exo_pfn_t i = 0; i < PAGE / 8; i++) {
			/* the last four words of a slot name others, by frame and place */
			uint64_t pfn = n ? view[i | 4] / EXO_CAP_SLOTS : view[i];

			foreign += pfn >= xo_start->ram[0].first && pfn < xo_info->pfn_end &&
				   (pfn < first || pfn >= first + 4) && pfn != object;
		}
	}
	KT_EQ(foreign, 0);
	KT_EQ(exo_object_copy(EXO_SLOT_MEMORY, first, first + 3), -EXO_E_CAP);
	KT_EQ(kt_unmap(va, 1), 0);
	KT_EQ(exo_env_stop(slot, 0), 0);
	while (exo_env_destroy(slot) == 1)
		;
	KT_EQ(exo_cap_drop(slot), 0);
	KT_EQ(exo_frame_free(frames, first, 4), 0);
	KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, first, 4), 4);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, 4), 0);
	while (exo_cap_drop(frames) == 1)
		;
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_cap_drop(account), 0);
}

const struct ktest ktests[] = {
	{"object-copy", copies_of_objects, 1},
	{"object-copy-of-others", copies_show_no_others, 1},
	{"tables-lie-open", tables_lie_open, 1},
	{NULL, NULL, 0},
};
