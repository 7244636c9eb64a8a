/* input.c - who gets what is typed.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Ctrl-] is for the steward, and so is what follows it: the number of an image, which gets the
 * input from then on; c for the prompt; Ctrl-] for the byte itself.  What an image has no room for
 * waits here.  When there is no room here either, a stream of input, which is to lose nothing,
 * waits on the line; of what is typed by hand the rest is lost, so that Ctrl-] gets through.
 */
#include "steward.h"

#include <libexo/console.h>

#define ESCAPE 0x1d /* Ctrl-] */

#define WAITING 4096

static struct image *to; /* NULL: nobody */

/* Typed, and not taken yet by whom it was typed for. */
static struct {
	uint8_t image;
	char c;
} waiting[WAITING];
static uint32_t waiting_count;

static bool by_hand;
static bool lost; /* something has been, since there was room */

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

/* Who types into a pipe needs to see nothing of it. */
bool input_by_hand(void)
{
	return by_hand;
}

static void lose(void)
{
	if (!lost)
		say("steward: %s does not read: what is typed is lost", to->share.name);
	lost = true;
}

static void pass(char c)
{
	if (prompt_is_open())
		prompt_typed(c);
	else if (to && waiting_count == WAITING)
		lose();
	else if (to) {
		waiting[waiting_count].image = (uint8_t)(to - images);
		waiting[waiting_count++].c = c;
	}
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

/* To each in its order; who does not read holds up nobody's that is here. */
static void deliver(void)
{
	bool full[IMAGES_MAX] = {false}, any[IMAGES_MAX] = {false};
	uint32_t left = 0;

	for (uint32_t i = 0; i < waiting_count; i++) {
		uint32_t n = waiting[i].image;
		struct image *im = &images[n];

		if (im->state == IMAGE_IDLE)
			continue;
		full[n] |= !input_put(im, waiting[i].c) || full[n];
		if (full[n])
			waiting[left++] = waiting[i];
		any[n] |= !full[n];
	}
	waiting_count = left;
	lost &= left > WAITING / 2;
	for (uint32_t n = 0; n < image_count; n++)
		if (any[n])
			input_told(&images[n]);
}

bool input_round(exo_ns_t now, exo_ns_t *wake)
{
	bool any = false;
	char c;

	(void)now;
	(void)wake;
	while ((by_hand || waiting_count < WAITING) && xo_console_read(&c, 1)) {
		typed(c);
		any = true;
	}
	if (waiting_count)
		deliver();
	return any; /* the screen may be somebody else's now */
}

void input_init(bool hand)
{
	by_hand = hand;
}
