/* init.c - the last steps of boot, which outlive its code.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/frame.h>
#include <core/info.h>
#include <core/init.h>
#include <core/lock.h>
#include <core/map.h>
#include <core/slice.h>

struct exo_info *info;

void init_join(void)
{
	__atomic_store_n(&this_cpu()->started, 1, __ATOMIC_RELEASE);
	lock();
	slice_run();
}

void init_over(exo_va_t va, exo_pfn_t first, exo_pfn_t end)
{
	lock();
	for (exo_pfn_t pfn = first; pfn < end; pfn++, va += EXO_PAGE_SIZE) {
		*map_entry(kernel_root, va, 1) = 0;
		invlpg(va);
		frames[pfn].type = EXO_FRAME_FREE;
	}
	slice_run();
}
