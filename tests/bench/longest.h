/* longest.h - the longest time each call keeps interrupts off.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LONGEST_H
#define LONGEST_H

#include "bench.h"

#include <exo/cap.h>
#include <exo/stubs.h>

#define LONGEST_VA (BENCH_VA + 0x40000000) /* what longest_env.c and longest_slice.c map */

/* A call under this name took so many ticks: the most is kept. */
void longest_note(const char *name, uint64_t ticks);
void longest_rows(void);

/* Do the call, note what it took, give its result. */
#define TIMED(name, call)                                                                          \
	({                                                                                         \
		uint64_t start_ = bench_ticks();                                                   \
		long result_ = (call);                                                             \
		longest_note(name, bench_ticks() - start_);                                        \
		result_;                                                                           \
	})

/* longest.c: what a kick takes with n bytes queued.  The kernel writes LONGEST_KICK of them; for
 * the rest the interrupt comes before the second look at the clock. */
#define LONGEST_KICK 224
uint64_t longest_kick(uint32_t n);

void longest_maps(void);    /* longest_map.c */
void longest_envs(void);    /* longest_env.c */
void longest_slices(void);  /* longest_slice.c */
void longest_revokes(void); /* longest_revoke.c */
void longest_chains(void);  /* longest_chain.c */
/* longest.c: of all objects that there are; slot is empty. */
void longest_objects(exo_cap_t slot);

#endif
