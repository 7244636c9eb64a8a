/* cap.h - capability slots, as the kernel keeps them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Slots lie in frames the environment gave for them.  Derivation makes a
 * forest: a slot knows its parent, its first child and its neighbours, each as
 * frame number * EXO_CAP_SLOTS + index, 0 for none.  Under the kernel lock.
 */
#ifndef CORE_CAP_H
#define CORE_CAP_H

#include <exo/cap.h>
#include <stdbool.h>

struct env;
struct mmu_flush;

struct cap {
	uint8_t kind; /* enum exo_cap_kind */
	uint8_t rights;
	uint8_t flags;       /* CAP_* */
	uint8_t depth;       /* derivations between it and a root */
	uint32_t generation; /* of the object's frame when the slot was filled: ENV, ACCOUNT,
				FRAMES (its account's) */
	uint32_t account;    /* FRAMES: whose frames in the range: the account's object */
	uint32_t swept; /* while it is undone, how far: FRAMES: in 2 MiB of addresses, CPU: in CPUs
			 */
	uint64_t first, count;
	uint64_t parent, child, next, prev;
};
_Static_assert(sizeof(struct cap) * EXO_CAP_SLOTS == EXO_PAGE_SIZE, "a frame of slots");

#define CAP_USED     1 /* something was made under it: mappings, activations, slices */
#define CAP_REVOKING 2 /* what was derived from it can no longer be used */
#define CAP_ENDING   4 /* it is being emptied: nothing more is made under it */

/* Is [first, first + count) within what the slot names?  Nothing wraps. */
static inline bool cap_covers(const struct cap *c, uint64_t first, uint64_t count)
{
	return first >= c->first && count <= c->count && first - c->first <= c->count - count;
}

/* The slot if it is there at all, filled or not; else NULL. */
struct cap *cap_slot(struct env *env, exo_cap_t slot);

/* The slot if it holds this kind with all these rights, else NULL. */
struct cap *cap_get(struct env *env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights);

/* The live environment that slot names (EXO_SLOT_NONE: self): 0, -CAP or -STALE. */
long cap_env(struct env *self, exo_cap_t slot, unsigned rights, struct env **env);

/* The same, of a slot that is one; and the badge it carries. */
long cap_callee(struct env *self, exo_cap_t slot, struct env **env, uint64_t *badge);

/* Fill an empty slot below parent (NULL: a root). */
void cap_fill(struct cap *c, struct cap *parent, const struct cap *value);

/* Derive the whole of a slot of one environment into a slot of another: 0, or an
 * error as of cap_derive. */
long cap_pass(struct env *from, exo_cap_t src, struct env *to, exo_cap_t dst);

/* Empty a slot; children hang below its parent then, what was made under it is
 * undone.  Stops when *budget is used up: returns true while there is more to do. */
bool cap_empty(struct cap *c, int *budget);

/* How much is done in one call, in units of about eight instructions: what
 * looking at a table, taking away a mapping or a capability, or finding nothing costs. */
#define CAP_STEP    1150
#define COST_TABLE  500
#define COST_LEAF   12
#define COST_CAP    16
#define COST_SLICES 80
#define COST_NONE   12

#endif
