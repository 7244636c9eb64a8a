/* fuzz_input.c - fuzz target: what is typed at the steward, and to whom it goes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle reads all that was typed at once and says what each image must have got; images that
 * do not read, or end, only lose what is theirs.
 */
#include "fuzz.h"

#include "steward.h"

#include <libexo/console.h>

#define ESCAPE 0x1d
#define MOST   4096

struct image images[IMAGES_MAX];
uint32_t image_count;
struct screen screen;

static char typed_text[MOST], got[IMAGES_MAX][MOST], want[IMAGES_MAX][MOST];
static char prompt[MOST], want_prompt[MOST];
static size_t typed_bytes, given, got_bytes[IMAGES_MAX], want_bytes[IMAGES_MAX], prompts,
	want_prompts;
static uint32_t room[IMAGES_MAX];
static bool open;

size_t xo_console_read(void *data, size_t n)
{
	must(n == 1);
	if (given == typed_bytes)
		return 0;
	*(char *)data = typed_text[given++];
	return 1;
}

bool input_put(struct image *im, char c)
{
	size_t i = (size_t)(im - images);

	if (!room[i])
		return false;
	room[i]--;
	got[i][got_bytes[i]++] = c;
	return true;
}

void input_told(struct image *im)
{
	(void)im;
}

void line_show(struct screen *s, struct line *l)
{
	(void)s;
	must(l->plain);
}

void say(const char *format, ...)
{
	(void)format;
}

bool prompt_is_open(void)
{
	return open;
}

void prompt_open(void)
{
	open = true;
}

void prompt_close(void)
{
	open = false;
}

void prompt_typed(char c)
{
	prompt[prompts++] = c;
	open = c != '\r';
}

/* From the beginning, as docs/images.md says it. */
static void read_all(int first)
{
	const char *p = typed_text, *end = p + typed_bytes;
	bool at_prompt = false;
	int to = first;

	while (p < end) {
		uint32_t n = 0;
		char c = *p++;

		if (c == ESCAPE) {
			while (p < end && *p >= '0' && *p <= '9' && n * 10 <= image_count)
				n = n * 10 + (uint32_t)(*p++ - '0');
			if (n && (n * 10 > image_count || p < end)) {
				if (n <= image_count && images[n - 1].share.name[0]) {
					to = (int)n - 1;
					at_prompt = false;
				}
				if (n * 10 <= image_count && p < end && (*p == '\r' || *p == '\n'))
					p++;
				else if (n * 10 <= image_count && p < end)
					goto plain; /* an escape, too, is itself here */
				continue;
			}
			if (p == end)
				break;
			c = *p++;
			at_prompt |= c == 'c';
			if (c != ESCAPE)
				continue;
			goto pass;
		plain:
			c = *p++;
		}
	pass:
		if (at_prompt) {
			want_prompt[want_prompts++] = c;
			at_prompt = c != '\r';
		} else if (to >= 0) {
			want[to][want_bytes[to]++] = c;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint32_t sleeper;
	exo_ns_t wake = 0;
	int first;

	memset(images, 0, sizeof(images));
	memset(got_bytes, 0, sizeof(got_bytes));
	memset(want_bytes, 0, sizeof(want_bytes));
	prompts = want_prompts = given = 0;
	image_count = 1 + (uint32_t)get_below(&in, IMAGES_MAX);
	sleeper = (uint32_t)get_below(&in, image_count);
	first = (int)get_below(&in, image_count);
	for (uint32_t i = 0; i < image_count; i++) {
		images[i].state = IMAGE_RUNS;
		if (i % 7 != 3)
			strcpy(images[i].share.name, "x");
		room[i] = i == sleeper ? 2 : MOST;
	}
	typed_bytes = (size_t)(in.end - in.at) < MOST ? (size_t)(in.end - in.at) : MOST;
	memcpy(typed_text, in.at, typed_bytes);
	open = false;
	input_to(&images[first]);
	read_all(first);
	for (int i = 0; i < 4; i++)
		input_round(0, &wake);
	must(given == typed_bytes);
	for (uint32_t i = 0; i < image_count; i++) {
		must(got_bytes[i] == (i == sleeper && want_bytes[i] > 2 ? 2 : want_bytes[i]));
		must(!memcmp(got[i], want[i], got_bytes[i]));
	}
	must(prompts == want_prompts && !memcmp(prompt, want_prompt, prompts));
	/* for the next input: nobody is in the middle of anything */
	for (uint32_t i = 0; i < image_count; i++)
		images[i].state = IMAGE_IDLE;
	typed_text[0] = 'x';
	typed_bytes = 1;
	given = 0;
	input_to(NULL);
	input_round(0, &wake);
	return 0;
}
