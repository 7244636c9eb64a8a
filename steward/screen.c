/* screen.c - lines of many on one console.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "screen.h"

#include <libexo/string.h>

#define DELETE 0x7f

void screen_clear(struct screen *s)
{
	if (s->open)
		s->put("\n", 1);
	s->open = NULL;
}

/* Show what is there; `ends`: the line on the console ends with it. */
static void show(struct screen *s, struct line *l, bool ends)
{
	if (s->open != l) {
		screen_clear(s);
		s->put(l->name, strlen(l->name));
		s->put(l->begun ? "|+" : "| ", 2);
	}
	s->put(l->text, l->n);
	l->n = 0;
	l->begun = true;
	s->open = l;
	if (ends)
		screen_clear(s);
}

static void add(struct screen *s, struct line *l, char c)
{
	if (l->n == LINE_BYTES)
		show(s, l, !l->plain);
	l->text[l->n++] = c;
}

static void add_shown(struct screen *s, struct line *l, char c)
{
	bool control = ((unsigned char)c < ' ' && c != '\t') || c == DELETE;

	if (!l->plain && control) {
		add(s, l, '^');
		c ^= 0x40;
	}
	add(s, l, c);
}

void line_write(struct screen *s, struct line *l, const char *bytes, size_t n)
{
	for (const char *end = bytes + n; bytes < end; bytes++) {
		if (l->returned && *bytes != '\n')
			add_shown(s, l, '\r');
		l->returned = *bytes == '\r';
		if (*bytes == '\n') {
			show(s, l, true);
			l->begun = false;
		} else if (!l->returned) {
			add_shown(s, l, *bytes);
		}
	}
}

void line_show(struct screen *s, struct line *l)
{
	if (l->returned) {
		add_shown(s, l, '\r');
		l->returned = false;
	}
	if (l->n)
		show(s, l, false);
}

void line_end(struct screen *s, struct line *l)
{
	l->returned = false;
	if (l->n)
		show(s, l, true);
	else if (s->open == l)
		screen_clear(s);
	l->begun = false;
}
