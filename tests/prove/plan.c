/* plan.c - what all small worlds have in common.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "plan.h"

#include "hw.h"

#define RWX (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_WX)

void add(struct ops *ops, uint8_t env, int call, int a0, int a1, int a2, int a3, int a4, int a5)
{
	if (ops->count == OPS_MAX) {
		hw_blame("a plan has more moves than there is room for");
		return;
	}
	ops->op[ops->count++] = (struct op){env,
					    (uint8_t)call,
					    {(uint16_t)a0, (uint16_t)a1, (uint16_t)a2, (uint16_t)a3,
					     (uint16_t)a4, (uint16_t)a5}};
}

void add_map(struct ops *ops, uint8_t env, int of, int kind, int prot, int place, int pfn,
	     int count, int slot)
{
	add(ops, env, EXO_SYS_map, of, kind | prot << 8, place, pfn, count, slot);
}

void add_env(struct ops *ops, uint8_t home, int dst, int first, int count)
{
	int pfn = shape.home[home];

	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, pfn, 3, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, pfn + 3, 3, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_frame_alloc, EXO_SLOT_MEMORY, pfn + 6, 1, 0, 0, 0);
	add(ops, HOME_FIRST, EXO_SYS_env_create, EXO_SLOT_MEMORY, pfn, pfn + 1, pfn + 2, dst, 1);
	add(ops, HOME_FIRST, EXO_SYS_cap_derive, EXO_SLOT_MEMORY, dst, EXO_SLOT_MEMORY, first,
	    count, RWX | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE);
	for (int level = 3, i = 3; level; level--, i++)
		add_map(ops, HOME_FIRST, dst, EXO_MAP_TABLE, 0, home_table(shape.place[0], level),
			pfn + i, level, EXO_SLOT_MEMORY);
	add_map(ops, HOME_FIRST, dst, EXO_MAP_PAGES, 3, 0, pfn + 6, 1, EXO_SLOT_MEMORY);
	if (shape.cpu[home] != NOBODY)
		add(ops, home, OP_RUN, 0, 0, 0, 0, 0, 0);
}

int empty_slot(const struct world *w, uint8_t env, int from, int to)
{
	while (from < to && w->env[env].cap[from].kind)
		from++;
	return from;
}
