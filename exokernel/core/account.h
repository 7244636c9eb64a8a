/* account.h - accounts: who pays for frames, and how many it may have.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An account's object is one frame of the account above it; it lies open to
 * read for whoever may map it (struct exo_account in exo/info.h).  A frame counts
 * for the account that took it and for all above.  Under the kernel lock.
 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include <core/frame.h>
#include <exo/info.h>
#include <x86_64/cpu.h>

static inline struct exo_account *account_at(exo_pfn_t object)
{
	return direct(object);
}

/* The slot if it names a live account with these rights, else NULL. */
struct cap *account_cap(struct env *self, exo_cap_t slot, unsigned rights);

/* Is this account the other, or below it? */
bool account_within(exo_pfn_t object, exo_pfn_t above);

/* How many more frames, at most n, may be taken for it. */
uint64_t account_room(exo_pfn_t object, uint64_t n);

/* n frames more or fewer for it and all above, as far as `top` (exclusive; 0: all). */
void account_count(exo_pfn_t object, exo_pfn_t top, int64_t n);

#endif
