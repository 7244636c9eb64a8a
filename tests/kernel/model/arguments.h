/* arguments.h - single arguments as one who knows the tables would choose them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Not only noise: slots that are filled, numbers near real ones, ranges at borders.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <model/fuzz.h>

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define ONE_OF(a) ((a)[fuzz_below(COUNT(a))])

/* Mostly a slot of env that is filled so (kind 0: anyhow). */
exo_cap_t slot_with(int env, uint8_t kind, unsigned rights);
exo_cap_t env_slot(int env, unsigned right);

/* A place to put a capability into; mostly an empty one. */
exo_cap_t free_slot(int env);

exo_pfn_t any_frame(void);

/* What is wanted of a frame, to be found where a slot leads. */
enum want { FREE, PLAIN, KNOWN, OTHERS, ACT };

/* One that the slot leads to; 0 if there is none. */
exo_pfn_t frame_of(int env, exo_cap_t slot, enum want want);

/* A slot of those rights in *slot, and a frame for it; mostly as is wanted. */
exo_pfn_t frame_for(int env, uint64_t *slot, unsigned rights, enum want want);
exo_pfn_t alloc_frame(int env, uint64_t *slot, enum want want);

uint64_t any_count(void);
uint32_t any_rights(void);

/* The model's windows end: what would be mapped beyond them it would not know. */
uint32_t pages_at(exo_va_t va, uint32_t count);

#endif
