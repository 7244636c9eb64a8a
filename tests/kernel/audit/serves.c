/* serves.c - does an activation wait to be called?  Only its environment's object says so.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/env.h>
#include <exo/cap.h>
#include <exo/stubs.h>

#include <ktest.h>

bool kt_child_serves(const struct kt_child *c)
{
	static const struct env *copy;
	static exo_pfn_t frame;

	if (!copy) {
		exo_va_t va = kt_va(1);

		frame = kt_frame();
		if (!KT_EQ(kt_map(va, frame, 1, KT_RW), 0))
			return false;
		copy = (const struct env *)va;
	}
	if (exo_object_copy(EXO_SLOT_MEMORY, c->object, frame))
		return false;
	return *(const volatile uint8_t *)&copy->act[0].state == ACT_SERVING;
}
