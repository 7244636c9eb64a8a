/* audit.h - do the kernel's tables of who owns what agree with each other?
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The checks read copies, taken at one moment through what the kernel exposes (snapshot.c), by the
 * kernel's own declarations of them.  They are pure functions of the copies, so that a test can
 * spoil a copy and see that it is found (tests/kernel/selftest.c).
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <core/cap.h>
#include <core/env.h>
#include <core/frame.h>
#include <exo/info.h>
#include <stdbool.h>

#define AUDIT_COPIES 2048 /* objects that can be looked at together */

struct audit {
	struct exo_frame_state *frame; /* [pfn_end] */
	uint64_t pfn_end;
	struct exo_slice *slice[EXO_CPU_MAX]; /* [EXO_SLICE_MAX] of each of the CPUs */
	uint32_t cpus;
	exo_pfn_t info;    /* the first information page */
	exo_pfn_t console; /* wired for the console's rings */
	uint16_t *copy; /* [pfn_end] of an object: number of its copy, 1 .. AUDIT_COPIES; else 0 */
	char *copies;
	uint32_t *maps;    /* [pfn_end] mappings that were found */
	uint16_t *wired;   /* [pfn_end] wirings that were found */
	unsigned findings; /* how much does not agree */
	void (*say)(const char *what, uint64_t at, uint64_t more); /* told each, or NULL */
};

/* Look at everything; returns how much does not agree. */
unsigned audit_check(struct audit *a);

/* Copy everything there is, once more at each call; NULL if there is no room.  snapshot.c. */
struct audit *audit_snapshot(void);

/* Note that something at frame (or slot, or CPU) `at` is not so. */
void audit_note(struct audit *a, const char *what, uint64_t at, uint64_t more);
#define AUDIT(a, ok, what, at, more)                                                               \
	do {                                                                                       \
		if (!(ok))                                                                         \
			audit_note(a, what, at, more);                                             \
	} while (0)

/* The copy of an object, NULL if the frame is none of that type. */
void *audit_object(const struct audit *a, exo_pfn_t pfn, enum exo_frame_type type);

/* The slot that a reference between slots leads to, or NULL; and slot `slot` of an environment's
 * table if it is filled. */
struct cap *audit_ref(const struct audit *a, uint64_t ref);
struct cap *audit_slot(const struct audit *a, const struct env *env, exo_cap_t slot);

/* Is account `object` the account `above` or below it?  Ends also if the accounts are spoilt. */
bool audit_within(const struct audit *a, exo_pfn_t object, exo_pfn_t above);

void audit_accounts(struct audit *a);
void audit_caps(struct audit *a);
void audit_tables(struct audit *a); /* counts maps[] */
void audit_envs(struct audit *a);   /* counts wired[] */
void audit_slices(struct audit *a);
void audit_frames(struct audit *a); /* last: compares with what was counted */

#endif
