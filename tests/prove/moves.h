/* moves.h - the calls that make sense in a world, by kind.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_MOVES_H
#define PROVE_MOVES_H

#include "plan.h"

/* Bits of menu.what. */
enum {
	M_DERIVE = 1 << 0,  /* into the own table */
	M_GRANT = 1 << 1,   /* into those of others */
	M_DROP = 1 << 2,
	M_REVOKE = 1 << 3,
	M_MAP = 1 << 4,     /* and take away */
	M_PROTECT = 1 << 5,
	M_ALLOC = 1 << 6,
	M_FREE = 1 << 7,
	M_TAKE = 1 << 8,
	M_CHARGE = 1 << 9,
	M_ACCOUNT = 1 << 10, /* create and destroy, */
	M_LIMIT = 1 << 11,
	M_OPEN = 1 << 12,
	M_TABLE = 1 << 13,   /* page tables */
	M_GROW = 1 << 14,
	M_ENV = 1 << 15,     /* create, stop, destroy */
	M_ACT = 1 << 16,     /* bind activations, notify them */
	M_SLICE = 1 << 17,
	M_COPY = 1 << 18,
	M_STATUS = 1 << 19,
};

void moves(const struct world *w, struct ops *ops, const struct menu *menu);

/* Calls that must nearly always be refused: ranges that are too long or wrap, rights that are
 * not there, slots that are none or filled, addresses and frames of others. */
void refused(const struct world *w, struct ops *ops, const struct menu *menu);

#endif
