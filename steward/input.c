/* input.c - who gets what is typed.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Ctrl-] is for the steward, and so is what follows it: the number of an image, which gets the
 * input from then on; c for the prompt; Ctrl-] for the byte itself.  What the image has no room for
 * waits here, and then on the line; so a stream of input loses nothing.
 */
#include "steward.h"

#include <libexo/console.h>

#define ESCAPE 0x1d /* Ctrl-] */

static struct image *to; /* NULL: nobody */

/* Typed, looked at, and not taken by `to` yet. */
static char waiting[4096];
static uint32_t waiting_begin, waiting_end; /* run freely */

/* After ESCAPE: the number so far. */
static bool escaped;
static uint32_t number;

struct image *input_image(void)
{
	return to;
}

void input_to(struct image *im)
{
	if (to)
		to->line.plain = false;
	waiting_begin = waiting_end;
	to = im;
	prompt_close();
	if (!im)
		return;
	im->line.plain = true;
	line_show(&screen, &im->line);
}

void input_tell(struct image *im)
{
	input_to(im);
	say("steward: what is typed goes to %s", im->share.name);
}

static void choose(uint32_t n)
{
	escaped = false;
	if (n && n <= image_count && images[n - 1].share.name[0])
		input_tell(&images[n - 1]);
	else
		say("steward: there is no image %u", n);
}

static void pass(char c)
{
	if (prompt_is_open())
		prompt_typed(c);
	else if (to)
		waiting[waiting_end++ % sizeof(waiting)] = c;
}

static void after_escape(char c)
{
	if (c >= '0' && c <= '9') {
		number = number * 10 + (uint32_t)(c - '0');
		if (number * 10 > image_count)
			choose(number);
		return;
	}
	if (number) {
		choose(number);
		if (c != '\r' && c != '\n')
			pass(c);
		return;
	}
	escaped = false;
	if (c == 'c')
		prompt_open();
	else if (c == ESCAPE)
		pass(c);
}

static void typed(char c)
{
	if (escaped) {
		after_escape(c);
	} else if (c == ESCAPE) {
		escaped = true;
		number = 0;
	} else {
		pass(c);
	}
}

static void deliver(void)
{
	bool any = false;

	if (to->state == IMAGE_IDLE)
		waiting_begin = waiting_end;
	while (waiting_begin != waiting_end &&
	       input_put(to, waiting[waiting_begin % sizeof(waiting)])) {
		waiting_begin++;
		any = true;
	}
	if (any)
		input_told(to);
}

bool input_round(exo_ns_t now, exo_ns_t *wake)
{
	char c;

	(void)now;
	(void)wake;
	while (waiting_end - waiting_begin < sizeof(waiting) && xo_console_read(&c, 1))
		typed(c);
	if (to)
		deliver();
	return false;
}
