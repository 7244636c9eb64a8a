/* startup.h - what exec passes on from one environment to the next.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_STARTUP_H
#define PX_STARTUP_H

#include <env/process.h>
#include <exo/types.h>
#include <stdint.h>

#define PX_STARTUP_PAGES 500

/* One page of the arena, and one for each 4 KiB of strings: the arguments, then the environment,
 * each ended by a zero byte. */
struct px_startup {
	struct px_vnode *file; /* the program, with a reference; it counts as run */
	struct exo_start *start;
	uint8_t seed[32]; /* of its random numbers */
	uint32_t random_good;
	uint32_t arguments, variables;
	uint32_t pages;
	uint64_t bytes;
	char comm[16]; /* what the file is called */
	char *page[PX_STARTUP_PAGES];
};
_Static_assert(sizeof(struct px_startup) <= EXO_PAGE_SIZE, "one page");

/* exec.c.  Give everything back. */
void px_startup_free(struct px_startup *s);

/* Only in images with programs to load (env/execute.c).  Could the file be one?  0 or a negative
 * error.  Then: begin it; returns only an error. */
int px_execute_check(struct px_vnode *v) __attribute__((weak, visibility("hidden")));
int px_execute(struct px_startup *s) __attribute__((weak, visibility("hidden")));

#endif
