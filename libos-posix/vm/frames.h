/* frames.h - the frames of RAM the image has, and who counts on them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Frames come in order from the runs the start block names; those given back
 * are marked in a bitmap and used again first.  Each frame that is out has a
 * count of references: a page of a file, a mapping of it, later a page that
 * processes share until one of them writes.  Frames outside the runs (the
 * archive's) are never counted and never given out.
 *
 * Pages are promised before they are used (px_commit), so memory that was
 * promised is there when it is touched.
 */
#ifndef PX_FRAMES_H
#define PX_FRAMES_H

#include <exo/start.h>
#include <stdbool.h>

struct px_frames {
	struct exo_extent run[EXO_START_RAM_MAX + 1];
	uint64_t before[EXO_START_RAM_MAX + 1]; /* frames in earlier runs: index of run[i].first */
	uint32_t runs;                          /* that new frames come from */
	uint32_t given;   /* 1: one more run, of frames that were in use at the start */
	uint32_t current; /* run that new frames come from */
	uint32_t zero;
	uint64_t used;       /* frames of it that were handed out or taken */
	uint64_t taken;      /* frames of it that the account has */
	uint64_t total, out; /* frames there are; handed out now */
	uint64_t promised;   /* pages */
	uint64_t *freed;     /* bitmap of frames given back */
	uint64_t *seen;      /* bitmap of frames that other processes may have in their window */
	uint64_t freed_count, freed_hint[2]; /* where to look first: for any, for an object */
	uint64_t freed_small;                /* so many given back, and no 2 MiB of them together */
	uint16_t *refs;                      /* by index; see PX_REF_WINDOW */
};

#define PX_REF_MAX    0x7fff
#define PX_REF_WINDOW 0x8000 /* mapped at its place in the arena's window (env/arena.h) */

extern struct px_frames *px_frames;

/* Fill f from the start block; `given` (count 0: none): frames that the program was loaded into,
 * each with one reference.  Returns the bytes its bitmaps and counts need, whole pages. */
uint64_t px_frames_init(struct px_frames *f, const struct exo_start *start,
			const struct exo_extent *given);

/* Use [table, table + what px_frames_init returned), zero filled, for bitmaps and counts. */
void px_frames_tables(struct px_frames *f, void *table);

/* Up to `want` consecutive frames from *first on, each with one reference;
 * returns how many, 0 for none. */
uint64_t px_frames_take(uint64_t want, exo_pfn_t *first);

/* EXO_LARGE_FRAMES of them that follow one another, the first on a boundary of 2 MiB. */
bool px_frames_take_large(exo_pfn_t *first);

/* Two frames that follow one another; 0: none. */
exo_pfn_t px_frames_pair(void);

/* One frame that no process has in its window, so that it can become a page table or another of the
 * kernel's objects; 0: none. */
exo_pfn_t px_frame_for_object(void);

/* Drop one reference to each; without any left a frame is free again. */
void px_frames_give(exo_pfn_t first, uint64_t count);

/* One more reference; false if there are as many as can be counted. */
bool px_frame_ref(exo_pfn_t pfn);

/* Inside: the same for up to n frames from `first` on, as far as they are counted and lie in one
 * run; returns for how many. */
uint64_t px_frames_ref(exo_pfn_t first, uint64_t n);

/* Inside: how many of n frames from `first` on, lying in one run, are counted; 0: the first is not.
 */
uint64_t px_frames_counted(exo_pfn_t first, uint64_t n);

/* References to a frame now; 0 for one that is not counted. */
uint32_t px_frame_refs(exo_pfn_t pfn);

/* The same as px_frames_take, but frames of zeroes; and, inside, give back those that are ready.
 * Only there in programs with threads (thread/zeroed.c). */
uint64_t px_zeroed_take(uint64_t want, exo_pfn_t *first)
	__attribute__((weak, visibility("hidden")));
bool px_zeroed_drain(void) __attribute__((weak, visibility("hidden")));

/* Who refers to this has them. */
extern const char px_zeroed_there;

/* Note that the frame is mapped in the window, or no longer. */
void px_frame_window(exo_pfn_t pfn, bool in);
bool px_frame_in_window(exo_pfn_t pfn);

/* Note that another process may have it in its window from now on. */
void px_frame_seen(exo_pfn_t pfn);

/* Promise `pages` pages; false if that is more than there are. */
bool px_commit(uint64_t pages);
void px_uncommit(uint64_t pages);

/* The same for this process, which takes its promises along when it ends. */
bool px_promise(uint64_t pages);
void px_unpromise(uint64_t pages);

/* Promise even what is kept back. */
void px_promise_anyway(uint64_t pages);

/* How many could be promised now.  Inside a critical section. */
uint64_t px_commit_left(void);

#endif
