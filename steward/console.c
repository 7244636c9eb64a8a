/* console.c - the one console of the machine, and the rings of the images.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An image writes what it likes into its rings, indices too: ours are kept here, its are read once.
 * A round takes a bounded number of bytes from each ring; what comes out waits in a buffer of the
 * steward's until the kernel's ring has room.
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
#define ROOM        (CHUNK * LINE_GROWTH(SHARE_NAME_MAX) + LINE_BYTES) /* what a chunk can become */

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

	for (size_t n, done = 0; done < ROUND_BYTES && sizeof(out) - out_bytes >= 2 * ROOM;
	     done += n) {
		n = lines_next(&said, line);
		if (!n)
			return;
		screen_clear(&screen);
		put(line, n);
	}
}

void console_end(void)
{
	do {
		show_said();
		screen_clear(&screen);
		xo_console_write(out, out_bytes);
		out_bytes = 0;
	} while (console_says());
	xo_console_flush();
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
	im->was_full = false;
	im->console = c;
}

bool console_hide(struct image *im)
{
	if (sizeof(out) - out_bytes < ROOM)
		return false;
	if (im->console)
		mini_unmap((exo_va_t)im->console, EXO_CONSOLE_FRAMES);
	im->console = NULL;
	line_end(&screen, &im->line);
	return true;
}

static void tell(struct image *im, uint64_t bits)
{
	if (im->has_env)
		exo_notify(SLOT_ENV(im), 0, bits);
}

/* Take at most so many bytes; returns how many. */
static uint32_t drain(struct image *im, uint32_t waiting, uint32_t most)
{
	uint32_t done = 0;

	while (done < waiting && done < most && sizeof(out) - out_bytes >= 2 * ROOM) {
		uint32_t n = waiting - done < CHUNK ? waiting - done : CHUNK;
		char bytes[CHUNK];

		for (uint32_t i = 0; i < n; i++)
			bytes[i] = im->console->out_data[(im->out_tail + i) % OUT_SIZE];
		line_write(&screen, &im->line, bytes, n);
		im->out_tail += n;
		done += n;
	}
	__atomic_store_n(&im->console->out.tail, im->out_tail, __ATOMIC_RELEASE);
	return done;
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
	done = drain(im, waiting, ROUND_BYTES);
	waiting -= done;
	if (done && (!waiting || (im->was_full && waiting <= OUT_SIZE / 2))) {
		im->was_full = false;
		tell(im, EXO_EVENT_CONSOLE_OUT);
	}
	if (!waiting && im->line.plain)
		line_show(&screen, &im->line);
	return waiting;
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
	show_said();
	for (uint32_t i = 0; i < image_count; i++)
		more |= console_drain(&images[(first + i) % image_count]);
	prompt_show();
	if (out_bytes)
		flush();
	/* Without room for more there will be an event. */
	return (more || console_says()) && sizeof(out) - out_bytes >= 2 * ROOM;
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
