/* screen.h - lines of many on one console, each tagged with whose it is.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C.  A line is shown as `name| text`; what goes on with a line that has been shown in part,
 * because it is long or because somebody has to answer it, as `name|+text`.  So whoever reads the
 * console by lines can put every image's own output together again.
 *
 * Control characters except tab are shown as ^X, carriage returns before a newline left out: they
 * could make a terminal show somebody else's name.  So could those above 0x7f, and Unicode's that
 * turn the direction of writing: their bytes are shown as \xNN, as is what is no UTF-8.  Who has
 * the input may use them all: there an editor runs, or nobody is fooled but who types.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES 200
/* What one byte of output can become at most: a piece shown with its tag, and newlines around. */
#define LINE_GROWTH(name_bytes) ((name_bytes) + 8)

/* What one image has written of its current line. */
struct line {
	const char *name;
	bool plain;      /* its control characters are let through */
	bool begun;      /* part of the line has been shown */
	bool returned;   /* a carriage return was written last */
	uint8_t part_n;  /* bytes here of a character in UTF-8... */
	uint8_t part_of; /* ...that has so many */
	char part[4];
	bool whole;      /* it has asked for the whole screen: line_asks */
	uint8_t heard;   /* of such a request, */
	bool meant;      /* with a number that says so, */
	uint32_t number; /* and this one so far */
	uint16_t n;
	char text[LINE_BYTES];
};

struct screen {
	void (*put)(const void *text, size_t n);
	struct line *open; /* whose unfinished line the console shows last, or NULL */
};

/* Write n bytes; whole lines and pieces of LINE_BYTES are shown. */
void line_write(struct screen *s, struct line *l, const char *bytes, size_t n);

/* Look in n bytes for a request: a terminal has a second screen, which full-screen programs switch
 * to (ESC [ ? 1049 h) and leave (l); older numbers for it are 47 and 1047.  `whole` is changed.
 * Returns how many bytes come before the next one has its effect. */
size_t line_asks(struct line *l, const char *bytes, size_t n);

/* Show what has been written of an unfinished line, which can go on where it stands. */
void line_show(struct screen *s, struct line *l);

/* Show the rest as if a newline followed, if anything has been written of the line. */
void line_end(struct screen *s, struct line *l);

/* What was written goes on where something of it has been left out; `inside` a line, or behind one.
 */
void line_forget(struct line *l, bool inside);

/* End the unfinished line that the console shows, so that something else can be shown. */
void screen_clear(struct screen *s);

#endif
