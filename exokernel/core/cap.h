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

struct cap {
	uint8_t kind; /* enum exo_cap_kind */
	uint8_t rights;
	uint16_t zero0;
	uint32_t generation; /* ENV, ACCOUNT: of the frame when the slot was filled */
	uint32_t account;    /* FRAMES: whose frames in the range; an account's frame number */
	uint32_t zero1;
	uint64_t first, count;
	uint64_t parent, child, next, prev;
};
_Static_assert(sizeof(struct cap) * EXO_CAP_SLOTS == EXO_PAGE_SIZE, "a frame of slots");

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

/* Fill an empty slot below parent (NULL: a root). */
void cap_fill(struct cap *c, struct cap *parent, const struct cap *value);

/* Empty a slot; children hang below its parent then.  At most *budget of them
 * are moved: returns true while the slot still has some. */
bool cap_empty(struct cap *c, int *budget);

#define CAP_STEP 128 /* children moved in one call */

#endif
