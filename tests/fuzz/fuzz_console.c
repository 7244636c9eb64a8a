/* fuzz_console.c - fuzz target: console rings that an image writes what it likes into.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Of what the steward shows, each image's own output is put together again, as docs/images.md says:
 * it must be what was taken from its ring, and no image may show another's name.  At a terminal a
 * program that has the whole screen has it alone, and keeps nobody waiting.
 */
#include "fuzz.h"

#include "steward.h"

#include <libexo/console.h>
#include <limits.h>
#include <locale.h>
#include <mini/mini.h>
#include <wchar.h>

#define PEERS    3
#define TEXT_MAX (1 << 18)

struct image images[IMAGES_MAX];
uint32_t image_count = PEERS;
const struct xo_space mini_space;

static _Alignas(4096) char rings[IMAGES_MAX * EXO_CONSOLE_FRAMES * EXO_PAGE_SIZE];
static char shown[TEXT_MAX], want[PEERS][TEXT_MAX];
static size_t shown_bytes, want_bytes[PEERS], room;
static bool returned[PEERS];
static bool hand, at_prompt;       /* somebody types */
static char high[PEERS][TEXT_MAX]; /* bytes above 0x7f, in one piece */
static size_t high_bytes[PEERS];

exo_va_t mini_va(uint64_t pages)
{
	must(pages * EXO_PAGE_SIZE <= sizeof(rings));
	return (exo_va_t)rings;
}

long mini_unmap(exo_va_t va, uint64_t pages)
{
	(void)va, (void)pages;
	return 0;
}

long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	(void)s, (void)va, (void)pfn, (void)pages, (void)prot, (void)cap;
	return 0;
}

long exo_notify(exo_cap_t env, uint32_t index, uint64_t bits)
{
	(void)env, (void)index, (void)bits;
	return 0;
}

void prompt_show(void)
{
}

bool prompt_is_open(void)
{
	return at_prompt;
}

bool input_by_hand(void)
{
	return hand;
}

struct image *input_image(void)
{
	return images[0].line.plain ? &images[0] : NULL;
}

size_t xo_console_put(const void *data, size_t n)
{
	n = n < room ? n : room;
	room -= n;
	must(n <= TEXT_MAX - shown_bytes);
	memcpy(shown + shown_bytes, data, n);
	shown_bytes += n;
	return n;
}

void xo_console_write(const void *data, size_t n)
{
	room = n;
	xo_console_put(data, n);
}

void xo_console_flush(void)
{
}

static void expect(int i, char c)
{
	want[i][want_bytes[i]++] = c;
}

/* The host's C library says what is a character. */
static void expect_high(int i)
{
	for (size_t at = 0, n; at < high_bytes[i]; at += n) {
		char numbers[5], *text = high[i] + at;
		mbstate_t fresh = {0};
		wchar_t c = 0;

		n = mbrtowc(&c, text, high_bytes[i] - at, &fresh);
		if (n > MB_LEN_MAX || c < 0xa0 || c > 0x10ffff || c == 0x61c || c == 0x200e ||
		    c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) {
			n = 1;
			snprintf(numbers, sizeof(numbers), "\\x%02x", (uint8_t)*text);
			text = numbers;
		}
		for (size_t k = 0; k < (text == numbers ? 4 : n); k++)
			expect(i, text[k]);
	}
	high_bytes[i] = 0;
}

static void expect_shown(int i, char c)
{
	if (!images[i].line.plain && (uint8_t)c > 127) {
		high[i][high_bytes[i]++] = c;
		return;
	}
	expect_high(i);
	if (!images[i].line.plain && (((unsigned char)c < 32 && c != '\t') || c == 127)) {
		expect(i, '^');
		c ^= 64;
	}
	expect(i, c);
}

/* A return that no newline follows is shown; when, is the steward's affair. */
static void taken(int i, char c)
{
	if (returned[i] && c != '\n')
		expect_shown(i, '\r');
	returned[i] = c == '\r';
	if (c == '\n') {
		expect_high(i);
		expect(i, c);
	} else if (!returned[i]) {
		expect_shown(i, c);
	}
}

static bool is_held(void)
{
	return images[0].line.plain && images[0].line.whole && !at_prompt;
}

static bool shown_since(size_t from, const char *what)
{
	size_t n = strlen(what);

	while (from + n <= shown_bytes && memcmp(shown + from, what, n))
		from++;
	return from + n <= shown_bytes;
}

/* At a terminal: while the first one has the screen nobody else writes there, nor waits for room.
 */
static void hand_round(void)
{
	exo_ns_t wake = 0;
	bool held;
	size_t from;

	room = 1 << 16;
	console_round(0, &wake); /* what was on its way */
	held = is_held();
	from = shown_bytes;
	room = 1 << 16;
	console_round(0, &wake);
	if (!held || !is_held())
		return;
	must(!shown_since(from, "b|") && !shown_since(from, "c|") && !shown_since(from, "steward"));
	for (int i = 1; i < PEERS; i++) {
		struct exo_console *c = images[i].console;
		uint32_t waiting = c->out.head - images[i].out_tail;

		must(waiting <= sizeof(c->out_data) / 2 || waiting > sizeof(c->out_data) ||
		     images[i].line.whole);
	}
}

static void one_round(void)
{
	uint32_t before[PEERS], head[PEERS];
	exo_ns_t wake = 0;

	if (hand) {
		hand_round();
		return;
	}
	for (int i = 0; i < PEERS; i++) {
		before[i] = images[i].out_tail;
		head[i] = images[i].console->out.head;
	}
	console_round(0, &wake);
	for (int i = 0; i < PEERS; i++) {
		struct exo_console *c = images[i].console;
		uint32_t n = images[i].out_tail - before[i], there = head[i] - before[i];

		must(n <= 256 && n <= (there <= sizeof(c->out_data) ? there : 0));
		must(c->out.tail == images[i].out_tail || !n);
		for (uint32_t k = 0; k < n; k++)
			taken(i, (char)c->out_data[(before[i] + k) % sizeof(c->out_data)]);
		if (n && images[i].line.plain && head[i] == images[i].out_tail && returned[i]) {
			expect_shown(i, '\r'); /* somebody may have to answer it */
			returned[i] = false;
		}
	}
}

/* What a reader by lines makes of it. */
static void check(void)
{
	static char again[PEERS][TEXT_MAX];
	size_t n[PEERS] = {0};
	bool any[PEERS] = {false};
	const char *end = shown + shown_bytes, *next;

	for (const char *p = shown; p < end; p = next + 1) {
		int i = *p - 'a';

		next = memchr(p, '\n', (size_t)(end - p));
		must(next);
		if (!strncmp(p, "steward: ", 9))
			continue;
		must(i >= 0 && i < PEERS && p[1] == '|' && (p[2] == ' ' || p[2] == '+'));
		must(any[i] || p[2] == ' ');
		if (any[i] && p[2] == ' ')
			again[i][n[i]++] = '\n';
		any[i] = true;
		memcpy(again[i] + n[i], p + 3, (size_t)(next - p) - 3);
		n[i] += (size_t)(next - p) - 3;
	}
	for (int i = 0; i < PEERS; i++) {
		if (want_bytes[i] && want[i][want_bytes[i] - 1] == '\n')
			want_bytes[i]--;
		must(n[i] == want_bytes[i] && !memcmp(again[i], want[i], n[i]));
	}
}

static void begin(uint8_t how)
{
	static const char *const names[PEERS] = {"a", "b", "c"};

	shown_bytes = 0;
	screen.open = NULL;
	console_init();
	for (int i = 0; i < PEERS; i++) {
		memset(&images[i], 0, sizeof(images[i]));
		console_show(&images[i], 0);
		images[i].line.name = names[i];
		want_bytes[i] = high_bytes[i] = 0;
		returned[i] = false;
	}
	images[0].line.plain = how & 1;
	hand = how & 2;
	at_prompt = false;
}

static void step(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	struct image *im = &images[how % PEERS];
	struct exo_console *c = im->console;
	uint32_t n = 0;

	switch (how >> 4) {
	case 0: /* its indices are lies, and what the ring says of itself */
		c->out.head = (uint32_t)get_number(in);
		break;
	case 1:
		c->in.tail = (uint32_t)get_number(in);
		c->out.entries = (uint32_t)get_number(in);
		break;
	case 2:
		n = im->in_head;
		must(input_put(im, (char)get_bytes(in, 1)) ==
		     (n - c->in.tail < sizeof(c->in_data)));
		must(im->in_head - n <= 1);
		break;
	case 3:
		say("steward: something");
		break;
	case 4: /* much of the same */
		for (n = get_bytes(in, 1) * 8; n; n--)
			c->out_data[c->out.head++ % sizeof(c->out_data)] = 'x';
		break;
	case 5:
	case 6:
	case 7:
		room = get_bytes(in, 2);
		one_round();
		break;
	case 8: /* the whole screen, or no longer */
		for (const char *p = how & 1 ? "\033[?1049h" : "\033[?25;47l"; *p; p++)
			c->out_data[c->out.head++ % sizeof(c->out_data)] = (uint8_t)*p;
		break;
	case 9:
		at_prompt = hand && !at_prompt;
		break;
	default:
		if (hand && im == images)
			break; /* it would look like another */
		for (n = how >> 4 & 7; n; n--)
			c->out_data[c->out.head++ % sizeof(c->out_data)] =
				(uint8_t)get_bytes(in, 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	bool held;

	if (size > 4096 || !setlocale(LC_CTYPE, "C.UTF-8"))
		return 0;
	begin((uint8_t)get_bytes(&in, 1));
	while (in.at < in.end && shown_bytes < TEXT_MAX / 2)
		step(&in);
	for (size_t before = 0; before != shown_bytes + 1;) {
		before = shown_bytes + 1;
		room = 1 << 16;
		one_round();
		one_round();
	}
	for (int i = 0; i < PEERS; i++)
		expect_high(i);
	for (int i = 0; i < PEERS; i++)
		line_end(&screen, &images[i].line);
	held = hand && is_held();
	console_end();
	if (!hand)
		check();
	for (int i = 0; held && i < PEERS; i++) {
		uint32_t left = images[i].console->out.head - images[i].out_tail;

		must(!left || left > sizeof(images[i].console->out_data));
	}
	return 0;
}
