/* book.h - which frames of RAM no image has.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C over tables of the caller.  What an image gets is one run of frames, or a few with
 * nothing between them that could be anybody else's: so one capability from the first to the last
 * reaches no other image's frames, free ones included.
 */
#ifndef BOOK_H
#define BOOK_H

#include <exo/start.h>
#include <stdbool.h>

#define BOOK_EXTENTS 8   /* pieces of what is taken at once */
#define BOOK_TAKERS  128 /* takings at a time */
#define BOOK_HOLES   (EXO_START_RAM_MAX + BOOK_TAKERS * BOOK_EXTENTS)

struct book {
	uint32_t runs;
	uint32_t holes;
	struct exo_extent run[EXO_START_RAM_MAX]; /* all RAM there is, ascending */
	struct exo_extent hole[BOOK_HOLES]; /* what nobody has, ascending, none next to another */
};

/* Begin with `run` (in any order, none within another; runs that touch become one), all of it free.
 */
void book_begin(struct book *b, const struct exo_extent *run, uint32_t runs);

/* Take `count` frames into `to` (BOOK_EXTENTS of them; ascending) and return how many extents they
 * are: one if there is room, from 2 MiB on at a boundary of 2 MiB if there is; else those of
 * neighbouring runs.  0: there is no such room, and nothing was taken. */
uint32_t book_take(struct book *b, uint64_t count, struct exo_extent *to);

/* Give back what was taken, as a whole or a part. */
void book_give(struct book *b, const struct exo_extent *extent);

/* Frames that nobody has. */
uint64_t book_left(const struct book *b);

#endif
