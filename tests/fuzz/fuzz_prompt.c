/* fuzz_prompt.c - fuzz target: the steward's command line.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle edits what is typed as one text and splits it into words at once; what is done must be
 * what they say.  The screen shows the line as it is.
 */
#include "fuzz.h"

#include "steward.h"

#include <setjmp.h>
#include <stdarg.h>

#include "prompt.c"

#define IMAGES 5

struct image images[IMAGES_MAX];
uint32_t image_count = IMAGES;
struct book book;
struct screen screen;

static bool waits; /* lines wait for the console */
static char shown_text[4096];
static size_t shown_bytes;
static jmp_buf off_now;

/* What was done, and how often something was said. */
static struct done {
	char what;
	const struct image *im;
	exo_ns_t ns;
} did;
static unsigned int acts, says;

static void act(char what, const struct image *im, exo_ns_t ns)
{
	did = (struct done){what, im, ns};
	acts++;
}

void say(const char *format, ...)
{
	char text[300];
	va_list args;

	must(!screen.open);
	va_start(args, format);
	must(vsnprintf(text, sizeof(text), format, args) < (int)sizeof(text));
	va_end(args);
	says++;
}

/* What is shown of the line that is open. */
static void put(const void *bytes, size_t n)
{
	const char *text = bytes;

	for (size_t i = 0; i < n; i++)
		if (text[i] == '\b')
			shown_bytes--;
		else
			shown_text[shown_bytes++] = text[i];
	if (n == 3 && !memcmp(text, "\b \b", 3))
		must(shown_bytes >= sizeof(sign) - 1);
}

void screen_clear(struct screen *s)
{
	s->open = NULL;
	shown_bytes = 0;
}

bool console_says(void)
{
	return waits;
}

bool input_by_hand(void)
{
	return true;
}

struct image *input_image(void)
{
	return &images[1];
}

void input_tell(struct image *im)
{
	act('i', im, 0);
}

struct image *image_named(const char *name)
{
	for (int i = 0; i < IMAGES; i++)
		if (!strcmp(images[i].share.name, name))
			return &images[i];
	return NULL;
}

void image_start(struct image *im)
{
	act('s', im, 0);
}

void image_stop(struct image *im, enum image_stop how)
{
	act(how == STOP_AGAIN ? 'a' : 'e', im, 0);
}

int images_status(void)
{
	return 7;
}

void steward_off(int status)
{
	must(status == 7);
	act('o', NULL, 0);
	longjmp(off_now, 1);
}

bool loan_ask(struct image *im)
{
	act('l', im, 0);
	return false;
}

const char *divide_anew(struct image *im, exo_ns_t ns)
{
	act('d', im, ns);
	return NULL;
}

exo_ns_t slices_used(const struct image *im)
{
	return im->ran;
}

uint64_t book_left(const struct book *b)
{
	must(b == &book);
	return 7;
}

void *window_open(exo_cap_t cap, exo_pfn_t pfn, uint64_t pages, uint32_t prot)
{
	static struct exo_account a;

	must(cap == EXO_SLOT_MEMORY && pfn && pages == 1 && prot == EXO_PROT_READ);
	return pfn & 1 ? &a : NULL;
}

void window_close(uint64_t pages)
{
	must(pages == 1);
}

/* As docs/images.md has it: a number and us, ms or s, within 10 us and 1 s. */
static exo_ns_t time_said(const char *text)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {{"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	size_t digits = strspn(text, "0123456789");
	wide n = 0;

	for (size_t i = 0; i < digits && n < 2000000000; i++)
		n = n * 10 + (wide)(text[i] - '0');
	for (int i = 0; i < 3; i++)
		if (!strcmp(text + digits, units[i].unit) && n * units[i].ns >= 10000 &&
		    n * units[i].ns <= 1000000000)
			return (exo_ns_t)(n * units[i].ns);
	return 0;
}

/* What the line asks for; what 0: only words come of it. */
static struct done expected(const char *text)
{
	static const struct {
		const char *name;
		char what;
		unsigned int words;
	} known[] = {{"start", 's', 2},   {"stop", 'e', 2},  {"restart", 'a', 2}, {"input", 'i', 2},
		     {"reclaim", 'l', 2}, {"slice", 'd', 3}, {"off", 'o', 1}};
	char copy[100], *words[50] = {0}, *rest;
	struct done none = {0}, d = none;
	unsigned int n = 0;

	strcpy(copy, text);
	for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
		words[n++] = w;
	for (size_t i = 0; n && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(words[0], known[i].name)) {
			d.what = known[i].what;
			d.im = n > 1 ? image_named(words[1]) : NULL;
			if (d.what == 'd' && (n < 3 || !(d.ns = time_said(words[2]))))
				return none;
			if (n > known[i].words || (d.what != 'o' && !d.im))
				return none;
		}
	if (d.what == 's' && (d.im->state == IMAGE_RUNS || d.im->state == IMAGE_LOADS))
		return none;
	if (d.what == 'e' && d.im->state == IMAGE_IDLE)
		return none;
	if (d.what == 'a' && d.im->state == IMAGE_IDLE)
		d.what = 's';
	return d;
}

/* Type it; true: the machine is off. */
static bool type(char c)
{
	if (setjmp(off_now))
		return true;
	prompt_typed(c);
	return false;
}

static const char *rest; /* of a word that is being typed */

static char some_key(struct input *in)
{
	static const char *const often[] = {"start ",
					    "stop ",
					    "restart ",
					    "reclaim ",
					    "slice ",
					    "input ",
					    "list",
					    "off",
					    "help",
					    "a",
					    "b",
					    "2ms",
					    "9us",
					    "2s",
					    "1s",
					    "10us",
					    "",
					    " ",
					    "a line that is longer than what there is for one",
					    "99999999",
					    "\r",
					    "\x7f",
					    "\x15"};
	static char composed[80];
	uint8_t c;

	if (in->at == in->end)
		rest = "";
	if (*rest)
		return *rest++;
	c = (uint8_t)get_bytes(in, 1);
	if (c < 128)
		return (char)c;
	if (c >= 0xd8) { /* a whole line */
		snprintf(composed, sizeof(composed), "%s%s %s%s\r", often[c % 6],
			 often[9 + get_below(in, 2)], often[11 + get_below(in, 6)],
			 c & 1 ? "" : " x");
		rest = composed;
		return *rest++;
	}
	rest = often[c % (sizeof(often) / sizeof(*often))];
	return *rest ? *rest++ : ' ';
}

static void enter_line(char *text, size_t *n)
{
	struct done want;
	unsigned int before = says;

	text[*n] = 0;
	want = expected(text);
	acts = 0;
	did = (struct done){0};
	must(type('\r') == (want.what == 'o'));
	if (!want.what) /* and it is said why not, unless it was asked for */
		must(*n == 0 ? says == before : says > before);
	must(prompt_is_open() == (*n > 0));
	must(acts == (want.what != 0) || (did.what == 'l' && acts == 1));
	must(did.what == want.what && did.im == want.im && did.ns == want.ns);
	*n = 0;
	prompt_open();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	char text[80];
	size_t n = 0;

	memset(images, 0, sizeof(images));
	for (int i = 0; i < IMAGES; i++) {
		images[i].share.name[0] = (char)(i == 3 ? 0 : 'a' + i);
		images[i].state = (uint8_t)get_below(&in, IMAGE_GOES + 1);
		images[i].has_ended = get_below(&in, 2);
		images[i].account = get_below(&in, 3);
		images[i].code = (uint8_t)get_bytes(&in, 1);
		images[i].ran = get_number(&in);
		images[i].share.memory = get_number(&in);
	}
	rest = "";
	screen.put = put;
	screen_clear(&screen);
	waits = false;
	prompt_open();
	prompt_show();
	while (in.at < in.end) {
		char c = some_key(&in);

		if (c == '\r' || c == '\n') {
			enter_line(text, &n);
		} else {
			if (c == 1)
				waits = !waits;
			type(c);
			if (c == 8 || c == 127)
				n -= n > 0;
			else if (c == 21)
				n = 0;
			else if ((uint8_t)c >= 32 && (uint8_t)c < 127 && n < sizeof(text) - 1)
				text[n++] = c;
		}
		if (!waits)
			prompt_show();
		if (!screen.open)
			continue;
		must(shown_bytes == sizeof(sign) - 1 + n &&
		     !memcmp(shown_text, sign, sizeof(sign) - 1));
		must(!memcmp(shown_text + sizeof(sign) - 1, text, n));
	}
	prompt_close();
	must(!screen.open);
	return 0;
}
