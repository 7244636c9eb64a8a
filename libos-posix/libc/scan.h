/* scan.h - characters from a stream or a string, one at a time, counted and bounded.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What musl's scanf reads from: build/musl/include/shgetc.h gives these musl's names.
 */
#ifndef PX_SCAN_H
#define PX_SCAN_H

#include <stdio.h>

struct px_scan {
	FILE *file;	/* or: */
	const char *at; /* in a string */
	const void *rpos;
	long count; /* since the limit was set */
	long limit; /* 0: none, -1: reached, or there are no more */
	int last;
};

static inline void px_scan_limit(struct px_scan *s, long limit)
{
	s->count = 0;
	s->limit = limit;
}

static inline int px_scan_get(struct px_scan *s)
{
	int c = EOF;

	if (s->limit == 0 || s->count < s->limit) {
		if (s->file)
			c = getc_unlocked(s->file);
		else if (*s->at)
			c = (unsigned char)*s->at++;
	}
	if (c == EOF) {
		s->limit = -1;
	} else {
		s->last = c;
		s->count++;
	}
	return c;
}

/* Only the last one can be put back, and only once. */
static inline void px_scan_unget(struct px_scan *s)
{
	if (s->limit < 0)
		return;
	s->count--;
	if (s->file)
		ungetc(s->last, s->file);
	else
		s->at--;
}

#endif
