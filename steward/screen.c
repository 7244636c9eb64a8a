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

/* The character of n bytes, as UTF-8 has it (Unicode 15, section 3.9); ~0 if it is none. */
static uint32_t decoded(const char *part, uint32_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c = (uint8_t)part[0] & (0x7fu >> n);

	for (uint32_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)part[i] & 0x3f);
	return c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? ~0u : c;
}

/* Those that act on what else is shown: controls, line ends, marks of direction. */
static bool acts(uint32_t c)
{
	return c < 0xa0 || c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c > 0x10ffff;
}

/* What there is of a character above 0x7f, as it is or in numbers. */
static void add_part(struct screen *s, struct line *l)
{
	bool whole = l->part_n == l->part_of && !acts(decoded(l->part, l->part_n));

	for (uint32_t i = 0; i < l->part_n; i++) {
		uint8_t byte = (uint8_t)l->part[i];

		if (!whole && !l->plain) {
			add(s, l, '\\');
			add(s, l, 'x');
			add(s, l, "0123456789abcdef"[byte >> 4]);
			byte = (uint8_t) "0123456789abcdef"[byte & 15];
		}
		add(s, l, (char)byte);
	}
	l->part_n = 0;
}

/* Begins a character of more bytes, or is none. */
static uint8_t bytes_of(uint8_t c)
{
	return c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
}

static void add_high(struct screen *s, struct line *l, char c)
{
	bool goes_on = ((uint8_t)c & 0xc0) == 0x80;

	if (l->part_n && !goes_on)
		add_part(s, l);
	if (!l->part_n)
		l->part_of = bytes_of((uint8_t)c);
	l->part[l->part_n++] = c;
	if (l->part_n == l->part_of)
		add_part(s, l);
}

static void add_shown(struct screen *s, struct line *l, char c)
{
	bool control = ((uint8_t)c < ' ' && c != '\t') || c == DELETE;

	if (!l->plain && (uint8_t)c > DELETE) {
		add_high(s, l, c);
		return;
	}
	if (l->part_n)
		add_part(s, l);
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
			if (l->part_n)
				add_part(s, l);
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
	if (l->part_n)
		add_part(s, l);
	if (l->n)
		show(s, l, true);
	else if (s->open == l)
		screen_clear(s);
	l->begun = false;
}

size_t line_asks(struct line *l, const char *bytes, size_t n)
{
	static const char begins[] = "\033[?";

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];
		bool was = l->whole;

		if (l->heard < sizeof(begins) - 1) {
			l->heard = c == begins[l->heard] ? l->heard + 1 : c == begins[0];
			l->number = 0;
			l->meant = false;
		} else if (c >= '0' && c <= '9' && l->number < 100000) {
			l->number = l->number * 10 + (uint32_t)(c - '0');
		} else {
			l->meant |= l->number == 1049 || l->number == 1047 || l->number == 47;
			l->number = 0;
			if (c == ';')
				continue;
			l->heard = c == begins[0];
			if (l->meant && (c == 'h' || c == 'l'))
				l->whole = c == 'h';
			if (l->whole != was)
				return i + 1;
		}
	}
	return n;
}

void line_forget(struct line *l, bool inside)
{
	l->n = 0;
	l->part_n = 0;
	l->returned = false;
	l->begun = inside;
}
