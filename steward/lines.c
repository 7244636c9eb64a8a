/* lines.c - a queue of lines that keeps nobody waiting.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "lines.h"

#include <util/fmt.h>

static size_t room(const struct lines *l)
{
	return LINES_BYTES - (l->head - l->tail);
}

static void add(struct lines *l, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		l->text[l->head++ % LINES_BYTES] = text[i];
	l->text[l->head++ % LINES_BYTES] = '\n';
}

/* How many are missing here. */
static void tell_lost(struct lines *l)
{
	char text[64];

	if (!l->lost)
		return;
	add(l, text,
	    fmt_string(text, sizeof(text), "steward: %u lines are left out here", l->lost));
	l->lost = 0;
}

void lines_add(struct lines *l, const char *text, size_t n)
{
	if (n > LINES_MOST - 1)
		n = LINES_MOST - 1;
	if (room(l) < n + 1 + (l->lost ? LINES_MOST : 0)) {
		l->lost++;
		return;
	}
	tell_lost(l);
	add(l, text, n);
}

size_t lines_next(struct lines *l, char to[LINES_MOST])
{
	size_t n = 0;

	if (l->head == l->tail)
		tell_lost(l);
	while (l->head != l->tail && (!n || to[n - 1] != '\n'))
		to[n++] = l->text[l->tail++ % LINES_BYTES];
	return n;
}

bool lines_wait(const struct lines *l)
{
	return l->head != l->tail || l->lost;
}
