/* loan.h - memory on loan.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Inside critical sections, but for px_loan_begin, px_loan_settle and px_loan_back.  Only there in
 * programs with threads or processes, and in shared ones.
 */
#ifndef PX_LOAN_H
#define PX_LOAN_H

#include <exo/types.h>
#include <stdbool.h>
#include <stdint.h>

#define PX_LOAN_MAPS 8

/* In the arena. */
struct px_loan {
	exo_pfn_t first;
	uint64_t count;
	uint64_t next;                 /* frames from here on were never used */
	uint64_t used, free;           /* mapped; below `next` and not */
	uint64_t *freed[PX_LOAN_MAPS]; /* a bitmap of those, in pages, or NULL */
	uint8_t opened;
	uint8_t over; /* nothing is taken from it any more */
	uint8_t lost; /* pages of it have gone, with what was in them */
};

/* Where threads and processes begin: so programs that have them have all of this. */
void px_loan_begin(void);

#define PX_IF_LOAN __attribute__((weak, visibility("hidden")))

/* Map frames of zeroes on loan at va, where nothing is, in one region; returns how many pages, at
 * most `pages`. */
PX_IF_LOAN uint64_t px_loan_map(exo_va_t va, uint64_t pages, uint32_t prot);

/* A frame of it is not mapped any more. */
PX_IF_LOAN void px_loan_free(exo_pfn_t pfn);

/* Are pages of it lost? */
PX_IF_LOAN bool px_loan_lost(void);

/* Move what lies there to frames of ours: false if not all of it could be. */
PX_IF_LOAN bool px_loan_settle(void);

/* The same, and use it no more: it is asked back. */
PX_IF_LOAN void px_loan_back(exo_ns_t deadline);

#endif
