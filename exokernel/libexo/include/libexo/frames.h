/* frames.h - physical frames by number: found, taken, given back.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Nothing is remembered here and nothing is chosen: the caller says where to look, for what, and
 * from where on.  Which frames are free the kernel knows; where its frame table lies open the
 * search reads it, else it asks by trying.
 */
#ifndef LIBEXO_FRAMES_H
#define LIBEXO_FRAMES_H

#include <libexo/map.h>
#include <libexo/start.h>

/* Where to look: runs of frames, in this order, under slot `cap` (FRAMES with ALLOC), which also
 * says for which account they are taken. */
struct xo_runs {
	const struct exo_extent *run;
	uint32_t count;
	exo_cap_t cap;
	const volatile struct exo_frame_state *table; /* of xo_frame_table; NULL: none */
};

/* For what: `count` consecutive frames, the first congruent to `phase` modulo `align`, all of
 * them in [from, below).  0 means 1, 1, 0, 0 and "no limit".  So
 *
 *     {0}                                          is any frame
 *     {.count = 512, .align = 512}                 is a 2 MiB page
 *     {.below = XO_BELOW_4G}                       is for a device of 32 bits
 *     {.align = colours, .phase = colour}          is a frame of that colour
 */
struct xo_want {
	uint64_t count;
	uint64_t align, phase;
	exo_pfn_t from, below;
};
#define XO_BELOW_4G (1ull << (32 - EXO_PAGE_SHIFT))

/* The first place that suits: whole inside one run and, where there is a table, free at this
 * moment.  Returns its first frame's number, 0 if there is none.  No call. */
exo_pfn_t xo_frames_find(const struct xo_runs *where, const struct xo_want *want);

/* Find and take.  Returns the first frame's number, or an error: TAKEN nothing that suits is free,
 * LIMIT the account may not have so many, CAP a run is not covered, INVAL phase is not below
 * align. Without a table each frame in the way costs a call: who knows better says it by `from`. */
long xo_frames_take(const struct xo_runs *where, const struct xo_want *want);

/* Take exactly frames first .. first + count - 1, all or none.  Returns 0 or an error of
 * frame_alloc. */
long xo_frames_these(exo_cap_t cap, exo_pfn_t first, uint64_t count);

/* Give frames back, in as many calls as it needs.  Returns 0, or the error at which it ended. */
long xo_frames_give(exo_cap_t cap, exo_pfn_t first, uint64_t count);

/* How many colours the frames have in the cache of `level` (0: the last there is): how many
 * consecutive frames fall into different sets.  1 if the processor does not tell. */
uint32_t xo_cache_colours(uint32_t level);

/* Map the kernel's frame table, struct exo_frame_state[xo_info->pfn_end], or the slice vector of a
 * CPU, struct exo_slice[EXO_SLICE_MAX], read only at va.  Returns it, or NULL: the capability in
 * slot INFO does not cover it, or no frame was left for a page table. */
const volatile struct exo_frame_state *xo_frame_table(const struct xo_space *s, exo_va_t va);
const volatile struct exo_slice *xo_slice_table(const struct xo_space *s, exo_va_t va,
						uint32_t cpu);

/* Pages that xo_frame_table maps. */
static inline uint64_t xo_frame_table_pages(void)
{
	return (xo_info->pfn_end * sizeof(struct exo_frame_state) + EXO_PAGE_SIZE - 1) /
	       EXO_PAGE_SIZE;
}

#endif
