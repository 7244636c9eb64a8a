/* console.c - the one console of the machine, and the rings of the images.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An image writes what it likes into its rings, indices too: ours are kept here, its
 * are read once. A round takes a bounded number of bytes from each ring; what comes
 * out waits in a buffer of the steward's until the kernel's ring has room.
 *
 * A full-screen program that has the input and has asked for the whole screen has it
 * alone, if there is a terminal: what others print waits in their rings, the latest
 * of it, and what the steward says or the last words of somebody in the steward's
 * queue, until somebody else gets the input, or the prompt, or the program gives the
 * screen back.  What a full-screen program draws while it does not have the screen
 * nobody wants to see.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/console.h>
#include <libexo/string.h>
#include <mini/mini.h>
#include <util/fmt.h>

#define OUT_SIZE    sizeof(((struct exo_console *)0)->out_data)
#define IN_SIZE     sizeof(((struct exo_console *)0)->in_data)
#define ROUND_BYTES 256
#define CHUNK       64
#define ROOM        (CHUNK * LINE_GROWTH(SHARE_NAME_MAX) + LINE_BYTES + 16) /* what a chunk can become */

static char out[3 * ROOM];
static uint32_t out_bytes;
static struct lines said; /* our own, which wait for their turn like those of the images */
static exo_va_t places;   /* two pages for each image's rings */

/* Hand on what the kernel has room for. */
static void flush(void)
{
	size_t n = xo_console_put(out, out_bytes);

	out_bytes -= n;
	memmove(out, out + n, out_bytes);
}

/* There is room, or who types sees less of it. */
static void put(const void *text, size_t n)
{
	if (n > sizeof(out) - out_bytes)
		return;
	memcpy(out + out_bytes, text, n);
	out_bytes += n;
}

struct screen screen = {.put = put};

static bool other_screen; /* the terminal shows that of full-screen programs */
static bool left_open;    /* and its own has a line that was begun */
static bool going_off;

/* Who has the whole screen, or NULL. */
static const struct image *holder(void)
{
	const struct image *im = input_image();

	return im && im->line.whole && input_by_hand() && !prompt_is_open() && !going_off ? im
											  : NULL;
}

/* What becomes of what it prints. */
enum fate { SHOWN, HELD, UNSEEN };

static enum fate fate_of(const struct image *im)
{
	const struct image *h = holder();

	if (im == h || !input_by_hand())
		return SHOWN;
	if (im->line.whole)
		return UNSEEN;
	return h ? HELD : SHOWN;
}

/* Lines for later: of somebody who is not there any more then. */
static void put_behind(const void *text, size_t n)
{
	static char line[LINES_MOST];
	static size_t bytes;

	for (const char *p = text; n--; p++)
		if (*p == '\n') {
			lines_add(&said, line, bytes);
			bytes = 0;
		} else if (bytes < sizeof(line)) {
			line[bytes++] = *p;
		}
}

static struct screen behind = {.put = put_behind};

static struct screen *screen_of(const struct image *im)
{
	return fate_of(im) == SHOWN ? &screen : &behind;
}

/* The terminal shows the right screen. */
static void switch_screen(void)
{
	bool want = holder();

	if (want == other_screen || sizeof(out) - out_bytes < ROOM)
		return;
	screen_clear(&screen);
	screen_clear(&behind);
	put(want ? "\033[?1049h" : "\033[?1049l", 8);
	if (left_open && !want)
		put("\n", 1);
	left_open = false;
	other_screen = want;
}

void say(const char *format, ...)
{
	char line[LINE_BYTES];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(line, sizeof(line), format, args);
	va_end(args);
	lines_add(&said, line, n < sizeof(line) ? n : sizeof(line) - 1);
}

bool console_says(void)
{
	return lines_wait(&said);
}

/* As many of our own lines as an image gets of its own in a round. */
static void show_said(void)
{
	char line[LINES_MOST];

	if (holder())
		return;
	for (size_t n, done = 0; done < ROUND_BYTES && sizeof(out) - out_bytes >= 2 * ROOM;
	     done += n) {
		n = lines_next(&said, line);
		if (!n)
			return;
		screen_clear(&screen);
		put(line, n);
	}
}

/* What waited in the rings, not what comes meanwhile. */
static void show_held(void)
{
	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];
		uint32_t begin = im->out_tail;

		while (im->out_tail - begin < OUT_SIZE && console_drain(im)) {
			xo_console_write(out, out_bytes);
			out_bytes = 0;
		}
	}
}

void console_end(void)
{
	bool held = holder();

	going_off = true;
	switch_screen();
	if (held)
		show_held();
	do {
		show_said();
		screen_clear(&screen);
		xo_console_write(out, out_bytes);
		out_bytes = 0;
	} while (console_says());
	xo_console_flush();
	going_off = false;
}

void console_show(struct image *im, exo_pfn_t pfn)
{
	exo_va_t va = places + (exo_va_t)(im - images) * EXO_CONSOLE_FRAMES * EXO_PAGE_SIZE;
	struct exo_console *c = (struct exo_console *)va;

	if (xo_map_run(&mini_space, va, pfn, EXO_CONSOLE_FRAMES, EXO_PROT_READ | EXO_PROT_WRITE,
		       SLOT_MEMORY_OF(im)))
		return;
	memset(c, 0, sizeof(*c));
	c->out =
		(struct exo_ring){.version = EXO_ABI_VERSION, .entry_size = 1, .entries = OUT_SIZE};
	c->in = (struct exo_ring){.version = EXO_ABI_VERSION, .entry_size = 1, .entries = IN_SIZE};
	im->out_tail = im->in_head = 0;
	im->was_full = im->line.whole = false;
	im->console = c;
}

bool console_hide(struct image *im)
{
	if (sizeof(out) - out_bytes < ROOM)
		return false;
	if (im->console)
		mini_unmap((exo_va_t)im->console, EXO_CONSOLE_FRAMES);
	im->console = NULL;
	im->line.whole = false;
	line_end(screen_of(im), &im->line);
	return true;
}

static void tell(struct image *im, uint64_t bits)
{
	if (im->has_env)
		exo_notify(SLOT_ENV(im), 0, bits);
}

/* At most n bytes of the ring, and fewer if its screen is another then. */
static uint32_t show(struct image *im, uint32_t n)
{
	enum fate fate = fate_of(im);
	char bytes[CHUNK];

	for (uint32_t i = 0; i < n; i++)
		bytes[i] = im->console->out_data[(im->out_tail + i) % OUT_SIZE];
	if (im->state != IMAGE_ENDS)
		n = (uint32_t)line_asks(&im->line, bytes, n);
	if (fate != UNSEEN)
		line_write(fate == SHOWN ? &screen : &behind, &im->line, bytes, n);
	if (fate == SHOWN && im == input_image() && input_by_hand()) {
		left_open = im->line.whole && (left_open || !other_screen);
		other_screen = im->line.whole;
	}
	return n;
}

/* Take at most so many bytes; returns how many. */
static uint32_t drain(struct image *im, uint32_t waiting, uint32_t most)
{
	uint32_t end = waiting < most ? waiting : most, done = 0;

	while (done < end && sizeof(out) - out_bytes >= 2 * ROOM) {
		uint32_t n = show(im, end - done < CHUNK ? end - done : CHUNK);

		im->out_tail += n;
		done += n;
	}
	return done;
}

/* Of what is held the latest stays: half of what there is room for, so that nobody waits for room.
 */
static uint32_t forget(struct image *im, uint32_t waiting)
{
	uint32_t least = waiting > OUT_SIZE / 2 ? waiting - OUT_SIZE / 2 : 0, done = 0;
	char c = 0;

	for (; done < waiting && (done < least || (done && c != '\n')); done++) {
		c = (char)im->console->out_data[im->out_tail++ % OUT_SIZE];
		im->forgotten += c == '\n';
	}
	if (done)
		line_forget(&im->line, c != '\n');
	return done;
}

static void tell_forgotten(struct image *im)
{
	if (im->forgotten)
		say("steward: %s: %u lines are left out", im->share.name, im->forgotten);
	im->forgotten = 0;
}

/* Bytes taken of those that wait. */
static uint32_t take(struct image *im, uint32_t waiting)
{
	if (im->state == IMAGE_ENDS)
		im->line.whole = false;
	else if (fate_of(im) == HELD)
		return forget(im, waiting);
	tell_forgotten(im);
	return drain(im, waiting, ROUND_BYTES);
}

bool console_drain(struct image *im)
{
	uint32_t waiting, done;

	if (!im->console)
		return false;
	waiting = __atomic_load_n(&im->console->out.head, __ATOMIC_ACQUIRE) - im->out_tail;
	if (!waiting || waiting > OUT_SIZE)
		return false;
	im->was_full |= waiting == OUT_SIZE;
	done = take(im, waiting);
	__atomic_store_n(&im->console->out.tail, im->out_tail, __ATOMIC_RELEASE);
	waiting -= done;
	if (done && (!waiting || (im->was_full && waiting <= OUT_SIZE / 2))) {
		im->was_full = false;
		tell(im, EXO_EVENT_CONSOLE_OUT);
	}
	if (!waiting && im->line.plain && fate_of(im) == SHOWN)
		line_show(&screen, &im->line);
	/* What is held is for later. */
	return waiting && (im->state == IMAGE_ENDS || fate_of(im) != HELD);
}

bool console_round(exo_ns_t now, exo_ns_t *wake)
{
	static uint32_t first;
	bool more = false;

	(void)now;
	(void)wake;
	if (out_bytes)
		flush();
	first++;
	switch_screen();
	show_said();
	for (uint32_t i = 0; i < image_count; i++)
		more |= console_drain(&images[(first + i) % image_count]);
	switch_screen();
	prompt_show();
	if (out_bytes)
		flush();
	/* Without room for more there will be an event. */
	return (more || (console_says() && !holder())) && sizeof(out) - out_bytes >= 2 * ROOM;
}

bool input_put(struct image *im, char c)
{
	struct exo_console *rings = im->console;

	if (!rings || im->in_head - __atomic_load_n(&rings->in.tail, __ATOMIC_ACQUIRE) >= IN_SIZE)
		return false;
	rings->in_data[im->in_head++ % IN_SIZE] = (uint8_t)c;
	__atomic_store_n(&rings->in.head, im->in_head, __ATOMIC_RELEASE);
	return true;
}

void input_told(struct image *im)
{
	tell(im, EXO_EVENT_CONSOLE_IN);
}

void console_init(void)
{
	places = mini_va((uint64_t)IMAGES_MAX * EXO_CONSOLE_FRAMES);
}
