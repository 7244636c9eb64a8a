/* lines.h - the steward's own lines, until the console has room for them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C.  Who has something to say never waits: what there is no room for is counted, and the
 * count is said in its place.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_BYTES 16384
#define LINES_MOST  240 /* bytes of one line, with its newline */

struct lines {
	uint32_t head, tail; /* bytes written and taken so far */
	uint32_t lost;       /* lines that there was no room for since the last one that had some */
	char text[LINES_BYTES];
};

/* Add a line of n bytes, a newline behind it; what is too long is cut. */
void lines_add(struct lines *l, const char *text, size_t n);

/* Take the next line, with its newline.  Returns its length, 0: there is none. */
size_t lines_next(struct lines *l, char to[LINES_MOST]);

bool lines_wait(const struct lines *l);

#endif
