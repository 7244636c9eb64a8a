/* boot.c - the first environment, as boot/load.c leaves it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "plan.h"

#include "hw.h"

#include <core/account.h>
#include <core/cap.h>
#include <core/map.h>
#include <exo/archive.h>
#include <exo/version.h>

#define ALL (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC | EXO_RIGHT_WX)

static void own(exo_pfn_t pfn, enum exo_frame_type type)
{
	frames[pfn].type = type;
	frames[pfn].account = BOOT_ACCOUNT;
	account_at(BOOT_ACCOUNT)->used++;
}

static void give(struct env *env, exo_cap_t slot, struct cap value)
{
	value.rights |= EXO_RIGHT_DERIVE;
	cap_fill(cap_slot(env, slot), NULL, &value);
	cap_slot(env, slot)->flags |= CAP_USED;
}

static void give_everything(struct env *env)
{
	give(env, EXO_SLOT_SELF,
	     (struct cap){.kind = EXO_CAP_ENV, .rights = 0x3f, .first = BOOT_ENV});
	give(env, EXO_SLOT_MEMORY,
	     (struct cap){.kind = EXO_CAP_FRAMES,
			  .rights = ALL,
			  .account = BOOT_ACCOUNT,
			  .count = frames_end});
	give(env, EXO_SLOT_CPU,
	     (struct cap){.kind = EXO_CAP_CPU,
			  .rights = EXO_RIGHT_BIND | EXO_RIGHT_LENGTH,
			  .count = EXO_SLICE_OF(0, EXO_SLICE_MAX)});
	give(env, EXO_SLOT_ACCOUNT,
	     (struct cap){.kind = EXO_CAP_ACCOUNT,
			  .rights = EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT,
			  .first = BOOT_ACCOUNT,
			  .count = 1});
	give(env, EXO_SLOT_INFO,
	     (struct cap){.kind = EXO_CAP_FRAMES,
			  .rights = EXO_RIGHT_READ,
			  .account = BOOT_INFO,
			  .first = BOOT_INFO,
			  .count = 1});
}

/* The page in which it writes what it asks of the map call. */
static void map_first(struct env *env)
{
	exo_pfn_t table = BOOT_TABLES;

	for (int level = 4; level > 1; level--, table++) {
		uint64_t *e = map_entry(env->root, shape.place[0], level);

		own(table, EXO_FRAME_TABLE1 + level - 2);
		*e = table << EXO_PAGE_SHIFT | PTE_BRANCH;
		frames[direct_pfn(e)].maps++;
	}
	own(BOOT_PAGE, EXO_FRAME_DATA);
	*map_entry(env->root, shape.place[0], 1) =
		(uint64_t)BOOT_PAGE << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_USER |
		EXO_PTE_WRITE | EXO_PTE_NOEXEC | EXO_PTE_OF_SLOT(EXO_SLOT_MEMORY);
	frames[BOOT_TABLES + 2].maps++;
	frames[BOOT_PAGE].maps++;
}

void boot(uint64_t limit)
{
	struct env *env = direct(BOOT_ENV);

	hw_make(shape.run ? 2 * EXO_LARGE_FRAMES : shape.frames, shape.frames);
	kernel_root = shared_root = BOOT_KERNEL;
	((uint64_t *)direct(kernel_root))[256] = 0x123; /* the kernel's half, as it were */
	*account_at(BOOT_ACCOUNT) =
		(struct exo_account){.version = EXO_ABI_VERSION, .limit = limit};
	own(BOOT_ACCOUNT, EXO_FRAME_ACCOUNT);
	own(BOOT_ENV, EXO_FRAME_ENV);
	own(BOOT_ROOT, EXO_FRAME_TABLE4);
	own(BOOT_SLOTS, EXO_FRAME_CAPS);
	env->root = BOOT_ROOT;
	env->program_flags = shape.wx ? EXO_PROGRAM_WX : 0;
	map_root(env->root);
	env->cap_pages = 1;
	env->cap_pfn[0] = BOOT_SLOTS;
	frames[BOOT_SLOTS].maps = BOOT_ENV;
	env_list(env);
	map_first(env);
	frames[BOOT_INFO].type = EXO_FRAME_INFO;
	frames[BOOT_INFO].account = BOOT_INFO;
	give_everything(env);
	for (exo_pfn_t pfn = BOOT_FREE; pfn < shape.frames; pfn++)
		frames[pfn].type = EXO_FRAME_FREE;
	for (exo_pfn_t pfn = EXO_LARGE_FRAMES; shape.run && pfn < 2 * EXO_LARGE_FRAMES; pfn++)
		own(pfn, EXO_FRAME_DATA);
	hw_this = &hw_cpu[0];
}
