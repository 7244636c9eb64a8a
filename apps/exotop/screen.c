/* screen.c - rows of text, and what a terminal has to be told to show them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Of a terminal it wants what ECMA-48 says of CUP and ED; and the second screen that most have is
 * asked for, so that the steward of several images keeps other lines away (docs/images.md). No line
 * ends with a newline: on a console that is shared those lines belong to others.
 */
#include <stdbool.h>

#include "screen.h"

#include <libexo/console.h>
#include <libexo/string.h>
#include <util/fmt.h>

/* Everything at once, with a cursor's movement for each row. */
#define OUT_MAX (ROWS * (COLUMNS + 16))

static char now[ROWS][COLUMNS + 1], shown[ROWS][COLUMNS];
static int row;
static char out[OUT_MAX];
static size_t bytes;

void screen_line(const char *format, ...)
{
	va_list args;
	size_t n;

	if (row == ROWS)
		return;
	va_start(args, format);
	n = fmt_vstring(now[row], sizeof(now[row]), format, args);
	va_end(args);
	if (n < COLUMNS)
		memset(now[row] + n, ' ', COLUMNS - n);
	row++;
}

int screen_left(void)
{
	return ROWS - row;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bytes += fmt_vstring(out + bytes, sizeof(out) - bytes, format, args);
	va_end(args);
}

/* From the first column that differs to the last. */
static void send_row(int r)
{
	int first = 0, end = COLUMNS;

	while (first < end && now[r][first] == shown[r][first])
		first++;
	while (end > first && now[r][end - 1] == shown[r][end - 1])
		end--;
	if (first == end)
		return;
	say("\033[%d;%dH", r + 1, first + 1);
	memcpy(out + bytes, now[r] + first, end - first);
	bytes += end - first;
	memcpy(shown[r], now[r], COLUMNS);
}

void screen_show(bool whole)
{
	static bool begun;

	while (row < ROWS)
		screen_line(" ");
	bytes = 0;
	if (!begun)
		say("\033[?1049h\033[2J");
	begun = true;
	if (whole)
		memset(shown, 0, sizeof(shown)); /* differs from whatever is there */
	for (int r = 0; r < ROWS; r++)
		send_row(r);
	say("\033[%d;1H", ROWS);
	xo_console_write(out, bytes);
	row = 0;
}

void screen_end(void)
{
	bytes = 0;
	say("\033[%d;1H\033[?1049l\n", ROWS);
	xo_console_write(out, bytes);
}
